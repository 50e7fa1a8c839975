import {goTo} from '../go-to.ts';
import {versionsHeight} from '../layout.ts';
import {refreshPromotion, withPromotionAnswer, withPromotionFailure} from '../screens/promotion-actions.ts';
import {
  chosenVersion,
  shownVersions,
  type VersionsScreen,
  versionKeys,
  versionList,
} from '../screens/versions-screen.ts';
import {currentEnvironment} from '../state.ts';
import {flat} from './flat.ts';
import type {ScreenKind} from './kind.ts';

/** Which version of each application is in which environment. */
export const versions: ScreenKind<VersionsScreen> = {
  listing: flat(
    versionList,
    (_state, screen) => shownVersions(screen),
    versionsHeight,
    'the same everywhere',
  ),
  rows: (state, screen) => ({keys: versionKeys(screen), height: versionsHeight(state)}),
  above: () => 3,
  enter(state) {
    const known = currentEnvironment(state);
    return known === undefined ? state : goTo(state, known.environment.name);
  },
  refresh: refreshPromotion,
  answered: (state, _screen, _call, answer) => withPromotionAnswer(state, answer),
  failed: (state, _screen, call, problem) => withPromotionFailure(state, call, problem),
  uncovered: refreshPromotion,
  gitMoved: refreshPromotion,
  copyable: (_state, screen) => chosenVersion(screen).cell?.image ?? null,
};
