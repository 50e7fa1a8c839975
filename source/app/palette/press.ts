import {placeOf} from '../keys/command.ts';
import {commandLineOf} from '../keys/command-line.ts';
import {type Dispatched, nothing, runCommand, said} from '../keys/run-command.ts';
import type {Action} from '../state/actions.ts';
import {editLine, inputOf} from '../state/input-line.ts';
import type {PaletteState} from '../state/palette.ts';
import type {AppState} from '../state/state.ts';
import {type PaletteRow, paletteRefusal, paletteRows} from './rows.ts';

/** What a key does while the palette is open: it is typed, chooses, completes, runs or leaves. */
export function pressInPalette(state: AppState, palette: PaletteState, key: string, now: number): Dispatched {
  const rows = () => paletteRows(state, palette.input.text);
  const does = (action: Action): Dispatched => ({actions: [{type: 'hush'}, action], outside: null});
  switch (key) {
    case 'esc':
      return does({type: 'palette-close', ran: null});
    case 'enter':
      return enter(state, palette, rows(), now);
    case 'tab': {
      const row = chosenRow(state, palette, rows()) ?? rows()[0];
      return row === undefined ? nothing : does({type: 'palette-input', input: inputOf(`${row.line} `)});
    }
    case 'up':
    case 'shift-tab':
      if ((palette.chosen ?? 0) === 0) return does({type: 'palette-history', by: 1});
      return does({type: 'palette-choose', row: (palette.chosen ?? 0) - 1});
    case 'down': {
      if (palette.past > 0 && palette.chosen === null) return does({type: 'palette-history', by: -1});
      const isFirst = palette.chosen === null && palette.input.text === '';
      const row = isFirst ? 0 : Math.min((palette.chosen ?? 0) + 1, rows().length - 1);
      return does({type: 'palette-choose', row});
    }
    case 'ctrl-p':
      return does({type: 'palette-history', by: 1});
    case 'ctrl-n':
      return does({type: 'palette-history', by: -1});
    case 'backspace':
      // The way out that everybody tries who came here by mistake.
      if (palette.input.text === '') return does({type: 'palette-close', ran: null});
      break;
    default:
      break;
  }
  const input = editLine(palette.input, key);
  return input === null ? nothing : does({type: 'palette-input', input});
}

/** The row that is marked; none while nothing is typed and nothing chosen: an enter too many runs nothing. */
export function chosenRow(
  state: AppState,
  {input, chosen}: PaletteState,
  rows: readonly PaletteRow[],
): PaletteRow | undefined {
  if (chosen === null && (input.text.trim() === '' || isToBeTyped(state, input.text))) return undefined;
  return rows[Math.min(chosen ?? 0, rows.length - 1)];
}

/** True where the line ends before an argument that there must be. */
function isToBeTyped(state: AppState, text: string): boolean {
  const {current} = commandLineOf(state, text);
  return current !== null && current.text === '' && current.argument.optional !== true;
}

function enter(state: AppState, palette: PaletteState, rows: readonly PaletteRow[], now: number): Dispatched {
  const row = chosenRow(state, palette, rows);
  if (row === undefined) {
    const typed = palette.input.text.trim();
    if (typed === '') return {actions: [{type: 'palette-close', ran: null}], outside: null};
    const {current} = commandLineOf(state, palette.input.text);
    return said(
      current === null
        ? `${typed}: there is no such command`
        : `${typed}: ${current.argument.name} is missing`,
    );
  }
  const {command, args, surplus} = commandLineOf(state, row.line);
  if (command === undefined) return said(`${row.label}: there is no such command`);
  if (surplus !== '') return said(`${command.id}: "${surplus}" is too much`);
  const refused = paletteRefusal(state, command);
  if (refused !== null) return said(`${command.id}: ${refused}`);
  const missing = (command.args ?? []).find(({name, optional}) => !optional && args[name] === undefined);
  if (missing !== undefined)
    return {actions: [{type: 'palette-input', input: inputOf(`${command.id} `)}], outside: null};
  const {actions, outside} = runCommand(state, command, command.id, now, args);
  const [first] = actions;
  // What is refused stays to be mended.
  if (outside === null && actions.length === 1 && first?.type === 'say') return {actions, outside};
  const uncovers: Action[] = command.places.includes(placeOf(state))
    ? []
    : [{type: 'overlay', overlay: null}];
  return {actions: [{type: 'palette-close', ran: row.line}, ...uncovers, ...actions], outside};
}
