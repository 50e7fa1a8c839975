import {promotionHeight, promotionPanes} from '../layout.ts';
import {reduceView} from '../lists/list-keys.ts';
import {refreshPromotion, withPromotionAnswer, withPromotionFailure} from '../screens/promotion-actions.ts';
import {
  chosenPromotion,
  markPromotion,
  type PromotionScreen,
  promotionKeys,
  promotionList,
  promotionRules,
  shownPromotion,
} from '../screens/promotion-screen.ts';
import type {ScreenKind} from './kind.ts';

/** What an environment could get from another one. */
export const promotion: ScreenKind<PromotionScreen> = {
  listing: {
    fields: promotionList.fields,
    shown: (_state, screen) => shownPromotion(screen),
    nextOrder: sort => promotionList.nextOrder(sort),
    canMark(_state, screen) {
      const row = chosenPromotion(screen);
      if (row === undefined) return 'there is nothing to mark';
      return row.kind === 'item' && row.item.refused !== null ? row.item.refused : true;
    },
    passes: 'an environment’s own',
    reduce(state, screen, action) {
      const isHeading = action.type === 'mark' && screen.rangeFrom === null;
      return isHeading
        ? markPromotion(screen)
        : reduceView(screen, promotionRules, shownPromotion(screen), action, promotionHeight(state));
    },
  },
  rows: (state, screen) => ({keys: promotionKeys(screen), height: promotionHeight(state)}),
  above: state => promotionPanes(state.size).list - promotionHeight(state),
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
