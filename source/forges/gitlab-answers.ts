import * as v from 'valibot';
import {line, lines, maybeUrl, sha, time, webUrl} from './fields.ts';
import type {Check, Comment, Mergeability, MergeMethod, PullRequest, Review, Rights} from './types.ts';

// What GitLab answers, and what that means in our own words.

export const user = v.object({username: line});
export const mergeRequest = v.object({
  iid: v.number(),
  web_url: webUrl,
  title: line,
  state: v.picklist(['opened', 'closed', 'merged', 'locked']),
  draft: v.optional(v.boolean(), false),
  author: v.nullish(user, null),
  source_branch: line,
  target_branch: line,
  // Null for a moment after the push.
  sha: v.nullable(sha),
  source_project_id: v.nullable(v.number()),
  target_project_id: v.number(),
  updated_at: time,
});
export const detail = v.object({
  ...mergeRequest.entries,
  detailed_merge_status: v.optional(v.string(), 'unchecked'),
  labels: v.optional(v.array(v.string()), []),
  reviewers: v.optional(v.array(v.object({id: v.number()})), []),
});
export const statuses = v.array(
  v.object({
    name: line,
    status: v.string(),
    allow_failure: v.optional(v.boolean(), false),
    target_url: maybeUrl,
    description: v.nullish(line, null),
  }),
);
export const approvals = v.object({
  approvals_required: v.optional(v.number(), 0),
  approved_by: v.optional(v.array(v.object({user})), []),
});
export const reviewers = v.array(v.object({user, state: v.string(), created_at: time}));
export const notesOfRequest = v.array(
  v.object({
    author: v.nullish(user, null),
    body: lines,
    created_at: time,
    system: v.optional(v.boolean(), false),
    resolvable: v.optional(v.boolean(), false),
    resolved: v.optional(v.boolean(), false),
    position: v.nullish(
      v.object({
        new_path: v.nullish(line, null),
        old_path: v.nullish(line, null),
        new_line: v.nullish(v.number(), null),
        old_line: v.nullish(v.number(), null),
      }),
      null,
    ),
  }),
);
export const project = v.object({
  merge_method: v.optional(v.string(), 'merge'),
  squash_option: v.optional(v.string(), 'default_off'),
  only_allow_merge_if_pipeline_succeeds: v.nullish(v.boolean(), false),
});
const access = v.nullish(v.object({access_level: v.number()}), null);
/** Without `permissions` the token is no user's of the project; what an administrator may do stands nowhere. */
export const ownRights = v.object({
  permissions: v.nullish(v.object({project_access: access, group_access: access}), null),
  forked_from_project: v.nullish(v.object({path_with_namespace: line}), null),
});
export const branch = v.object({protected: v.boolean(), can_push: v.boolean()});
export const diffs = v.array(v.object({old_path: v.string(), new_path: v.string()}));

/** https://docs.gitlab.com/user/project/merge_requests/drafts/ */
export const draftMark = /^(?:\s*(?:draft:|\[draft\]|\(draft\)))+\s*/i;

export function asDraft(title: string): string {
  return `Draft: ${title.replace(draftMark, '')}`;
}

export function pullRequestOf(found: v.InferOutput<typeof mergeRequest>): PullRequest {
  const own = found.source_project_id === found.target_project_id;
  return {
    number: found.iid,
    url: found.web_url,
    title: found.title,
    state: found.state === 'opened' || found.state === 'locked' ? 'open' : found.state,
    draft: found.draft,
    author: found.author?.username ?? null,
    branch: found.source_branch,
    base: found.target_branch,
    head: found.sha ?? '',
    fork: own ? null : `project ${found.source_project_id ?? '(deleted)'}`,
    updatedAt: found.updated_at,
  };
}

/** https://docs.gitlab.com/api/commits/#list-commit-statuses */
const jobResults: Readonly<Record<string, Check['result']>> = {
  success: 'passed',
  failed: 'failed',
  canceled: 'cancelled',
  canceling: 'cancelled',
  skipped: 'skipped',
  running: 'running',
};

export function checkOf(job: v.InferOutput<typeof statuses>[number], demanded: boolean): Check {
  return {
    name: job.name,
    result: jobResults[job.status] ?? 'waiting',
    required: demanded && !job.allow_failure,
    url: job.target_url,
    summary: job.description,
  };
}

export function reviewOf(reviewer: v.InferOutput<typeof reviewers>[number]): Review {
  const verdicts: Record<string, Review['verdict']> = {
    approved: 'approved',
    requested_changes: 'changes-requested',
    reviewed: 'commented',
  };
  return {
    author: reviewer.user.username,
    verdict: verdicts[reviewer.state] ?? 'requested',
    at: reviewer.created_at,
  };
}

export function commentOf(note: v.InferOutput<typeof notesOfRequest>[number]): Comment {
  const {position} = note;
  return {
    author: note.author?.username ?? 'ghost',
    body: note.body,
    at: note.created_at,
    file: position?.new_path ?? position?.old_path ?? null,
    line: position?.new_line ?? position?.old_line ?? null,
    resolved: note.resolvable ? note.resolved : null,
  };
}

/** https://docs.gitlab.com/api/merge_requests/#merge-status */
const blockings: Readonly<Record<string, string>> = {
  conflict: 'it conflicts with the target branch',
  broken_status: 'it conflicts with the target branch',
  need_rebase: 'it must be rebased first',
  not_approved: 'approvals are missing',
  requested_changes: 'a reviewer requests changes',
  draft_status: 'it is a draft: make it ready for review',
  discussions_not_resolved: 'threads are not resolved',
  ci_must_pass: 'the pipeline must pass first',
  ci_still_running: 'the pipeline has not ended',
  external_status_checks: 'external status checks must pass first',
  status_checks_must_pass: 'status checks must pass first',
  policies_denied: 'a policy denies it',
  security_policy_violations: 'a security policy denies it',
  merge_request_blocked: 'another merge request must be merged first',
  merge_time: 'it may not be merged yet',
  jira_association_missing: 'its title or description must name a Jira issue',
  commits_status: 'its branch has no commits',
  locked_paths: 'files that it changes are locked',
  locked_lfs_files: 'LFS files that it changes are locked',
  title_regex: 'its title is not as the project wants it',
  not_open: 'it is not open',
};

export function mergeabilityOf(
  pullRequest: PullRequest,
  status: string,
  reasons: readonly string[],
): Mergeability {
  if (pullRequest.state !== 'open') return {verdict: 'blocked', reasons};
  if (status === 'mergeable') return {verdict: 'allowed', reasons: []};
  if (['unchecked', 'checking', 'preparing', 'approvals_syncing'].includes(status))
    return {verdict: 'checking', reasons: ['GitLab is still finding out whether it can be merged']};
  const main = blockings[status] ?? `GitLab says "${status.replaceAll('_', ' ')}"`;
  return {verdict: 'blocked', reasons: [...new Set([main, ...reasons])]};
}

export function methodsOf(found: v.InferOutput<typeof project>): MergeMethod[] {
  const own: MergeMethod =
    found.merge_method === 'ff' ? 'fast-forward' : found.merge_method === 'rebase_merge' ? 'rebase' : 'merge';
  switch (found.squash_option) {
    case 'always':
      return ['squash'];
    case 'never':
      return [own];
    case 'default_on':
      return ['squash', own];
    default:
      return [own, 'squash'];
  }
}

/** https://docs.gitlab.com/api/access_requests/#valid-access-levels */
const developer = 30;

/** What may be done: of a branch GitLab itself says whether this user's push would be taken (`can_push`). */
export function rightsOf(
  base: string | null,
  {permissions, forked_from_project: parent}: v.InferOutput<typeof ownRights>,
  found: v.InferOutput<typeof branch> | null,
): Rights {
  const levels = [permissions?.project_access, permissions?.group_access].map(
    level => level?.access_level ?? 0,
  );
  const push = permissions === null ? null : Math.max(...levels) >= developer;
  const forkOf = parent?.path_with_namespace ?? null;
  const rights = (straight: boolean | null, reason: string | null): Rights => ({
    push,
    straight,
    reason,
    forkOf,
  });
  if (found?.can_push) return {...rights(true, null), push: true};
  if (push === false) return rights(false, 'GitLab lets you read this project, not push to it');
  if (base === null) return rights(null, null);
  if (found === null) return rights(null, `GitLab does not show the token the branch ${base}`);
  return rights(
    false,
    found.protected ? `GitLab protects ${base} from your pushes` : `you may not push to ${base}`,
  );
}
