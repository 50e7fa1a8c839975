// Frames of every screen, kept in frames/.
import assert from 'node:assert/strict';
import {checkedPreferences} from '../../source/app/keys/keymap.ts';
import type {Session} from '../../source/app/session.ts';
import {digestOf} from '../../source/changes/effect/digest.ts';
import {ClusterError} from '../../source/cluster/types.ts';
import {failedReport} from '../../source/engines/failed-report.ts';
import {parsePreferences} from '../../source/preferences/parse.ts';
import {adoptPreview} from './adopt-preview.ts';
import {
  environment,
  head,
  report,
  repository,
  revertPreview,
  revisions,
  synced,
  syncPlan,
} from './fake-data.ts';
import {effectOf, onCluster} from './fake-effect.ts';
import {imageUpdates, pendingImage} from './fake-images.ts';
import {pullRequest} from './fake-pull-requests.ts';
import {fakeSession, pullRequestPreview} from './fake-session.ts';
import {goldenTests, type Scene} from './golden.tsx';

const never = () => new Promise<never>(() => {});
const expired = new ClusterError('unauthorized', 'credentials expired (aws: exit 255)', {
  fix: 'run `aws sso login`',
});
const own = parsePreferences(
  `commands:
  - {name: Tail, key: ctrl-g, run: [kubectl, --context, '{context}', logs, '{kind}/{name}'], in: pager, changes: false}
  - {name: Restart, key: ctrl-y, run: [kubectl, --context, '{context}', -n, '{namespace}', rollout, restart, '{kind}/{name}']}
`,
  '~/.config/gitops-tui/config.yaml',
);
const mistaken = checkedPreferences(
  parsePreferences('theme: blue\nkeys:\n  sync: L\n  snyc: Y\n  exit:\n', '~/.config/gitops-tui/config.yaml'),
);
const failing: Partial<Session> = {
  async runProgram() {
    return {exitCode: 1, stdout: '', stderr: 'error: context "kind-staging" does not exist\n'};
  },
};
const demoHint =
  'kubectl --kubeconfig /tmp/gitops-tui-demo/kubeconfig --context staging -n shop scale deployment/web --replicas=7';

/** Three environments that answer, one that fails, one without a context, one that is still listing. */
const troubled: Partial<Session> = {
  async load() {
    return {
      repository,
      environments: [
        environment('development'),
        environment('staging'),
        environment('production', {protected: true}),
        environment('asia'),
        environment('lab', {context: null}),
      ],
      problems: [],
      contextCount: 4,
    };
  },
  async inspect(name, signal, onEvent) {
    if (name === 'production') throw expired;
    if (name === 'asia') {
      onEvent({type: 'progress', phase: 'list', done: 214, total: 890});
      return never();
    }
    return fakeSession().inspect(name, signal, onEvent);
  },
};

/** An environment that could not be compared at all: the session answers with a report that says so. */
const notCompared: Partial<Session> = {
  async inspect(name, signal, onEvent) {
    if (name !== 'staging') return fakeSession().inspect(name, signal, onEvent);
    return failedReport(environment(name), new Error('the branch staging is neither here nor on origin'));
  },
};

const conflicting: Partial<Session> = {
  async planSync(name, options) {
    const [first, ...rest] = syncPlan(name).steps;
    assert.ok(first);
    const conflict = {
      ...first,
      trouble: 'conflict' as const,
      conflicts: [{field: '.spec.replicas', manager: 'kubectl-scale'}],
    };
    return syncPlan(name, {
      options,
      steps: [conflict, ...rest],
      conflicts: 1,
      blockers: ['1 object conflicts with other field managers: f takes their fields over'],
    });
  },
};

/** Two registries have answered, the others have not. */
const askingImages: Partial<Session> = {
  async imageUpdates(_name, _signal, onEvent) {
    const images = imageUpdates();
    onEvent({type: 'found', images: images.map(image => ({...image, ...pendingImage}))});
    for (const image of images.slice(0, 2)) onEvent({type: 'image', image});
    return never();
  },
};

const failedImages: Partial<Session> = {
  async imageUpdates() {
    throw new Error('git grep failed: fatal: not a git repository');
  },
};

const refusedPush: Partial<Session> = {
  async makeChange(preview) {
    return {
      ok: false,
      commit: '5d1e0aa0000000000000000000000000000000ee',
      branch: preview.pullRequestBranch,
      pullRequest: null,
      message: 'the remote refused the push: pre-receive hook declined',
      retry: true,
    };
  },
};

const adopting: Partial<Session> = {
  async planChange(request) {
    assert.ok(request.kind === 'adopt');
    return adoptPreview(request);
  },
};

const adoptingNothing: Partial<Session> = {
  async planChange(request) {
    assert.ok(request.kind === 'adopt');
    const id = {group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'checkout-api'};
    const reason = "can't tell where spec.replicas is set: base/web.yaml: Service/web would change too";
    return adoptPreview(request, {
      files: [],
      patch: '',
      adopted: [],
      left: [{id, path: 'spec.replicas', reason, settled: false, shared: ['development']}],
    });
  },
};

const movedPush: Partial<Session> = {
  async planChange(request) {
    const preview = revertPreview(request.environment);
    const warnings = ['origin could not be asked (Connection refused): this is origin/main as last fetched'];
    return {...preview, plan: {...preview.plan, warnings}};
  },
  async makeChange() {
    return {
      ok: false,
      commit: null,
      branch: 'main',
      pullRequest: null,
      message:
        'origin/main has moved: the plan was made again on its new tip 77ab0e1. Look at it and confirm again',
      retry: false,
      newPreview: {
        ...revertPreview('staging'),
        plan: {...revertPreview('staging').plan, base: '77ab0e10'},
      },
    };
  },
};

/** A change of a base that two more environments are made of. */
const sharedBase: Partial<Session> = {
  async planChange(request) {
    return revertPreview(request.environment, {alsoAffects: ['development', 'production']});
  },
  async effect(name, change, {cluster}) {
    const more = name === 'development' ? {objects: [], digest: digestOf([]), unchanged: 15} : {};
    return effectOf(name, change, cluster === 'ask' ? onCluster : null, more);
  },
};

/** What is decided stays in sight, however much there is to say. */
const crowded: Partial<Session> = {
  ...sharedBase,
  async planChange(request) {
    const preview = revertPreview(request.environment, {alsoAffects: ['development', 'production']});
    const warnings = ['origin could not be asked (Connection refused): this is origin/main as last fetched'];
    return {...preview, plan: {...preview.plan, warnings}};
  },
};

const unknownCluster: Partial<Session> = {
  async effect(name, change, {cluster}) {
    return effectOf(
      name,
      change,
      cluster === 'no' ? null : {unknown: 'https://10.0.0.1:6443 does not answer'},
    );
  },
};

const brokenChange: Partial<Session> = {
  async effect(name, change) {
    const message = 'did not find expected key';
    const location = {file: 'environments/staging/checkout.yaml', line: 12};
    const problems = [{severity: 'error' as const, message, location, fix: 'indent it'}];
    const undecided = [{group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'checkout'}];
    const nothing = {objects: [], digest: digestOf([])};
    return effectOf(name, change, null, {...nothing, builds: false, problems, undecided});
  },
};

/** One environment that no context is certain for. */
const unsettled: Partial<Session> = {
  async load() {
    const environments = [environment('development'), environment('lab', {context: null})];
    return {repository, environments, problems: [], contextCount: 3};
  },
};

const newFile: Partial<Session> = {
  ...unsettled,
  async setContext(name, context, {write}) {
    const lines =
      'environments:\n  - name: development\n    path: environments/development\n  - name: lab\n    path: environments/lab\n    context: kind-development\n';
    const note = {file: '.gitops-tui.yaml', isNew: true, lines, reason: null, written: write};
    return {environment: environment(name, {context}), note};
  },
};

const byHand: Partial<Session> = {
  ...unsettled,
  async setContext(name, context) {
    const lines = '  - name: lab\n    context: kind-development\n';
    const note = {
      file: '.gitops-tui.yaml',
      isNew: false,
      lines,
      reason: 'it has more than one document',
      written: false,
    };
    return {environment: environment(name, {context}), note};
  },
};

const noKubeconfig: Partial<Session> = {
  async load() {
    const environments = ['development', 'staging', 'production'].map(name =>
      environment(name, {context: null}),
    );
    return {repository, environments, problems: [], contextCount: 0};
  },
};

/** The last row of the tree is a key of a Secret. */
const toSecret = ['G'] as const;

const revealing: Partial<Session> = {
  revealsSecrets: true,
  async reveal() {
    return {git: {text: 'hunter2'}, live: {text: 'hunter3 \u001B[31mred\u001B[0m'}};
  },
};

/** A user who may not read Secrets in the cluster. */
const forbidden: Partial<Session> = {
  revealsSecrets: true,
  async reveal() {
    return {
      git: {bytes: 2048},
      live: {
        none: 'not allowed to read it: secrets "login" is forbidden: User "jane" cannot get resource "secrets"',
      },
    };
  },
};

const long: Partial<Session> = {
  revealsSecrets: true,
  async reveal() {
    const text = Array.from({length: 30}, (_, index) => `line ${index + 1} ${'x'.repeat(index * 4)}`).join(
      '\n',
    );
    return {git: {none: 'git has no such Secret'}, live: {text}};
  },
};

/** Undoing commits whole meets a conflict in what they share, below a merge that brought main into other work. */
const conflictingRevert: Partial<Session> = {
  async planChange(request) {
    const {plan, ...preview} = revertPreview(request.environment);
    if (request.kind !== 'revert' || request.mode === 'restore') return {...preview, plan};
    const resolve = {
      id: 'a'.repeat(40),
      path: 'base/checkout/deploy.yaml',
      blob: head,
      deleted: false,
      undone: '77ab0e1 bump redis',
      isResolved: false,
      note: 'what you wrote still has a conflict marker in line 12',
    };
    const conflict = {path: resolve.path, hunks: '<<<<<<< 3f2a91c\n', resolve};
    const merge = {sha: head, subject: "Merge branch 'main'", parents: 2, mainline: 1, isForeign: true};
    const warning =
      "the merge 3f2a91c brought main into other work: its first parent isn't main's own side. It is undone to parent 1";
    return {
      ...preview,
      request,
      plan: {...plan, mode: request.mode, conflicts: [conflict], merges: [merge], warnings: [warning]},
    };
  },
};

const refusedTag: Partial<Session> = {
  async makeBaseline() {
    const message =
      "origin does not take the tag: tags are made by CI\n3f2a91c is marked as known good for staging, but only in this repository: others don't see it yet.\nTry again, or by hand: git push origin gitops-tui/good/staging/20260807-120000-3f2a91c";
    return {ok: false, tag: 'gitops-tui/good/staging/20260807-120000-3f2a91c', message, retry: true};
  },
};

const frames: readonly Scene[] = [
  {name: 'overview-opening', session: {load: never}},
  {name: 'overview'},
  {name: 'overview-100', columns: 100},
  {name: 'overview-ascii', ascii: true, session: troubled, until: '214/890'},
  {name: 'overview-troubled', session: troubled, keys: ['j', 'j'], until: '214/890'},
  {name: 'overview-demo', session: {demoHint}},
  {name: 'overview-not-compared', session: notCompared},
  {name: 'overview-worktree', session: {worktree: true}},
  {
    name: 'overview-no-repository',
    session: {
      async load() {
        throw Object.assign(new Error('/src/notes is no git repository'), {
          fix: 'start it inside one, or give its PATH',
        });
      },
    },
  },
  {
    name: 'overview-no-environments',
    session: {
      async load() {
        return {repository, environments: [], problems: [], contextCount: 3};
      },
    },
  },
  {name: 'overview-no-kubeconfig', session: noKubeconfig},
  {name: 'environment-no-kubeconfig', session: noKubeconfig, keys: ['2']},
  {name: 'environment-no-context', session: unsettled, keys: ['2']},
  {
    name: 'environment-no-manifests',
    session: {
      async inspect(name) {
        return {
          ...synced(name),
          resources: [],
          summary: {synced: 0, modified: 0, missing: 0, extra: 0, unknown: 0},
        };
      },
    },
    keys: ['2'],
  },
  {name: 'reveal-off', keys: ['2', ...toSecret, 'x']},
  {name: 'reveal-shown', session: revealing, keys: ['2', ...toSecret, 'x']},
  {name: 'reveal-choice', session: revealing, keys: ['2', ...toSecret, 'k', 'x']},
  {name: 'reveal-hidden-again', session: revealing, keys: ['2', ...toSecret, 'x', 400, 'j']},
  {name: 'reveal-forbidden', session: forbidden, keys: ['2', ...toSecret, 'x']},
  {name: 'reveal-long', session: long, keys: ['2', ...toSecret, 'x', 400, 'ctrl-d']},
  {name: 'context-choice', session: unsettled, keys: ['j', 'X']},
  {name: 'context-asking', session: unsettled, keys: ['j', 'X', 400, 'j', 'enter']},
  {name: 'context-new-file', session: newFile, keys: ['j', 'X', 400, 'j', 'enter']},
  {name: 'context-by-hand', session: byHand, keys: ['j', 'X', 400, 'j', 'enter']},
  {name: 'context-read-only', session: newFile, keys: ['j', 'X', 400, 'j', 'enter'], readOnly: true},
  {name: 'context-written', session: unsettled, keys: ['j', 'X', 400, 'j', 'enter', 400, 'tab', 'enter']},
  {name: 'overview-by-state', session: troubled, keys: ['S'], until: '214/890'},
  {name: 'environment', keys: ['2', 'n']},
  {name: 'environment-100', keys: ['2', 'n'], columns: 100, rows: 30},
  {name: 'environment-120', keys: ['3', 'n', 'n'], columns: 120, rows: 30},
  {name: 'environment-split', keys: ['2', 'n', 'u'], columns: 140, rows: 30},
  {name: 'environment-hidden', keys: ['2', 'n', 'i'], columns: 100, rows: 30},
  {name: 'environment-all-marked', keys: ['2', '.', '*']},
  {name: 'environment-filter', keys: ['2', '/', 's', 'p', 'e', 'c']},
  {name: 'environment-folded', keys: ['2', '-']},
  {name: 'environment-in-sync', keys: ['1']},
  {name: 'environment-loading', session: {inspect: never}, keys: ['2']},
  {
    name: 'environment-failed',
    session: {
      async inspect() {
        throw expired;
      },
    },
    keys: ['2'],
  },
  {
    name: 'environment-unknown',
    session: {
      async inspect(name) {
        return report(name, {
          syncStatus: 'Unknown',
          summary: {synced: 0, modified: 0, missing: 0, extra: 0, unknown: 0},
          resources: [],
          errors: [
            {
              severity: 'error',
              message: 'the API server at https://10.0.0.1:6443 is out of reach',
              fix: 'check the VPN',
            },
          ],
        });
      },
    },
    keys: ['2'],
  },
  {name: 'diff', keys: ['2', 'n', 'd']},
  {name: 'yaml', keys: ['2', 'n', 'y']},
  {name: 'revisions', keys: ['2', 'L', 'j', 'j']},
  {name: 'images', keys: ['2', 'I']},
  {name: 'images-120', keys: ['2', 'I', 'j', 'j'], columns: 120, rows: 35},
  {name: 'images-asking', keys: ['2', 'I'], session: askingImages, until: 'main-21'},
  {name: 'images-failed', keys: ['2', 'I'], session: failedImages},
  {name: 'images-update', keys: ['2', 'I', '*', 'j', 'j', 'space', 'enter']},
  {name: 'revisions-100', keys: ['2', 'L', 'j', 'j'], columns: 100},
  {
    name: 'revisions-120',
    session: {
      async commitPullRequest() {
        return pullRequest(412, {title: 'checkout: image v1.8.2', state: 'merged'});
      },
    },
    keys: ['2', 'L'],
    columns: 120,
    rows: 35,
  },
  {
    name: 'revisions-reading',
    session: {
      revisions(_name, {skip}) {
        if (skip > 0) return new Promise(() => {});
        return Promise.resolve({tip: head, revisions: revisions.slice(0, 1), more: true, missing: null});
      },
    },
    keys: ['2', 'L'],
  },
  {
    name: 'revisions-shallow',
    session: {
      async revisions() {
        return {tip: head, revisions, more: false, missing: 'shallow'};
      },
      async revisionNotes() {
        throw new Error('the cluster is out of reach');
      },
      async commitEffect() {
        throw new Error('kustomize was not found on PATH');
      },
    },
    keys: ['2', 'L', 'G'],
  },
  {name: 'patch', keys: ['2', 'L', 'd']},
  {name: 'problems', session: troubled, keys: ['!']},
  {
    name: 'problems-not-fetched',
    session: {
      async fetch() {
        throw new Error(
          "git fetch: '/srv/git/shop.git' does not appear to be a git repository\nCould not read from remote repository.",
        );
      },
    },
    keys: ['ctrl-r', '!'],
  },
  {name: 'help', keys: ['2', '?'], rows: 40},
  {name: 'help-read-only', keys: ['2', '?'], readOnly: true},
  {name: 'help-filtered', keys: ['2', '?', '/', 'm', 'a', 'r', 'k']},
  {name: 'palette', keys: [':', 'r', 'e', 'v']},
  {name: 'program-asking', preferences: own, keys: ['3', 'n', '\u0019']},
  {name: 'program-typing', preferences: own, keys: ['3', 'n', '\u0019', 400, 'tab', 'enter', 'p', 'r', 'o']},
  {name: 'program-output', preferences: own, keys: ['2', 'n', '\u0007']},
  {name: 'program-failed', preferences: own, session: failing, keys: ['2', 'n', '\u0007']},
  {name: 'preferences-mistaken', preferences: mistaken, keys: ['!']},
  {name: 'palette-empty', keys: ['2', ':'], columns: 120, rows: 35},
  {name: 'palette-argument', keys: [':', 't', 'h', 'e', 'm', 'e', 'space', 'h']},
  {name: 'palette-read-only', keys: ['2', ':', 's', 'y', 'n', 'c', 'enter'], readOnly: true},
  {
    name: 'refused-edit-bare',
    session: {
      async load() {
        const environments = [environment('development'), environment('staging')];
        return {repository: {...repository, bare: true}, environments, problems: [], contextCount: 4};
      },
    },
    keys: ['2', 'n', 'n', 'e'],
  },
  {
    name: 'refused-edit-branch',
    session: {
      async load() {
        const environments = [environment('development'), environment('staging', {branch: 'env/staging'})];
        return {repository, environments, problems: [], contextCount: 4};
      },
    },
    keys: ['2', 'n', 'n', 'e'],
  },
  {name: 'refused-read-only', keys: ['2', 's'], readOnly: true},
  {name: 'sync-planning', session: {planSync: never}, keys: ['2', 's']},
  {name: 'sync-plan', keys: ['2', 's']},
  {name: 'sync-plan-100', keys: ['2', 's'], columns: 100, rows: 30},
  {name: 'sync-conflict', session: conflicting, keys: ['2', 's', 400, 'tab', 'enter']},
  {name: 'sync-protected', keys: ['3', 's', 400, 'tab', 'enter', 'p', 'r', 'o', 'd', 'enter']},
  {
    name: 'sync-running',
    session: {
      async sync(plan, _confirmed, _signal, onEvent) {
        const [first, second] = plan.steps;
        assert.ok(first && second);
        onEvent({type: 'step', index: 0, state: 'done', message: null});
        onEvent({type: 'step', index: 1, state: 'running', message: null});
        onEvent({type: 'health', id: first.id, health: 'Progressing', message: '3 of 5 ready'});
        onEvent({type: 'waiting', healthy: 0, total: 2});
        return never();
      },
    },
    keys: ['2', 's', 400, 'tab', 'enter'],
    until: 'Waiting for health',
  },
  {name: 'sync-done', keys: ['2', 's', 400, 'tab', 'enter']},
  {name: 'revert-preview', keys: ['2', 'L', 'j', 'j', 'R']},
  {name: 'effect-large', session: sharedBase, keys: ['2', 'L', 'j', 'j', 'R'], columns: 120, rows: 35},
  {name: 'effect-shared', session: sharedBase, keys: ['2', 'L', 'j', 'j', 'R']},
  {name: 'effect-crowded', session: crowded, keys: ['2', 'L', 'j', 'j', 'R', 400, 'P']},
  {name: 'effect-unknown', session: unknownCluster, keys: ['2', 'L', 'j', 'j', 'R']},
  {name: 'effect-broken', session: brokenChange, keys: ['2', 'L', 'j', 'j', 'R']},
  {name: 'effect-overlay', keys: ['2', 'L', 'j', 'j', 'R', 400, 'v']},
  {
    name: 'effect-overlay-large',
    session: sharedBase,
    keys: ['2', 'L', 'j', 'j', 'R', 400, 'v'],
    columns: 120,
    rows: 35,
  },
  {name: 'revert-protected', keys: ['3', 'L', 'j', 'j', 'R'], columns: 100, rows: 30},
  {name: 'revert-refused', session: refusedPush, keys: ['3', 'L', 'j', 'j', 'R', 400, 'tab', 'enter']},
  {name: 'adopt', session: adopting, keys: ['2', 'n', 'a']},
  {name: 'adopt-120', session: adopting, keys: ['3', 'n', 'a'], columns: 120, rows: 35},
  {name: 'adopt-left', session: adoptingNothing, keys: ['2', 'n', 'a']},
  {name: 'revert-warnings', session: movedPush, keys: ['2', 'L', 'j', 'j', 'R']},
  {name: 'revert-moved', session: movedPush, keys: ['2', 'L', 'j', 'j', 'R', 400, 'tab', 'enter']},
  {name: 'revert-conflict', session: conflictingRevert, keys: ['2', 'L', 'j', 'j', 'R', 400, 't']},
  {
    name: 'revert-conflict-60',
    session: conflictingRevert,
    keys: ['2', 'L', 'j', 'j', 'R', 400, 't', 'j', 'j', 'j', 'j'],
    columns: 60,
    rows: 15,
  },
  {
    name: 'revert-conflict-120',
    session: conflictingRevert,
    keys: ['2', 'L', 'j', 'j', 'R', 400, 't'],
    columns: 120,
    rows: 35,
  },
  {name: 'revert-to-baseline', keys: ['2', 'U']},
  {name: 'baseline', keys: ['2', 'L', 'j', 'b']},
  {
    name: 'baseline-typing',
    keys: ['3', 'L', 'b', 400, 'tab', 'enter', 'p', 'r', 'o'],
    columns: 120,
    rows: 35,
  },
  {name: 'baseline-done', keys: ['2', 'L', 'b', 400, 'tab', 'enter']},
  {name: 'baseline-refused', session: refusedTag, keys: ['2', 'L', 'b', 400, 'tab', 'enter']},
  {name: 'pull-request', keys: ['2', 'P']},
  {name: 'pull-request-title', keys: ['2', 'P', 400, 'T', 'ctrl-u', 'R', 'e', 'd', 'i', 's']},
  {name: 'pull-request-address', keys: ['2', 'P', 400, 'tab', 'enter']},
  {
    name: 'pull-request-nothing',
    session: {
      async planPullRequest(name) {
        return pullRequestPreview(name, {nothing: 'main has no commits that origin/main lacks.'});
      },
    },
    keys: ['2', 'P'],
  },
  {name: 'too-small', columns: 58, rows: 12},
];

goldenTests(frames);
