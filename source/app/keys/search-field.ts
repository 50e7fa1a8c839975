import type {Action} from '../state/actions.ts';
import {editLine, type InputLine, insertText} from '../state/input-line.ts';
import type {AppState} from '../state/state.ts';

/** The line in which what is searched for in a text is typed; null where none is. */
export function searchField(state: AppState): InputLine | null {
  return state.overlay?.view?.typing ?? null;
}

/** What a key does while it is typed: the text shows the first match as it grows; enter keeps it, esc forgets it. */
export function typeSearch(typing: InputLine, key: string): readonly Action[] {
  if (key === 'enter') return [{type: 'text-view', change: {typing: null}}];
  if (key === 'esc') return [{type: 'text-view', change: {typing: null, query: '', here: null}}];
  const next = editLine(typing, key);
  return next === null ? [] : searched(next);
}

/** What pasted text does to it. */
export function pasteSearch(typing: InputLine, text: string): readonly Action[] {
  return searched(insertText(typing, text));
}

function searched(typing: InputLine): readonly Action[] {
  return [
    {type: 'text-view', change: {typing, query: typing.text, here: null}},
    {type: 'text-jump', jump: 'first-match'},
  ];
}
