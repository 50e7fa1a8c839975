import type {SemVer} from 'semver';
import {parseVersion} from './version.ts';

/** How far a version is from another one: what people look at first. `down` is lower, `other` has no versions to compare. */
export type Step = 'major' | 'minor' | 'patch' | 'down' | 'other';

/** What a change from one tag to another is by its version numbers; null for none. */
export function stepBetween(from: string | null, to: string): Step | null {
  if (from === to) return null;
  const [before, after] = [shapeOf(from ?? ''), shapeOf(to)];
  if (before === null || after === null) return 'other';
  if (after.version.compare(before.version) < 0) return 'down';
  if (before.version.major !== after.version.major) return 'major';
  if (before.version.minor !== after.version.minor) return 'minor';
  return before.version.compare(after.version) === 0 ? 'other' : 'patch';
}

/** A tag's version, and what is written around it: `v1.27.3-alpine` has `v`, three numbers and `-alpine`. */
interface Shape {
  prefix: string;
  version: SemVer;
  numbers: number;
  suffix: string;
}

const prereleaseWord =
  /^-(?:0|alpha|beta|rc|pre|preview|dev|snapshot|canary|nightly|next|test|m)(?:[.-]?\d.*)?$/i;

function shapeOf(tag: string): Shape | null {
  const match = /^([a-zA-Z][a-zA-Z-]*?)?(\d+(?:\.\d+){0,2})((?:[-+_][\w.+-]*)?)$/.exec(tag);
  if (match === null) return null;
  const [, prefix = '', numbers = '', suffix = ''] = match;
  // A commit, a date or a build's number (`main-17`) is no version, although it has digits.
  if (!numbers.includes('.') && (numbers.length > 4 || !/^v?$/i.test(prefix))) return null;
  const version = parseVersion(numbers, 'lenient');
  if (version === null) return null;
  return {prefix, version, numbers: numbers.split('.').length, suffix};
}

/** True for a tag that is a version, whatever stands around its numbers. */
export function isVersionTag(tag: string): boolean {
  const shape = shapeOf(tag);
  return shape !== null && !prereleaseWord.test(shape.suffix);
}

/**
 * Where nobody said a policy: the highest version of the same shape as the current tag (`1.27.3-alpine` to `1.28.0-alpine`,
 * never to `1.28` or `1.28.0-perl`), pre-releases left out. A suggestion, for somebody to judge. Null where the tag has no
 * version or none is higher.
 */
export function suggestTag(current: string, tags: readonly string[]): string | null {
  const own = shapeOf(current);
  // From one pre-release to another nobody can tell by its name alone.
  if (own === null || prereleaseWord.test(own.suffix)) return null;
  let best: {tag: string; version: SemVer} | null = null;
  for (const tag of tags) {
    const shape = shapeOf(tag);
    if (shape === null || shape.prefix !== own.prefix || shape.suffix !== own.suffix) continue;
    if (shape.numbers !== own.numbers) continue;
    if (shape.version.compare(best?.version ?? own.version) > 0) best = {tag, version: shape.version};
  }
  return best?.tag ?? null;
}
