import type {Action} from '../state/actions.ts';
import {editLine, type InputLine, insertText} from '../state/input-line.ts';
import {shown} from '../state/screen-kinds.ts';
import type {AppState} from '../state/state.ts';

/** The line in which the filter of a list is typed; null where none is. */
export function filterField(state: AppState): InputLine | null {
  if (state.overlay !== null || state.dialog !== null) return null;
  const {screen} = shown(state);
  return 'typing' in screen ? screen.typing : null;
}

/** Names of the fields that the filter of the shown list knows: `kind`, `ns`. */
export function filterFields(state: AppState): readonly string[] {
  return shown(state).kind.listing?.fields ?? [];
}

/** What a key does while it is typed: the list follows at once; enter keeps it, esc forgets it, the arrows move in the list. */
export function typeFilter(typing: InputLine, key: string): readonly Action[] {
  switch (key) {
    case 'enter':
      return [{type: 'filter-done'}];
    case 'esc':
      return [{type: 'filter-clear'}];
    case 'up':
    case 'down':
      return [{type: 'move', by: key === 'up' ? -1 : 1}];
    case 'pgup':
    case 'pgdn':
      return [{type: 'move', by: key === 'pgup' ? 'page-up' : 'page-down'}];
    default: {
      const line = editLine(typing, key);
      return line === null ? [] : [{type: 'filter-type', line}];
    }
  }
}

/** What pasted text does to it. */
export function pasteFilter(typing: InputLine, text: string): readonly Action[] {
  return [{type: 'filter-type', line: insertText(typing, text)}];
}
