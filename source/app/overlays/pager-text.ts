import type {AppState, Overlay} from '../state/state.ts';
import {currentScreen} from '../state/state.ts';
import {wholeRow} from '../text/cell.ts';
import {drawn, type Look} from '../text/theme.ts';
import {overlaySheet} from './content.ts';

/** The text at hand in full: the one in front, in an environment the chosen resource's diff; null where there is none. */
export function textAtHand(state: AppState): Overlay | null {
  if (state.overlay !== null) return state.overlay;
  return currentScreen(state).id === 'environment' ? {id: 'diff', top: 0} : null;
}

/** The text at hand for a pager: all of its lines, none cut or left out, in the colours of the screen. */
export function pagerText(state: AppState, overlay: Overlay, look: Look): string {
  const whole: Overlay = {...overlay, view: {context: Number.POSITIVE_INFINITY}};
  const sheet = overlaySheet(state, whole, look);
  const lines = [sheet.title, []];
  for (let index = 0; index < sheet.length; index += 1) lines.push(wholeRow(sheet.cells(index)));
  return `${lines.map(line => drawn(line, look)).join('\n')}\n`;
}
