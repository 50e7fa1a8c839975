import {type JsonObject, objectAt} from '../../resources/json.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One write, as watches see it. */
export interface Change {
  revision: number;
  type: ChangeType;
  /** The resource that it belongs to: `deployments.apps`. */
  resource: string;
  key: string;
  object: JsonObject;
  /** What stood there before, undefined for a new object. */
  previous: JsonObject | undefined;
}

/** Where an object is kept: `shop/web`, `/shop` for a cluster-scoped one. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

export function withRevision(object: JsonObject, revision: number): JsonObject {
  return {...object, metadata: {...objectAt(object, 'metadata'), resourceVersion: String(revision)}};
}

const kept = 10_000;

/**
 * All objects by resource and `namespace/name`, one counter of revisions for all, and the latest changes, from which
 * watches resume and lists of the past are made. Objects are never changed once they are in here.
 */
export class Store {
  #revision = 1;
  /** Changes up to this revision are forgotten. */
  #compacted = 0;
  #changes: Change[] = [];
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  readonly #watchers = new Set<(change: Change) => void>();

  get revision(): number {
    return this.#revision;
  }

  get compacted(): number {
    return this.#compacted;
  }

  get(resource: string, key: string): JsonObject | undefined {
    return this.#objects.get(resource)?.get(key);
  }

  /** Objects of a resource in the order of their keys. */
  entries(resource: string): [string, JsonObject][] {
    return sorted(this.#objects.get(resource) ?? new Map());
  }

  /** The same as they were at a revision that is not forgotten yet. */
  entriesAt(resource: string, revision: number): [string, JsonObject][] {
    const objects = new Map(this.#objects.get(resource));
    for (let index = this.#changes.length - 1; index >= 0; index--) {
      const change = this.#changes[index];
      if (change === undefined || change.revision <= revision) break;
      if (change.resource !== resource) continue;
      if (change.previous === undefined) objects.delete(change.key);
      else objects.set(change.key, change.previous);
    }
    return sorted(objects);
  }

  /** Names of the resources that have had objects. */
  resources(): string[] {
    return [...this.#objects.keys()];
  }

  /** The next revision, which a write must carry in its object before `put`. */
  next(): number {
    return this.#revision + 1;
  }

  /** Writes an object, whose resourceVersion is `next()`. */
  put(resource: string, key: string, object: JsonObject): void {
    let objects = this.#objects.get(resource);
    if (objects === undefined) {
      objects = new Map();
      this.#objects.set(resource, objects);
    }
    const previous = objects.get(key);
    objects.set(key, object);
    this.#commit({type: previous === undefined ? 'ADDED' : 'MODIFIED', resource, key, object, previous});
  }

  /** Removes an object; `last` is its last state, whose resourceVersion is `next()`. */
  delete(resource: string, key: string, last: JsonObject): void {
    const objects = this.#objects.get(resource);
    const previous = objects?.get(key);
    if (objects === undefined || previous === undefined) return;
    objects.delete(key);
    this.#commit({type: 'DELETED', resource, key, object: last, previous});
  }

  /** Changes after a revision; the caller has compared it with `compacted`. */
  since(revision: number): Change[] {
    return this.#changes.filter(change => change.revision > revision);
  }

  /** Calls back for every change from now on; gives what ends that. */
  watch(callback: (change: Change) => void): () => void {
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  }

  /** Forgets all past changes, as etcd's compaction does every few minutes. */
  compact(): void {
    this.#changes = [];
    this.#compacted = this.#revision;
  }

  #commit(change: Omit<Change, 'revision'>): void {
    this.#revision++;
    const full = {...change, revision: this.#revision};
    this.#changes.push(full);
    if (this.#changes.length > 2 * kept) {
      this.#changes = this.#changes.slice(kept);
      this.#compacted = (this.#changes[0]?.revision ?? 1) - 1;
    }
    for (const watcher of [...this.#watchers]) watcher(full);
  }
}

function sorted(objects: ReadonlyMap<string, JsonObject>): [string, JsonObject][] {
  return [...objects].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
