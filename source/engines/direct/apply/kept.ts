import type {ExtraObject} from '../inspection.ts';
import {protectedBy} from '../trackers/prune-protection.ts';

/** Why a sync leaves an extra object alone; null where it may delete it. */
export function keptFrom({recorded, trackedBy, live}: ExtraObject): string | null {
  if (trackedBy !== undefined) return `${trackedBy} tracks it: pruning it is left to ${trackedBy}`;
  if (!recorded) return 'no ApplySet records it: delete it by hand where it is not needed';
  const mark = protectedBy(live);
  return mark === null ? null : `kept: ${mark}`;
}
