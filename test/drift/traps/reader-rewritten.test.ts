import {describe, test} from 'node:test';
import {isObject, listAt, objectAt, stringAt} from '../../../source/resources/json.ts';
import {container, deployment} from './manifests.ts';
import {type Scenario, scenario} from './scenario.ts';
import {type Admission, startWebhook} from './webhook.ts';

const image = `${container}.image`;

/** As a registry mirror's webhook does. */
const mirror: Admission = object => {
  const pod = objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec');
  return listAt(pod, 'containers')
    .filter(isObject)
    .flatMap((item, index) => {
      const from = stringAt(item, 'image') ?? '';
      const path = `/spec/template/spec/containers/${index}/image`;
      return from.startsWith('mirror/') ? [] : [{op: 'replace', path, value: `mirror/${from}`}];
    });
};

const deploy = (tag: string) => ({'web.yaml': deployment({container: {image: `web:${tag}`}})});
const pending = {status: 'Modified' as const, fields: {[image]: 'changed' as const}};
const reader = {environment: {context: 'reader'}};

async function mirrored(t: Parameters<typeof scenario>[0], command: string[]): Promise<Scenario | undefined> {
  const scene = await scenario(t, deploy('1'), reader);
  if (scene === undefined) return undefined;
  await startWebhook(t, scene, 'apps/v1/deployments', mirror);
  await scene.kubectl(...command, '-f', scene.folder);
  return scene;
}

describe('a field that a webhook rewrites, to a reader who may not ask the server', {concurrency: 2}, () => {
  test('trap 34: what kubectl apply noted shows that it was rewritten', async t => {
    const scene = await mirrored(t, ['apply']);
    if (!scene) return;
    await scene.expect({
      exit: 0,
      count: 1,
      resources: {
        'Deployment/web': {status: 'Synced', fields: {}, notes: [/^mutated: .*image is rewritten/]},
      },
    });
    await scene.git(deploy('2'));
    await scene.expect({exit: 1, resources: {'Deployment/web': pending}});
    await scene.git(deploy('1'));
    await scene.kubectl('set', 'image', 'deployment/web', 'web=web:3');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {[image]: {change: 'changed', live: 'mirror/web:3', manager: 'kubectl-set'}},
        },
      },
    });
  });

  for (const command of [
    ['apply', '--server-side'],
    ['create', '--field-manager=helm'],
  ]) {
    test(`trap 34: without a note it is not known, until git says something new (kubectl ${command.join(' ')})`, async t => {
      const scene = await mirrored(t, command);
      if (!scene) return;
      const unknown = {status: 'Unknown' as const, error: /image may be the same to the server/};
      await scene.expect({exit: 2, resources: {'Deployment/web': unknown}});
      await scene.git(deploy('2'));
      await scene.expect({exit: 1, resources: {'Deployment/web': pending}});
    });
  }
});
