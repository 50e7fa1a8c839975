import {keysOf, rowsOf} from '../state/environment-screen.ts';
import {imageKeys} from '../state/images-screen.ts';
import {chosenIndex} from '../state/list.ts';
import {shownNames} from '../state/overview-order.ts';
import {promotionKeys} from '../state/promotion-screen.ts';
import {pullRequestKeys} from '../state/pull-requests-screen.ts';
import {revisionKeys} from '../state/revisions-screen.ts';
import {type AppState, currentScreen} from '../state/state.ts';
import {versionKeys} from '../state/versions-screen.ts';

/** Where the choice is in the list that is shown: `3/7`; '' where there is none. */
export function positionOf(state: AppState): string {
  if (state.overlay !== null || state.dialog !== null) return '';
  const screen = currentScreen(state);
  const keys =
    screen.id === 'overview'
      ? shownNames(state)
      : screen.id === 'environment'
        ? keysOf(rowsOf(state, screen))
        : screen.id === 'pull-requests'
          ? pullRequestKeys(state, screen)
          : screen.id === 'images'
            ? imageKeys(screen)
            : screen.id === 'promotion'
              ? promotionKeys(screen)
              : screen.id === 'versions'
                ? versionKeys(screen)
                : revisionKeys(screen);
  const more = screen.id === 'revisions' && screen.more ? '+' : '';
  return keys.length === 0 ? '' : `${chosenIndex(screen.list, keys) + 1}/${keys.length}${more}`;
}
