import {giteaApi, type MergePullRequestOption, type RequestParams} from 'gitea-js';
import * as v from 'valibot';
import {ForgeError} from './error.ts';
import {inPath, pages, sha} from './fields.ts';
import {
  allowed,
  asDraft,
  branch,
  checkOf,
  combined,
  commentOf,
  draftMark,
  lineRemarks,
  mergeabilityOf,
  methodsOf,
  ownRights,
  pull,
  remarks,
  reviewList,
  reviewOf,
  rightsOf,
} from './gitea-answers.ts';
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
import type {Forge, ForgeRepository, PullRequest, PullRequestState, Review} from './types.ts';

/** Gitea gives 50 of a list at once unless its administrator says otherwise. */
const perPage = 50;

/** Gitea and Forgejo, by gitea-js, which is made from Gitea's own description (https://docs.gitea.com/api). */
export function openGitea(repository: ForgeRepository, access: Access): Forge {
  const root = access.apiBase ?? `https://${repository.host}`;
  const fetch = forgeTransport({
    forge: 'gitea',
    root,
    authorization: authorizationOf(access.token, repository.forge),
    fetch: access.fetch,
  });
  const customFetch = (input: string | URL | Request, init?: RequestInit) => fetch(input, init);
  const {repos} = giteaApi(root, {customFetch});
  // The client puts them into paths as they are.
  const [owner = '', name = ''] = repository.path.split('/').map(inPath);

  function pullRequestOf(found: v.InferOutput<typeof pull>): PullRequest {
    const from = found.head.repo?.full_name ?? '(deleted)';
    return {
      number: found.number,
      url: found.html_url,
      title: found.title,
      state: found.merged ? 'merged' : found.state,
      draft: found.draft,
      author: found.user?.login ?? null,
      branch: found.head.ref,
      base: found.base.ref,
      head: found.head.sha,
      fork: from.toLowerCase() === repository.path.toLowerCase() ? null : from,
      updatedAt: found.updated_at,
    };
  }

  async function openOnes(
    signal: AbortSignal | undefined,
    wanted: (request: PullRequest) => boolean,
  ): Promise<PullRequest[]> {
    const found = await pages(mostListed, perPage, async page => {
      const query = {state: 'open', sort: 'recentupdate', page, limit: perPage} as const;
      const {data} = await repos.repoListPullRequests(owner, name, query, until(signal));
      return v.parse(v.array(pull), data);
    });
    return found.map(pullRequestOf).filter(wanted);
  }

  async function show(number: number, signal?: AbortSignal) {
    const {data} = await repos.repoGetPullRequest(owner, name, number, until(signal));
    return v.parse(pull, data);
  }

  async function addTo(
    number: number,
    wish: {labels?: readonly string[] | undefined; reviewers?: readonly string[] | undefined},
    signal?: AbortSignal,
  ): Promise<string[]> {
    const notes: string[] = [];
    const {labels = [], reviewers = []} = wish;
    if (labels.length > 0) {
      const known = await pages(mostItems, perPage, async page => {
        const {data} = await repos.issueListLabels(owner, name, {page, limit: perPage}, until(signal));
        return v.parse(v.array(v.object({id: v.number(), name: v.string()})), data);
      });
      const ids = labels.flatMap(wanted => known.find(label => label.name === wanted)?.id ?? []);
      for (const wanted of labels)
        if (!known.some(label => label.name === wanted))
          notes.push(`the label "${wanted}" was not set: the repository has none of that name`);
      if (ids.length > 0)
        await orNote(notes, 'the labels were not set', () =>
          repos.issueAddLabel(owner, name, number, {labels: ids}, until(signal)),
        );
    }
    if (reviewers.length > 0) {
      const asked = {
        reviewers: reviewers.filter(reviewer => !reviewer.includes('/')),
        team_reviewers: reviewers
          .filter(reviewer => reviewer.includes('/'))
          .map(reviewer => reviewer.split('/')[1] ?? ''),
      };
      await orNote(notes, 'no review was asked for', () =>
        repos.repoCreatePullReviewRequests(owner, name, number, asked, until(signal)),
      );
    }
    return notes;
  }

  async function remarksOf(number: number, signal?: AbortSignal) {
    const given = await pages(mostItems, perPage, async page => {
      const query = {page, limit: perPage};
      const {data} = await repos.repoListPullReviews(owner, name, number, query, until(signal));
      return v.parse(reviewList, data);
    });
    const [talk, ...onLines] = await Promise.all([
      repos
        .issueGetComments(owner, name, number, {}, until(signal))
        .then(({data}) => v.parse(remarks, data).map(remark => commentOf(remark, null, null, null))),
      ...given
        .filter(review => review.comments_count > 0)
        .map(async review => {
          const {data} = await repos.repoGetPullReviewComments(owner, name, number, review.id, until(signal));
          return v
            .parse(lineRemarks, data)
            .map(remark =>
              commentOf(
                remark,
                remark.path,
                remark.position || remark.original_position,
                remark.resolver !== null,
              ),
            );
        }),
    ]);
    const bodies = given
      .filter(review => review.body !== '' && review.state !== 'PENDING')
      .map(review => commentOf({...review, created_at: review.submitted_at}, null, null, null));
    const comments = [...talk, ...bodies, ...onLines.flat()];
    return {given, comments: comments.sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''))};
  }

  return {
    repository,

    async ofCommit(commit, signal) {
      const answer = await ifAllowed(
        repos.repoGetCommitPullRequest(owner, name, inPath(commit), until(signal)),
      );
      return answer === null ? [] : [pullRequestOf(v.parse(pull, answer.data))];
    },

    async findOpen({branch: head, base, fork}, signal) {
      const from = fork?.toLowerCase() ?? null;
      const own = (request: PullRequest) =>
        (request.fork?.toLowerCase() ?? null) === from && request.branch === head && request.base === base;
      // The newest of the two branches, in whatever state; a branch name with a slash can't stand in this path.
      if (from === null && !head.includes('/') && !base.includes('/')) {
        const found = await ifAllowed(
          repos.repoGetPullRequestByBaseHead(owner, name, inPath(base), inPath(head), until(signal)),
        );
        if (found === null) return null;
        const request = pullRequestOf(v.parse(pull, found.data));
        if (request.state === 'open' && own(request)) return request;
      }
      return (await openOnes(signal, own))[0] ?? null;
    },

    async open(draft, signal) {
      const {data} = await repos.repoCreatePullRequest(
        owner,
        name,
        {
          title: draft.draft ? asDraft(draft.title) : draft.title,
          body: draft.body,
          head: draft.fork === undefined ? draft.branch : `${draft.fork}:${draft.branch}`,
          base: draft.base,
        },
        until(signal),
      );
      const pullRequest = pullRequestOf(v.parse(pull, data));
      return {pullRequest, notes: await addTo(pullRequest.number, draft, signal)};
    },

    async update(number, changes, signal) {
      const {title, body, draft} = changes;
      const before = (title === undefined) === (draft === undefined) ? null : await show(number, signal);
      const bare = title ?? before?.title.replace(draftMark, '');
      const isDraft = draft ?? before?.draft ?? false;
      const renamed = title !== undefined || draft !== undefined;
      const {data} = await repos.repoEditPullRequest(
        owner,
        name,
        number,
        {
          ...(renamed && bare !== undefined ? {title: isDraft ? asDraft(bare) : bare} : {}),
          ...(body === undefined ? {} : {body}),
        },
        until(signal),
      );
      const pullRequest = pullRequestOf(v.parse(pull, data));
      return {pullRequest, notes: await addTo(number, changes, signal)};
    },

    list: signal => openOnes(signal, () => true),

    async files(number, signal) {
      const changed = await pages(mostItems * 3, perPage, async page => {
        const query = {page, limit: perPage};
        const {data} = await repos.repoGetPullRequestFiles(owner, name, number, query, until(signal));
        const item = v.object({filename: v.string(), previous_filename: v.optional(v.string())});
        return v.parse(v.nullable(v.array(item)), data) ?? [];
      });
      return changed.flatMap(file => [file.filename, file.previous_filename ?? []].flat());
    },

    async state(number, signal): Promise<PullRequestState> {
      const found = await show(number, signal);
      const pullRequest = pullRequestOf(found);
      const [status, {given, comments}, base, settings] = await Promise.all([
        ifAllowed(
          repos.repoGetCombinedStatusByRef(owner, name, pullRequest.head, {limit: perPage}, until(signal)),
        ),
        remarksOf(number, signal),
        ifAllowed(repos.repoGetBranch(owner, name, inPath(pullRequest.base), until(signal))),
        repos.repoGet(owner, name, until(signal)),
      ]);
      const protection = base === null ? null : v.parse(branch, base.data);
      const required = protection?.enable_status_check ? (protection.status_check_contexts ?? []) : [];
      const reported = status === null ? null : (v.parse(combined, status.data).statuses ?? []);
      const checks = reported === null ? null : withRequired(reported.map(checkOf), required);
      const asked = (found.requested_reviewers ?? []).map(
        ({login}): Review => ({author: login, verdict: 'requested', at: null}),
      );
      const reviews = lastOfEach([...given.flatMap(reviewOf), ...asked]);
      const approvals = protection?.required_approvals ?? null;
      const reasons = unmet(pullRequest, {checks, reviews, approvals});
      if (protection?.user_can_merge === false) reasons.push(`you may not merge into ${pullRequest.base}`);
      return {
        pullRequest,
        checks,
        reviews,
        comments,
        mergeability: mergeabilityOf(
          pullRequest,
          found.mergeable,
          reasons,
          protection !== null && checks !== null,
        ),
        protection: protection === null ? null : {approvals, checks: required},
        methods: methodsOf(v.parse(allowed, settings.data)),
      };
    },

    async rights(base, signal) {
      const [about, found] = await Promise.all([
        repos.repoGet(owner, name, until(signal)),
        base === null ? null : ifAllowed(repos.repoGetBranch(owner, name, inPath(base), until(signal))),
      ]);
      const seen = found === null ? null : v.parse(branch, found.data);
      return rightsOf(base, v.parse(ownRights, about.data), seen);
    },

    async merge(number, order, signal) {
      const how = {
        merge: 'merge',
        squash: 'squash',
        rebase: 'rebase',
        'fast-forward': 'fast-forward-only',
      } as const;
      const wish: Omit<MergePullRequestOption, 'Do'> = {
        head_commit_id: order.head,
        delete_branch_after_merge: order.deleteBranch ?? false,
      };
      // Gitea 1.26 describes it in small letters, which older ones read as well; the client is of 1.23.
      const body = {do: how[order.method], ...wish} as unknown as MergePullRequestOption;
      await repos.repoMergePullRequest(owner, name, number, body, until(signal));
      const {data} = await repos.repoGetPullRequest(owner, name, number, until(signal));
      const merged = v.parse(v.object({merged: v.boolean(), merge_commit_sha: v.nullish(sha, null)}), data);
      if (!merged.merged)
        throw new ForgeError('blocked', 'Gitea took the order and did not merge: look at its page', 200);
      return {merged: true, sha: merged.merge_commit_sha, notes: []};
    },
  };
}

function until(signal: AbortSignal | undefined): RequestParams {
  return signal === undefined ? {} : {signal};
}
