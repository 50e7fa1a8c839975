import type {Kind} from '../resources/kind.ts';
import type {KindCatalog} from './types.ts';

/** A group's versions in the server's order of preference, each with its kinds. */
export interface DiscoveredGroup {
  group: string;
  versions: {version: string; kinds: Kind[]}[];
}

/** Makes the catalog of what discovery found, and of what it didn't. */
export function makeCatalog(
  groups: readonly DiscoveredGroup[],
  failures: ReadonlyMap<string, string>,
): KindCatalog {
  const exact = new Map<string, Kind>();
  const preferred = new Map<string, Kind>();
  const all: Kind[] = [];
  for (const {versions} of groups) {
    for (const {kinds} of versions) {
      for (const kind of kinds) {
        all.push(kind);
        const key = `${kind.group}/${kind.version}/${kind.kind}`;
        if (!exact.has(key)) exact.set(key, kind);
        const anyVersion = `${kind.group}/${kind.kind}`;
        if (!preferred.has(anyVersion)) preferred.set(anyVersion, kind);
      }
    }
  }
  return {
    find: (group, version, kind) => exact.get(`${group}/${version}/${kind}`),
    preferred: (group, kind) => preferred.get(`${group}/${kind}`),
    all: () => all,
    failures,
  };
}
