import {footerKeys} from '../components/footer.tsx';
import {placeOf} from '../keys/command.ts';
import {positionOf} from '../screens/position.ts';
import {environmentPanes, smallest} from '../state/layout.ts';
import {rowAt} from '../state/screen-kinds.ts';
import {type AppState, currentScreen} from '../state/state.ts';

/** What is at a place of the terminal. */
export type Hit =
  /** A key in the footer. */
  | {readonly at: 'key'; readonly key: string}
  /** A row of the screen's list, by its key. */
  | {readonly at: 'row'; readonly key: string}
  /** A pane of an environment, where it has no row. */
  | {readonly at: 'pane'; readonly pane: 'tree' | 'diff'};

/** What is at a column and a line of the terminal, both from 0; null for nothing that could be pressed. */
export function hitAt(state: AppState, column: number, line: number): Hit | null {
  const {columns, rows} = state.size;
  if (columns < smallest.columns || rows < smallest.rows || line >= rows) return null;
  if (line === rows - 1) {
    const found = footerKeys(state, positionOf(state)).find(
      placed => column >= placed.column && column < placed.column + placed.width,
    );
    return found === undefined ? null : {at: 'key', key: found.key};
  }
  // What is in front hides the rows.
  const place = placeOf(state);
  if (line === 0 || state.palette !== null || place === 'dialog' || place === 'overlay') return null;
  const pane = paneAt(state, column, line);
  const key = pane === 'diff' ? null : rowAt(state, line);
  if (key !== null) return {at: 'row', key};
  return pane === null ? null : {at: 'pane', pane};
}

/** The pane of an environment at a place; null on other screens. */
export function paneAt(state: AppState, column: number, line: number): 'tree' | 'diff' | null {
  if (currentScreen(state).id !== 'environment') return null;
  const {wide, tree} = environmentPanes(state.size);
  return (wide ? column < tree.columns : line - 1 < tree.rows) ? 'tree' : 'diff';
}
