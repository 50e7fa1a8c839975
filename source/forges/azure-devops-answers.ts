import * as v from 'valibot';
import {line, lines, maybeUrl, sha, time} from './fields.ts';
import type {Check, Comment, Mergeability, PullRequest, Review} from './types.ts';

// What Azure DevOps answers, and what that means in our own words.

const person = v.object({displayName: v.optional(line, 'somebody')});
export const pull = v.object({
  pullRequestId: v.number(),
  title: line,
  status: v.string(),
  isDraft: v.optional(v.boolean(), false),
  createdBy: v.optional(person),
  creationDate: time,
  sourceRefName: line,
  targetRefName: line,
  mergeStatus: v.optional(v.string(), 'notSet'),
  mergeFailureMessage: v.nullish(line, null),
  lastMergeSourceCommit: v.nullish(v.object({commitId: sha}), null),
  lastMergeCommit: v.nullish(v.object({commitId: sha}), null),
  forkSource: v.optional(v.object({repository: v.object({name: v.optional(line, '(deleted)')})})),
  repository: v.object({project: v.object({id: v.string()})}),
  reviewers: v.optional(
    v.array(
      v.object({...person.entries, id: v.string(), vote: v.number(), isContainer: v.optional(v.boolean())}),
    ),
    [],
  ),
});
export const listOf = <T extends v.GenericSchema>(item: T) => v.object({value: v.array(item)});
export const status = v.object({
  context: v.optional(v.object({name: v.optional(line, 'status'), genre: v.nullish(line, null)})),
  state: v.string(),
  targetUrl: v.nullish(v.string(), null),
  description: v.nullish(line, null),
  iterationId: v.optional(v.number(), 0),
  id: v.optional(v.number(), 0),
});
export const evaluation = v.object({
  status: v.optional(v.string(), 'queued'),
  configuration: v.object({
    isBlocking: v.optional(v.boolean(), false),
    isEnabled: v.optional(v.boolean(), true),
    type: v.object({displayName: line}),
    settings: v.optional(
      v.object({
        displayName: v.nullish(line, null),
        minimumApproverCount: v.optional(v.number()),
        statusName: v.nullish(line, null),
      }),
      {},
    ),
  }),
});
export const thread = v.object({
  status: v.nullish(v.string(), null),
  isDeleted: v.optional(v.boolean(), false),
  threadContext: v.nullish(
    v.object({
      filePath: v.nullish(line, null),
      rightFileStart: v.nullish(v.object({line: v.number()}), null),
      leftFileStart: v.nullish(v.object({line: v.number()}), null),
    }),
    null,
  ),
  comments: v.optional(
    v.array(
      v.object({
        author: v.optional(person),
        content: v.nullish(lines, ''),
        publishedDate: time,
        commentType: v.optional(v.string(), 'text'),
        isDeleted: v.optional(v.boolean(), false),
      }),
    ),
    [],
  ),
});

/** Every report is kept; the last one of each name counts. */
export function newest(found: readonly v.InferOutput<typeof status>[]): v.InferOutput<typeof status>[] {
  const last = new Map<string, v.InferOutput<typeof status>>();
  for (const item of [...found].sort((a, b) => a.iterationId - b.iterationId || a.id - b.id))
    last.set(`${item.context?.genre}/${item.context?.name}`, item);
  return [...last.values()];
}

const statusResults: Readonly<Record<string, Check['result']>> = {
  succeeded: 'passed',
  failed: 'failed',
  error: 'failed',
  pending: 'running',
  notApplicable: 'skipped',
};

export function checkOf(found: v.InferOutput<typeof status>): Check {
  const {genre, name = 'status'} = found.context ?? {};
  return {
    name: genre ? `${genre}/${name}` : name,
    result: statusResults[found.state] ?? 'waiting',
    required: null,
    url: v.parse(maybeUrl, found.targetUrl),
    summary: found.description || null,
  };
}

const policyResults: Readonly<Record<string, Check['result']>> = {
  approved: 'passed',
  rejected: 'failed',
  broken: 'failed',
  running: 'running',
  notApplicable: 'skipped',
};

/** A policy as a check; the one that counts approvals shows among the reviews. */
export function policyCheck({configuration, status: state}: v.InferOutput<typeof evaluation>): Check[] {
  const {settings, type, isBlocking} = configuration;
  if (settings.minimumApproverCount !== undefined) return [];
  return [
    {
      name: settings.displayName || settings.statusName || type.displayName,
      result: policyResults[state] ?? 'waiting',
      required: isBlocking,
      url: null,
      summary: null,
    },
  ];
}

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-reviewers: 10, 5, 0, -5, -10. */
export function reviewOf(found: v.InferOutput<typeof pull>['reviewers'][number]): Review {
  const {vote} = found;
  const verdict = vote > 0 ? 'approved' : vote < 0 ? 'changes-requested' : 'requested';
  return {author: found.displayName, verdict, at: null};
}

export function commentsOf(found: v.InferOutput<typeof thread>): Comment[] {
  if (found.isDeleted) return [];
  const {threadContext: where, status: state} = found;
  return found.comments
    .filter(comment => comment.commentType !== 'system' && !comment.isDeleted)
    .map(comment => ({
      author: comment.author?.displayName ?? 'somebody',
      body: comment.content ?? '',
      at: comment.publishedDate,
      file: where?.filePath?.replace(/^\//, '') ?? null,
      line: where?.rightFileStart?.line ?? where?.leftFileStart?.line ?? null,
      resolved: state === null ? null : ['fixed', 'wontFix', 'closed', 'byDesign'].includes(state),
    }));
}

export function mergeabilityOf(
  found: v.InferOutput<typeof pull>,
  pullRequest: PullRequest,
  reasons: readonly string[],
  areRulesKnown: boolean,
): Mergeability {
  if (reasons.length > 0) return {verdict: 'blocked', reasons};
  switch (found.mergeStatus) {
    case 'succeeded':
      if (!areRulesKnown)
        return {verdict: 'unknown', reasons: ['the token may not see the policies of the base branch']};
      return {verdict: 'allowed', reasons: []};
    case 'conflicts':
      return {verdict: 'blocked', reasons: [`it conflicts with ${pullRequest.base}`]};
    case 'rejectedByPolicy':
    case 'failure':
      return {verdict: 'blocked', reasons: [found.mergeFailureMessage ?? 'a policy forbids it']};
    default:
      return {verdict: 'checking', reasons: ['Azure DevOps is still finding out whether it can be merged']};
  }
}

export const branchPolicy = v.object({
  isEnabled: v.boolean(),
  isBlocking: v.boolean(),
  type: v.object({id: v.string()}),
});

/**
 * The policies that a push can't meet: approvals, named reviewers, builds, statuses, comments, work items. Those on paths and
 * sizes of files hold for pushes as for pull requests (https://learn.microsoft.com/azure/devops/repos/git/branch-policies).
 */
const ofPullRequests: ReadonlySet<string> = new Set([
  'fa4e907d-c16b-4a4c-9dfa-4906e5d171dd',
  'fd2167ab-b0be-447a-8ec8-39368250530e',
  '0609b952-1397-4640-95ec-e00a01b2c241',
  'cbdc66da-9728-4af8-aada-9a5a32e4a226',
  'c6a1889d-b943-4856-b76f-9e46bb6b0df2',
  '40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e',
]);

/** Whether a policy keeps commits from being pushed straight to its branch. */
export function wantsPullRequest({isEnabled, isBlocking, type}: v.InferOutput<typeof branchPolicy>): boolean {
  return isEnabled && isBlocking && ofPullRequests.has(type.id);
}
