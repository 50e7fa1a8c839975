// What the operator sees while things run, go wrong, or are not there yet.

import type {Session} from '../../source/app/session.ts';
import {ClusterError} from '../../source/cluster/types.ts';
import {environment, report, repository, synced} from './fake-data.ts';
import {versionMatrix} from './fake-promotion.ts';
import {died, inWaves, unrecorded} from './fake-sync.ts';
import {goldenTests, type Scene} from './golden.tsx';

const apply = ['2', 's', 400, 'tab', 'enter'] as const;
const large = {columns: 120, rows: 35} as const;

const refused = new ClusterError(
  'unreachable',
  'https://10.0.0.1:6443: the connection was refused (ECONNREFUSED)',
  {
    fix: 'check that the cluster runs and that its address in the kubeconfig is right',
  },
);

/** A cluster that answers once, and is gone from then on. */
function onceThere(): Partial<Session> {
  const asked = new Set<string>();
  return {
    async inspect(name) {
      if (asked.has(name)) throw refused;
      asked.add(name);
      return name === 'development' ? synced(name) : report(name);
    },
  };
}

/** A cluster that is being compared for a while. */
const comparing: Partial<Session> = {
  async inspect(name, _signal, onEvent) {
    if (name === 'development') return synced(name);
    onEvent({type: 'progress', phase: name === 'staging' ? 'compare' : 'list', done: 300, total: 890});
    return new Promise<never>(() => {});
  },
};

/** An object that could not be compared. */
const uncompared: Partial<Session> = {
  async inspect(name) {
    const found = report(name);
    const error = 'https://10.0.0.1:6443: the connection was refused (ECONNREFUSED)';
    return {
      ...found,
      syncStatus: 'Unknown',
      resources: found.resources
        .slice(0, 1)
        .map(resource => ({...resource, status: 'Unknown', fields: [], live: null, error})),
    };
  },
};

/** Trouble of every kind: with a file, with a cluster, with single objects. */
const troubled: Partial<Session> = {
  async load() {
    return {
      repository,
      environments: [
        environment('staging'),
        environment('production', {context: 'eks-prod-eu', protected: true}),
      ],
      problems: [
        {
          severity: 'warning',
          message: 'unknown setting "enviroments"',
          fix: 'did you mean environments?',
          location: {file: '.gitops-tui.yaml', line: 3, column: 1},
        },
      ],
      contextCount: 2,
    };
  },
  async inspect(name) {
    if (name === 'production') throw refused;
    const found = report(name);
    const [first, ...rest] = found.resources;
    const broken = {
      severity: 'error',
      message: 'could not find expected ":"',
      fix: 'mend the YAML and commit it',
      location: {file: 'environments/staging/web.yaml', line: 12, column: 4},
    } as const;
    return {
      ...found,
      errors: [broken],
      resources:
        first === undefined ? rest : [{...first, status: 'Unknown', error: 'pods is forbidden'}, ...rest],
    };
  },
};

/** A repository without environments; with one that has no cluster where a kubeconfig is told of. */
function opening(more: {head?: null}, kubeconfig?: {where: string; found: boolean}): Partial<Session> {
  return {
    async load() {
      return {
        repository: {...repository, ...more},
        environments: kubeconfig === undefined ? [] : [environment('staging', {context: null})],
        problems: [],
        contextCount: 0,
        ...(kubeconfig === undefined ? {} : {kubeconfig}),
      };
    },
  };
}

/** A repository whose .gitops-tui.yaml can't be read: what it would name is not known. */
const mistaken: Partial<Session> = {
  async load() {
    const problem = {
      severity: 'error' as const,
      message: 'unexpected end of the stream within a flow collection',
      fix: 'close the bracket, or add the comma',
      location: {file: '.gitops-tui.yaml', line: 3, column: 1},
    };
    return {repository, environments: [], problems: [problem], contextCount: 3};
  },
};

/** Manifests none of which can be read. */
const broken: Partial<Session> = {
  async inspect(name) {
    const severity = 'error';
    return {
      ...report(name, {syncStatus: 'Unknown', resources: []}),
      summary: {synced: 0, modified: 0, missing: 0, extra: 0, unknown: 0},
      errors: [
        {
          severity,
          message: 'bad indentation of a mapping entry',
          fix: 'check the indentation of this line and the one above',
          location: {file: 'environments/staging/web.yaml', line: 2},
        },
        {severity, message: 'no manifest could be read', fix: 'mend the files above and commit them'},
      ],
    };
  },
};

const scenes: readonly Scene[] = [
  {name: 'sync-waves', session: inWaves, keys: apply, until: 'Waiting for health'},
  {name: 'sync-waves-120', session: inWaves, keys: apply, until: 'Waiting for health', ...large},
  {name: 'sync-behind', session: inWaves, keys: [...apply, 'q'], until: 'syncing staging 18/20'},
  {name: 'sync-died', session: died, keys: apply, until: 'Not all synced'},
  {name: 'sync-died-120', session: died, keys: apply, until: 'Not all synced', ...large},
  {name: 'sync-unrecorded', session: unrecorded, keys: apply, until: 'not all is well'},
  {name: 'stale-overview', session: onceThere(), keys: [600_000, 'r'], until: 'failed'},
  {name: 'stale-environment', session: onceThere(), keys: ['2', '.', 600_000, 'r'], until: 'as of'},
  {
    name: 'stale-environment-120',
    session: onceThere(),
    keys: ['2', '.', 600_000, 'r'],
    until: 'as of',
    ...large,
  },
  {name: 'stale-in-sync', session: onceThere(), keys: ['1', 600_000, 'r'], until: 'as of'},
  {name: 'uncompared', session: uncompared, keys: ['2', 'n'], until: 'is not known'},
  {name: 'stale-diff', session: onceThere(), keys: ['2', 'j', 600_000, 'r', 'd'], until: 'as of'},
  {name: 'stale-yaml', session: onceThere(), keys: ['2', 'j', 600_000, 'r', 'y'], until: 'as of'},
  {
    name: 'stale-versions-120',
    session: {...onceThere(), versions: async () => versionMatrix},
    keys: [600_000, 'r', 'V', 'l'],
    until: 'is not known',
    ...large,
  },
  {name: 'comparing-overview', session: comparing, until: '300/890'},
  {name: 'comparing-overview-120', session: comparing, until: '300/890', ...large},
  {name: 'comparing-environment', session: comparing, keys: ['2'], until: '300/890'},
  {name: 'comparing-cancelled', session: comparing, keys: ['2', 400, 'esc'], until: 'cancelled'},
  {name: 'command-log', keys: ['@', 'j']},
  {name: 'command-log-120', keys: ['@', 'G'], ...large},
  {name: 'command-log-failures', keys: ['@', '.']},
  {name: 'command-log-entry', keys: ['@', 'G', 'enter']},
  {name: 'problems-nothing', keys: ['!']},
  {name: 'problems-all', session: troubled, keys: ['!']},
  {name: 'problems-all-120', session: troubled, keys: ['!', 'G'], ...large},
  {name: 'first-no-commit', session: opening({head: null}), until: 'no commit'},
  {name: 'first-no-commit-120', session: opening({head: null}), until: 'no commit', ...large},
  {name: 'first-mistaken', session: mistaken, until: 'No environments'},
  {name: 'first-no-environments', session: opening({}), until: 'No environments'},
  {
    name: 'first-no-contexts',
    session: opening({}, {where: '/home/jane/.kube/config', found: true}),
    until: 'staging',
  },
  {
    name: 'first-no-kubeconfig',
    session: opening({}, {where: '/home/jane/.kube/config, which is not there', found: false}),
    keys: ['1'],
    until: 'no kubeconfig',
    ...large,
  },
  {name: 'first-broken', session: broken, keys: ['2'], until: 'could be compared'},
];

goldenTests(scenes);
