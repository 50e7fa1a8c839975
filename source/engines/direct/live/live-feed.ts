import {ClusterError, type WatchEvent} from '../../../cluster/types.ts';
import {type FollowedCluster, keyOfPlace, type LivePlace, type Place} from './live-place.ts';

/** A watch, which is a connection of its own that stays open, and the places that it keeps up to date. */
export class LiveFeed {
  /** What it watches; holds all of its members. */
  readonly scope: Place;
  readonly key: string;
  readonly members = new Set<LivePlace>();
  readonly #controller = new AbortController();
  #version: string;

  constructor(scope: Place, version: string) {
    this.scope = scope;
    this.key = keyOfPlace(scope);
    this.#version = version;
  }

  /** Everything up to this version was told. */
  get version(): string {
    return this.#version;
  }

  /** Begins; `ended` hears of an end by itself, and how many ms it lasted. */
  start(cluster: FollowedCluster, ended: (error: ClusterError, lastedMs: number) => void): void {
    const {kind, namespace, labelSelector, name} = this.scope;
    const {signal} = this.#controller;
    const events = cluster.watch?.(kind, {
      ...(kind.namespaced && namespace !== undefined ? {namespace} : {}),
      ...(labelSelector === undefined ? {} : {labelSelector}),
      ...(name === undefined ? {} : {name}),
      resourceVersion: this.#version,
      signal,
    });
    const began = Date.now();
    const run = async () => {
      for await (const event of events ?? []) {
        if (signal.aborted) return;
        this.#pass(event);
      }
    };
    run().catch((error: unknown) => {
      if (signal.aborted) return;
      ended(
        error instanceof ClusterError ? error : new ClusterError('server', String(error), {cause: error}),
        Date.now() - began,
      );
    });
  }

  join(place: LivePlace): void {
    place.feed?.leave(place);
    place.feed = this;
    this.members.add(place);
  }

  leave(place: LivePlace): void {
    if (place.feed === this) place.feed = undefined;
    this.members.delete(place);
  }

  end(): void {
    this.#controller.abort();
    for (const place of this.members) this.leave(place);
  }

  #pass(event: WatchEvent): void {
    this.#version = event.resourceVersion;
    for (const place of this.members) place.take(event);
  }
}

/** True where a watch of the scope tells all that happens in the place. */
export function covers(scope: Place, {namespace, labelSelector, name}: Place): boolean {
  if (scope.namespace !== undefined && scope.namespace !== namespace) return false;
  const isSelective = scope.labelSelector !== undefined || scope.name !== undefined;
  return !isSelective || (scope.labelSelector === labelSelector && scope.name === name);
}
