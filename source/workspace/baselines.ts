import type {BaselineSession} from '../app/session.ts';
import {makeBaseline, planBaseline} from '../changes/baseline.ts';
import {checkObjectId} from '../repository/git.ts';
import {withLabels} from '../repository/revert/conflicts.ts';
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
      const args = ['cat-file', 'blob', checkObjectId(conflict.blob)];
      const merged = await shop.repository().git.bytes(args, {signal});
      const text = conflict.deleted
        ? merged
        : Buffer.from(withLabels(merged.toString('utf8'), conflict.undone));
      return new Resolutions().open(conflict, text);
    },
  };
}
