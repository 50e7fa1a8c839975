import type {ConnectedCluster, KindCatalog} from '../cluster/types.ts';
import {identityOf, type ResourceId} from '../resources/identity.ts';
import type {Kind} from '../resources/kind.ts';
import {objectSeen} from './conditions.ts';
import {byTime, eventOf} from './event.ts';
import {type Followed, followList, uidOf} from './follow-list.ts';
import {type Family, followFamily} from './follow-pods.ts';
import {Gathered} from './gathered.ts';
import {isNamedAfter} from './owners.ts';
import {podSeen} from './pods.ts';
import type {ClusterEvent, EventsSeen, LookTarget} from './types.ts';

/** More events than this nobody reads; the newest are kept. */
const mostEvents = 2_000;
const gatherMs = 100;

/**
 * Tells the conditions of an object and the events of it and of all that it owns, and each change, until the signal ends
 * it. With namespaces: all that happens in them. Trouble is part of what is told; rejects where the cluster can't be asked
 * at all.
 */
export async function followEvents(
  cluster: ConnectedCluster,
  target: LookTarget,
  signal: AbortSignal,
  tell: (seen: EventsSeen) => void,
): Promise<void> {
  const catalog = await cluster.kinds({signal});
  let family: Family | null = null;
  const read = new Map<string, Followed>();
  const namespaces = target.of === 'namespaces' ? target.namespaces : namespacesOf(target.id);
  const gathered = new Gathered(gatherMs, signal, () => tell(eventsSeen(target, family, [...read.values()])));
  const kind = eventKind(catalog);
  const both: Promise<void>[] = [];
  if (kind === undefined) throw new Error('the cluster serves no events');
  for (const namespace of namespaces) {
    both.push(
      followEventsIn(cluster, catalog, kind, namespace, signal, followed => {
        read.set(namespace, followed);
        gathered.later();
      }),
    );
  }
  if (target.of === 'resource') {
    both.push(
      followFamily(cluster, target, signal, seen => {
        family = seen;
        gathered.later();
      }),
    );
  }
  try {
    await Promise.all(both);
  } finally {
    gathered.end();
  }
}

/**
 * Events of core/v1 hold those of events.k8s.io/v1 as well: both are one store under two names. Who may only read the one
 * reads that.
 */
async function followEventsIn(
  cluster: ConnectedCluster,
  catalog: KindCatalog,
  kind: Kind,
  namespace: string,
  signal: AbortSignal,
  tell: (followed: Followed) => void,
): Promise<void> {
  const other = catalog.find('events.k8s.io', 'v1', 'Event');
  let chosen = kind;
  if (kind.group === '' && other !== undefined) {
    const may = async (group: string) =>
      cluster.allowed({verb: 'list', group, resource: 'events', namespace}, signal).catch(() => true);
    if (!(await may('')) && (await may('events.k8s.io'))) chosen = other;
  }
  await followList(cluster, chosen, {namespace}, signal, tell);
}

function eventKind(catalog: KindCatalog): Kind | undefined {
  return catalog.find('', 'v1', 'Event') ?? catalog.find('events.k8s.io', 'v1', 'Event');
}

/** Where the events of an object are: of a cluster-scoped one in `default`, of a namespace in itself as well. */
function namespacesOf(id: ResourceId): readonly string[] {
  if (id.namespace !== '') return [id.namespace];
  return id.group === '' && id.kind === 'Namespace' ? [...new Set(['default', id.name])] : ['default'];
}

/** What there is to be seen, put together. Pure. */
export function eventsSeen(target: LookTarget, family: Family | null, read: readonly Followed[]): EventsSeen {
  const relate = target.of === 'namespaces' ? () => 'namespace' as const : relationTo(target.id, family);
  const events: ClusterEvent[] = [];
  for (const {items} of read) {
    for (const item of items.values()) {
      const event = eventOf(item);
      const relation = relate(event.about);
      if (relation !== null) events.push({...event, relation});
    }
  }
  events.sort(byTime);
  return {
    object: family?.object ? objectSeen(family.object) : null,
    isMissing: family?.isKnown === true && family.object === null,
    pods: (family?.pods ?? []).map(podSeen).sort((a, b) => (a.name < b.name ? -1 : 1)),
    events: events.slice(0, mostEvents),
    left: Math.max(0, events.length - mostEvents),
    problems: [...(family?.problems ?? []), ...read.flatMap(({problem}) => problem ?? [])],
    isRead:
      read.length > 0 && read.every(({isRead}) => isRead) && (target.of !== 'resource' || family !== null),
  };
}

type About = ClusterEvent['about'];

function relationTo(
  id: ResourceId,
  family: Family | null,
): (about: About) => ClusterEvent['relation'] | null {
  const own = family?.object ? uidOf(family.object) : null;
  const pods = new Set((family?.pods ?? []).map(uidOf));
  const owners: ResourceId[] = [id];
  for (const object of family?.owned.values() ?? []) if (object !== null) owners.push(identityOf(object));
  const isWholeNamespace = id.group === '' && id.kind === 'Namespace';
  return about => {
    const isNamed = about.kind === id.kind && about.name === id.name && isSamePlace(about, id);
    if (isNamed) return about.uid === '' || own === null || about.uid === own ? 'itself' : 'former';
    if (isWholeNamespace && about.namespace === id.name) return 'namespace';
    if (about.namespace !== id.namespace) return null;
    if (pods.has(about.uid) || family?.owned.has(about.uid)) return 'owned';
    // A Pod that is gone has no owner any more that could be asked: its name tells.
    return owners.some(owner => isNamedAfter(owner, about)) ? 'owned' : null;
  };
}

function isSamePlace(about: About, id: ResourceId): boolean {
  // Events about cluster-scoped objects name no namespace, or `default`.
  return id.namespace === ''
    ? about.namespace === '' || about.namespace === 'default'
    : about.namespace === id.namespace;
}
