import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {hostSettings, hostsIn} from '../../source/forges/hosts.ts';
import {forgeAccess} from '../../source/forges/open-pull-request.ts';
import {probeForge} from '../../source/forges/probe.ts';
import type {ForgeKind} from '../../source/forges/types.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

test("the hosts of the forges' own tools are known", () => {
  assert.deepEqual(
    hostsIn({
      GH_HOST: 'git.a.example',
      GITLAB_HOST: 'https://git.b.example/',
      GITEA_SERVER_URL: 'http://git.c.example:3000',
    }),
    {'git.a.example': 'github', 'git.b.example': 'gitlab', 'git.c.example:3000': 'gitea'},
  );
});

describe("what git's configuration says of a host", () => {
  const env = {GH_TOKEN: undefined, WORK_TOKEN: 'w', GITEA_TOKEN: 'not for this host'};
  const fetch = () => assert.fail('somebody was asked');

  test('which forge it is, where its pages are, and which variable holds the token', async t => {
    const repository = await newRepository(temporaryFolder(t));
    const set = (key: string, value: string) =>
      repository.git('config', `gitops-tui.https://git.acme.example.${key}`, value);
    await set('forge', 'gitea');
    await set('tokenVariable', 'WORK_TOKEN');
    await set('web', 'git.acme.example:8443');
    const cwd = repository.root;
    assert.deepEqual(await forgeAccess('ssh://git@git.acme.example:2222/shop/e.git', {cwd, env, fetch}), {
      repository: {forge: 'gitea', host: 'git.acme.example:8443', path: 'shop/e'},
      token: {value: 'w', from: 'WORK_TOKEN'},
    });
    assert.deepEqual(await hostSettings('git.other.example', {cwd}), {
      forge: undefined,
      tokenVariable: undefined,
      web: undefined,
    });
  });

  test('what can not be is not believed', async t => {
    const repository = await newRepository(temporaryFolder(t));
    await repository.git('config', 'gitops-tui.https://git.acme.example.forge', 'sourceforge');
    await repository.git('config', 'gitops-tui.https://git.acme.example.web', 'evil.example/@x');
    const settings = await hostSettings('git.acme.example', {cwd: repository.root});
    assert.deepEqual([settings.forge, settings.web], [undefined, undefined]);
  });

  test('a folder is on no forge', async () =>
    assert.deepEqual(await forgeAccess('/srv/git/shop.git', {env, fetch}), {repository: null, token: null}));
});

describe('probeForge', () => {
  const answer = (status: number, body: object, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), {status, headers: {'content-type': 'application/json', ...headers}});
  const cases: [expected: ForgeKind | null, answers: Record<string, () => Response>][] = [
    ['gitlab', {'/api/v4/version': () => answer(401, {message: '401 Unauthorized'})}],
    ['gitlab', {'/api/v4/version': () => answer(200, {}, {'x-gitlab-meta': '{}'})}],
    ['gitea', {'/api/v1/version': () => answer(200, {version: '1.26.0'})}],
    ['github', {'/api/v3/meta': () => answer(200, {}, {'x-github-enterprise-version': '3.17.0'})}],
    [
      'bitbucket-data-center',
      {
        '/rest/api/latest/application-properties': () =>
          answer(200, {version: '9.0', displayName: 'Bitbucket'}),
      },
    ],
    [null, {}],
    // A page for everything, as many servers have it.
    [null, {'/api/v4/version': () => answer(200, {}), '/api/v1/version': () => answer(200, {})}],
  ];
  for (const [index, [expected, answers]] of cases.entries())
    test(`${expected ?? 'no forge'}: ${Object.keys(answers).join(', ') || 'nothing answers'}`, async () => {
      const origin = `https://host-${index}.example`;
      let asked = 0;
      const fetch: typeof globalThis.fetch = async (input, init) => {
        asked++;
        assert.equal(new Headers(init?.headers).has('authorization'), false);
        assert.equal(init?.redirect, 'manual');
        const found = answers[new URL(String(input)).pathname];
        if (found === undefined && expected === null && index === 5) throw new TypeError('fetch failed');
        return found?.() ?? answer(404, {});
      };
      assert.equal(await probeForge(origin, {fetch}), expected);
      assert.equal(await probeForge(origin, {fetch}), expected);
      assert.equal(asked, 4, 'each address once');
    });

  test('a host that nothing names is asked, over https', async () => {
    const origins = new Set<string>();
    const fetch: typeof globalThis.fetch = async input => {
      const url = new URL(String(input));
      origins.add(url.origin);
      return url.pathname === '/api/v1/version' ? answer(200, {version: '13.0.0'}) : answer(404, {});
    };
    const env = {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'credential.helper', GIT_CONFIG_VALUE_0: ''};
    const access = await forgeAccess('git@code.acme.example:shop/e.git', {env, fetch});
    assert.deepEqual(access.repository, {forge: 'gitea', host: 'code.acme.example', path: 'shop/e'});
    assert.deepEqual([...origins], ['https://code.acme.example']);
  });
});
