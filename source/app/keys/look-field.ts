import type {Action} from '../state/actions.ts';
import {editLine, type InputLine, insertText} from '../state/input-line.ts';
import {type AppState, currentScreen} from '../state/state.ts';

/** The line in which events are filtered or logs are searched; null where none is typed. */
export function lookField(state: AppState): InputLine | null {
  if (state.overlay !== null || state.dialog !== null) return null;
  const screen = currentScreen(state);
  return screen.id === 'events' || screen.id === 'logs' ? screen.typing : null;
}

/** What a key does while it is typed: the screen follows as it grows; enter keeps it, esc forgets it. */
export function typeLook(typing: InputLine, key: string): readonly Action[] {
  if (key === 'enter') return [{type: 'look-typing', typing: null}];
  if (key === 'esc') return [{type: 'look-typing', typing: null, query: ''}];
  const next = editLine(typing, key);
  return next === null ? [] : [looked(next)];
}

/** What pasted text does to it. */
export function pasteLook(typing: InputLine, text: string): readonly Action[] {
  return [looked(insertText(typing, text))];
}

function looked(typing: InputLine): Action {
  return {type: 'look-typing', typing, query: typing.text};
}
