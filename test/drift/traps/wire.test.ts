import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {type JsonObject, listAt, objectAt, stringAt} from '../../../source/resources/json.ts';
import {openWorkspace} from '../../../source/workspace.ts';
import {useCluster} from '../../cluster/shared.ts';
import {full, less} from './before-and-after.ts';
import {configMap, text} from './manifests.ts';
import {changedKubeconfig, isDryRun, type Passing, startProxy} from './proxy.ts';
import {type Scenario, scenario} from './scenario.ts';

const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const rights = 'rbac.authorization.k8s.io';

function header({rawHeaders}: Passing, name: RegExp): string[] {
  return rawHeaders.flatMap((text, index) =>
    index % 2 === 0 && name.test(text) ? [`${text}: ${rawHeaders[index + 1] ?? ''}`] : [],
  );
}

describe('on the wire', {concurrency: 2}, () => {
  test('trap 60: whatever is not a GET carries dryRun=All, in an inspection and in the plan of a sync', async t => {
    const cluster = await useCluster(t);
    if (!cluster) return;
    const {kubeconfig, requests} = await startProxy(t, cluster);
    const scene = await scenario(
      t,
      {
        'web.yaml': full,
        'map.yaml': configMap('map', {a: '1', b: '2'}),
        'gone.yaml': configMap('gone', {a: '1'}),
        'login.yaml': text({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: {name: 'login'},
          stringData: {a: '1'},
        }),
        'generated.yaml': configMap('settings-7f8b9c2d4f', {a: '1'}),
      },
      {cluster, kubeconfig},
    );
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0, count: 5});
    // Changed, added, dropped, removed, generated anew, immutable: every way of asking the server.
    await scene.git({
      'web.yaml': less,
      'map.yaml': configMap('map', {a: '2'}),
      'gone.yaml': null,
      'new.yaml': configMap('new', {a: '1'}),
      'generated.yaml': configMap('settings-5t5m8g2h4k', {a: '2'}),
      'login.yaml': text({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {name: 'login'},
        type: 'example.com/other',
        stringData: {b: '1'},
      }),
    });
    const before = await everything(scene);
    assert.equal((await scene.diff()).status, 1);
    await scene.diffByCommand();
    const session = openWorkspace({repository: scene.root, kubeconfig, worktree: false, readOnly: false});
    try {
      const signal = AbortSignal.timeout(60_000);
      await session.load(signal);
      await session.planSync('test', {prune: true, force: true}, signal);
    } finally {
      session.close();
    }
    const others = requests.filter(({method}) => method !== 'GET');
    const asked = others.filter(({method, url}) => method === 'POST' && url.pathname === review);
    const rest = others.filter(request => !asked.includes(request));
    const wrong = rest.filter(request => !isDryRun(request));
    assert.deepEqual(
      wrong.map(({method, url}) => `${method} ${url.pathname}${url.search}`),
      [],
    );
    for (const {method, url} of rest) assert.deepEqual(url.searchParams.getAll('dryRun'), ['All'], method);
    const methods = new Set(rest.map(({method}) => method));
    assert.ok(methods.has('PATCH'), `there were dry runs: ${[...methods].join(', ')}`);
    assert.ok(rest.length >= 6, `there were many dry runs: ${rest.length}`);
    assert.equal(await everything(scene), before, 'nothing has changed');
  });

  test('trap 61: a context that stands in for somebody sends user, uid, groups and extras, and says who asks', async t => {
    const cluster = await useCluster(t);
    if (!cluster) return;
    const {kubeconfig: direct, requests} = await startProxy(t, cluster);
    const standIn = (change: (user: JsonObject) => void) =>
      changedKubeconfig(t, direct, config => {
        const entry = listAt(config, 'users').find(user => stringAt(user, 'name') === 'admin');
        change(objectAt(entry, 'user'));
      });
    const ada = {
      as: 'ada@example.com',
      'as-uid': '42-a',
      'as-groups': ['shop:readers', 'night shift'],
      'as-user-extra': {'example.com/scopes': ['view', 'list'], reason: ['audit']},
    };
    const kubeconfig = standIn(user => Object.assign(user, ada));
    const scene = await scenario(
      t,
      {'map.yaml': configMap('map', {a: '1'})},
      {cluster, kubeconfig, adminOnly: true},
    );
    if (!scene) return;
    await scene.applyGit();
    await allowGroup(scene, 'shop:readers');
    await scene.expect({exit: 0, count: 1});
    await scene.kubectl('patch', 'configmap', 'map', '--patch={"data":{"a":"2"}}');
    // The right comes by the group alone: without as-groups nothing could be read.
    const fields = {
      'data.a': {change: 'changed', desired: '1', live: '2', manager: 'kubectl-patch'},
    } as const;
    await scene.expect({exit: 1, count: 1, resources: {'ConfigMap/map': {status: 'Modified', fields}}});
    assert.ok(requests.length > 5);
    for (const request of requests) {
      const what = `${request.method} ${request.url.pathname}`;
      assert.deepEqual(
        header(request, /^impersonate-/i)
          .map(line => line.toLowerCase())
          .sort(),
        [
          'impersonate-extra-example.com%2fscopes: list',
          'impersonate-extra-example.com%2fscopes: view',
          'impersonate-extra-reason: audit',
          'impersonate-group: night shift',
          'impersonate-group: shop:readers',
          'impersonate-uid: 42-a',
          'impersonate-user: ada@example.com',
        ],
        what,
      );
      assert.match(
        header(request, /^user-agent$/i).join(),
        /^User-Agent: gitops-tui\/\d[\w.-]+ \(\w+\/\w+\)$/i,
        what,
      );
    }
    const alone = standIn(user => Object.assign(user, {as: ada.as}));
    const other = await scenario(
      t,
      {'map.yaml': configMap('map', {a: '1'})},
      {cluster, kubeconfig: alone, adminOnly: true},
    );
    if (!other) return;
    await other.applyGit();
    await other.expect({
      exit: 2,
      problems: [/record.*ada@example\.com/],
      resources: {'ConfigMap/map': {status: 'Unknown', error: /User "ada@example\.com" cannot get/}},
    });
    const nobody = standIn(user => Object.assign(user, {...ada, as: ''}));
    const refused = await scenario(
      t,
      {'map.yaml': configMap('map', {a: '1'})},
      {cluster, kubeconfig: nobody, adminOnly: true},
    );
    await assert.rejects(async () => refused?.diff(), /sets as-uid, as-groups or as-user-extra, but not as/);
  });
});

/** What is in the scenario's namespace, to the last version. */
async function everything({kubectl}: Scenario): Promise<string> {
  const objects = 'configmaps,secrets,deployments';
  return kubectl(
    'get',
    objects,
    '--output=jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.resourceVersion} {end}',
  );
}

async function allowGroup(scene: Scenario, group: string): Promise<void> {
  const metadata = {name: 'by-group'};
  await scene.feed(
    text(
      {
        apiVersion: `${rights}/v1`,
        kind: 'Role',
        metadata,
        rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'patch']}],
      },
      {
        apiVersion: `${rights}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: {apiGroup: rights, kind: 'Role', name: metadata.name},
        subjects: [{apiGroup: rights, kind: 'Group', name: group}],
      },
    ),
    'create',
    '-f',
    '-',
  );
  const ask = [
    'auth',
    'can-i',
    `--namespace=${scene.namespace}`,
    '--as=somebody',
    `--as-group=${group}`,
    'get',
    'configmaps',
  ];
  const deadline = Date.now() + 20_000;
  while ((await scene.cluster.kubectl(ask, {statuses: [0, 1]})).trim() !== 'yes') {
    if (Date.now() > deadline) throw new Error(`the role of ${group} is not in force`);
    await sleep(50);
  }
}
