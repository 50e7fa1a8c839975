import type {HealthRule} from '../health/health.ts';
import type {ResourceId} from '../resources/identity.ts';
import {type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import type {SourceLocation} from '../resources/problem.ts';
import type {Mask} from '../secrets/mask.ts';
import type {PreparedDesired} from './normalise.ts';
import {shownObject} from './secrets.ts';
import type {ResourceDrift} from './types.ts';

interface Subject {
  id: ResourceId;
  version: string;
  source: SourceLocation | null;
  notes?: readonly string[];
}

/** In git and not live, by a complete list or a get that said 404. A manifest that can't be applied is Unknown. */
export function missing(subject: Subject & {prepared: PreparedDesired; mask: Mask}): ResourceDrift {
  const {prepared, mask} = subject;
  return {
    ...common(subject),
    status: prepared.error === null ? 'Missing' : 'Unknown',
    health: 'Missing',
    error: prepared.error,
    desired: shownObject(prepared.object, mask),
  };
}

/** Live, recorded as applied from git, and no longer in git. */
export function extra(
  subject: Subject & {live: JsonObject; mask: Mask; healthOf: HealthRule},
): ResourceDrift {
  const {live, mask, healthOf} = subject;
  const {status, message} = healthOf(live);
  const since = stringAt(objectAt(live, 'metadata'), 'deletionTimestamp');
  const notes = [...(subject.notes ?? []), ...(since === undefined ? [] : [`terminating since ${since}`])];
  return {
    ...common({...subject, notes}),
    status: 'Extra',
    health: status,
    healthMessage: message,
    live: shownObject(live, mask),
  };
}

/**
 * What could not be decided, and why: a denied read (trap 51), an API that is down (53), a manifest that names no object
 * (43, 44). Never counted as Synced.
 */
export function unknown(
  subject: Subject & {reason: string; desired?: JsonObject | null; live?: JsonObject | null; mask: Mask},
): ResourceDrift {
  const {desired = null, live = null, mask, reason} = subject;
  return {
    ...common(subject),
    status: 'Unknown',
    verdict: 'local',
    error: reason,
    desired: desired === null ? null : shownObject(desired, mask),
    live: live === null ? null : shownObject(live, mask),
  };
}

function common({id, version, source, notes = []}: Subject): ResourceDrift {
  return {
    id,
    version,
    status: 'Unknown',
    health: 'Unknown',
    healthMessage: '',
    verdict: 'server',
    source,
    fields: [],
    hidden: [],
    notes: [...notes],
    error: null,
    desired: null,
    live: null,
  };
}
