import type {Action} from '../state/actions.ts';
import {panelRows} from '../state/layout.ts';
import type {AppState, Overlay} from '../state/state.ts';
import {topRow} from '../state/text-overlay.ts';
import type {Look} from '../text/theme.ts';
import {overlaySheet, overlayView} from './content.ts';
import {gapInSight, jumpIn} from './view.ts';

/**
 * An action on the text in front, told what only who draws it knows: how long it is, where a jump leads, which row shows
 * after another way of looking what was the first before.
 */
export function withPlace(state: AppState, overlay: Overlay, action: Action, look: Look): Action {
  switch (action.type) {
    case 'move':
      return {
        ...action,
        length: overlayView(state, overlay, look, overlaySheet(state, overlay, look)).length,
      };
    case 'text-jump':
    case 'text-gap': {
      const sheet = overlaySheet(state, overlay, look);
      const view = overlayView(state, overlay, look, sheet);
      const at = {top: topRow(state, view.length), height: panelRows(state)};
      if (action.type === 'text-gap') return {...action, at: gapInSight(sheet, view, at.top, at.height)};
      return {...action, to: jumpIn(sheet, view, overlay.view ?? {}, {...at, jump: action.jump})};
    }
    case 'text-view': {
      if (action.change.wrap === undefined) return action;
      const sheet = overlaySheet(state, overlay, look);
      const before = overlayView(state, overlay, look, sheet);
      const line = before.lineAt(topRow(state, before.length));
      const changed: Overlay = {...overlay, view: {...overlay.view, ...action.change}};
      return {...action, top: overlayView(state, changed, look, sheet).rowOf(line)};
    }
    default:
      return action;
  }
}
