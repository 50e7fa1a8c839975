import * as v from 'valibot';
import {line, lines, maybeUrl, sha, time, webUrl} from './fields.ts';
import type {Check, Comment, Mergeability, MergeMethod, PullRequest, Review, Rights} from './types.ts';

// What Gitea answers, and what that means in our own words.

export const user = v.nullish(v.object({login: line}), null);
const side = v.object({ref: line, sha: v.string(), repo: v.nullish(v.object({full_name: line}), null)});
export const pull = v.object({
  number: v.number(),
  html_url: webUrl,
  title: line,
  state: v.picklist(['open', 'closed']),
  draft: v.optional(v.boolean(), false),
  merged: v.optional(v.boolean(), false),
  mergeable: v.optional(v.boolean(), false),
  user,
  head: v.object({...side.entries, sha}),
  base: side,
  updated_at: time,
  requested_reviewers: v.nullish(v.array(v.object({login: line})), null),
});
export const combined = v.object({
  statuses: v.nullish(
    v.array(
      v.object({
        context: line,
        status: v.string(),
        target_url: v.nullish(v.string(), null),
        description: v.nullish(line, null),
      }),
    ),
    null,
  ),
});
export const reviewList = v.array(
  v.object({
    id: v.number(),
    user,
    team: v.nullish(v.object({name: line}), null),
    state: v.string(),
    body: v.nullish(lines, ''),
    submitted_at: time,
    dismissed: v.optional(v.boolean(), false),
    comments_count: v.optional(v.number(), 0),
  }),
);
export const remarks = v.array(v.object({user, body: v.nullish(lines, ''), created_at: time}));
export const lineRemarks = v.array(
  v.object({
    user,
    body: v.nullish(lines, ''),
    created_at: time,
    path: line,
    position: v.nullish(v.number(), null),
    original_position: v.nullish(v.number(), null),
    resolver: v.nullish(v.object({login: v.string()}), null),
  }),
);
export const branch = v.object({
  protected: v.optional(v.boolean(), false),
  required_approvals: v.optional(v.number(), 0),
  enable_status_check: v.optional(v.boolean(), false),
  status_check_contexts: v.nullish(v.array(line), null),
  user_can_merge: v.optional(v.boolean(), true),
  user_can_push: v.nullish(v.boolean(), null),
});
export const ownRights = v.object({
  permissions: v.optional(v.object({push: v.optional(v.boolean(), false)})),
  parent: v.nullish(v.object({full_name: line}), null),
});
export const allowed = v.object({
  allow_merge_commits: v.optional(v.boolean(), false),
  allow_squash_merge: v.optional(v.boolean(), false),
  allow_rebase: v.optional(v.boolean(), false),
  allow_fast_forward_only_merge: v.optional(v.boolean(), false),
  default_merge_style: v.optional(v.string(), 'merge'),
});

/** Gitea's and Forgejo's default marks of a draft; "WIP:" both know (https://docs.gitea.com/usage/pull-request). */
export const draftMark = /^(?:\s*(?:wip:|\[wip\]))+\s*/i;

export function asDraft(title: string): string {
  return `WIP: ${title.replace(draftMark, '')}`;
}

const statusResults: Readonly<Record<string, Check['result']>> = {
  success: 'passed',
  pending: 'running',
  failure: 'failed',
  error: 'failed',
  warning: 'passed',
  skipped: 'skipped',
};

export function checkOf(status: NonNullable<v.InferOutput<typeof combined>['statuses']>[number]): Check {
  return {
    name: status.context,
    result: statusResults[status.status] ?? 'waiting',
    required: null,
    url: v.parse(maybeUrl, status.target_url),
    summary: status.description || null,
  };
}

export function reviewOf(review: v.InferOutput<typeof reviewList>[number]): Review[] {
  const author = review.user?.login ?? review.team?.name ?? 'ghost';
  const at = review.submitted_at;
  if (review.dismissed) return [{author, verdict: 'commented', at}];
  switch (review.state) {
    case 'APPROVED':
      return [{author, verdict: 'approved', at}];
    case 'REQUEST_CHANGES':
      return [{author, verdict: 'changes-requested', at}];
    case 'COMMENT':
      return [{author, verdict: 'commented', at}];
    case 'REQUEST_REVIEW':
      return [{author, verdict: 'requested', at}];
    default:
      return [];
  }
}

export function commentOf(
  remark: {user: v.InferOutput<typeof user>; body: string | null; created_at: string | null},
  file: string | null,
  at: number | null,
  resolved: boolean | null,
): Comment {
  const author = remark.user?.login ?? 'ghost';
  return {author, body: remark.body ?? '', at: remark.created_at, file, line: at, resolved};
}

/** `mergeable` speaks of conflicts only, and is false while Gitea is still finding out. */
export function mergeabilityOf(
  pullRequest: PullRequest,
  mergeable: boolean,
  reasons: readonly string[],
  areRulesKnown: boolean,
): Mergeability {
  if (reasons.length > 0) return {verdict: 'blocked', reasons};
  if (mergeable && areRulesKnown) return {verdict: 'allowed', reasons: []};
  if (mergeable) return {verdict: 'unknown', reasons: ['the token may not see what the base branch demands']};
  return {
    verdict: 'checking',
    reasons: [`it conflicts with ${pullRequest.base}, or Gitea is still finding out`],
  };
}

export function methodsOf(found: v.InferOutput<typeof allowed>): MergeMethod[] {
  const methods: MergeMethod[] = [];
  if (found.allow_merge_commits) methods.push('merge');
  if (found.allow_squash_merge) methods.push('squash');
  if (found.allow_rebase) methods.push('rebase');
  if (found.allow_fast_forward_only_merge) methods.push('fast-forward');
  const style =
    found.default_merge_style === 'fast-forward-only' ? 'fast-forward' : found.default_merge_style;
  return methods.sort((a, b) => Number(b === style) - Number(a === style));
}

/** What may be done: of a branch Gitea itself works out whether this user's push would be taken. */
export function rightsOf(
  base: string | null,
  {permissions, parent}: v.InferOutput<typeof ownRights>,
  found: v.InferOutput<typeof branch> | null,
): Rights {
  const push = permissions?.push ?? null;
  const forkOf = parent?.full_name ?? null;
  const rights = (straight: boolean | null, reason: string | null): Rights => ({
    push,
    straight,
    reason,
    forkOf,
  });
  if (push === false) return rights(false, 'Gitea lets you read this repository, not push to it');
  if (base === null) return rights(null, null);
  if (found === null) return rights(null, `Gitea does not show the token the branch ${base}`);
  if (found.user_can_push === null) return rights(null, 'Gitea does not say whether you may push');
  if (found.user_can_push) return rights(true, null);
  return rights(
    false,
    found.protected ? `Gitea protects ${base} from your pushes` : `you may not push to ${base}`,
  );
}
