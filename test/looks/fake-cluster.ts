import {
  ClusterError,
  type ConnectedCluster,
  type LogOptions,
  type LogRecord,
  type WatchEvent,
} from '../../source/cluster/types.ts';
import {type JsonObject, objectAt, stringAt} from '../../source/resources/json.ts';
import type {Kind} from '../../source/resources/kind.ts';

const kind = (group: string, version: string, name: string, plural: string): Kind => ({
  group,
  version,
  kind: name,
  plural,
  namespaced: true,
  verbs: ['get', 'list', 'watch'],
  subresources: [],
});

const kinds = [
  kind('', 'v1', 'Pod', 'pods'),
  kind('', 'v1', 'Event', 'events'),
  kind('apps', 'v1', 'Deployment', 'deployments'),
  kind('apps', 'v1', 'ReplicaSet', 'replicasets'),
];

/** What the test answers for one reading of a log: lines, then its end, or what broke it. */
export interface Reading {
  pod: string;
  options: LogOptions;
  /** Gives lines to whoever reads. */
  write(...lines: readonly (readonly [time: string, text: string])[]): void;
  end(): void;
  fail(error: unknown): void;
}

/** A cluster of objects in memory, whose logs the test writes as it likes. */
export class FakeCluster {
  readonly readings: Reading[] = [];
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  readonly #watchers = new Set<{plural: string; push: (event: WatchEvent) => void}>();
  #revision = 1;
  /** Throws for what may not be done: `list pods`. */
  readonly forbidden = new Set<string>();

  put(plural: string, object: JsonObject): void {
    const objects = this.#objects.get(plural) ?? new Map<string, JsonObject>();
    this.#objects.set(plural, objects);
    const uid = stringAt(objectAt(object, 'metadata'), 'uid') ?? '';
    const type = objects.has(uid) ? 'MODIFIED' : 'ADDED';
    objects.set(uid, object);
    this.#tell(plural, type, object);
  }

  remove(plural: string, uid: string): void {
    const object = this.#objects.get(plural)?.get(uid);
    if (object === undefined) return;
    this.#objects.get(plural)?.delete(uid);
    this.#tell(plural, 'DELETED', object);
  }

  #tell(plural: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: JsonObject): void {
    const resourceVersion = String(++this.#revision);
    for (const watcher of this.#watchers)
      if (watcher.plural === plural) watcher.push({type, object, resourceVersion});
  }

  get connected(): ConnectedCluster {
    const cluster: Partial<ConnectedCluster> = {
      kinds: async () => ({
        find: (group, version, name) =>
          kinds.find(each => each.group === group && each.version === version && each.kind === name),
        preferred: (group, name) => kinds.find(each => each.group === group && each.kind === name),
        all: () => kinds,
        failures: new Map(),
      }),
      allowed: async () => true,
      list: async ({plural}, {name} = {}) => {
        this.#check(`list ${plural}`);
        const all = [...(this.#objects.get(plural)?.values() ?? [])];
        const items = all.filter(item => name === undefined || objectAt(item, 'metadata')['name'] === name);
        return {items, resourceVersion: String(this.#revision)};
      },
      watch: ({plural}, {name, signal}) => this.#watch(plural, name, signal),
      logs: (_namespace, pod, options) => this.#read(pod, options),
    };
    return cluster as ConnectedCluster;
  }

  #check(what: string): void {
    if (!this.forbidden.has(what)) return;
    throw new ClusterError('forbidden', `you cannot ${what}`, {fix: `ask for the right to ${what}`});
  }

  async *#watch(
    plural: string,
    name: string | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<WatchEvent, never> {
    this.#check(`watch ${plural}`);
    const queue = new Queue<WatchEvent>(signal);
    const watcher = {plural, push: (event: WatchEvent) => queue.push(event)};
    this.#watchers.add(watcher);
    try {
      for (;;) {
        const event = await queue.next();
        if (event === undefined) throw new ClusterError('aborted', 'the watch was aborted');
        if (name === undefined || objectAt(event.object, 'metadata')['name'] === name) yield event;
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  async *#read(pod: string, options: LogOptions): AsyncGenerator<readonly LogRecord[]> {
    this.#check('get pods/log');
    const queue = new Queue<readonly LogRecord[] | {error: unknown}>(options.signal);
    this.readings.push({
      pod,
      options,
      write: (...lines) => queue.push(lines.map(([time, text]) => ({time, text, cut: 0}))),
      end: () => queue.end(),
      fail: error => queue.push({error}),
    });
    for (;;) {
      const next = await queue.next();
      if (next === undefined) return;
      if ('error' in next) throw next.error;
      yield next;
    }
  }
}

class Queue<T> {
  readonly #items: T[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal | undefined) {
    signal?.addEventListener('abort', () => this.end());
  }

  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async next(): Promise<T | undefined> {
    while (this.#items.length === 0 && !this.#ended) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return this.#items.shift();
  }
}
