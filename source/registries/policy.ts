import type {SemVer} from 'semver';
import {parseConstraint} from './constraint.ts';
import {goPattern, pathGlob, starGlob} from './pattern.ts';
import {parseVersion} from './version.ts';

/** Which of an image's tags is the newest. */
export type Order =
  /** The highest version of a range; `strict` as Flux reads tags. */
  | {by: 'semver'; range: string; mode: 'strict' | 'lenient'}
  | {by: 'alphabetical'; order: 'asc' | 'desc'}
  | {by: 'numerical'; order: 'asc' | 'desc'}
  /** The one that was built last. */
  | {by: 'build'}
  /** One tag whose content moves. */
  | {by: 'digest'; tag: string};

/** What leaves tags out before they are put in order. */
export type TagFilter =
  /** Flux's filterTags: what a template makes of the tag is put in order in its place. */
  | {type: 'pattern'; pattern: string; extract: string | null}
  | {type: 'not-pattern'; pattern: string}
  /** Weave's glob. */
  | {type: 'glob'; glob: string}
  /** Argo CD Image Updater's ignore-tags. */
  | {type: 'ignore'; globs: readonly string[]}
  /** Weave's globsemver, `v{1.x}-alpine`: what stands between the two is the version. */
  | {type: 'around'; prefix: string; suffix: string};

/** Says which tag an image should be at. */
export interface ImagePolicy {
  order: Order;
  filters: readonly TagFilter[];
}

/** A tag that passed the filters, and what the order is made by. */
export interface Candidate {
  tag: string;
  key: string;
}

/** What a policy makes of a list of tags. */
export type Choice =
  | {tag: string}
  /** To tell, it takes the build times of these. */
  | {build: readonly string[]}
  | {problem: string};

/** In words, for people: `semver ~1.2`, `numerical asc of ^main-(?P<n>\d+)$`. */
export function policyWords({order, filters}: ImagePolicy): string {
  const words =
    order.by === 'semver'
      ? `semver ${order.range === '' ? '*' : order.range}`
      : order.by === 'digest'
        ? `digest of ${order.tag}`
        : order.by === 'build'
          ? 'newest build'
          : `${order.by} ${order.order}`;
  return [words, ...filters.map(filterWords)].join(' ');
}

function filterWords(filter: TagFilter): string {
  switch (filter.type) {
    case 'pattern':
      return `of ${filter.pattern}`;
    case 'not-pattern':
      return `without ${filter.pattern}`;
    case 'glob':
      return `of ${filter.glob}`;
    case 'ignore':
      return `without ${filter.globs.join(', ')}`;
    case 'around':
      return `in ${filter.prefix}…${filter.suffix}`;
  }
}

/** The tags that a policy's filters leave, or why they can't be tried. */
export function candidates(tags: readonly string[], filters: readonly TagFilter[]): Candidate[] | string {
  let left: Candidate[] = tags.map(tag => ({tag, key: tag}));
  for (const filter of filters) {
    const passed = apply(left, filter);
    if (typeof passed === 'string') return passed;
    left = passed;
  }
  return left;
}

function apply(left: Candidate[], filter: TagFilter): Candidate[] | string {
  switch (filter.type) {
    case 'pattern': {
      const pattern = goPattern(filter.pattern);
      if (typeof pattern === 'string') return pattern;
      const {extract} = filter;
      if (!extract) return left.filter(({tag}) => pattern.matches(tag));
      return left.flatMap(({tag}) => {
        const key = pattern.expand(tag, extract);
        return key === null ? [] : [{tag, key}];
      });
    }
    case 'not-pattern': {
      const pattern = goPattern(filter.pattern);
      return typeof pattern === 'string' ? pattern : left.filter(({tag}) => !pattern.matches(tag));
    }
    case 'glob': {
      const isMatch = starGlob(filter.glob);
      return left.filter(({tag}) => isMatch(tag));
    }
    case 'ignore': {
      const ignored = filter.globs.map(pathGlob);
      const wrong = ignored.find(glob => typeof glob === 'string');
      if (typeof wrong === 'string') return wrong;
      return left.filter(({tag}) => !ignored.some(glob => typeof glob !== 'string' && glob(tag)));
    }
    case 'around': {
      const {prefix, suffix} = filter;
      return left.flatMap(({tag}) => {
        const fits =
          tag.startsWith(prefix) && tag.endsWith(suffix) && tag.length > prefix.length + suffix.length;
        return fits ? [{tag, key: tag.slice(prefix.length, tag.length - suffix.length)}] : [];
      });
    }
  }
}

/**
 * The tag that a policy asks for, as the tools choose it: Flux's ImagePolicy
 * (https://fluxcd.io/flux/components/image/imagepolicies/#policy), Weave Flux's tag annotations, Argo CD Image Updater's
 * strategies. What asks for build times gives the tags whose times it takes; `newestBuild` then chooses.
 */
export function chooseTag({order, filters}: ImagePolicy, tags: readonly string[]): Choice {
  if (order.by === 'digest') {
    return tags.includes(order.tag) ? {tag: order.tag} : {problem: `the registry has no tag ${order.tag}`};
  }
  const left = candidates(tags, filters);
  if (typeof left === 'string') return {problem: left};
  switch (order.by) {
    case 'semver':
      return bySemver(left, order);
    case 'alphabetical':
      return last(
        [...left].sort((a, b) => byBytes(a.key, b.key)),
        order.order,
      );
    case 'numerical':
      return byNumber(left, order.order);
    case 'build':
      return left.length === 0 ? {problem: noTag} : {build: left.map(({tag}) => tag)};
  }
}

const noTag = 'no tag of the registry fits the policy';

function bySemver(left: readonly Candidate[], {range, mode}: Extract<Order, {by: 'semver'}>): Choice {
  const constraint = range === '' ? () => true : parseConstraint(range);
  if (typeof constraint === 'string') return {problem: constraint};
  let newest: {tag: string; version: SemVer} | undefined;
  for (const {tag, key} of left) {
    const version = parseVersion(key, mode);
    if (version === null || !constraint(version)) continue;
    // Of two spellings of one version (1.2, 1.2.0) the longer one says more.
    const order =
      newest === undefined ? 1 : version.compare(newest.version) || tag.length - newest.tag.length;
    if (order > 0) newest = {tag, version};
  }
  return newest === undefined ? {problem: noTag} : {tag: newest.tag};
}

function byNumber(left: readonly Candidate[], order: 'asc' | 'desc'): Choice {
  const wrong = left.find(({key}) => !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(key));
  // As Flux does: one that is no number means that the policy lacks a filter.
  if (wrong !== undefined)
    return {problem: `the tag ${wrong.tag} has no number (${wrong.key}): filter the tags of the policy`};
  return last(
    [...left].sort((a, b) => compareNumbers(a.key, b.key)),
    order,
  );
}

// Beyond 2^53 (a time in nanoseconds, twice) only the digits themselves tell two numbers apart.
function compareNumbers(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) {
    const [first, second] = [BigInt(a), BigInt(b)];
    return first < second ? -1 : first > second ? 1 : 0;
  }
  return Number(a) - Number(b);
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** In ascending order the last one is the newest, in descending order the first. */
function last(sorted: readonly Candidate[], order: 'asc' | 'desc'): Choice {
  const found = order === 'asc' ? sorted.at(-1) : sorted[0];
  return found === undefined ? {problem: noTag} : {tag: found.tag};
}

/** The tag that was built last; of equal times the one that is last by name. Null where no time is known. */
export function newestBuild(times: ReadonlyMap<string, string | null>): string | null {
  let newest: {tag: string; time: number} | null = null;
  for (const [tag, created] of times) {
    const time = created === null ? Number.NaN : Date.parse(created);
    if (Number.isNaN(time)) continue;
    if (newest === null || time > newest.time || (time === newest.time && byBytes(tag, newest.tag) > 0))
      newest = {tag, time};
  }
  return newest?.tag ?? null;
}
