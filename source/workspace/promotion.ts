import type {PromotionSession} from '../app/session.ts';
import {promotionChoices} from '../changes/promotion/choices.ts';
import {readMatrix} from '../changes/promotion/read-matrix.ts';
import {desiredTree} from '../engines/direct/history/revision.ts';
import type {Workshop} from './parts.ts';

/** Promotion from one environment to the next, and which versions are where. */
export function promotionPart(shop: Workshop): PromotionSession {
  return {
    promotionChoices: async (environment, from, signal) =>
      promotionChoices(shop.changes(), {environment, from}, signal),

    // As the app shows environments: what is committed here, or in the working tree where that was asked for.
    versions: async signal =>
      readMatrix(
        shop.changes(),
        async environment => desiredTree(shop.repository(), environment, shop.worktree, signal),
        signal,
      ),
  };
}
