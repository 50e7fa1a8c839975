import {fullName, type ImageReference, withVersion} from '../../registries/reference.ts';
import {parseVersion} from '../../registries/version.ts';

/** What people call the version: the tag, else the digest's first characters. */
export function versionOf({tag, digest}: Pick<ImageReference, 'tag' | 'digest'>): string {
  if (tag !== null) return tag;
  if (digest === null) return 'latest';
  const colon = digest.indexOf(':');
  return digest.slice(0, colon + 1) + digest.slice(colon + 1, colon + 13);
}

/** True where two images have one version of one application, mirrored or not. */
export function isSameVersion(a: ImageReference, b: ImageReference): boolean {
  return a.tag === b.tag && a.digest === b.digest && isMirrored(a, b);
}

/** True for two images of one name, whatever the registries that they come from. */
export function isMirrored(a: ImageReference, b: ImageReference): boolean {
  return fullName(a) === fullName(b) || lastPart(a) === lastPart(b);
}

function lastPart({repository}: ImageReference): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/**
 * The image that a target gets from a source: its version. Where the two come from different registries (a mirror of its
 * own for each environment), the target keeps its own, and a note says so; another image altogether is taken as it is.
 */
export function promotedImage(
  source: ImageReference,
  target: ImageReference,
): {image: string; note: string | null} {
  const image = withVersion(target, source);
  if (fullName(source) === fullName(target)) return {image, note: null};
  if (isMirrored(source, target)) {
    return {
      image,
      note: `stays with ${target.name}; ${versionOf(source)} comes from ${source.name}: whether the other has it is not checked`,
    };
  }
  return {
    image: withVersion(source, source),
    note: `another image: ${target.name} becomes ${source.name}`,
  };
}

/**
 * How two tags compare as versions: below 0 where the first is older. Undefined where that can't be said: a tag that is no
 * version, or another variant of the image (`-alpine`).
 */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [parseVersion(a, 'lenient'), parseVersion(b, 'lenient')];
  if (left === null || right === null) return undefined;
  const variant = (words: readonly (string | number)[]) => words.join('.').replace(/\d+/g, '');
  return variant(left.prerelease) === variant(right.prerelease) ? left.compare(right) : undefined;
}
