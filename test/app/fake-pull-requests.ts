import type {
  ListedPullRequest,
  PullRequestEffect,
  PullRequestState,
  Session,
} from '../../source/app/session.ts';
import {digestOf} from '../../source/changes/effect/digest.ts';
import type {ObjectEffect, ObjectOnCluster} from '../../source/changes/effect/types.ts';
import {fields} from '../../source/resources/field-path.ts';

export const prHead = '9be01d40000000000000000000000000000000cc';

/** An open pull request of made-up people. */
export function pullRequest(number: number, more: Partial<ListedPullRequest> = {}): ListedPullRequest {
  return {
    number,
    url: `https://git.example/acme/infra-live/pull/${number}`,
    title: 'checkout: 5 replicas for the sale',
    state: 'open',
    draft: false,
    author: 'jane',
    branch: 'gitops-tui/sale',
    base: 'main',
    head: prHead,
    fork: null,
    updatedAt: '2026-08-07T10:00:00Z',
    environments: ['production'],
    ...more,
  };
}

/** What its forge says of it. */
export function pullRequestState(
  request: ListedPullRequest,
  more: Partial<PullRequestState> = {},
): PullRequestState {
  const {environments: _, ...pullRequest} = request;
  const check = (name: string, result: 'passed' | 'failed' | 'running', summary: string | null = null) => ({
    name,
    result,
    required: name === 'ci/test' ? true : null,
    url: null,
    summary,
  });
  return {
    pullRequest,
    checks: [check('build', 'passed'), check('lint', 'passed'), check('ci/test', 'running')],
    reviews: [
      {author: 'bob', verdict: 'approved', at: null},
      {author: 'eve', verdict: 'requested', at: null},
    ],
    comments: [
      {
        author: 'bob',
        body: 'Is five enough?\u001B]52;c;aGk=\u0007',
        at: '2026-08-07T11:30:00Z',
        file: 'environments/production/web.yaml',
        line: 14,
        resolved: false,
      },
    ],
    mergeability: {verdict: 'blocked', reasons: ['required checks have not ended: ci/test']},
    protection: {approvals: 2, checks: ['ci/test']},
    methods: ['squash', 'merge'],
    ...more,
  };
}

/** What it would do to production, and to its cluster where that was asked. */
export function pullRequestEffect(more: Partial<PullRequestEffect> = {}, asked = true): PullRequestEffect {
  const id = {group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'checkout-api'};
  const object: ObjectEffect = {
    id,
    version: 'v1',
    change: 'changed',
    fields: [
      {path: 'spec.replicas', elements: fields('spec', 'replicas'), change: 'changed', before: 3, after: 5},
    ],
    source: {file: 'environments/production/web.yaml', line: 1},
    leftOut: null,
    notes: [],
  };
  const onCluster: ObjectOnCluster = {
    id,
    outcome: 'changed',
    reason: null,
    refused: null,
    fields: [
      {
        path: 'spec.replicas',
        elements: fields('spec', 'replicas'),
        change: 'changed',
        live: 4,
        desired: 5,
        isDrift: false,
      },
    ],
    verdict: 'server',
    notes: [],
  };
  return {
    base: 'a'.repeat(40),
    head: prHead,
    tree: 'b'.repeat(40),
    conflicts: [],
    files: [{path: 'environments/production/web.yaml', added: 1, removed: 1, binary: false}],
    patch:
      '--- a/environments/production/web.yaml\n+++ b/environments/production/web.yaml\n@@ -1 +1 @@\n-replicas: 3\n+replicas: 5\n',
    effects: [
      {
        environment: 'production',
        rendered: {
          environment: 'production',
          from: 'a'.repeat(40),
          to: 'b'.repeat(40),
          objects: [object],
          unchanged: 12,
          digest: digestOf([object]),
          touched: true,
          builds: true,
          problems: [],
          repaired: [],
          undecided: [],
        },
        cluster: asked ? {objects: [onCluster], problems: []} : null,
      },
    ],
    ...more,
  };
}

/** Three open pull requests; the first is followed, and its state is what `seen` says. */
export function withPullRequests(seen: Partial<PullRequestState> = {}): Partial<Session> {
  const first = pullRequest(412);
  const requests = [
    first,
    pullRequest(409, {
      title: 'WIP: bump redis to 7.4',
      author: 'ci',
      draft: true,
      environments: ['development', 'staging'],
      updatedAt: '2026-08-04T10:00:00Z',
    }),
    pullRequest(398, {
      title: 'readme: how to get a kubeconfig',
      author: 'bob',
      fork: 'bob/infra-live',
      branch: 'docs',
      environments: [],
      updatedAt: '2026-06-01T10:00:00Z',
    }),
  ];
  const stateOf = (number: number) => {
    const request = requests.find(known => known.number === number) ?? pullRequest(number);
    if (number === first.number || number === 413) return pullRequestState(request, seen);
    const checks = [{name: 'ci', result: 'failed' as const, required: null, url: null, summary: null}];
    return pullRequestState(request, {
      checks: number === 409 ? checks : [],
      reviews: number === 409 ? [] : [{author: 'eve', verdict: 'changes-requested', at: null}],
      comments: [],
    });
  };
  return {
    async pullRequests() {
      return {forge: 'GitHub', requests};
    },
    async pullRequest(number) {
      return stateOf(number);
    },
    async followPullRequest(number, signal, onSeen) {
      onSeen({state: stateOf(number), error: null, retryAt: null});
      await new Promise(resolve => signal.addEventListener('abort', resolve));
    },
    async pullRequestChange(_, {cluster}) {
      return pullRequestEffect({}, cluster !== 'no');
    },
    async mergePullRequest() {
      return {
        merged: true,
        sha: '77ab0e1'.padEnd(40, '0'),
        notes: ['the branch was not deleted: it is protected'],
      };
    },
  };
}
