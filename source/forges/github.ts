import {request as octokit} from '@octokit/request';
import * as v from 'valibot';
import {ForgeError} from './error.ts';
import {line, pages, sha} from './fields.ts';
import {
  allowed,
  branch,
  classicReviews,
  combined,
  commentOf,
  detail,
  lineRemarks,
  mergeabilityOf,
  methodsOf,
  ownRights,
  pull,
  pullRequestOf,
  remarks,
  requested,
  reviewList,
  reviewOf,
  rightsOf,
  rules,
  runResult,
  runs,
  statusResults,
} from './github-answers.ts';
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
import {authorizationOf} from './token.ts';
import {forgeTransport} from './transport.ts';
import type {
  Check,
  Forge,
  ForgeRepository,
  Protection,
  PullRequest,
  PullRequestSides,
  PullRequestState,
  Rights,
} from './types.ts';

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
    authorization: authorizationOf(access.token, repository.forge),
    fetch: access.fetch,
  });
  const log = {debug() {}, info() {}, warn() {}, error() {}};
  const request = octokit.defaults({
    baseUrl,
    headers: {accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28'},
    request: {fetch, log},
  });
  const here = {owner, repo};
  const listed = {...here, per_page: 100};

  async function findOpen(sides: PullRequestSides, signal?: AbortSignal): Promise<PullRequest | null> {
    const {base, branch: head, fork} = sides;
    const from = fork?.split('/')[0] ?? owner;
    const query = {...here, head: `${from}:${head}`, base, state: 'open' as const};
    const {data} = await request('GET /repos/{owner}/{repo}/pulls', {...query, request: until(signal)});
    // An owner may have several repositories of one network, each with a branch of that name.
    const wanted = fork?.toLowerCase() ?? null;
    const found = v
      .parse(v.array(pull), data)
      .map(pullRequestOf)
      .find(request => (request.fork?.toLowerCase() ?? null) === wanted);
    return found ?? null;
  }

  async function show(number: number, signal?: AbortSignal) {
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const {data} = await request(route, {...here, pull_number: number, request: until(signal)});
    return v.parse(detail, data);
  }

  async function edit(number: number, written: {title?: string; body?: string}, signal?: AbortSignal) {
    const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
    const asked = {...here, pull_number: number, ...written, request: until(signal)};
    return v.parse(pull, (await request(route, asked)).data);
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

  /** A branch's rulesets, the branch, and the reviews of its classic protection: each null where the token may not see it. */
  function rulesOf(base: string, signal?: AbortSignal) {
    const asked = {...here, branch: base, request: until(signal)};
    return [
      ifAllowed(request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {...asked, per_page: 100})),
      ifAllowed(request('GET /repos/{owner}/{repo}/branches/{branch}', asked)),
      // Only administrators may see the classic protection's reviews.
      ifAllowed(
        request(
          'GET /repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews',
          asked,
        ),
      ),
    ] as const;
  }

  async function protectionOf(base: string, signal?: AbortSignal): Promise<Protection | null> {
    const [ruleset, plain, reviews] = await Promise.all(rulesOf(base, signal));
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

    async ofCommit(commit, signal) {
      const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls';
      const {data} = await request(route, {...here, commit_sha: commit, request: until(signal)});
      return v.parse(v.array(pull), data).map(pullRequestOf);
    },

    async open(draft, signal) {
      const {data} = await request('POST /repos/{owner}/{repo}/pulls', {
        ...here,
        title: draft.title,
        body: draft.body,
        head: draft.fork === undefined ? draft.branch : `${draft.fork.split('/')[0]}:${draft.branch}`,
        // Within one organization the owner's name does not tell the two repositories apart.
        ...(draft.fork === undefined ? {} : {head_repo: draft.fork.split('/')[1] ?? ''}),
        base: draft.base,
        draft: draft.draft,
        request: until(signal),
      });
      const pullRequest = pullRequestOf(v.parse(pull, data));
      return {pullRequest, notes: await addTo(pullRequest.number, draft, signal)};
    },

    async update(number, changes, signal) {
      const {title, body, draft} = changes;
      const written = {...(title === undefined ? {} : {title}), ...(body === undefined ? {} : {body})};
      const isWritten = Object.keys(written).length > 0;
      const changed = isWritten ? await edit(number, written, signal) : await show(number, signal);
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

    async rights(base, signal): Promise<Rights> {
      const [answer, rulesAnswer, branchAnswer, reviews] = await Promise.all([
        request('GET /repos/{owner}/{repo}', {...here, request: until(signal)}),
        ...(base === null ? [null, null, null] : rulesOf(base, signal)),
      ]);
      const seen = {
        rules: rulesAnswer === null ? null : v.parse(rules, rulesAnswer.data),
        branch: branchAnswer === null ? null : v.parse(branch, branchAnswer.data),
        demandsReviews: reviews !== null,
      };
      return rightsOf(base, v.parse(ownRights, answer.data), seen);
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
