import {isObject, type Json, type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import type {ClusterEvent} from './types.ts';

/**
 * An event of core/v1 or of events.k8s.io/v1: the same objects under two names of their fields. Which times and counts
 * count is as `kubectl events` has it: a series' own, else the old stamps, else the time of the event.
 * https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/events/events.go (eventTime)
 * https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/events/event_printer.go (getInterval)
 */
export function eventOf(object: JsonObject): Omit<ClusterEvent, 'relation'> {
  const metadata = objectAt(object, 'metadata');
  const isNew = isObject(object['regarding']);
  const about = objectAt(object, isNew ? 'regarding' : 'involvedObject');
  const series = objectAt(object, 'series');
  const source = objectAt(object, isNew ? 'deprecatedSource' : 'source');
  const old = (name: string) => stringAt(object, isNew ? `deprecated${name}` : lowered(name));
  const happened = stringAt(object, 'eventTime');
  const created = stringAt(metadata, 'creationTimestamp');
  const count = counted(series['count']) ?? counted(object[isNew ? 'deprecatedCount' : 'count']) ?? 1;
  return {
    uid: stringAt(metadata, 'uid') ?? `${stringAt(metadata, 'namespace')}/${stringAt(metadata, 'name')}`,
    type: stringAt(object, 'type') ?? '',
    reason: stringAt(object, 'reason') ?? '',
    message: (stringAt(object, isNew ? 'note' : 'message') ?? '').trim(),
    about: {
      kind: stringAt(about, 'kind') ?? '',
      namespace: stringAt(about, 'namespace') ?? '',
      name: stringAt(about, 'name') ?? '',
      uid: stringAt(about, 'uid') ?? '',
      field: stringAt(about, 'fieldPath') ?? '',
    },
    source:
      stringAt(source, 'component') ||
      stringAt(object, isNew ? 'reportingController' : 'reportingComponent') ||
      '',
    count,
    first: happened ?? old('FirstTimestamp') ?? created ?? null,
    last: stringAt(series, 'lastObservedTime') ?? old('LastTimestamp') ?? happened ?? created ?? null,
  };
}

/** Newest first; those of one time as they were made, the later one first. */
export function byTime(a: ClusterEvent, b: ClusterEvent): number {
  return timeOf(b) - timeOf(a) || (a.uid < b.uid ? 1 : a.uid > b.uid ? -1 : 0);
}

function timeOf({last}: ClusterEvent): number {
  const time = last === null ? Number.NaN : Date.parse(last);
  return Number.isNaN(time) ? 0 : time;
}

function counted(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
