/**
 * True where versions of a kind's objects can be told apart by age: they are whole numbers, which etcd counts up.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function isComparable(version: string): boolean {
  return /^[1-9]\d*$/.test(version);
}

/** True where a version is newer than another; of such as can't be compared every one counts as newer. */
export function isAfter(version: string, other: string): boolean {
  if (!isComparable(version) || !isComparable(other)) return true;
  return version.length === other.length ? version > other : version.length > other.length;
}

/** The oldest of some versions that can be compared; undefined for none. */
export function oldest(versions: Iterable<string>): string | undefined {
  let found: string | undefined;
  for (const version of versions) if (found === undefined || isAfter(found, version)) found = version;
  return found;
}
