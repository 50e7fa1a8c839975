import type {BaselineSession} from '../app/session.ts';
import {makeBaseline, planBaseline} from '../environments/baseline.ts';
import {checkObjectId} from '../repository/git.ts';
import {Resolutions} from '../repository/revert/resolutions.ts';
import type {Workshop} from './parts.ts';

/** Revisions that are marked as known good, and files of conflicts that are resolved in the editor. */
export function baselinesPart(shop: Workshop): BaselineSession {
  return {
    async planBaseline(request, signal) {
      return planBaseline(shop.changes(), request, signal);
    },
    async makeBaseline(preview, note, confirmed, signal) {
      const allowed = shop.permit('baseline', shop.environment(preview.environment), confirmed);
      return makeBaseline(shop.changes(), preview, note, allowed, signal);
    },
    async conflictFile(conflict, signal) {
      const text = await shop
        .repository()
        .git.bytes(['cat-file', 'blob', checkObjectId(conflict.blob)], {signal});
      return new Resolutions().open(conflict, text);
    },
  };
}
