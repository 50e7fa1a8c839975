import {
  ClusterError,
  type DeleteOptions,
  type WatchEvent,
  type WatchOptions,
} from '../../source/cluster/types.ts';
import {identityOf} from '../../source/resources/identity.ts';
import {type JsonObject, objectAt, stringAt} from '../../source/resources/json.ts';
import type {Kind} from '../../source/resources/kind.ts';
import {FakeCluster, usualKinds} from './fake-cluster.ts';

interface Watch {
  kind: Kind;
  options: WatchOptions;
  events: (WatchEvent | ClusterError)[];
  wake: () => void;
}

/** The cluster in memory, with watches that a test can deny, end and break. */
export class WatchedCluster extends FakeCluster {
  readonly #watches = new Set<Watch>();
  /** What happened, to be told again to a watch that begins further back. */
  readonly #past: WatchEvent[] = [];

  constructor(kinds: readonly Kind[] = usualKinds) {
    super(kinds.map(kind => ({...kind, verbs: [...kind.verbs, 'watch']})));
  }

  /** How many watches are open. */
  get watches(): number {
    return this.#watches.size;
  }

  override async seed(object: JsonObject, manager?: string, operation?: 'Apply' | 'Update'): Promise<void> {
    const {kind, namespace, name} = identityOf(object);
    const apiVersion = stringAt(object, 'apiVersion') ?? '';
    const before = this.peek(apiVersion, kind, namespace, name);
    await super.seed(object, manager, operation);
    const after = this.peek(apiVersion, kind, namespace, name);
    if (after !== undefined) this.#tell(before === undefined ? 'ADDED' : 'MODIFIED', after);
  }

  override async delete(kind: Kind, namespace: string, name: string, options?: DeleteOptions): Promise<void> {
    const group = kind.group === '' ? '' : `${kind.group}/`;
    const before = this.peek(`${group}${kind.version}`, kind.kind, kind.namespaced ? namespace : '', name);
    await super.delete(kind, namespace, name, options);
    if (before === undefined) return;
    // As etcd does: a deletion is a version of its own.
    const metadata = {...objectAt(before, 'metadata'), resourceVersion: this.version};
    this.#tell('DELETED', {...before, metadata});
  }

  /** Ends every watch with an error: 'expired' is a 410. */
  end(error: ClusterError): void {
    for (const watch of this.#watches) {
      watch.events.push(error);
      watch.wake();
    }
  }

  async *watch(kind: Kind, options: WatchOptions): AsyncGenerator<WatchEvent, never> {
    const request = `watch ${kind.kind} ${options.namespace ?? '*'}${options.name === undefined ? '' : ` ${options.name}`}`;
    this.requests.push(request);
    const refusal = this.refuse(request);
    if (refusal !== undefined) throw refusal;
    const isMissed = (event: WatchEvent) =>
      Number(event.resourceVersion) > Number.parseInt(options.resourceVersion, 10);
    const watch: Watch = {kind, options, events: [], wake: () => {}};
    watch.events.push(...this.#past.filter(event => isMissed(event) && isWatched(watch, event.object)));
    this.#watches.add(watch);
    const aborted = () => watch.wake();
    options.signal?.addEventListener('abort', aborted);
    try {
      for (;;) {
        const event = watch.events.shift();
        if (event instanceof ClusterError) throw event;
        if (event !== undefined) yield event;
        else if (options.signal?.aborted) throw new ClusterError('aborted', 'the watch was ended');
        else await new Promise<void>(resolve => (watch.wake = resolve));
      }
    } finally {
      this.#watches.delete(watch);
      options.signal?.removeEventListener('abort', aborted);
    }
  }

  #tell(type: WatchEvent['type'], object: JsonObject): void {
    const resourceVersion = stringAt(objectAt(object, 'metadata'), 'resourceVersion') ?? '';
    const event = {type, object, resourceVersion};
    this.#past.push(event);
    for (const watch of this.#watches) {
      if (!isWatched(watch, object)) continue;
      watch.events.push(event);
      watch.wake();
    }
  }
}

function isWatched({kind: wanted, options}: Watch, object: JsonObject): boolean {
  const {group, kind, namespace, name} = identityOf(object);
  if (wanted.group !== group || wanted.kind !== kind) return false;
  if (options.namespace !== undefined && options.namespace !== namespace) return false;
  if (options.name !== undefined && options.name !== name) return false;
  const [label = '', value] = options.labelSelector?.split('=') ?? [];
  return label === '' || objectAt(objectAt(object, 'metadata'), 'labels')[label] === value;
}
