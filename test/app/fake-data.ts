import type {
  BaselinePreview,
  RenderedEffect,
  RepositorySummary,
  RevertPreview,
  Revision,
  RevisionNote,
} from '../../source/app/session.ts';
import type {EnvironmentReport, FieldChange, ResourceDrift} from '../../source/drift/types.ts';
import type {SyncPlan} from '../../source/engines/types.ts';
import type {Environment} from '../../source/environments/types.ts';
import {fields} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';

/** The time at which the tests' screens are drawn. */
export const noon = Date.parse('2026-08-07T12:00:00Z');

export const head = '3f2a91c0000000000000000000000000000000aa';
export const live = '9be01d40000000000000000000000000000000bb';

export const repository: RepositorySummary = {
  name: 'infra-live',
  path: '/src/infra-live',
  bare: false,
  branch: 'main',
  head,
  behind: 2,
  ahead: 0,
  remoteUrl: 'https://git.example/acme/infra-live',
};

export function environment(name: string, more: Partial<Environment> = {}): Environment {
  return {
    name,
    path: `environments/${name}`,
    branch: null,
    context: `kind-${name}`,
    namespace: null,
    source: 'auto',
    engine: 'auto',
    protected: false,
    promotesFrom: null,
    origin: 'environments/*',
    ...more,
  };
}

const deployment: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'checkout-api', namespace: 'payments', labels: {app: 'checkout-api', team: 'payments'}},
  spec: {
    replicas: 3,
    selector: {matchLabels: {app: 'checkout-api'}},
    template: {
      metadata: {labels: {app: 'checkout-api'}},
      spec: {
        containers: [
          {name: 'api', image: 'registry.example/checkout:v1.8.2', ports: [{containerPort: 8080}]},
        ],
      },
    },
  },
};

const replicas: FieldChange = {
  path: 'spec.replicas',
  elements: fields('spec', 'replicas'),
  change: 'changed',
  desired: 3,
  live: 5,
  manager: 'kubectl-scale',
  changedAt: '2026-08-07T10:00:00Z',
  location: {file: 'environments/production/checkout.yaml', line: 9},
  commit: live,
  author: 'jane',
  committedAt: '2026-08-05T14:02:00Z',
  subject: 'checkout: 3 replicas',
};

const image: FieldChange = {
  path: 'spec.template.spec.containers[name=api].image',
  elements: [
    ...fields('spec', 'template', 'spec', 'containers'),
    {type: 'keys', keys: {name: 'api'}},
    ...fields('image'),
  ],
  change: 'changed',
  desired: 'registry.example/checkout:v1.8.2',
  live: 'registry.example/checkout:v1.8.0',
  manager: 'argocd',
  changedAt: '2026-08-05T12:00:00Z',
  location: {file: 'environments/production/checkout.yaml', line: 19},
  commit: head,
  author: 'jane',
  committedAt: '2026-08-07T11:00:00Z',
  subject: 'checkout: image v1.8.2',
};

export function resource(
  kind: string,
  namespace: string,
  name: string,
  more: Partial<ResourceDrift> = {},
): ResourceDrift {
  return {
    id: {group: kind === 'Deployment' ? 'apps' : '', kind, namespace, name},
    version: 'v1',
    status: 'Synced',
    health: 'Healthy',
    healthMessage: '',
    verdict: 'server',
    source: {file: `environments/production/${name}.yaml`, line: 1},
    fields: [],
    hidden: [],
    notes: [],
    error: null,
    desired: null,
    live: null,
    ...more,
  };
}

export function resources(): ResourceDrift[] {
  return [
    resource('Deployment', 'payments', 'checkout-api', {
      status: 'Modified',
      source: {file: 'environments/production/checkout.yaml', line: 1},
      fields: [replicas, image],
      hidden: [
        {
          path: 'spec.strategy',
          reason: 'defaulted',
          because: 'the server fills it in',
          live: {type: 'RollingUpdate'},
        },
        {
          path: 'spec.progressDeadlineSeconds',
          reason: 'defaulted',
          because: 'the server fills it in',
          live: 600,
        },
        {path: 'metadata.annotations', reason: 'ignored', because: 'ignored by .gitops-tui.yaml'},
      ],
      desired: deployment,
      live: {
        ...deployment,
        spec: {
          replicas: 5,
          selector: {matchLabels: {app: 'checkout-api'}},
          template: {
            metadata: {labels: {app: 'checkout-api'}},
            spec: {
              containers: [
                {name: 'api', image: 'registry.example/checkout:v1.8.0', ports: [{containerPort: 8080}]},
              ],
            },
          },
        },
      },
    }),
    resource('ConfigMap', 'payments', 'old-flags', {
      status: 'Extra',
      source: null,
      live: {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'old-flags'}, data: {beta: 'on'}},
    }),
    resource('Service', 'payments', 'checkout-api'),
    resource('Secret', 'platform', 'db-creds', {
      status: 'Modified',
      verdict: 'local',
      fields: [
        {
          path: 'data.password',
          elements: fields('data', 'password'),
          change: 'changed',
          desired: '***3f2a91c0',
          live: '***88121f00',
          manager: 'kubectl-edit',
          changedAt: '2026-08-07T11:30:00Z',
        },
      ],
      desired: {apiVersion: 'v1', kind: 'Secret', data: {password: '***3f2a91c0', user: '***00aa11bb'}},
      live: {apiVersion: 'v1', kind: 'Secret', data: {password: '***88121f00', user: '***00aa11bb'}},
    }),
    resource('Namespace', '', 'payments'),
  ];
}

export function report(name: string, more: Partial<EnvironmentReport> = {}): EnvironmentReport {
  return {
    environment: name,
    context: `kind-${name}`,
    engine: 'direct',
    protected: false,
    syncStatus: 'OutOfSync',
    healthStatus: 'Healthy',
    desiredRevision: head,
    liveRevision: live,
    summary: {synced: 2, modified: 2, missing: 0, extra: 1, unknown: 0},
    resources: resources(),
    errors: [],
    ...more,
  };
}

/** A report without drift. */
export function synced(name: string): EnvironmentReport {
  return report(name, {
    syncStatus: 'Synced',
    liveRevision: head,
    summary: {synced: 2, modified: 0, missing: 0, extra: 0, unknown: 0},
    resources: [resource('Service', 'payments', 'checkout-api'), resource('Namespace', '', 'payments')],
  });
}

export function revision(sha: string, more: Partial<Revision> = {}): Revision {
  return {
    sha,
    parents: [],
    author: 'Jane Doe',
    email: 'jane@example.com',
    time: '2026-08-05T14:02:00+02:00',
    subject: 'checkout: 3 replicas',
    body: '',
    refs: [],
    tags: [],
    state: 'older',
    deployments: [],
    pullRequest: null,
    ...more,
  };
}

export const revisions: readonly Revision[] = [
  revision(head, {
    time: '2026-08-07T11:00:00Z',
    subject: 'checkout: image v1.8.2',
    state: 'pending',
    refs: ['main', 'v1.8.2'],
    tags: ['v1.8.2'],
    pullRequest: {mark: '#412', number: 412, url: null},
  }),
  revision('77ab0e10000000000000000000000000000000cc', {
    time: '2026-08-07T07:00:00Z',
    author: 'ci',
    subject: '再起動: bump redis 7.4',
    state: 'pending',
  }),
  revision(live, {
    state: 'live',
    deployments: [
      {revision: live, time: '2026-08-05T15:00:00Z', by: 'jane', pruned: false, tookSeconds: 14.2},
    ],
  }),
  revision('c0ffee10000000000000000000000000000000dd', {
    time: '2026-08-01T09:00:00Z',
    author: 'bob',
    subject: 'Revert "checkout: hpa"',
    deployments: [
      {revision: 'c0ffee1', time: '2026-08-01T10:00:00Z', by: 'bob', pruned: true, tookSeconds: 8},
    ],
  }),
];

export const patch = [
  'diff --git a/environments/production/checkout.yaml b/environments/production/checkout.yaml',
  '--- a/environments/production/checkout.yaml',
  '+++ b/environments/production/checkout.yaml',
  '@@ -7,3 +7,3 @@ metadata:',
  ' spec:',
  '-  replicas: 2',
  '+  replicas: 3',
].join('\n');

export const files = [{path: 'environments/production/checkout.yaml', added: 1, removed: 1, binary: false}];

export function syncPlan(name: string, more: Partial<SyncPlan> = {}): SyncPlan {
  const step = {version: 'v1', reason: null, trouble: null, conflicts: [], fields: 0};
  return {
    environment: name,
    context: `kind-${name}`,
    revision: head,
    options: {prune: false, force: false},
    steps: [
      {
        ...step,
        id: {group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'checkout-api'},
        action: 'apply',
        fields: 2,
      },
      {
        ...step,
        id: {group: '', kind: 'Secret', namespace: 'platform', name: 'db-creds'},
        action: 'apply',
        fields: 1,
      },
      {
        ...step,
        id: {group: '', kind: 'ConfigMap', namespace: 'payments', name: 'old-flags'},
        action: 'skip',
        reason: 'prune is off',
      },
    ],
    prunable: 1,
    conflicts: 0,
    blockers: [],
    problems: [],
    dryRunSeconds: 1.2,
    ...more,
  };
}

export function baselinePreview(name: string): BaselinePreview {
  const [commit] = revisions;
  if (commit === undefined) throw new Error('no revisions');
  const tag = `gitops-tui/good/${name}/20260801-090000-9be01d4`;
  const mark = {
    tag,
    oid: live,
    commit: live,
    time: '2026-08-01T09:00:00Z',
    by: 'jane',
    note: '',
    isSigned: true,
  };
  return {environment: name, commit, known: [mark], shared: [tag], remote: 'origin', warnings: []};
}

export function revertPreview(name: string, more: Partial<RevertPreview> = {}): RevertPreview {
  const [first, second, target] = revisions;
  if (first === undefined || second === undefined || target === undefined) throw new Error('no revisions');
  return {
    kind: 'revert',
    request: {kind: 'revert', environment: name, target: live, mode: 'restore'},
    plan: {
      mode: 'restore',
      path: `environments/${name}`,
      target,
      undone: [first, second],
      base: head,
      baseRef: 'origin/main',
      branch: 'main',
      files,
      patch,
      resultTree: 'tree',
      message: `Revert ${name} to 9be01d4\n\nReverts-To: ${live}\nEnvironment: ${name}`,
      trailers: [`Reverts-To: ${live}`, `Environment: ${name}`],
      conflicts: [],
      merges: [],
      resolved: [],
    },
    alsoAffects: [],
    pullRequestBranch: `gitops-tui/revert-${name}-9be01d4`,
    pushRefused: null,
    ...more,
  };
}

/** What is found out about those revisions after the page. */
export const revisionNotes: readonly RevisionNote[] = [
  {
    sha: head,
    state: 'pending',
    deployments: [],
    signature: {
      verdict: 'good',
      signer: 'jane@example.com',
      key: 'SHA256:tSBcOo9My2hsramlKySX8D',
      reason: null,
    },
    differences: 3,
  },
  {
    sha: '77ab0e10000000000000000000000000000000cc',
    state: 'pending',
    deployments: [],
    signature: {verdict: 'none', signer: null, key: null, reason: null},
    differences: 2,
  },
  {
    sha: live,
    signature: {
      verdict: 'unchecked',
      signer: null,
      key: null,
      reason: 'git is told of no allowed signers (gpg.ssh.allowedSignersFile)',
    },
    differences: 0,
  },
  {
    sha: 'c0ffee10000000000000000000000000000000dd',
    signature: {
      verdict: 'bad',
      signer: 'bob',
      key: 'F3718051F0FC7C5A',
      reason: 'the commit is not what was signed',
    },
    differences: null,
  },
];

/** What a commit does, rendered. */
export function commitEffect(name: string, sha: string): RenderedEffect {
  const id = (kind: string, name: string) => ({group: '', kind, namespace: 'payments', name});
  const api = id('Deployment', 'checkout-api');
  return {
    environment: name,
    from: '',
    to: sha,
    touched: true,
    builds: true,
    objects: [],
    unchanged: 4,
    problems: [],
    repaired: [],
    undecided: [],
    digest: {
      images: [{id: api, container: 'api', before: 'checkout:v1.8.0', after: 'checkout:v1.8.1'}],
      replicas: [{id: api, before: 3, after: 5}],
      added: [id('ConfigMap', 'flags')],
      removed: [],
      replaced: [],
      changed: [api],
      otherFields: 2,
      leftOut: 0,
    },
  };
}
