import {setTimeout as sleep} from 'node:timers/promises';
import {ClusterError, type ConnectedCluster} from '../cluster/types.ts';
import {type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import type {Kind} from '../resources/kind.ts';
import type {Problem} from '../resources/problem.ts';

/** Objects of a kind as they are now, and what keeps them from being seen. */
export interface Followed {
  /** By uid. */
  readonly items: ReadonlyMap<string, JsonObject>;
  /** False until a list was read. */
  readonly isRead: boolean;
  readonly problem: Problem | null;
}

/** What a list is limited to; see ListOptions. */
export interface Scope {
  namespace?: string;
  labelSelector?: string;
  name?: string;
}

// A cluster that is away, or refuses, is asked again after so long; one that may be listed but not watched as well.
const firstPauseMs = 2_000;
const longestPauseMs = 30_000;
const pollMs = 10_000;
// A watch that expires as soon as it begins is not begun again at once.
const breathMs = 1_000;

/**
 * Tells the objects of a kind and each change of them until the signal ends it, which is when it resolves. Trouble is told,
 * and it is tried again: what was read last stays meanwhile.
 */
export async function followList(
  cluster: ConnectedCluster,
  kind: Kind,
  scope: Scope,
  signal: AbortSignal,
  tell: (followed: Followed) => void,
): Promise<void> {
  const items = new Map<string, JsonObject>();
  let isRead = false;
  let pause = firstPauseMs;
  const say = (problem: Problem | null) => {
    if (!signal.aborted) tell({items, isRead, problem});
  };
  while (!signal.aborted) {
    let read = false;
    try {
      const list = await cluster.list(kind, {...scope, keep: withoutOwners, signal});
      items.clear();
      for (const object of list.items) items.set(uidOf(object), object);
      isRead = true;
      read = true;
      say(null);
      const watch = cluster.watch(kind, {...scope, resourceVersion: list.resourceVersion, signal});
      for await (const {type, object} of watch) {
        pause = firstPauseMs;
        if (type === 'BOOKMARK') continue;
        if (type === 'DELETED') items.delete(uidOf(object));
        else items.set(uidOf(object), withoutOwners(object));
        say(null);
      }
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof ClusterError ? error.reason : undefined;
      // Changes were missed, or there may be no watch: it is read anew, which is no trouble.
      const isPolled = reason === 'expired' || (read && reason === 'forbidden');
      if (!isPolled) say(problemOf(error));
      const ms = reason === 'expired' ? breathMs : isPolled ? pollMs : pause;
      if (!isPolled) pause = Math.min(pause * 2, longestPauseMs);
      await sleep(ms, undefined, {signal}).catch(() => undefined);
    }
  }
}

/** What went wrong, for people. */
export function problemOf(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const fix = error instanceof ClusterError ? error.fix : undefined;
  return {severity: 'error', message, ...(fix === undefined ? {} : {fix})};
}

export function uidOf(object: JsonObject): string {
  const metadata = objectAt(object, 'metadata');
  return stringAt(metadata, 'uid') ?? `${stringAt(metadata, 'namespace')}/${stringAt(metadata, 'name')}`;
}

/** Without the field managers: half of many objects, and nobody looks at them here. */
function withoutOwners(object: JsonObject): JsonObject {
  const {managedFields: _, ...metadata} = objectAt(object, 'metadata');
  return {...object, metadata};
}
