import {describe, test} from 'node:test';
import type {JsonObject} from '../../../source/resources/json.ts';
import type {ExpectedField} from './expectation.ts';
import {configMap, container, definition, deployment, groupOf, text} from './manifests.ts';
import {cleanUp, type Scenario, scenario} from './scenario.ts';
import {startWebhook} from './webhook.ts';

const reader = {environment: {context: 'reader'}};

const before = {
  'web.yaml': deployment({
    metadata: {labels: {app: 'web', team: 'shop'}},
    spec: {minReadySeconds: 5},
    container: {env: [{name: 'A', value: '1'}]},
  }),
  'login.yaml': text({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {name: 'login'},
    stringData: {a: '1', b: '2'},
  }),
  'account.yaml': text({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {name: 'bot', annotations: {'example.com/role': 'deploy'}},
  }),
};
const after = {
  'web.yaml': deployment(),
  'login.yaml': text({apiVersion: 'v1', kind: 'Secret', metadata: {name: 'login'}, stringData: {a: '1'}}),
  'account.yaml': text({apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'bot'}}),
};
const modified = (fields: Record<string, ExpectedField>) => ({status: 'Modified' as const, fields});

/** Ways that leave in the books who brought a field, but not whether they set it. */
const ways: [how: string, command: string[]][] = [
  ['kubectl create', ['create']],
  ['Helm', ['create', '--field-manager=helm']],
  ['kubectl apply', ['apply']],
  ['kubectl apply of a job', ['apply', '--field-manager=deploy-job']],
  ['server-side apply of a job', ['apply', '--server-side', '--field-manager=deploy-job']],
];

describe('what is left over, to a reader who may not ask the server', {concurrency: 2}, () => {
  for (const [how, command] of ways) {
    test(`trap 29 and 51: what git dropped after ${how} is drift for a reader too`, async t => {
      const scene = await scenario(t, before, reader);
      if (!scene) return;
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({exit: 0, count: 3});
      await scene.git(after);
      await scene.expect({
        exit: 1,
        resources: {
          'Deployment/web': modified({
            'metadata.labels.team': 'added',
            'spec.minReadySeconds': {change: 'added', live: 5},
            [`${container}.env[name=A]`]: 'added',
          }),
          'Secret/login': modified({'data.b': 'added'}),
          'ServiceAccount/bot': modified({'metadata.annotations["example.com/role"]': 'added'}),
        },
      });
    });
  }

  test('trap 29: of a custom kind, whose defaults nobody knows here, git’s history tells a reader', async t => {
    const scene = await scenario(t, {}, reader);
    if (!scene) return;
    const custom = {
      kind: 'Gadget',
      plural: 'gadgets',
      schema: {type: 'object', additionalProperties: {type: 'string'}},
    };
    cleanUp(t, scene, 'crd', `gadgets.${groupOf(scene)}`);
    await scene.feed(JSON.stringify(definition(scene, custom)), 'create', '-f', '-');
    await scene.kubectl('wait', '--for=condition=Established', `crd/gadgets.${groupOf(scene)}`);
    const gadget = (spec: JsonObject) =>
      text({apiVersion: `${groupOf(scene)}/v1`, kind: 'Gadget', metadata: {name: 'one'}, spec});
    await scene.git({'gadget.yaml': gadget({kept: 'a', gone: 'b'}), 'map.yaml': configMap('map', {a: '1'})});
    await createWhenServed(scene);
    await scene.expect({exit: 0, count: 2});
    await scene.git({'gadget.yaml': gadget({kept: 'a'})});
    await scene.expect({exit: 1, resources: {'Gadget/one': modified({'spec.gone': 'added'})}});
  });

  test('trap 31: what a person replaced or created anew is drift for a reader too', async t => {
    const scene = await scenario(
      t,
      {'web.yaml': deployment(), 'map.yaml': configMap('map', {a: '1'})},
      reader,
    );
    if (!scene) return;
    await scene.applyGit();
    const labels = {app: 'web', by: 'hand'};
    await scene.feed(deployment({metadata: {labels}, container: {tty: true}}), 'replace', '-f', '-');
    await scene.kubectl('delete', 'configmap', 'map');
    await scene.kubectl('create', 'configmap', 'map', '--from-literal=a=1', '--from-literal=b=2');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': modified({
          'metadata.labels.by': {change: 'added', manager: 'kubectl-replace'},
          [`${container}.tty`]: {change: 'added', manager: 'kubectl-replace'},
        }),
        'ConfigMap/map': modified({'data.b': {change: 'added', manager: 'kubectl-create'}}),
      },
    });
  });

  test('trap 33: what a webhook put beside git’s fields is no drift to a reader', async t => {
    const scene = await scenario(t, {'noted.yaml': deployment({name: 'noted'})}, reader);
    if (!scene) return;
    await startWebhook(t, scene, 'apps/v1/deployments', () => [
      {op: 'add', path: '/spec/template/spec/containers/-', value: {name: 'proxy', image: 'proxy:1'}},
    ]);
    await scene.applyGit();
    await scene.expect({exit: 0, count: 1});
    await scene.git({'bare.yaml': deployment({name: 'bare'})});
    await scene.kubectl('create', '-f', `${scene.folder}/bare.yaml`);
    await scene.expect({exit: 0, count: 2});
  });

  test('trap 39: a note of kubectl apply that came with an export hides nothing from a reader', async t => {
    const scene = await scenario(
      t,
      {'map.yaml': configMap('map', {a: '1'}), 'web.yaml': deployment()},
      reader,
    );
    if (!scene) return;
    await scene.applyGit();
    const exported = await scene.live('deployment', 'web');
    const {metadata, spec} = exported as {metadata: JsonObject; spec: JsonObject};
    const annotations = metadata['annotations'] as JsonObject;
    const anew = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name: 'web', annotations, labels: {app: 'web', x: 'y'}},
      spec,
    };
    await scene.feed(JSON.stringify(anew), 'replace', '--force', '-f', '-');
    await scene.expect({exit: 1, resources: {'Deployment/web': modified({'metadata.labels.x': 'added'})}});
  });

  test('trap 39: a note of kubectl apply that is younger than a field hides it from no reader', async t => {
    const scene = await scenario(t, {'web.yaml': deployment()}, reader);
    if (!scene) return;
    // Of this git's history knows nothing, and without its note the next apply leaves it where it is.
    const labels = {app: 'web', team: 'shop'};
    await scene.feed(deployment({metadata: {labels}}), 'apply', '-f', '-');
    await scene.kubectl('annotate', 'deployment/web', 'kubectl.kubernetes.io/last-applied-configuration-');
    await scene.applyGit();
    const open = {
      exit: 2 as const,
      resources: {
        'Deployment/web': {
          status: 'Unknown' as const,
          fields: {},
          error: /^metadata\.labels\.team, live and not in git, may be defaults or left by kubectl/,
        },
      },
    };
    await scene.expect(open);
    await startWebhook(t, scene, 'apps/v1/deployments', () => []);
    await scene.expect(open);
  });
});

// A kind that was established a moment ago may not be served by every part of the server yet.
async function createWhenServed(scene: Scenario): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await scene.kubectl('apply', '--field-manager=helm', '-f', scene.folder);
      return;
    } catch (error) {
      if (attempt > 50) throw error;
    }
  }
}
