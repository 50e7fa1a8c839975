import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {JsonObject} from '../../../source/resources/json.ts';
import {stringifyJson} from '../../../source/resources/json.ts';
import {configMap, documents, text} from './manifests.ts';
import {scenario} from './scenario.ts';

const secret = (rest: JsonObject, name = 'login') =>
  text({apiVersion: 'v1', kind: 'Secret', metadata: {name}, ...rest});
const base64 = (value: string) => Buffer.from(value).toString('base64');

describe('secrets', {concurrency: 3}, () => {
  const ways: Record<string, readonly string[]> = {
    'client-side apply': ['apply'],
    'server-side apply': ['apply', '--server-side'],
    create: ['create'],
  };
  for (const [way, command] of Object.entries(ways)) {
    test(`trap 8: stringData folds into data and wins (${way})`, async t => {
      const both = secret({
        data: {user: base64('ada'), both: base64('data')},
        stringData: {password: 'pässword', both: 'stringData', '': ''},
      });
      const scene = await scenario(t, {'login.yaml': both.replace(/,?\s*"": ""/, '')});
      if (!scene) return;
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.expect({exit: 0});
      await scene.kubectl('patch', 'secret', 'login', `--patch={"data":{"both":"${base64('data')}"}}`);
      const verdict = await scene.expect({
        exit: 1,
        resources: {
          'Secret/login': {
            status: 'Modified',
            fields: {'data.both': {change: 'changed', manager: 'kubectl-patch'}},
          },
        },
      });
      const said = stringifyJson(verdict.document);
      for (const value of ['ada', 'pässword', 'stringData"', 'data']) {
        assert.ok(!said.includes(base64(value)), `${value} is in the output, in base64`);
      }
      assert.ok(!said.includes('pässword'));
    });

    test(`trap 9: a key removed from stringData but still live is drift (${way})`, async t => {
      const scene = await scenario(t, {
        'login.yaml': secret({stringData: {user: 'ada', old: 'secret-value'}}),
      });
      if (!scene) return;
      await scene.kubectl(...command, '-f', scene.folder);
      await scene.git({'login.yaml': secret({stringData: {user: 'ada'}})});
      await scene.expect({
        exit: 1,
        resources: {'Secret/login': {status: 'Modified', fields: {'data.old': 'added'}}},
      });
      // Applying it again takes nothing away, and the drift stays seen.
      if (command[0] === 'apply') {
        await scene.applyGit(...command.slice(1));
        await scene.expect({
          exit: 1,
          resources: {'Secret/login': {status: 'Modified', fields: {'data.old': 'added'}}},
        });
      }
    });
  }

  test('trap 9: a key that a controller adds is no drift, one that a person adds is', async t => {
    const scene = await scenario(t, {'login.yaml': secret({stringData: {user: 'ada'}})});
    if (!scene) return;
    await scene.applyGit();
    const patch = (key: string) => `--patch={"data":{"${key}":"${base64('x')}"}}`;
    await scene.kubectl(
      'patch',
      'secret',
      'login',
      '--field-manager=cert-manager-controller',
      patch('tls.crt'),
    );
    await scene.expect({exit: 0});
    await scene.kubectl('patch', 'secret', 'login', patch('hand'));
    await scene.expect({
      exit: 1,
      resources: {
        'Secret/login': {
          status: 'Modified',
          fields: {'data.hand': {change: 'added', manager: 'kubectl-patch'}},
        },
      },
    });
  });

  test('trap 9: all of stringData removed', async t => {
    const scene = await scenario(t, {'login.yaml': secret({stringData: {user: 'ada'}})});
    if (!scene) return;
    await scene.applyGit('--server-side');
    await scene.git({'login.yaml': secret({})});
    await scene.expect({
      exit: 1,
      resources: {'Secret/login': {status: 'Modified', fields: {'data.user': 'added'}}},
    });
  });

  test('trap 10: what is no base64, or no string, is an error on that Secret alone', async t => {
    const scene = await scenario(t, {
      'bad.yaml': secret({data: {key: base64('x')}}, 'bad'),
      'number.yaml': secret({stringData: {port: 'x'}}, 'number'),
      'missing.yaml': configMap('fine', {a: 'b'}),
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.git({
      'bad.yaml': secret({data: {key: 'not base64!'}}, 'bad'),
      'number.yaml': secret({stringData: {port: 5432}}, 'number'),
      'missing.yaml': documents(configMap('fine', {a: 'b'}), secret({data: {key: '%%%'}}, 'absent')),
    });
    await scene.expect({
      exit: 2,
      count: 4,
      resources: {
        'Secret/bad': {status: 'Unknown', fields: {}, error: /base64/},
        'Secret/number': {status: 'Unknown', fields: {}, error: /string/},
        'Secret/absent': {status: 'Unknown', fields: {}, error: /base64/},
      },
    });
  });

  test('trap 10: base64 with line ends is base64', async t => {
    const value = base64('a long enough value to be wrapped by base64(1)');
    const wrapped = `${value.slice(0, 20)}\n${value.slice(20)}\n`;
    const scene = await scenario(t, {'login.yaml': secret({data: {key: wrapped}})});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
  });
});
