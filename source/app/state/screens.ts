import type {AppState, Screen} from './state.ts';

/** The state with another screen in front. */
export function pushScreen(state: AppState, screen: Screen): AppState {
  const [first, ...rest] = state.screens;
  return {...state, screens: [first, ...rest, screen]};
}

/** The state with another one in place of the screen that is shown. */
export function replaceScreen(state: AppState, screen: Screen): AppState {
  const [first, ...others] = state.screens;
  if (screen.id === 'overview') return {...state, screens: [screen, ...others]};
  return {...state, screens: [first, ...others.slice(0, -1), screen]};
}
