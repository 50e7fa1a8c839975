import type {ClusterEvent, Condition, EventsSeen, LookTarget, PodSeen} from '../../../looks/types.ts';
import {formatIdentity} from '../../../resources/identity.ts';
import type {Problem} from '../../../resources/problem.ts';
import type {InputLine} from '../input-line.ts';
import {Finder} from '../lists/filter.ts';
import {chosenIndex, emptyList, type ListState} from '../lists/list.ts';

/** What happens to a resource, or in an environment. */
export interface EventsScreen {
  readonly id: 'events';
  readonly environment: string;
  readonly target: LookTarget;
  readonly list: ListState;
  /** Null until something was told. */
  readonly seen: EventsSeen | null;
  /** Why nothing is told any more. */
  readonly failure: Problem | null;
  /** Only rows that hold this; '' for all. */
  readonly query: string;
  readonly typing: InputLine | null;
  /** Only what is not as it should be. */
  readonly warnings: boolean;
}

export type EventsRow =
  | {readonly kind: 'condition'; readonly key: string; readonly condition: Condition}
  | {readonly kind: 'pod'; readonly key: string; readonly pod: PodSeen}
  | {readonly kind: 'event'; readonly key: string; readonly event: ClusterEvent};

export function eventsScreen(environment: string, target: LookTarget): EventsScreen {
  return {
    id: 'events',
    environment,
    target,
    list: emptyList,
    seen: null,
    failure: null,
    query: '',
    typing: null,
    warnings: false,
  };
}

/** What the screen is of, in words. */
export function targetWords(target: LookTarget): string {
  return target.of === 'resource' ? formatIdentity(target.id) : target.namespaces.join(', ');
}

/** What the filter looks in, as in every list: `reason:BackOff`, `!Normal`. */
const finder = new Finder<EventsRow>({
  type: row => (row.kind === 'event' ? row.event.type : row.kind === 'condition' ? row.condition.status : ''),
  reason: row =>
    row.kind === 'event'
      ? row.event.reason
      : row.kind === 'condition'
        ? row.condition.reason
        : row.pod.status,
  kind: row => (row.kind === 'event' ? row.event.about.kind : row.kind === 'pod' ? 'Pod' : ''),
  name: row =>
    row.kind === 'event' ? row.event.about.name : row.kind === 'pod' ? row.pod.name : row.condition.type,
  message: row =>
    row.kind === 'event' ? row.event.message : row.kind === 'condition' ? row.condition.message : '',
  by: row => (row.kind === 'event' ? row.event.source : ''),
});

const known = new WeakMap<EventsSeen, {query: string; warnings: boolean; rows: readonly EventsRow[]}>();

/** The rows that are shown: conditions, pods, events. */
export function eventsRows({seen, query, warnings}: EventsScreen): readonly EventsRow[] {
  if (seen === null) return [];
  const before = known.get(seen);
  if (before?.query === query && before.warnings === warnings) return before.rows;
  const all: EventsRow[] = [
    ...(seen.object?.conditions ?? []).map(
      (condition): EventsRow => ({kind: 'condition', key: `condition ${condition.type}`, condition}),
    ),
    ...seen.pods.map((pod): EventsRow => ({kind: 'pod', key: `pod ${pod.uid}`, pod})),
    ...seen.events.map((event): EventsRow => ({kind: 'event', key: `event ${event.uid}`, event})),
  ];
  const test = finder.test(query);
  const rows = all.filter(row => (!warnings || isWarning(row)) && (test === null || test(row)));
  known.set(seen, {query, warnings, rows});
  return rows;
}

/** True for a row that says that something is not as it should be. */
export function isWarning(row: EventsRow): boolean {
  switch (row.kind) {
    case 'condition':
      return row.condition.good === false || row.condition.stale;
    case 'pod':
      return !isWell(row.pod);
    case 'event':
      return row.event.type !== 'Normal';
  }
}

/** True for a pod that runs as a whole, or has done what it was for. */
export function isWell({status, ready, total}: PodSeen): boolean {
  return status === 'Completed' || status === 'Succeeded' || (status === 'Running' && ready === total);
}

/** The chosen row; undefined where there is none. */
export function chosenEvent(screen: EventsScreen): EventsRow | undefined {
  const rows = eventsRows(screen);
  return rows[
    chosenIndex(
      screen.list,
      rows.map(({key}) => key),
    )
  ];
}
