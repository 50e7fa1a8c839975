import {placeOf, textField} from '../app/keys/command.ts';
import {type AppState, currentScreen} from '../app/state/state.ts';
import {howTo} from './answer.ts';
import type {DialogText} from './dialog-text.ts';

/** Where we are: `overview`, `staging`, `revisions staging`. */
export function placeName(state: AppState): string {
  const screen = currentScreen(state);
  const environment = 'environment' in screen ? screen.environment : null;
  if (screen.id === 'environment') return screen.environment;
  return `${screen.id}${environment === null ? '' : ` ${environment}`}`;
}

/** What is asked at the moment, in the words of the prompt. */
export function promptWords(state: AppState, asked: DialogText | null): string {
  if (placeOf(state) !== 'dialog') return placeName(state);
  if (textField(state) !== null) return 'the new text, or nothing to leave it';
  if (state.dialog?.stage.at === 'running') return 'it runs, stop stops it';
  // Why it can't be done was printed; a prompt is read again and again.
  if (asked?.asks.is === 'consent' && asked.asks.blocked !== null)
    return 'an option may help, an empty line or no cancels';
  const how = howTo(asked?.asks);
  return `${how.charAt(0).toLowerCase()}${how.slice(1).replace(/\.$/, '')}`;
}
