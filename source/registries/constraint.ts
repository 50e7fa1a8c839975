import type {SemVer} from 'semver';
import {isPrerelease, parseVersion} from './version.ts';

/** Tells whether a version is in a range. */
export type Constraint = (version: SemVer) => boolean;

type Operator = '' | '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^';

/** One comparison of a range, and how many of its numbers it leaves open (`1.2` leaves one). */
interface Comparison {
  operator: Operator;
  version: SemVer;
  open: 'nothing' | 'patch' | 'minor' | 'all';
}

const part = '[0-9xX*]+';
const versionPattern = `v?(${part})(?:\\.(${part}))?(?:\\.(${part}))?(-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z.-]+)?`;
const comparisonPattern = new RegExp(`\\s*(!=|>=|=>|<=|=<|~>|[=<>~^])?\\s*${versionPattern}`, 'y');
const hyphen = new RegExp(`(${versionPattern})\\s+-\\s+(${versionPattern})`, 'g');
const longest = 512;

/**
 * A version range, read as the Go tools read it (https://github.com/Masterminds/semver#checking-version-constraints), which
 * is not quite npm's way: `1.2` is any patch of it, `>1` is 2.0.0 and later, a comma is "and", and a pre-release is taken only
 * where its group of comparisons names one (`>=1.0.0-0`). A sentence where it can't be read.
 */
export function parseConstraint(text: string): Constraint | string {
  if (text.length > longest) return 'the version range is too long';
  const groups: Comparison[][] = [];
  // `1.2 - 1.4` is `>= 1.2, <= 1.4`. Each end of the pattern has four groups of its own.
  const ranged = text.replace(hyphen, (all, from: string, ...rest: string[]) => {
    const to = rest[4];
    return to === undefined ? all : `>= ${from}, <= ${to} `;
  });
  for (const alternative of ranged.split('||')) {
    const group = parseGroup(alternative);
    if (group === null) return `"${text}" is no version range`;
    groups.push(group);
  }
  return version => groups.some(group => isIn(version, group));
}

function parseGroup(text: string): Comparison[] | null {
  const comparisons: Comparison[] = [];
  for (let at = 0; ; ) {
    comparisonPattern.lastIndex = at;
    const match = comparisonPattern.exec(text);
    const comparison = match && comparisonOf(match);
    if (!comparison) return null;
    comparisons.push(comparison);
    at = comparisonPattern.lastIndex;
    // Between two comparisons stands a comma or white space.
    const gap = /^(?:\s*,|\s+)?/.exec(text.slice(at))?.[0] ?? '';
    at += gap.length;
    if (text.slice(at).trim() === '') return /,\s*$/.test(gap) ? null : comparisons;
    if (gap === '') return null;
  }
}

function comparisonOf([, sign = '', major = '', minor, patch, prerelease = '']: RegExpExecArray):
  | Comparison
  | undefined {
  const operator = ({'=>': '>=', '=<': '<=', '~>': '~'} as const)[sign] ?? sign;
  const open = isOpen(major) ? 'all' : isOpen(minor) ? 'minor' : isOpen(patch) ? 'patch' : 'nothing';
  const numbers =
    open === 'all'
      ? '0.0.0'
      : open === 'minor'
        ? `${major}.0.0`
        : open === 'patch'
          ? `${major}.${minor}.0`
          : `${major}.${minor}.${patch}`;
  const version = parseVersion(`${numbers}${prerelease}`, 'lenient');
  return version === null ? undefined : {operator: operator as Operator, version, open};
}

function isOpen(number: string | undefined): boolean {
  return number === undefined || /^[xX*]$/.test(number);
}

function isIn(version: SemVer, group: readonly Comparison[]): boolean {
  if (isPrerelease(version) && !group.some(comparison => isPrerelease(comparison.version))) return false;
  return group.every(comparison => holds(version, comparison));
}

function holds(version: SemVer, comparison: Comparison): boolean {
  const {operator, version: bound, open} = comparison;
  const order = version.compare(bound);
  const [major, minor] = [Math.sign(version.major - bound.major), Math.sign(version.minor - bound.minor)];
  switch (operator) {
    case '':
    case '=':
      return open === 'nothing' ? order === 0 : isNear(version, comparison);
    case '!=':
      return differs(version, comparison);
    case '>':
      if (open === 'minor') return major > 0;
      if (open === 'patch') return major > 0 || (major === 0 && minor > 0);
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      if (open === 'nothing') return order <= 0;
      // `<=11` takes all of 11, `<=11.1` all of 11.1.
      return major < 0 || (major === 0 && (open === 'minor' || minor <= 0));
    case '~':
      return isNear(version, comparison);
    case '^':
      return isCompatible(version, comparison);
  }
}

/** `~1.2.3`: from there on, with the same major and minor number; `~1`: with the same major one. */
function isNear(version: SemVer, {version: bound, open}: Comparison): boolean {
  if (version.compare(bound) < 0) return false;
  const isZero = bound.major === 0 && bound.minor === 0 && bound.patch === 0;
  // Of `~0.0.0` the tools make "any", as of `*`.
  if (isZero && open !== 'minor' && open !== 'patch') return true;
  return version.major === bound.major && (open === 'minor' || version.minor === bound.minor);
}

/** `^1.2.3`: from there on, with the same leftmost number that is not zero. */
function isCompatible(version: SemVer, {version: bound, open}: Comparison): boolean {
  if (version.compare(bound) < 0) return false;
  if (bound.major > 0 || open === 'minor') return version.major === bound.major;
  if (version.major > 0) return false;
  if (bound.minor > 0 || open === 'patch') return version.minor === bound.minor;
  return version.minor === 0 && version.patch === bound.patch;
}

/** `!=1.2` leaves out every patch of it, but for a pre-release that it does not name. */
function differs(version: SemVer, {version: bound, open}: Comparison): boolean {
  if (open === 'nothing') return version.compare(bound) !== 0;
  if (version.major !== bound.major) return true;
  if (open === 'minor') return false;
  if (version.minor !== bound.minor) return true;
  if (open === 'patch') return version.comparePre(bound) !== 0;
  return version.compare(bound) !== 0;
}
