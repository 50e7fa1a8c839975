import {request as octokit} from '@octokit/request';
import * as v from 'valibot';
import {ForgeError} from './error.ts';
import {line, lines, maybeUrl, pages, sha, time, webUrl} from './fields.ts';
import {
  type Access,
  ifAllowed,
  lastOfEach,
  mostItems,
  mostListed,
  orNote,
  unmet,
  withRequired,
} from './opening.ts';
import {forgeTransport} from './transport.ts';
import type {
  Check,
  Comment,
  Forge,
  ForgeRepository,
  Mergeability,
  MergeMethod,
  Protection,
  PullRequest,
  PullRequestState,
  Review,
} from './types.ts';

const user = v.nullish(v.object({login: line}), null);
const pull = v.object({
  number: v.number(),
  node_id: v.optional(v.string(), ''),
  html_url: webUrl,
  title: line,
  state: v.picklist(['open', 'closed']),
  draft: v.optional(v.boolean(), false),
  merged_at: v.nullish(v.string(), null),
  user,
  head: v.object({ref: line, sha, repo: v.nullable(v.object({full_name: line}))}),
  base: v.object({ref: line, repo: v.object({full_name: line})}),
  updated_at: time,
});
const detail = v.object({
  ...pull.entries,
  mergeable_state: v.optional(v.string(), 'unknown'),
  requested_reviewers: v.nullish(v.array(v.object({login: line})), null),
  requested_teams: v.nullish(v.array(v.object({slug: line})), null),
});
const runs = v.object({
  check_runs: v.array(
    v.object({
      name: line,
      status: v.string(),
      conclusion: v.nullable(v.string()),
      html_url: maybeUrl,
      output: v.object({title: v.nullable(line)}),
    }),
  ),
});
const combined = v.object({
  statuses: v.array(
    v.object({
      context: line,
      state: v.string(),
      target_url: maybeUrl,
      description: v.nullish(line, null),
    }),
  ),
});
const reviewList = v.array(
  v.object({user, state: v.string(), body: v.nullish(lines, ''), submitted_at: time}),
);
const remarks = v.array(v.object({user, body: v.nullish(lines, ''), created_at: time}));
const lineRemarks = v.array(
  v.object({
    user,
    body: lines,
    created_at: time,
    path: line,
    line: v.nullish(v.number(), null),
    original_line: v.nullish(v.number(), null),
  }),
);
const allowed = v.object({
  allow_merge_commit: v.optional(v.boolean(), true),
  allow_squash_merge: v.optional(v.boolean(), true),
  allow_rebase_merge: v.optional(v.boolean(), true),
});
const rules = v.array(
  v.object({
    type: v.string(),
    parameters: v.optional(
      v.object({
        required_approving_review_count: v.optional(v.number(), 0),
        required_status_checks: v.optional(v.array(v.object({context: line})), []),
      }),
    ),
  }),
);
const branch = v.object({
  protection: v.optional(
    v.object({required_status_checks: v.optional(v.object({contexts: v.optional(v.array(line), [])}))}),
  ),
});
const classicReviews = v.object({required_approving_review_count: v.optional(v.number(), 0)});

/** The root of a host's REST API: github.com's, a data residency host's, or GitHub Enterprise Server's. */
export function apiBaseOf(host: string): string {
  if (host === 'github.com') return 'https://api.github.com';
  if (host.endsWith('.ghe.com')) return `https://api.${host}`;
  return `https://${host}/api/v3`;
}

/** GitHub and GitHub Enterprise Server, by Octokit (https://docs.github.com/en/rest/pulls). */
export function openGitHub(repository: ForgeRepository, access: Access): Forge {
  const baseUrl = access.apiBase ?? apiBaseOf(repository.host);
  const [owner = '', repo = ''] = repository.path.split('/');
  const fetch = forgeTransport({
    forge: 'github',
    root: baseUrl,
    authorization: `Bearer ${access.token.value}`,
    fetch: access.fetch,
  });
  const log = {debug() {}, info() {}, warn() {}, error() {}};
  const request = octokit.defaults({
    baseUrl,
    owner,
    repo,
    headers: {accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28'},
    request: {fetch, log},
  });
  const here = {owner, repo};
  const listed = {...here, per_page: 100};

  async function findOpen(head: string, base: string, signal?: AbortSignal): Promise<PullRequest | null> {
    const query = {...here, head: `${owner}:${head}`, base, state: 'open' as const};
    const {data} = await request('GET /repos/{owner}/{repo}/pulls', {...query, request: until(signal)});
    const [found] = v.parse(v.array(pull), data);
    return found === undefined ? null : pullRequestOf(found);
  }

  async function show(number: number, signal?: AbortSignal) {
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const {data} = await request(route, {...here, pull_number: number, request: until(signal)});
    return v.parse(detail, data);
  }

  async function addTo(
    number: number,
    wish: {labels?: readonly string[] | undefined; reviewers?: readonly string[] | undefined},
    signal?: AbortSignal,
  ): Promise<string[]> {
    const notes: string[] = [];
    const {labels = [], reviewers = []} = wish;
    if (labels.length > 0)
      await orNote(notes, 'the labels were not set', () =>
        request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
          ...here,
          issue_number: number,
          labels: [...labels],
          request: until(signal),
        }),
      );
    if (reviewers.length > 0)
      await orNote(notes, 'no review was asked for', () =>
        request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
          ...here,
          pull_number: number,
          reviewers: reviewers.filter(name => !name.includes('/')),
          team_reviewers: reviewers.filter(name => name.includes('/')).map(name => name.split('/')[1] ?? ''),
          request: until(signal),
        }),
      );
    return notes;
  }

  /** The REST API can't (https://docs.github.com/en/graphql/reference/mutations#markpullrequestreadyforreview). */
  async function setDraft(nodeId: string, draft: boolean, signal?: AbortSignal): Promise<void> {
    const name = draft ? 'convertPullRequestToDraft' : 'markPullRequestReadyForReview';
    const query = `mutation($id: ID!) {${name}(input: {pullRequestId: $id}) {clientMutationId}}`;
    const {data} = await request('POST /graphql', {
      baseUrl: baseUrl.replace(/\/v3$/, ''),
      query,
      variables: {id: nodeId},
      request: until(signal),
    });
    const {errors} = v.parse(
      v.object({errors: v.optional(v.array(v.object({message: line})), [])}),
      data as unknown,
    );
    if (errors[0] !== undefined) throw new ForgeError('refused', errors[0].message, 200);
  }

  async function checksOf(ref: string, signal?: AbortSignal): Promise<Check[] | null> {
    const asked = {...listed, ref};
    const [checkRuns, statuses] = await Promise.all([
      ifAllowed(
        pages(mostItems, 100, async page => {
          const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
          return v.parse(runs, (await request(route, {...asked, page, request: until(signal)})).data)
            .check_runs;
        }),
      ),
      ifAllowed(
        pages(mostItems, 100, async page => {
          const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
          return v.parse(combined, (await request(route, {...asked, page, request: until(signal)})).data)
            .statuses;
        }),
      ),
    ]);
    if (checkRuns === null || statuses === null) return null;
    return [
      ...checkRuns.map(run => ({
        name: run.name,
        result: runResult(run.status, run.conclusion),
        required: null,
        url: run.html_url,
        summary: run.output.title,
      })),
      ...statuses.map(status => ({
        name: status.context,
        result: statusResults[status.state] ?? 'waiting',
        required: null,
        url: status.target_url,
        summary: status.description,
      })),
    ];
  }

  async function protectionOf(base: string, signal?: AbortSignal): Promise<Protection | null> {
    const asked = {...here, branch: base, request: until(signal)};
    const [ruleset, plain, reviews] = await Promise.all([
      ifAllowed(request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {...asked, per_page: 100})),
      ifAllowed(request('GET /repos/{owner}/{repo}/branches/{branch}', asked)),
      // Only administrators may see the classic protection's reviews.
      ifAllowed(
        request(
          'GET /repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews',
          asked,
        ),
      ),
    ]);
    if (ruleset === null || plain === null) return null;
    const parameters = v.parse(rules, ruleset.data).map(rule => rule.parameters);
    const counts = parameters.map(rule => rule?.required_approving_review_count ?? 0);
    if (reviews !== null) counts.push(v.parse(classicReviews, reviews.data).required_approving_review_count);
    const approvals = Math.max(0, ...counts);
    const {protection} = v.parse(branch, plain.data);
    const checks = [
      ...parameters.flatMap(rule => rule?.required_status_checks ?? []).map(check => check.context),
      ...(protection?.required_status_checks?.contexts ?? []),
    ];
    return {approvals: approvals === 0 && reviews === null ? null : approvals, checks: [...new Set(checks)]};
  }

  async function remarksOf(number: number, signal?: AbortSignal) {
    const asked = {...listed, pull_number: number};
    return Promise.all([
      pages(mostItems, 100, async page => {
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
        return v.parse(reviewList, (await request(route, {...asked, page, request: until(signal)})).data);
      }),
      pages(mostItems, 100, async page => {
        const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
        const where = {...listed, issue_number: number, page, request: until(signal)};
        return v.parse(remarks, (await request(route, where)).data);
      }),
      pages(mostItems, 100, async page => {
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments';
        return v.parse(lineRemarks, (await request(route, {...asked, page, request: until(signal)})).data);
      }),
    ]);
  }

  return {
    repository,
    findOpen,

    async open(draft, signal) {
      const {data} = await request('POST /repos/{owner}/{repo}/pulls', {
        ...here,
        title: draft.title,
        body: draft.body,
        head: draft.branch,
        base: draft.base,
        draft: draft.draft,
        request: until(signal),
      });
      const pullRequest = pullRequestOf(v.parse(pull, data));
      return {pullRequest, notes: await addTo(pullRequest.number, draft, signal)};
    },

    async update(number, changes, signal) {
      const {title, body, draft} = changes;
      const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
      const {data} = await request(route, {
        ...here,
        pull_number: number,
        ...(title === undefined ? {} : {title}),
        ...(body === undefined ? {} : {body}),
        request: until(signal),
      });
      const changed = v.parse(pull, data);
      if (draft !== undefined && draft !== changed.draft) {
        await setDraft(changed.node_id, draft, signal);
        changed.draft = draft;
      }
      return {pullRequest: pullRequestOf(changed), notes: await addTo(number, changes, signal)};
    },

    list: signal =>
      pages(mostListed, 100, async page => {
        const order = {state: 'open', sort: 'updated', direction: 'desc'} as const;
        const query = {...listed, ...order, page, request: until(signal)};
        const {data} = await request('GET /repos/{owner}/{repo}/pulls', query);
        return v.parse(v.array(pull), data).map(pullRequestOf);
      }),

    async files(number, signal) {
      const changed = await pages(mostItems * 3, 100, async page => {
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files';
        const {data} = await request(route, {...listed, pull_number: number, page, request: until(signal)});
        const item = v.object({filename: v.string(), previous_filename: v.optional(v.string())});
        return v.parse(v.array(item), data);
      });
      return changed.flatMap(file => [file.filename, file.previous_filename ?? []].flat());
    },

    async state(number, signal): Promise<PullRequestState> {
      const found = await show(number, signal);
      const pullRequest = pullRequestOf(found);
      const [reported, [given, talk, onLines], repositoryAnswer, protection] = await Promise.all([
        checksOf(pullRequest.head, signal),
        remarksOf(number, signal),
        request('GET /repos/{owner}/{repo}', {...here, request: until(signal)}),
        protectionOf(pullRequest.base, signal),
      ]);
      const checks = reported === null ? null : withRequired(reported, protection?.checks ?? null);
      const asked = [
        ...(found.requested_reviewers ?? []).map(reviewer => reviewer.login),
        ...(found.requested_teams ?? []).map(team => `${owner}/${team.slug}`),
      ];
      const reviews = lastOfEach([...given.flatMap(reviewOf), ...asked.map(requested)]);
      const seen = {checks, reviews, approvals: protection?.approvals ?? null};
      const comments = [
        ...talk.map(remark => commentOf(remark.user, remark.body, remark.created_at)),
        ...given
          .filter(review => review.body !== '' && review.state !== 'PENDING')
          .map(review => commentOf(review.user, review.body, review.submitted_at)),
        ...onLines.map(remark => ({
          ...commentOf(remark.user, remark.body, remark.created_at),
          file: remark.path,
          line: remark.line ?? remark.original_line,
        })),
      ].sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
      return {
        pullRequest,
        checks,
        reviews,
        comments,
        mergeability: mergeabilityOf(pullRequest, found.mergeable_state, unmet(pullRequest, seen)),
        protection,
        methods: methodsOf(v.parse(allowed, repositoryAnswer.data)),
      };
    },

    async merge(number, order, signal) {
      const {data} = await request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
        ...here,
        pull_number: number,
        sha: order.head,
        merge_method: order.method === 'fast-forward' ? 'rebase' : order.method,
        request: until(signal),
      });
      const merged = v.parse(v.object({sha}), data);
      const notes: string[] = [];
      if (order.deleteBranch) {
        await orNote(notes, 'the branch was not deleted', async () => {
          const {branch: name, fork} = pullRequestOf(await show(number, signal));
          if (fork !== null) return;
          const ref = `heads/${name}`;
          await request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', {
            ...here,
            ref,
            request: until(signal),
          });
        });
      }
      return {merged: true, sha: merged.sha, notes};
    },
  };
}

/** What Octokit passes on to `fetch`. */
function until(signal: AbortSignal | undefined): {signal?: AbortSignal} {
  return signal === undefined ? {} : {signal};
}

function pullRequestOf(found: v.InferOutput<typeof pull>): PullRequest {
  const from = found.head.repo?.full_name ?? '(deleted)';
  return {
    number: found.number,
    url: found.html_url,
    title: found.title,
    state: found.state === 'open' ? 'open' : found.merged_at === null ? 'closed' : 'merged',
    draft: found.draft,
    author: found.user?.login ?? null,
    branch: found.head.ref,
    base: found.base.ref,
    head: found.head.sha,
    fork: from === found.base.repo.full_name ? null : from,
    updatedAt: found.updated_at,
  };
}

const statusResults: Readonly<Record<string, Check['result']>> = {
  success: 'passed',
  pending: 'running',
  failure: 'failed',
  error: 'failed',
};

/** https://docs.github.com/en/rest/checks/runs */
function runResult(status: string, conclusion: string | null): Check['result'] {
  if (status === 'in_progress') return 'running';
  if (status !== 'completed') return 'waiting';
  switch (conclusion) {
    case 'success':
      return 'passed';
    case 'skipped':
    case 'neutral':
      return 'skipped';
    case 'cancelled':
    case 'stale':
      return 'cancelled';
    default:
      return 'failed';
  }
}

function reviewOf(review: v.InferOutput<typeof reviewList>[number]): Review[] {
  const author = review.user?.login ?? 'ghost';
  const at = review.submitted_at;
  switch (review.state) {
    case 'APPROVED':
      return [{author, verdict: 'approved', at}];
    case 'CHANGES_REQUESTED':
      return [{author, verdict: 'changes-requested', at}];
    case 'COMMENTED':
    case 'DISMISSED':
      return [{author, verdict: 'commented', at}];
    default:
      return [];
  }
}

function requested(author: string): Review {
  return {author, verdict: 'requested', at: null};
}

function commentOf(author: v.InferOutput<typeof user>, body: string, at: string | null): Comment {
  return {author: author?.login ?? 'ghost', body, at, file: null, line: null, resolved: null};
}

/** https://docs.github.com/en/graphql/reference/enums#mergestatestatus, which the REST API gives in small letters. */
function mergeabilityOf(pullRequest: PullRequest, state: string, reasons: readonly string[]): Mergeability {
  if (pullRequest.state !== 'open' || pullRequest.draft) return {verdict: 'blocked', reasons};
  const {base} = pullRequest;
  switch (state) {
    case 'clean':
    case 'has_hooks':
      return {verdict: 'allowed', reasons: []};
    case 'unstable':
      return {verdict: 'allowed', reasons: ['checks that are not required did not pass, or have not ended']};
    case 'dirty':
      return {verdict: 'blocked', reasons: [`it conflicts with ${base}`, ...reasons]};
    case 'behind':
      return {verdict: 'blocked', reasons: [`it is behind ${base}: bring it up to date first`, ...reasons]};
    case 'blocked':
      return {
        verdict: 'blocked',
        reasons: reasons.length > 0 ? reasons : [`the rules of ${base} are not met yet`],
      };
    default:
      return {verdict: 'checking', reasons: ['GitHub is still finding out whether it can be merged']};
  }
}

function methodsOf(found: v.InferOutput<typeof allowed>): MergeMethod[] {
  const methods: MergeMethod[] = [];
  if (found.allow_merge_commit) methods.push('merge');
  if (found.allow_squash_merge) methods.push('squash');
  if (found.allow_rebase_merge) methods.push('rebase');
  return methods;
}
