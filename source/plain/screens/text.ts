import {type AppState, currentScreen} from '../../app/state/state.ts';
import {endless} from '../words.ts';
import {environmentText} from './environment.ts';
import {genericText} from './generic.ts';
import {overviewText} from './overview.ts';
import type {ShownText} from './shown.ts';
import {syncText} from './sync.ts';
import {versionsText} from './versions.ts';

/** The shown screen in words, all of its rows. */
export function screenText(state: AppState): ShownText {
  const screen = currentScreen(state);
  switch (screen.id) {
    case 'overview':
      return state.loaded && state.environments.length > 0 ? overviewText(state) : generic(state);
    case 'environment':
      return environmentText(state, screen);
    case 'versions':
      return screen.matrix === null ? generic(state) : versionsText(state, screen, generic(state).detail);
    case 'sync':
      return syncText(unfolded(state));
    case 'logs':
      return genericText(unfolded(state), true);
    default:
      return generic(state);
  }
}

function generic(state: AppState): ShownText {
  return genericText(unfolded(state));
}

/** The state on a screen so large that nothing is cut, and nothing is scrolled away. Only for drawing: nothing is asked for it. */
export function unfolded(state: AppState): AppState {
  const {screens} = state;
  const screen = currentScreen(state);
  const [overview] = screens;
  const whole = {...screen, list: {...screen.list, top: 0}};
  return {
    ...state,
    size: {columns: endless, rows: endless},
    dialogTop: 0,
    screens:
      whole.id === 'overview' ? [whole, ...screens.slice(1)] : [overview, ...screens.slice(1, -1), whole],
  };
}
