import * as v from 'valibot';
import {line, lines, maybeUrl, sha, time, webUrl} from './fields.ts';
import type {Check, Comment, Mergeability, MergeMethod, PullRequest, Review, Rights} from './types.ts';

// What GitHub answers, and what that means in our own words.

export const user = v.nullish(v.object({login: line}), null);
export const pull = v.object({
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
export const detail = v.object({
  ...pull.entries,
  mergeable_state: v.optional(v.string(), 'unknown'),
  requested_reviewers: v.nullish(v.array(v.object({login: line})), null),
  requested_teams: v.nullish(v.array(v.object({slug: line})), null),
});
export const runs = v.object({
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
export const combined = v.object({
  statuses: v.array(
    v.object({
      context: line,
      state: v.string(),
      target_url: maybeUrl,
      description: v.nullish(line, null),
    }),
  ),
});
export const reviewList = v.array(
  v.object({user, state: v.string(), body: v.nullish(lines, ''), submitted_at: time}),
);
export const remarks = v.array(v.object({user, body: v.nullish(lines, ''), created_at: time}));
export const lineRemarks = v.array(
  v.object({
    user,
    body: lines,
    created_at: time,
    path: line,
    line: v.nullish(v.number(), null),
    original_line: v.nullish(v.number(), null),
  }),
);
export const allowed = v.object({
  allow_merge_commit: v.optional(v.boolean(), true),
  allow_squash_merge: v.optional(v.boolean(), true),
  allow_rebase_merge: v.optional(v.boolean(), true),
});
export const rules = v.array(
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
export const branch = v.object({
  protected: v.optional(v.boolean(), false),
  protection: v.optional(
    v.object({required_status_checks: v.optional(v.object({contexts: v.optional(v.array(line), [])}))}),
  ),
});
/** `permissions` is there for a token of a user. */
export const ownRights = v.object({
  permissions: v.optional(v.object({push: v.boolean(), admin: v.optional(v.boolean(), false)})),
  parent: v.nullish(v.object({full_name: line}), null),
});
export const classicReviews = v.object({required_approving_review_count: v.optional(v.number(), 0)});

export function pullRequestOf(found: v.InferOutput<typeof pull>): PullRequest {
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

export const statusResults: Readonly<Record<string, Check['result']>> = {
  success: 'passed',
  pending: 'running',
  failure: 'failed',
  error: 'failed',
};

/** https://docs.github.com/en/rest/checks/runs */
export function runResult(status: string, conclusion: string | null): Check['result'] {
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

export function reviewOf(review: v.InferOutput<typeof reviewList>[number]): Review[] {
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

export function requested(author: string): Review {
  return {author, verdict: 'requested', at: null};
}

export function commentOf(author: v.InferOutput<typeof user>, body: string, at: string | null): Comment {
  return {author: author?.login ?? 'ghost', body, at, file: null, line: null, resolved: null};
}

/** https://docs.github.com/en/graphql/reference/enums#mergestatestatus, which the REST API gives in small letters. */
export function mergeabilityOf(
  pullRequest: PullRequest,
  state: string,
  reasons: readonly string[],
): Mergeability {
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

export function methodsOf(found: v.InferOutput<typeof allowed>): MergeMethod[] {
  const methods: MergeMethod[] = [];
  if (found.allow_merge_commit) methods.push('merge');
  if (found.allow_squash_merge) methods.push('squash');
  if (found.allow_rebase_merge) methods.push('rebase');
  return methods;
}

/** Rules of a ruleset that keep a push from being taken as it is, in words for people. */
const stopsPush: Readonly<Record<string, string>> = {
  // https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
  pull_request: 'its rules want a pull request',
  merge_queue: 'its rules want the merge queue',
  update: 'its rules let nobody push to it',
  required_status_checks: 'its rules want checks to pass first',
};

/**
 * What may be done, from what the token sees. Who may pass by a rule is not asked: a rule that holds for others is kept. A
 * protected branch whose rules can't be seen (only administrators see the classic ones) is not known to take a push.
 */
export function rightsOf(
  base: string | null,
  {permissions, parent}: v.InferOutput<typeof ownRights>,
  seen: {
    rules: v.InferOutput<typeof rules> | null;
    branch: v.InferOutput<typeof branch> | null;
    demandsReviews: boolean;
  },
): Rights {
  const push = permissions?.push ?? null;
  const forkOf = parent?.full_name ?? null;
  const rights = (straight: boolean | null, reason: string | null): Rights => ({
    push,
    straight,
    reason,
    forkOf,
  });
  if (push === false) return rights(false, 'GitHub lets you read this repository, not push to it');
  if (base === null) return rights(null, null);
  if (seen.demandsReviews) return rights(false, `GitHub protects ${base}: its rules want a pull request`);
  const stop = (seen.rules ?? []).map(({type}) => stopsPush[type]).find(words => words !== undefined);
  if (stop !== undefined) return rights(false, `GitHub protects ${base}: ${stop}`);
  if (seen.branch === null || seen.rules === null)
    return rights(null, `GitHub does not show the token the rules of ${base}`);
  if ((seen.branch.protection?.required_status_checks?.contexts ?? []).length > 0)
    return rights(false, `GitHub protects ${base}: its rules want checks to pass first`);
  if (seen.branch.protected && !permissions?.admin)
    return rights(null, `GitHub protects ${base}, and shows its rules to administrators only`);
  return push === null ? rights(null, 'GitHub does not say whether you may push') : rights(true, null);
}
