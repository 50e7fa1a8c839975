import type {Preferences} from '../../preferences/types.ts';
import {type Span, span} from '../text/line.ts';

type KeyOf = (preferences: Preferences, id: string) => string;

// Told by keymap.ts: the commands are made of the state, which for its texts is not to be made of them.
let known: KeyOf = (_, id) => `:${id}`;

/** Says how to find the key of a command; whoever knows the commands does, once. */
export function tellKeys(keyOf: KeyOf): void {
  known = keyOf;
}

/** The key of a command as a text names it: the user's own where there is one, `:name` where there is none. */
export function keyWord({preferences}: {readonly preferences: Preferences}, id: string): string {
  return known(preferences, id);
}

/** The same, to stand out in a line. */
export function keySpan(state: {readonly preferences: Preferences}, id: string): Span {
  return span(keyWord(state, id), 'strong');
}
