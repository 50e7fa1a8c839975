import {emptyInput, type InputLine, inputOf} from './input-line.ts';
import type {AppState} from './state.ts';

/** The line of commands (`:`) while it is open. */
export interface PaletteState {
  readonly input: InputLine;
  /** The row that the user went to; null where none: then it is the best one. */
  readonly chosen: number | null;
  /** How many lines back in the history; 0 is what is typed. */
  readonly past: number;
  /** What was typed before the history was looked at. */
  readonly typed: string;
}

/** What happens to the palette. */
export type PaletteAction =
  | {type: 'palette-open'; text: string}
  | {type: 'palette-input'; input: InputLine}
  | {type: 'palette-choose'; row: number}
  /** An older (1) or a newer (-1) line of the history. */
  | {type: 'palette-history'; by: 1 | -1}
  /** It is left; `ran` is the line that was run. */
  | {type: 'palette-close'; ran: string | null};

// Nobody goes further back with a key.
const keptLines = 50;

/** The state after something happened to its palette. */
export function reducePalette(state: AppState, action: PaletteAction): AppState {
  switch (action.type) {
    case 'palette-open':
      return {...state, palette: {input: inputOf(action.text), chosen: null, past: 0, typed: ''}};
    case 'palette-close': {
      const {ran} = action;
      if (ran === null) return {...state, palette: null};
      const others = state.paletteHistory.filter(line => line !== ran);
      return {...state, palette: null, paletteHistory: [ran, ...others].slice(0, keptLines)};
    }
    default:
      return state.palette === null
        ? state
        : {...state, palette: changed(state.palette, state.paletteHistory, action)};
  }
}

function changed(
  palette: PaletteState,
  history: readonly string[],
  action: Exclude<PaletteAction, {type: 'palette-open' | 'palette-close'}>,
): PaletteState {
  switch (action.type) {
    case 'palette-input': {
      const isSame = action.input.text === palette.input.text;
      return {...palette, input: action.input, ...(isSame ? {} : {chosen: null, past: 0})};
    }
    case 'palette-choose':
      return {...palette, chosen: action.row};
    case 'palette-history': {
      const past = Math.max(0, Math.min(history.length, palette.past + action.by));
      if (past === palette.past) return palette;
      const typed = palette.past === 0 ? palette.input.text : palette.typed;
      const text = past === 0 ? typed : history[past - 1];
      return {input: text === undefined ? emptyInput : inputOf(text), chosen: null, past, typed};
    }
  }
}
