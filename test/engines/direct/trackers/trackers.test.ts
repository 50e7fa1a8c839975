import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../../source/cluster/types.ts';
import {parseEntry} from '../../../../source/engines/direct/trackers/flux-inventory.ts';
import {folderOf, isBranch} from '../../../../source/engines/direct/trackers/trackers.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';
import {configMap, namespace} from '../../desired.ts';
import {FakeCluster, kindOf, usualKinds} from '../../fake-cluster.ts';
import {setUp} from '../../setting.ts';

const kinds = [
  ...usualKinds,
  kindOf('argoproj.io/v1alpha1', 'Application'),
  kindOf('kustomize.toolkit.fluxcd.io/v1', 'Kustomization'),
  kindOf('source.toolkit.fluxcd.io/v1', 'GitRepository'),
];
const repoURL = 'git@forge.example:acme/shop.git';

function application(spec: JsonObject = {}, resources: JsonObject[] = []): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {name: 'shop', namespace: 'argocd'},
    spec: {
      source: {repoURL, path: '.', targetRevision: 'HEAD'},
      destination: {server: 'https://kubernetes.default.svc', namespace: 'shop'},
      ...spec,
    },
    status: {resources},
  };
}

function marked(name: string, annotations: JsonObject, labels: JsonObject = {}): JsonObject {
  return {...configMap(name), metadata: {name, namespace: 'shop', annotations, labels}};
}

const trackedAs = (name: string, app = 'shop') => ({
  'argocd.argoproj.io/tracking-id': `${app}:/ConfigMap:shop/${name}`,
});
const booked = (name: string, more: JsonObject = {}) => ({
  version: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  ...more,
});

/** The extras of an environment whose git has one ConfigMap, `kept`, and whose cluster has these objects besides. */
async function extrasOf(objects: readonly JsonObject[], cluster = new FakeCluster(kinds)) {
  const {engine, repository, signal} = setUp({cluster});
  repository.holds(configMap('kept'));
  for (const object of [namespace('shop'), configMap('kept'), ...objects]) await cluster.seed(object);
  const report = await engine.inspect(signal);
  const plan = await engine.plan({prune: true, force: false}, signal);
  const extras = report.resources.filter(({status}) => status === 'Extra');
  return {report, plan, names: extras.map(({id}) => id.name), notes: extras.flatMap(({notes}) => notes)};
}

describe('what Argo CD tracks', () => {
  const old = marked('old', trackedAs('old'));
  const cases: Record<string, {objects: JsonObject[]; extras: string[]; notes?: RegExp}> = {
    'gone from git, in its books': {
      objects: [application({}, [booked('old')]), old],
      extras: ['old'],
      notes: /tracked by Argo CD application argocd\/shop.*Argo CD would prune it in a sync with prune/,
    },
    'pruned by itself': {
      objects: [application({syncPolicy: {automated: {prune: true}}}, [booked('old')]), old],
      extras: ['old'],
      notes: /Argo CD would prune it$/,
    },
    'by the name of an Application in any namespace': {
      objects: [application({}, [booked('old')]), marked('old', trackedAs('old', 'argocd_shop'))],
      extras: ['old'],
    },
    'still in git': {objects: [application({}, [booked('kept')])], extras: []},
    'in its books and gone from the cluster': {objects: [application({}, [booked('old')])], extras: []},
    'a copy with the tracking of another object': {
      objects: [application({}, [booked('copy')]), marked('copy', trackedAs('old'))],
      extras: [],
    },
    'of another Application': {
      objects: [application({}, [booked('old')]), marked('old', trackedAs('old', 'cart'))],
      extras: [],
    },
    'by label, in its books': {
      objects: [application({}, [booked('old')]), marked('old', {}, {'app.kubernetes.io/instance': 'shop'})],
      extras: ['old'],
    },
    'by label, not in its books: anybody sets that label': {
      objects: [
        application({}, [booked('old')]),
        marked('other', {}, {'app.kubernetes.io/instance': 'shop'}),
      ],
      extras: [],
    },
    'told to be ignored where extraneous': {
      objects: [
        application({}, [booked('old')]),
        marked('old', {
          ...trackedAs('old'),
          'argocd.argoproj.io/compare-options': 'ServerSideDiff=true, IgnoreExtraneous',
        }),
      ],
      extras: [],
    },
    'a hook': {
      objects: [
        application({}, [booked('old')]),
        marked('old', {...trackedAs('old'), 'argocd.argoproj.io/hook': 'PreSync'}),
      ],
      extras: [],
    },
    'kept by Prune=false': {
      objects: [
        application({}, [booked('old')]),
        marked('old', {...trackedAs('old'), 'argocd.argoproj.io/sync-options': 'Prune=false'}),
      ],
      extras: ['old'],
      notes: /Argo CD would not prune it/,
    },
    'kept by the option of its Application': {
      objects: [application({syncPolicy: {syncOptions: ['Prune=false']}}, [booked('old')]), old],
      extras: ['old'],
      notes: /Argo CD would not prune it: the Application's syncOptions say Prune=false/,
    },
    'its own option counts more than that of its Application': {
      objects: [
        application({syncPolicy: {automated: {prune: true}, syncOptions: ['Prune=false']}}, [booked('old')]),
        marked('old', {...trackedAs('old'), 'argocd.argoproj.io/sync-options': 'Prune=confirm'}),
      ],
      extras: ['old'],
      notes: /would prune it once that is confirmed: argocd\.argoproj\.io\/sync-options is Prune=confirm/,
    },
    'a mark of Helm 2 is no hook': {
      objects: [
        application({}, [booked('old')]),
        marked('old', {...trackedAs('old'), 'helm.sh/hook': 'crd-install'}),
      ],
      extras: ['old'],
    },
    'another repository': {
      objects: [
        application({source: {repoURL: 'https://forge.example/acme/cart', path: '.'}}, [booked('old')]),
        old,
      ],
      extras: [],
    },
    'another folder': {
      objects: [application({source: {repoURL, path: 'apps'}}, [booked('old')]), old],
      extras: [],
    },
    'another branch': {
      objects: [
        application({source: {repoURL, path: '.', targetRevision: 'release-1'}}, [booked('old')]),
        old,
      ],
      extras: [],
    },
    'another cluster': {
      objects: [application({destination: {server: 'https://10.0.0.1'}}, [booked('old')]), old],
      extras: [],
    },
    'of several sources, not called superfluous: it is another source’s': {
      objects: [
        application(
          {
            source: {},
            sources: [
              {repoURL, path: '.'},
              {repoURL: 'https://charts.example', chart: 'redis'},
            ],
          },
          [booked('old')],
        ),
        old,
      ],
      extras: [],
    },
    'of several sources, called superfluous': {
      objects: [
        application(
          {
            source: {},
            sources: [
              {repoURL, path: '.'},
              {repoURL: 'https://charts.example', chart: 'redis'},
            ],
          },
          [booked('old', {requiresPruning: true})],
        ),
        old,
      ],
      extras: ['old'],
    },
    'with names that git has not': {
      objects: [
        application({source: {repoURL, path: '.', kustomize: {namePrefix: 'a-'}}}, [booked('old')]),
        old,
      ],
      extras: [],
    },
    'a child of another object': {
      objects: [
        application({}, [booked('old')]),
        {
          ...old,
          metadata: {
            name: 'old',
            namespace: 'shop',
            annotations: trackedAs('old'),
            ownerReferences: [{apiVersion: 'v1', kind: 'ConfigMap', name: 'kept', uid: '1'}],
          },
        },
      ],
      extras: [],
    },
  };
  for (const [name, {objects, extras, notes = /(?:)/}] of Object.entries(cases)) {
    test(name, async () => {
      const found = await extrasOf(objects);
      assert.deepEqual(found.names, extras);
      assert.match(found.notes.join(' '), notes);
      assert.deepEqual(found.report.errors, []);
      const deletes = found.plan.steps.filter(({action}) => action === 'delete');
      assert.deepEqual([deletes, found.plan.prunable], [[], 0], 'pruning is left to Argo CD');
    });
  }

  test('what our own ApplySet holds as well is left to Argo CD', async () => {
    const cluster = new FakeCluster(kinds);
    const {engine, repository, signal} = setUp({cluster});
    await cluster.seed(namespace('shop'));
    repository.holds(configMap('kept'), configMap('old'));
    const {permit} = await import('../../../../source/engines/permission.ts');
    const answer = permit('sync', {name: 'staging', protected: false}, {readOnly: false}, 'yes');
    assert.ok(answer.allowed);
    const first = await engine.plan({prune: false, force: false}, signal);
    await engine.sync(first, answer.permit, signal, () => {}, {waitSeconds: 0});
    await cluster.seed(marked('old', trackedAs('old')), 'argocd-controller');
    await cluster.seed(application({}, [booked('old')]));
    repository.holds(configMap('kept'));
    const plan = await engine.plan({prune: true, force: false}, signal);
    const step = plan.steps.find(({id}) => id.name === 'old');
    assert.deepEqual([step?.action, plan.prunable], ['skip', 0]);
    assert.match(step?.reason ?? '', /left to Argo CD/);
  });
});

describe('what Flux tracks', () => {
  const git = (spec: JsonObject = {}): JsonObject => ({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: {name: 'shop', namespace: 'flux-system'},
    spec: {url: 'ssh://git@forge.example/acme/shop', ref: {branch: 'main'}, ...spec},
  });
  const kustomization = (spec: JsonObject = {}): JsonObject => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: {name: 'shop', namespace: 'flux-system'},
    spec: {path: './', prune: true, sourceRef: {kind: 'GitRepository', name: 'shop'}, ...spec},
    status: {
      inventory: {
        entries: [
          {id: 'shop_kept__ConfigMap', v: 'v1'},
          {id: 'shop_old__ConfigMap', v: 'v1'},
        ],
      },
    },
  });
  const labels = {
    'kustomize.toolkit.fluxcd.io/name': 'shop',
    'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
  };
  const old = marked('old', {}, labels);
  const cases: Record<string, {objects: JsonObject[]; extras: string[]; notes?: RegExp}> = {
    'gone from git': {
      objects: [git(), kustomization(), old],
      extras: ['old'],
      notes: /tracked by Flux Kustomization flux-system\/shop Flux would prune it$/,
    },
    'with prune off': {
      objects: [git(), kustomization({prune: false}), old],
      extras: ['old'],
      notes: /would not prune it: prune is off/,
    },
    'kept by annotation': {
      objects: [
        git(),
        kustomization(),
        marked('old', {'kustomize.toolkit.fluxcd.io/prune': 'disabled'}, labels),
      ],
      extras: ['old'],
      notes: /would not prune it: kustomize/,
    },
    'no longer labelled': {objects: [git(), kustomization(), configMap('old')], extras: []},
    'labelled, and in no inventory': {
      objects: [git(), kustomization(), marked('copy', {}, labels)],
      extras: [],
    },
    'of another repository': {
      objects: [git({url: 'https://forge.example/acme/cart'}), kustomization(), old],
      extras: [],
    },
    'of a tag': {objects: [git({ref: {tag: 'v1'}}), kustomization(), old], extras: []},
    'of another folder': {objects: [git(), kustomization({path: './apps'}), old], extras: []},
    'in another cluster': {
      objects: [git(), kustomization({kubeConfig: {secretRef: {name: 'far'}}}), old],
      extras: [],
    },
    'in another namespace than git says': {
      objects: [git(), kustomization({targetNamespace: 'other'}), old],
      extras: [],
    },
    'of a source that is no repository': {
      objects: [git(), kustomization({sourceRef: {kind: 'OCIRepository', name: 'shop'}}), old],
      extras: [],
    },
  };
  for (const [name, {objects, extras, notes = /(?:)/}] of Object.entries(cases)) {
    test(name, async () => {
      const found = await extrasOf(objects);
      assert.deepEqual(found.names, extras);
      assert.match(found.notes.join(' '), notes);
      assert.equal(found.plan.prunable, 0);
    });
  }

  for (const [entry, id] of [
    ['shop_web_apps_Deployment', {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'}],
    [
      '_system__web_rbac.authorization.k8s.io_ClusterRole',
      {group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', namespace: '', name: 'system:web'},
    ],
    ['shop_a__ConfigMap', {group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a'}],
    ['nonsense', undefined],
    ['a_b_c_d_e', undefined],
  ] as const) {
    test(`inventory entry ${entry}`, () => assert.deepEqual(parseEntry(entry), id));
  }
});

describe('what is asked for', () => {
  test('nothing, where neither tool is there', async () => {
    const cluster = new FakeCluster();
    await extrasOf([], cluster);
    assert.deepEqual(
      cluster.requests.filter(request => /Application|Kustomization|GitRepository/.test(request)),
      [],
    );
  });

  test('one list each, where both are', async () => {
    const cluster = new FakeCluster(kinds);
    const {engine, repository, signal} = setUp({cluster});
    repository.holds(configMap('kept'));
    await engine.inspect(signal);
    assert.deepEqual(
      cluster.requests.filter(request => /Application|Kustomization|GitRepo/.test(request)).sort(),
      ['list Application *', 'list GitRepository *', 'list Kustomization *'],
    );
  });

  test('Argo CD’s own namespace, where not all may be listed; silence where none may', async () => {
    const forbidden = new ClusterError('forbidden', 'no', {status: 403});
    const everywhere = new FakeCluster(kinds);
    everywhere.refuse = request => (/^list Application \*/.test(request) ? forbidden : undefined);
    const objects = [application({}, [booked('old')]), marked('old', trackedAs('old'))];
    assert.deepEqual((await extrasOf(objects, everywhere)).names, ['old']);
    const nowhere = new FakeCluster(kinds);
    nowhere.refuse = request => (/^list Application/.test(request) ? forbidden : undefined);
    const {names, report} = await extrasOf(objects, nowhere);
    assert.deepEqual([names, report.errors, report.syncStatus], [[], [], 'Synced']);
  });
});

test('folders and branches as tools write them', () => {
  assert.deepEqual(['./apps/a/', 'apps/a', '.', './', '/', undefined].map(folderOf), [
    'apps/a',
    'apps/a',
    '',
    '',
    '',
    '',
  ]);
  assert.deepEqual(
    [
      isBranch('HEAD', 'x'),
      isBranch(undefined, null),
      isBranch('refs/heads/x', 'x'),
      isBranch('main', null),
      isBranch('y', 'x'),
      isBranch('y', null),
    ],
    [true, true, true, true, false, false],
  );
});
