import {placeOf} from '../app/keys/command.ts';
import {refusal} from '../app/keys/run-command.ts';
import {shownNames} from '../app/state/lists/overview-order.ts';
import type {AppState} from '../app/state/state.ts';
import {commandsHere, ownWords} from './meaning.ts';

/** What the end of a line could be: a word of a command that can be run here, behind it an environment's name. */
export function completions(state: AppState, text: string): [string[], string] {
  const [, first = '', rest] = /^\s*(\S*)(?:\s+(.*))?$/.exec(text) ?? [];
  if (rest !== undefined) {
    const names = placeOf(state) === 'dialog' ? [] : shownNames(state);
    return [names.filter(name => name.startsWith(rest)), rest];
  }
  const words = [
    ...Object.keys(ownWords),
    ...commandsHere(state)
      .filter(({section}) => section !== 'Move')
      .filter(command => refusal(state, command) === null)
      .map(({id}) => id),
  ];
  return [[...new Set(words)].filter(word => word.startsWith(first)).sort(), first];
}
