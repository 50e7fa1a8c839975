import * as v from 'valibot';
import {line, lines, sha, webUrl} from './fields.ts';
import type {Comment, Mergeability, MergeMethod, PullRequest, Review} from './types.ts';

// What Bitbucket Data Center answers, and what that means in our own words.

/** Milliseconds since the epoch. */
const moment = v.nullish(
  v.pipe(
    v.number(),
    v.minValue(0),
    v.maxValue(8e15),
    v.transform(ms => new Date(ms).toISOString()),
  ),
  null,
);
export const user = v.object({name: line});
const ref = v.object({
  id: line,
  displayId: line,
  latestCommit: v.string(),
  repository: v.object({slug: line, project: v.object({key: line})}),
});
export const pull = v.object({
  id: v.number(),
  version: v.number(),
  title: line,
  description: v.optional(v.string(), ''),
  state: v.picklist(['OPEN', 'MERGED', 'DECLINED']),
  draft: v.optional(v.boolean(), false),
  author: v.object({user}),
  reviewers: v.optional(v.array(v.object({user, status: v.string()})), []),
  fromRef: v.object({...ref.entries, latestCommit: sha}),
  toRef: ref,
  updatedDate: moment,
  links: v.object({self: v.pipe(v.array(v.object({href: webUrl})), v.minLength(1))}),
});
export const mergeState = v.object({
  canMerge: v.optional(v.boolean()),
  conflicted: v.optional(v.boolean(), false),
  vetoes: v.optional(
    v.array(v.object({summaryMessage: v.nullish(line, ''), detailedMessage: v.nullish(line, '')})),
    [],
  ),
});
export const activity = v.object({
  action: v.string(),
  comment: v.optional(
    v.object({
      text: lines,
      author: user,
      createdDate: moment,
      threadResolved: v.optional(v.boolean(), false),
    }),
  ),
  commentAnchor: v.optional(v.object({path: v.optional(line), line: v.optional(v.number())})),
});
export const path = v.nullish(v.object({toString: v.string()}), null);
export const change = v.object({path, srcPath: path});
export const settings = v.object({
  mergeConfig: v.optional(
    v.object({
      defaultStrategy: v.optional(v.object({id: v.string()})),
      strategies: v.optional(v.array(v.object({id: v.string(), enabled: v.optional(v.boolean(), true)})), []),
    }),
  ),
});
export const page = v.object({
  values: v.array(v.unknown()),
  isLastPage: v.optional(v.boolean(), true),
  nextPageStart: v.nullish(v.number(), null),
});

export function reviewOf(reviewer: v.InferOutput<typeof pull>['reviewers'][number]): Review {
  const verdicts: Record<string, Review['verdict']> = {
    APPROVED: 'approved',
    NEEDS_WORK: 'changes-requested',
  };
  return {author: reviewer.user.name, verdict: verdicts[reviewer.status] ?? 'requested', at: null};
}

export function commentOf({action, comment, commentAnchor}: v.InferOutput<typeof activity>): Comment[] {
  if (action !== 'COMMENTED' || comment === undefined) return [];
  return [
    {
      author: comment.author.name,
      body: comment.text,
      at: comment.createdDate,
      file: commentAnchor?.path ?? null,
      line: commentAnchor?.line ?? null,
      resolved: comment.threadResolved,
    },
  ];
}

export function mergeabilityOf(
  pullRequest: PullRequest,
  state: v.InferOutput<typeof mergeState> | null,
  reasons: readonly string[],
): Mergeability {
  if (pullRequest.state !== 'open' || pullRequest.draft || state === null)
    return {verdict: 'blocked', reasons};
  const vetoes = state.vetoes.map(veto => veto.detailedMessage || veto.summaryMessage || 'a hook forbids it');
  const conflict = state.conflicted ? [`it conflicts with ${pullRequest.base}`] : [];
  if (state.canMerge === true) return {verdict: 'allowed', reasons: []};
  if (conflict.length + vetoes.length > 0 || state.canMerge === false)
    return {verdict: 'blocked', reasons: [...conflict, ...vetoes, ...reasons]};
  return {verdict: 'unknown', reasons: ['Bitbucket does not say whether it can be merged', ...reasons]};
}

/** https://confluence.atlassian.com/bitbucketserver/pull-request-merge-strategies-844499235.html */
export const strategies: Readonly<Record<MergeMethod, readonly string[]>> = {
  merge: ['no-ff', 'ff'],
  squash: ['squash', 'squash-ff-only'],
  rebase: ['rebase-ff-only', 'rebase-no-ff'],
  'fast-forward': ['ff-only'],
};

export function methodsOf(enabled: readonly string[]): MergeMethod[] {
  const all: MergeMethod[] = ['merge', 'squash', 'rebase', 'fast-forward'];
  return [...new Set(enabled.flatMap(id => all.find(method => strategies[method].includes(id)) ?? []))];
}
