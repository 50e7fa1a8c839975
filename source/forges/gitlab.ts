import {
  Branches,
  Commits,
  MergeRequestApprovals,
  MergeRequestNotes,
  MergeRequests,
  Projects,
  ProtectedBranches,
  Users,
} from '@gitbeaker/core';
import * as v from 'valibot';
import {ForgeError} from './error.ts';
import {sha} from './fields.ts';
import {
  approvals,
  asDraft,
  branch,
  checkOf,
  commentOf,
  detail,
  diffs,
  draftMark,
  mergeabilityOf,
  mergeRequest,
  methodsOf,
  notesOfRequest,
  ownRights,
  project,
  pullRequestOf,
  reviewers,
  reviewOf,
  rightsOf,
  statuses,
} from './gitlab-answers.ts';
import {gitbeakerRequester} from './gitlab-requester.ts';
import {type Access, ifAllowed, lastOfEach, mostItems, mostListed, unmet} from './opening.ts';
import {authorizationOf} from './token.ts';
import {forgeTransport} from './transport.ts';
import type {
  Forge,
  ForgeRepository,
  Protection,
  PullRequest,
  PullRequestSides,
  PullRequestState,
  Review,
} from './types.ts';

/** GitLab, by Gitbeaker (https://docs.gitlab.com/api/merge_requests/). */
export function openGitLab(repository: ForgeRepository, access: Access): Forge {
  const root = access.apiBase ?? `https://${repository.host}`;
  const fetch = forgeTransport({
    forge: 'gitlab',
    root,
    authorization: authorizationOf(access.token, repository.forge),
    fetch: access.fetch,
  });
  const id = repository.path;
  const settings = (signal: AbortSignal | undefined) => ({
    host: root,
    // The transport says who asks; Gitbeaker only wants to know the manner.
    oauthToken: '',
    requesterFn: gitbeakerRequester(fetch, signal),
  });
  const requests = (signal?: AbortSignal) => new MergeRequests(settings(signal));
  const paged = {perPage: 100, maxPages: mostItems / 100};

  /** Those of this project's own branch, or of the fork's that is named: others may have branches of the same name. */
  async function findOpen(sides: PullRequestSides, signal?: AbortSignal): Promise<PullRequest | null> {
    const query = {sourceBranch: sides.branch, targetBranch: sides.base, state: 'opened' as const};
    const [found, source] = await Promise.all([
      requests(signal).all({projectId: id, ...query, ...paged}),
      sides.fork === undefined ? null : projectId(sides.fork, signal),
    ]);
    const own = v
      .parse(v.array(mergeRequest), found)
      .find(request => request.source_project_id === (source ?? request.target_project_id));
    return own === undefined ? null : pullRequestOf(own);
  }

  /** The number of a project: only paths are known of remotes. */
  async function projectId(path: string, signal?: AbortSignal): Promise<number> {
    return v.parse(v.object({id: v.number()}), await new Projects(settings(signal)).show(path)).id;
  }

  async function show(number: number, signal?: AbortSignal) {
    return v.parse(detail, await requests(signal).show(id, number));
  }

  /** The numbers behind login names; a name that nobody has becomes a note. */
  async function reviewerIds(
    names: readonly string[],
    notes: string[],
    signal?: AbortSignal,
  ): Promise<number[]> {
    const found = await Promise.all(
      names.map(async username => {
        const answer = await ifAllowed(new Users(settings(signal)).all({username}));
        const [person] = v.parse(v.array(v.object({id: v.number()})), answer ?? []);
        if (person === undefined) notes.push(`no review was asked for: GitLab knows no user "${username}"`);
        return person?.id ?? [];
      }),
    );
    return found.flat();
  }

  async function protectionOf(base: string, required: number | null, signal?: AbortSignal) {
    const [settled, found] = await Promise.all([
      ifAllowed(new ProtectedBranches(settings(signal)).show(id, base)),
      new Projects(settings(signal)).show(id),
    ]);
    const repositorySettings = v.parse(project, found);
    const protection: Protection | null =
      settled === null && required === null ? null : {approvals: required, checks: null};
    return {protection, repositorySettings};
  }

  return {
    repository,
    findOpen,

    async ofCommit(commit, signal) {
      const found = await new Commits(settings(signal)).allMergeRequests(id, commit);
      return v.parse(v.array(mergeRequest), found).map(pullRequestOf);
    },

    async open(draft, signal) {
      const notes: string[] = [];
      const ids = await reviewerIds(draft.reviewers ?? [], notes, signal);
      const title = draft.draft ? asDraft(draft.title) : draft.title;
      // A merge request from a fork is made in the fork, for the project that it leads to.
      const across = draft.fork === undefined ? {} : {targetProjectId: await projectId(id, signal)};
      const created = await requests(signal).create(draft.fork ?? id, draft.branch, draft.base, title, {
        ...across,
        description: draft.body,
        ...(draft.labels?.length ? {labels: draft.labels.join(',')} : {}),
        ...(ids.length > 0 ? {reviewerIds: ids} : {}),
      });
      return {pullRequest: pullRequestOf(v.parse(mergeRequest, created)), notes};
    },

    async update(number, changes, signal) {
      const notes: string[] = [];
      const ids = await reviewerIds(changes.reviewers ?? [], notes, signal);
      const before =
        ids.length > 0 || (changes.title === undefined) !== (changes.draft === undefined)
          ? await show(number, signal)
          : null;
      const isDraft = changes.draft ?? before?.draft ?? false;
      const bare = changes.title ?? before?.title.replace(draftMark, '');
      const title =
        bare === undefined || (changes.title === undefined && changes.draft === undefined)
          ? undefined
          : isDraft
            ? asDraft(bare)
            : bare;
      const wanted = [...new Set([...(before?.reviewers ?? []).map(person => person.id), ...ids])];
      const changed = await requests(signal).edit(id, number, {
        ...(title === undefined ? {} : {title}),
        ...(changes.body === undefined ? {} : {description: changes.body}),
        ...(changes.labels?.length ? {addLabels: changes.labels.join(',')} : {}),
        ...(ids.length > 0 ? {reviewerIds: wanted} : {}),
      });
      return {pullRequest: pullRequestOf(v.parse(mergeRequest, changed)), notes};
    },

    async list(signal) {
      const query = {state: 'opened', orderBy: 'updated_at', sort: 'desc'} as const;
      const limit = {perPage: 100, maxPages: mostListed / 100};
      const found = await requests(signal).all({projectId: id, ...query, ...limit});
      return v.parse(v.array(mergeRequest), found).map(pullRequestOf);
    },

    async files(number, signal) {
      const found = v.parse(diffs, await requests(signal).allDiffs(id, number, paged));
      return found.flatMap(({old_path: before, new_path: now}) => (before === now ? [now] : [now, before]));
    },

    async state(number, signal): Promise<PullRequestState> {
      const found = await show(number, signal);
      const pullRequest = pullRequestOf(found);
      const [jobs, agreed, asked, said] = await Promise.all([
        ifAllowed(new Commits(settings(signal)).allStatuses(id, pullRequest.head, {all: false, ...paged})),
        ifAllowed(
          new MergeRequestApprovals(settings(signal)).showConfiguration(id, {mergerequestIId: number}),
        ),
        ifAllowed(requests(signal).showReviewers(id, number)),
        new MergeRequestNotes(settings(signal)).all(id, number, {
          ...paged,
          sort: 'asc',
          orderBy: 'created_at',
        }),
      ]);
      const agreement = agreed === null ? null : v.parse(approvals, agreed);
      const {protection, repositorySettings} = await protectionOf(
        pullRequest.base,
        agreement?.approvals_required ?? null,
        signal,
      );
      // GitLab wants the pipeline as a whole: a job that may fail is not demanded.
      const demanded = repositorySettings.only_allow_merge_if_pipeline_succeeds ?? false;
      const checks = jobs === null ? null : v.parse(statuses, jobs).map(job => checkOf(job, demanded));
      const reviews = lastOfEach([
        ...v.parse(reviewers, asked ?? []).map(reviewOf),
        ...(agreement?.approved_by ?? []).map(({user: {username}}): Review => {
          return {author: username, verdict: 'approved', at: null};
        }),
      ]);
      const seen = {checks, reviews, approvals: agreement?.approvals_required ?? null};
      return {
        pullRequest,
        checks,
        reviews,
        comments: v
          .parse(notesOfRequest, said)
          .filter(note => !note.system)
          .map(commentOf),
        mergeability: mergeabilityOf(pullRequest, found.detailed_merge_status, unmet(pullRequest, seen)),
        protection,
        methods: methodsOf(repositorySettings),
      };
    },

    async rights(base, signal) {
      const [about, found] = await Promise.all([
        new Projects(settings(signal)).show(id),
        base === null ? null : ifAllowed(new Branches(settings(signal)).show(id, base)),
      ]);
      const seen = found === null ? null : v.parse(branch, found);
      return rightsOf(base, v.parse(ownRights, about), seen);
    },

    async merge(number, order, signal) {
      const answer = await requests(signal)
        .merge(id, number, {
          sha: order.head,
          squash: order.method === 'squash',
          shouldRemoveSourceBranch: order.deleteBranch ?? false,
        })
        .catch(error => {
          // GitLab says 401 to a token that is good and may not merge.
          if (error instanceof ForgeError && error.status === 401)
            throw new ForgeError(
              'forbidden',
              `GitLab does not let you merge this, or no longer knows the token: ${error.message}`,
              401,
            );
          throw error;
        });
      const merged = v.parse(
        v.object({
          state: v.string(),
          merge_commit_sha: v.nullish(sha, null),
          squash_commit_sha: v.nullish(sha, null),
          sha: v.nullish(sha, null),
        }),
        answer,
      );
      if (merged.state !== 'merged') return {merged: false, queued: true, notes: []};
      return {
        merged: true,
        sha: merged.merge_commit_sha ?? merged.squash_commit_sha ?? merged.sha,
        notes: [],
      };
    },
  };
}
