import {takeBack} from './requests.ts';
import type {AppState, Screen} from './state.ts';

/** The state with another screen in front. What the one below waited for is taken back: its answer would meet another screen. */
export function pushScreen(state: AppState, screen: Screen): AppState {
  const left = takeBack(state, ({owner}) => owner === 'screen');
  const [first, ...rest] = left.screens;
  return {...left, screens: [first, ...rest, screen]};
}

/** The state with another one in place of the screen that is shown. */
export function replaceScreen(state: AppState, screen: Screen): AppState {
  const [first, ...others] = state.screens;
  if (screen.id === 'overview') return {...state, screens: [screen, ...others]};
  return {...state, screens: [first, ...others.slice(0, -1), screen]};
}
