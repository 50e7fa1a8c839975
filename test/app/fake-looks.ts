import type {LooksSession} from '../../source/app/session.ts';
import type {
  ClusterEvent,
  ContainerSeen,
  EventsSeen,
  FieldNews,
  LogLine,
  LogSource,
  PodSeen,
} from '../../source/looks/types.ts';

/** A running container. */
export function container(name: string, more: Partial<ContainerSeen> = {}): ContainerSeen {
  return {
    name,
    kind: 'container',
    state: 'running',
    reason: '',
    message: '',
    exitCode: null,
    restarts: 0,
    instance: `0 containerd://${name}`,
    hasLog: true,
    hasPrevious: false,
    ...more,
  };
}

export function pod(name: string, more: Partial<PodSeen> = {}): PodSeen {
  const containers = more.containers ?? [container('api')];
  return {
    uid: `uid-${name}`,
    namespace: 'payments',
    name,
    status: 'Running',
    ready: containers.length,
    total: containers.length,
    restarts: 0,
    created: '2026-08-07T11:00:00Z',
    deleting: false,
    containers,
    ...more,
  };
}

const crashed = container('api', {
  state: 'waiting',
  reason: 'CrashLoopBackOff',
  message: 'back-off 40s restarting failed container',
  restarts: 4,
  hasPrevious: true,
});

export const pods: readonly PodSeen[] = [
  pod('checkout-api-7d4b9c6f5d-x2kqp'),
  pod('checkout-api-7d4b9c6f5d-m9vzt', {
    status: 'CrashLoopBackOff',
    ready: 0,
    restarts: 4,
    containers: [crashed],
  }),
];

export function clusterEvent(more: Partial<ClusterEvent> = {}): ClusterEvent {
  return {
    uid: 'event-1',
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: 'Scaled up replica set checkout-api-7d4b9c6f5d from 3 to 5',
    about: {kind: 'Deployment', namespace: 'payments', name: 'checkout-api', uid: 'uid-checkout', field: ''},
    source: 'deployment-controller',
    count: 1,
    first: '2026-08-07T11:58:00Z',
    last: '2026-08-07T11:58:00Z',
    relation: 'itself',
    ...more,
  };
}

export const eventsSeen: EventsSeen = {
  object: {
    phase: null,
    generation: 7,
    observed: 6,
    deleting: null,
    conditions: [
      {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
        since: '2026-08-01T09:00:00Z',
        good: true,
        stale: true,
      },
      {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: 'ReplicaSet "checkout-api-7d4b9c6f5d" has timed out progressing.',
        since: '2026-08-07T11:40:00Z',
        good: false,
        stale: false,
      },
    ],
  },
  isMissing: false,
  pods,
  events: [
    clusterEvent({
      uid: 'event-3',
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting failed container api in pod checkout-api-7d4b9c6f5d-m9vzt',
      about: {
        kind: 'Pod',
        namespace: 'payments',
        name: 'checkout-api-7d4b9c6f5d-m9vzt',
        uid: 'uid-m9vzt',
        field: 'spec.containers{api}',
      },
      source: 'kubelet',
      count: 17,
      first: '2026-08-07T11:20:00Z',
      last: '2026-08-07T11:59:00Z',
      relation: 'owned',
    }),
    clusterEvent(),
    clusterEvent({
      uid: 'event-0',
      reason: 'SuccessfulCreate',
      message: 'Created pod: checkout-api-7d4b9c6f5d-x2kqp',
      about: {
        kind: 'ReplicaSet',
        namespace: 'payments',
        name: 'checkout-api-7d4b9c6f5d',
        uid: 'uid-rs',
        field: '',
      },
      source: 'replicaset-controller',
      first: '2026-08-07T11:00:00Z',
      last: '2026-08-07T11:00:00Z',
      relation: 'owned',
    }),
  ],
  left: 0,
  problems: [],
  isRead: true,
};

export const sources: readonly LogSource[] = [
  {pod: 'checkout-api-7d4b9c6f5d-x2kqp', container: container('api'), state: 'reading', reason: ''},
  {
    pod: 'checkout-api-7d4b9c6f5d-m9vzt',
    container: crashed,
    state: 'ended',
    reason: 'CrashLoopBackOff: back-off 40s restarting failed container',
  },
];

/** Lines of two pods in turn, a second apart. */
export function logLines(count: number, more: Partial<LogLine> = {}): LogLine[] {
  return Array.from({length: count}, (_, index) => ({
    time: new Date(Date.UTC(2026, 7, 7, 11, 50, index)).toISOString().replace('Z', '000000Z'),
    pod: index % 3 === 2 ? 'checkout-api-7d4b9c6f5d-m9vzt' : 'checkout-api-7d4b9c6f5d-x2kqp',
    container: 'api',
    text:
      index % 3 === 2
        ? `connection refused: database:5432 (try ${index})`
        : `GET /orders/${index} 200 in 12 ms`,
    kind: 'log',
    ...more,
  }));
}

export const fieldNews: readonly FieldNews[] = [
  {
    type: 'live',
    live: {value: 5},
    owners: [
      {
        manager: 'kubectl-scale',
        operation: 'Update',
        time: '2026-08-07T10:00:00Z',
        subresource: 'scale',
        owns: 'field',
        path: null,
      },
      {
        manager: 'argocd-controller',
        operation: 'Apply',
        time: '2026-08-03T10:00:00Z',
        subresource: '',
        owns: 'field',
        path: null,
      },
    ],
    applied: {value: 3},
  },
  {type: 'git', git: {value: 3}, location: {file: 'apps/payments/deploy.yaml', line: 14}},
  {
    type: 'commit',
    commit: {
      sha: '9be01d4000000000000000000000000000000000',
      author: 'Jane Doe',
      time: '2026-08-03T14:02:00Z',
      subject: 'checkout: 3 replicas',
      before: 2,
      after: 3,
    },
  },
  {
    type: 'commit',
    commit: {
      sha: 'c0ffee1000000000000000000000000000000000',
      author: 'Bob Roe',
      time: '2026-07-30T09:00:00Z',
      subject: 'Add checkout',
      after: 2,
    },
  },
  {type: 'walked', commits: 31, end: 'all', until: '2026-07-01T09:00:00Z'},
];

/** Answers of the looks, all there at once; nothing more comes of what is followed. */
export const fakeLooks: LooksSession = {
  async followEvents(_name, _target, _signal, onSeen) {
    onSeen(eventsSeen);
  },
  async followLogs(_name, _query, _signal, onNews) {
    onNews({type: 'sources', pods, sources, problems: [], isRead: true});
    onNews({type: 'lines', lines: logLines(40), dropped: 0});
  },
  async earlierLogs() {
    return {lines: [], isAll: true};
  },
  async fieldDetail(_name, _question, _signal, onNews) {
    for (const news of fieldNews) onNews(news);
  },
};
