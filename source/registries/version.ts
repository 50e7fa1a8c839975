import {SemVer} from 'semver';

const loose = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z.-]+)?$/;
const longest = 256;

/**
 * A tag as a version, null where it is none. `strict` takes three numbers, as Flux does; `lenient` also `1`, `v2` and
 * `2024.05.01`, as the version library of Weave Flux and Argo CD Image Updater does
 * (https://pkg.go.dev/github.com/Masterminds/semver/v3#NewVersion). A `v` before it is taken by both.
 */
export function parseVersion(tag: string, mode: 'strict' | 'lenient'): SemVer | null {
  const match = tag.length > longest ? null : loose.exec(tag);
  if (match === null) return null;
  const [, ...numbers] = match.slice(0, 4);
  if (mode === 'strict' && numbers.some(part => part === undefined || /^0\d/.test(part))) return null;
  const [, , , , prerelease = '', metadata = ''] = match;
  try {
    return new SemVer(`${numbers.map(part => BigInt(part ?? 0)).join('.')}${prerelease}${metadata}`);
  } catch {
    // A number too large to be compared, or a pre-release's with a zero before it.
    return null;
  }
}

/** True for a version that is not released yet. */
export function isPrerelease(version: SemVer): boolean {
  return version.prerelease.length > 0;
}
