import type {Cluster, KindCatalog} from '../../../cluster/types.ts';
import {identityKey, identityOf, type ResourceId} from '../../../resources/identity.ts';
import {type JsonObject, objectAt} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {inPool} from '../pool.ts';
import {type ReleaseBooks, type ReleaseName, readRelease, releaseOf} from './helm-releases.ts';
import {protectedBy} from './prune-protection.ts';
import type {Tracker} from './trackers.ts';

/** What is known of an environment when its Helm releases are looked for. */
export interface ReleasesInput {
  cluster: Pick<Cluster, 'list'>;
  catalog: KindCatalog;
  /** The live objects of what git has. */
  live: readonly JsonObject[];
  /** Their identity keys, and those of what else git has. */
  wanted: ReadonlySet<string>;
  /** Whether releases are to be read anew: in a burst of changes they are not, as long as their objects are the same. */
  anew: boolean;
}

const parallel = 8;

/**
 * Finds the Helm releases that deploy the environment, as trackers: those that its live objects say they are of, and of
 * whose objects git has at least half.
 */
export class HelmTracking {
  readonly #known = new Map<string, {live: string; books: ReleaseBooks}>();

  /** Throws only when aborted. */
  async find(input: ReleasesInput, signal: AbortSignal): Promise<{trackers: Tracker[]; problems: Problem[]}> {
    const {catalog, live, wanted} = input;
    const marked = Map.groupBy(
      live.flatMap(object => {
        const release = releaseOf(object);
        return release === undefined ? [] : [{release, object}];
      }),
      ({release}) => wordsFor(release),
    );
    for (const key of this.#known.keys()) if (!marked.has(key)) this.#known.delete(key);
    const trackers: Tracker[] = [];
    const problems: Problem[] = [];
    const warn = (message: string) => problems.push({severity: 'warning', message});
    await inPool([...marked], parallel, async ([words, items]) => {
      const release = items[0]?.release;
      if (release === undefined) return;
      const objects = items.map(({object}) => object);
      const books = await this.#books(words, release, objects, input, signal);
      if ('unknown' in books) {
        // Its marks tell it for the environment that it is most of; of a stray object of it they tell nothing.
        if (items.length * 2 <= live.length) return;
        warn(
          `what Helm release ${words} holds can't be known (${books.unknown}): of what git no longer has, only what ` +
            'is listed anyhow and bears its marks is told',
        );
        trackers.push(trackerOf(release, null, catalog));
        return;
      }
      const keys = books.holds.map(id => keyOf(id, catalog));
      const inGit = keys.filter(key => wanted.has(key)).length;
      if (inGit * 2 >= keys.length) trackers.push(trackerOf(release, books.holds, catalog));
      else if (items.length === live.length) {
        warn(
          `Helm release ${words} has ${keys.length} objects, of which git has ${inGit}: whether the others are left ` +
            "over can't be told",
        );
      }
    });
    return {trackers, problems};
  }

  async #books(
    words: string,
    release: ReleaseName,
    objects: readonly JsonObject[],
    {cluster, catalog, anew}: ReleasesInput,
    signal: AbortSignal,
  ): Promise<ReleaseBooks> {
    const live = objects.map(generationOf).sort().join(' ');
    const known = this.#known.get(words);
    if (!anew && known?.live === live) return known.books;
    const books = await readRelease(cluster, catalog, release, signal);
    // What was in the way may be gone the next time.
    if ('holds' in books) this.#known.set(words, {live, books});
    else this.#known.delete(words);
    return books;
  }
}

function trackerOf(release: ReleaseName, holds: readonly ResourceId[] | null, catalog: KindCatalog): Tracker {
  const words = wordsFor(release);
  const books = holds === null ? null : new Set(holds.map(id => keyOf(id, catalog)));
  return {
    tool: 'Helm',
    listed: holds ?? [],
    rules: [],
    notes(live) {
      const own = releaseOf(live);
      // Without Helm's mark somebody else took it over.
      if (own === undefined || wordsFor(own) !== words) return null;
      if (books === null) return [`bears the marks of Helm release ${words}, whose own record can't be read`];
      if (!books.has(identityKey(identityOf(live)))) return null;
      const mark = protectedBy(live);
      return [
        `held by Helm release ${words}`,
        mark?.startsWith('helm.sh/') === true
          ? `Helm would keep it: ${mark}`
          : 'Helm would delete it in an upgrade to what git says',
      ];
    },
  };
}

// A manifest may name a namespace for what has none, and none for what has one.
function keyOf(id: ResourceId, catalog: KindCatalog): string {
  const kind = catalog.preferred(id.group, id.kind);
  return identityKey(kind?.namespaced === false ? {...id, namespace: ''} : id);
}

function wordsFor({namespace, name}: ReleaseName): string {
  return `${namespace}/${name}`;
}

function generationOf(object: JsonObject): string {
  const {uid, generation} = objectAt(object, 'metadata');
  return `${String(uid)}/${String(generation)}`;
}
