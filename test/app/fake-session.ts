import type {PullRequestPreview, Session} from '../../source/app/session.ts';
import {
  baselinePreview,
  commitEffect,
  environment,
  files,
  head,
  live,
  patch,
  report,
  repository,
  revertPreview,
  revisionNotes,
  revisions,
  synced,
  syncPlan,
} from './fake-data.ts';
import {effectOf, onCluster} from './fake-effect.ts';
import {imagesPreview, imageUpdates} from './fake-images.ts';
import {journalEntries} from './fake-journal.ts';
import {fakeLooks} from './fake-looks.ts';
import {promotePreview, promotionChoices, versionMatrix} from './fake-promotion.ts';

const contexts = [
  {name: 'kind-staging', server: 'https://127.0.0.1:6443', current: true},
  {name: 'arn:aws:eks:eu-west-1:123456789012:cluster/lab', server: 'https://eks.example/lab', current: false},
  {name: 'kind-development', server: 'https://127.0.0.1:6444', current: false},
];

const note = {
  file: '.gitops-tui.yaml',
  isNew: false,
  lines: 'context: kind-development\n',
  reason: null,
  written: false,
};

/** A session of made-up answers, all there at once; tests replace the calls that they are about. */
export function fakeSession(more: Partial<Session> = {}): Session {
  return {
    version: '0.1.0',
    readOnly: false,
    worktree: false,
    demoHint: null,
    revealsSecrets: false,
    async load() {
      return {
        repository,
        environments: [
          environment('development'),
          environment('staging'),
          environment('production', {protected: true, context: 'eks-prod-eu'}),
        ],
        problems: [],
        contextCount: 4,
      };
    },
    async contexts() {
      return contexts;
    },
    async setContext(name, context, {write}) {
      return {environment: environment(name, {context}), note: {...note, written: write}};
    },
    async promotionChoices(name, from) {
      return promotionChoices(name, from ?? 'staging');
    },
    async versions() {
      return versionMatrix;
    },
    async fetch() {
      return {...repository, behind: 3};
    },
    async inspect(name) {
      if (name === 'development') return synced(name);
      return report(name, {protected: name === 'production'});
    },
    within: (_question, work) => work(),
    async followJournal(_signal, onEntries) {
      onEntries(journalEntries);
    },
    // Nothing is followed: what is on the screen is polled.
    async findLiveRevision(name) {
      return report(name);
    },
    async follow() {},
    async followRepository() {},
    async history() {
      return [{revision: live, time: '2026-08-05T15:00:00Z', by: 'jane', pruned: false, tookSeconds: 14.2}];
    },
    async revisions() {
      return {tip: head, revisions, more: false, missing: null};
    },
    async revisionNotes(_name, {shas, about}, _signal, onNote) {
      for (const note of revisionNotes) {
        if (!shas.includes(note.sha)) continue;
        const {sha, state, deployments, signature, differences} = note;
        if (about.includes('state') && state !== undefined && deployments !== undefined)
          onNote({sha, state, deployments});
        if (about.includes('signature') && signature !== undefined) onNote({sha, signature});
        if (about.includes('differences') && differences !== undefined) onNote({sha, differences});
      }
    },
    async commitPullRequest() {
      return null;
    },
    async commitEffect(name, sha) {
      return commitEffect(name, sha);
    },
    async reveal() {
      return {git: {text: 'git-value'}, live: {text: 'live-value'}};
    },
    async commitDetail() {
      return {files, patch};
    },
    async planSync(name, options) {
      return syncPlan(name, {options, context: name === 'production' ? 'eks-prod-eu' : `kind-${name}`});
    },
    async sync(plan, _confirmed, _signal, onEvent) {
      for (const [index, {action}] of plan.steps.entries()) {
        if (action !== 'skip') onEvent({type: 'step', index, state: 'done', message: null});
      }
      return {outcome: 'done', done: 2, failed: [], unhealthy: [], message: '2 objects applied, all healthy'};
    },
    async effect(name, change, {cluster}) {
      return effectOf(name, change, cluster === 'ask' ? onCluster : null);
    },
    async imageUpdates(name, _signal, onEvent) {
      const images = imageUpdates();
      onEvent({type: 'found', images: images.map(image => ({...image, state: 'pending'}))});
      for (const image of images) onEvent({type: 'image', image});
      return {environment: name, images, problems: []};
    },
    async planChange(request) {
      if (request.kind === 'images') return imagesPreview(request.environment, request);
      if (request.kind === 'promote') return promotePreview(request);
      return revertPreview(request.environment, {
        pushRefused: request.environment === 'production' ? 'production is protected' : null,
      });
    },
    async makeChange(preview, order) {
      return {
        ok: true,
        commit: '5d1e0aa0000000000000000000000000000000ee',
        branch: order.via === 'push' ? preview.plan.branch : preview.pullRequestBranch,
        pullRequest:
          order.via === 'push'
            ? null
            : {
                opened: true,
                url: 'https://git.example/acme/infra-live/pull/413',
                number: 413,
                updated: false,
              },
        message: order.via === 'push' ? 'pushed to main' : 'pushed, pull request opened',
        retry: false,
      };
    },
    async planBaseline({environment: name}) {
      return baselinePreview(name);
    },
    async makeBaseline(preview) {
      const tag = 'gitops-tui/good/staging/20260805-120000-9be01d4';
      const message = `9be01d4 is marked as known good for ${preview.environment}, and shared: ${tag}`;
      return {ok: true, tag, message, retry: false};
    },
    async conflictFile() {
      return {file: '/cache/conflicts/deploy.yaml', line: 3};
    },
    async planPullRequest(name) {
      return pullRequestPreview(name);
    },
    async openPullRequest(preview) {
      return {
        ok: true,
        commit: head,
        branch: preview.branch,
        pullRequest: {
          opened: false,
          compareUrl: `https://git.example/acme/infra-live/compare/main...${preview.branch}`,
          reason: 'no token was found',
        },
        message: `pushed ${preview.branch}`,
        retry: false,
      };
    },
    async pullRequests() {
      return {forge: null, reason: 'there is no remote: git remote add origin URL', url: null};
    },
    async pullRequest() {
      throw new Error('there is no remote');
    },
    async followPullRequest() {},
    async pullRequestChange() {
      throw new Error('there is no remote');
    },
    async mergePullRequest() {
      throw new Error('there is no remote');
    },
    async updatePullRequest() {
      throw new Error('there is no remote');
    },
    async runProgram({argv}) {
      return {exitCode: 0, stdout: `${argv.join('\n')}\n`, stderr: ''};
    },
    async forgeRules() {
      return [];
    },
    ...fakeLooks,
    close() {},
    ...more,
  };
}

export function pullRequestPreview(name: string, more: Partial<PullRequestPreview> = {}): PullRequestPreview {
  return {
    environment: name,
    base: 'main',
    baseTip: '0'.repeat(40),
    branch: `gitops-tui/${name}-3f2a91c`,
    head,
    commits: revisions.slice(0, 2),
    files,
    patch,
    title: 'checkout: image v1.8.2',
    body: 'Two commits.\nBoth tried.',
    nothing: null,
    hasToken: false,
    warnings: [],
    ...more,
  };
}
