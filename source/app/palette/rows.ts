import {candidatesOf} from '../keys/arguments.ts';
import {type Command, placeOf} from '../keys/command.ts';
import {type CommandLine, commandLineOf} from '../keys/command-line.ts';
import {keymapOf} from '../keys/keymap.ts';
import {type Place, placeTitles} from '../keys/places.ts';
import {argumentsRefused, refusal} from '../keys/run-command.ts';
import {type AppState, currentScreen} from '../state/state.ts';
import {fuzzyMatch} from './fuzzy.ts';

/** A row of the palette: a command, or something that its argument can be. */
export interface PaletteRow {
  readonly command: Command;
  /** The whole line that this row stands for. */
  readonly line: string;
  /** The command's word, or the argument. */
  readonly label: string;
  /** Which characters of the label were typed. */
  readonly matched: readonly number[];
  readonly words: string;
  /** Why it can't be run here and now, as a sentence without its stop; null where it can. */
  readonly refused: string | null;
}

// Who has more to choose from types more.
const mostRows = 200;

/** What fits the line that is being typed, best first. */
export function paletteRows(state: AppState, text: string): readonly PaletteRow[] {
  const line = commandLineOf(state, text);
  const {command, current} = line;
  return command === undefined || current === null
    ? commandRows(state, line.word === '' ? '' : text.trim())
    : argumentRows(state, command, line, current);
}

/** The places whose commands can be run: what is in front, and the screen behind a text that hides it. */
export function openPlaces(state: AppState): readonly Place[] {
  const front = placeOf(state);
  return front === 'overlay' && state.dialog === null ? [front, currentScreen(state).id] : [front];
}

/** Why a command can't be run from the palette, its arguments aside; null where it can. */
export function paletteRefusal(state: AppState, command: Command): string | null {
  const places = openPlaces(state);
  if (command.places.some(place => places.includes(place))) return refusal(state, command, {});
  const [first, ...more] = command.places.map(place =>
    placeTitles[place].replace(/^\p{Lu}/u, upper => upper.toLowerCase()),
  );
  if (first === undefined) return 'it is for no screen';
  return more.length === 0 ? `only ${first}` : `not here: ${first}, ${more[0]}${more.length > 1 ? '…' : ''}`;
}

function commandRows(state: AppState, typed: string): PaletteRow[] {
  const places = openPlaces(state);
  const rows: {row: PaletteRow; score: number; order: number}[] = [];
  for (const [order, command] of keymapOf(state.preferences).commands.entries()) {
    // It is open; and what texts and dialogs have is nothing to a screen.
    if (command.id === 'palette' || !isWorthShowing(command, places)) continue;
    const byId = fuzzyMatch(typed, command.id);
    // One that is found by its words alone is a guess.
    const byWords = typed.length < 2 ? null : fuzzyMatch(typed, command.words);
    const score = Math.max(
      byId === null ? Number.NEGATIVE_INFINITY : byId.score + (command.id === typed ? 1000 : 0),
      byWords === null ? Number.NEGATIVE_INFINITY : byWords.score / 2,
    );
    if (score === Number.NEGATIVE_INFINITY) continue;
    const refused = paletteRefusal(state, command);
    const row = {
      command,
      line: command.id,
      label: command.id,
      matched: byId?.at ?? [],
      words: command.words,
      refused,
    };
    // What can be run comes first, unless another is clearly what was typed.
    const standing = (refused === null ? 12 : 0) + (command.section === 'Move' ? -6 : 0);
    rows.push({row, score: score + standing, order});
  }
  return rows.sort((a, b) => b.score - a.score || a.order - b.order).map(({row}) => row);
}

function isWorthShowing(command: Command, places: readonly Place[]): boolean {
  return command.places.some(place => places.includes(place) || (place !== 'dialog' && place !== 'overlay'));
}

function argumentRows(
  state: AppState,
  command: Command,
  {args, word}: CommandLine,
  {argument, text}: NonNullable<CommandLine['current']>,
): PaletteRow[] {
  const known = candidatesOf(state, argument);
  const before = (command.args ?? []).slice(0, command.args?.indexOf(argument));
  const start = [word, ...before.map(({name}) => args[name] ?? '')].join(' ');
  const refusedHere = paletteRefusal(state, command);
  const rowOf = (value: string, matched: readonly number[], words: string): PaletteRow => ({
    command,
    line: value === '' ? start : `${start} ${value}`,
    label: value === '' ? command.id : value,
    matched,
    words,
    refused: refusedHere,
  });
  const itself = rowOf(text, [], command.words);
  const fitting = known
    .map((candidate, order) => ({candidate, order, match: fuzzyMatch(text, candidate.value)}))
    .filter(({match}) => match !== null)
    .sort((a, b) => (b.match?.score ?? 0) - (a.match?.score ?? 0) || a.order - b.order)
    .slice(0, mostRows)
    .map(({candidate: {value, words}, match}) => rowOf(value, match?.at ?? [], words));
  // Without its argument the command does what its key does.
  if (text === '' && argument.optional) return [itself, ...fitting];
  // What is free to be typed, and what was typed and is unknown, has the line itself as its row.
  const mistake = argumentsRefused(state, command, {...args, [argument.name]: text});
  return fitting.length > 0 ? fitting : [{...itself, refused: refusedHere ?? mistake}];
}
