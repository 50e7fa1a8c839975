import * as v from 'valibot';
import {line, lines, time, webUrl} from './fields.ts';
import type {Comment, Mergeability, MergeMethod, PullRequest, Review} from './types.ts';

// What Bitbucket Cloud answers, and what that means in our own words.

export const account = v.nullish(v.object({display_name: v.optional(line, 'somebody')}), null);
const end = v.object({
  branch: v.object({
    name: line,
    merge_strategies: v.nullish(v.array(v.string()), null),
    default_merge_strategy: v.nullish(v.string(), null),
  }),
  // The first twelve characters of it.
  commit: v.nullish(v.object({hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{12,64}$/))}), null),
  repository: v.nullish(v.object({full_name: line}), null),
});
export const pull = v.object({
  id: v.number(),
  links: v.object({html: v.object({href: webUrl})}),
  title: line,
  state: v.picklist(['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED']),
  draft: v.optional(v.boolean(), false),
  author: account,
  source: end,
  destination: end,
  updated_on: time,
  reviewers: v.optional(v.array(v.object({uuid: v.string()})), []),
});
export const participants = v.object({
  participants: v.optional(
    v.array(
      v.object({
        user: account,
        role: v.string(),
        state: v.nullish(v.string(), null),
        approved: v.optional(v.boolean(), false),
        participated_on: time,
      }),
    ),
    [],
  ),
});
export const remark = v.object({
  user: account,
  content: v.object({raw: v.nullish(lines, '')}),
  created_on: time,
  deleted: v.optional(v.boolean(), false),
  inline: v.nullish(
    v.object({path: line, to: v.nullish(v.number(), null), from: v.nullish(v.number(), null)}),
    null,
  ),
  resolution: v.optional(v.unknown()),
});
export const file = v.nullish(v.object({path: v.string()}), null);
export const page = v.object({values: v.array(v.unknown()), next: v.optional(v.string())});

export function reviewOf(person: v.InferOutput<typeof participants>['participants'][number]): Review[] {
  const author = person.user?.display_name ?? 'somebody';
  const at = person.participated_on;
  if (person.state === 'changes_requested') return [{author, verdict: 'changes-requested', at}];
  if (person.approved || person.state === 'approved') return [{author, verdict: 'approved', at}];
  if (at !== null) return [{author, verdict: 'commented', at}];
  return person.role === 'REVIEWER' ? [{author, verdict: 'requested', at: null}] : [];
}

export function commentOf(found: v.InferOutput<typeof remark>): Comment {
  const {inline} = found;
  return {
    author: found.user?.display_name ?? 'somebody',
    body: found.content.raw ?? '',
    at: found.created_on,
    file: inline?.path ?? null,
    line: inline?.to ?? inline?.from ?? null,
    resolved: inline === null ? null : found.resolution !== undefined && found.resolution !== null,
  };
}

export function mergeabilityOf(pullRequest: PullRequest, reasons: readonly string[]): Mergeability {
  if (pullRequest.state !== 'open' || pullRequest.draft) return {verdict: 'blocked', reasons};
  const words = 'Bitbucket tells only when merging whether its checks and restrictions are met';
  return {verdict: 'unknown', reasons: [...reasons, words]};
}

type Strategy =
  | 'merge_commit'
  | 'squash'
  | 'fast_forward'
  | 'squash_fast_forward'
  | 'rebase_fast_forward'
  | 'rebase_merge';

const strategiesOf: Readonly<Record<MergeMethod, readonly Strategy[]>> = {
  merge: ['merge_commit'],
  squash: ['squash', 'squash_fast_forward'],
  rebase: ['rebase_fast_forward', 'rebase_merge'],
  'fast-forward': ['fast_forward'],
};

export function strategyOf(method: MergeMethod, allowed: readonly string[]): Strategy | undefined {
  const fitting = strategiesOf[method];
  return fitting.find(strategy => allowed.includes(strategy)) ?? fitting[0];
}

export function methodsOf(allowed: readonly string[], first: string | null): MergeMethod[] {
  const all: MergeMethod[] = ['merge', 'squash', 'rebase', 'fast-forward'];
  const takes = (method: MergeMethod, name: string | null) =>
    strategiesOf[method].some(strategy => strategy === name);
  return all
    .filter(method => allowed.some(name => takes(method, name)))
    .sort((a, b) => Number(takes(b, first)) - Number(takes(a, first)));
}
