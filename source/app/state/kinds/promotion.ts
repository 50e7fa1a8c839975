import {promotionHeight} from '../layout.ts';
import {refreshPromotion, withPromotionAnswer, withPromotionFailure} from '../promotion-actions.ts';
import {chosenPromotion, type PromotionScreen, promotionKeys} from '../promotion-screen.ts';
import type {ScreenKind} from './kind.ts';

/** What an environment could get from another one. */
export const promotion: ScreenKind<PromotionScreen> = {
  rows: (state, screen) => ({keys: promotionKeys(screen), height: promotionHeight(state)}),
  refresh: refreshPromotion,
  answered: (state, _screen, _call, answer) => withPromotionAnswer(state, answer),
  failed: (state, _screen, call, problem) => withPromotionFailure(state, call, problem),
  uncovered: refreshPromotion,
  gitMoved: refreshPromotion,
  copyable(_state, screen) {
    const row = chosenPromotion(screen);
    return row?.kind === 'item' ? (row.item.wanted ?? row.item.subject) : null;
  },
};
