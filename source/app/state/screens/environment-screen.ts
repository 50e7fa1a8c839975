import type {ResourceDrift} from '../../../drift/types.ts';
import type {identityKey} from '../../../resources/identity.ts';
import type {ListAction, TreeAction} from '../actions.ts';
import {inputOf} from '../input-line.ts';
import {choose, chosenIndex, type Step, scroll, settle, step} from '../lists/list.ts';
import {nextStop} from '../lists/list-keys.ts';
import {freshView} from '../lists/listing.ts';
import {
  type AppState,
  currentScreen,
  type EnvironmentScreen,
  environmentNamed,
  resourcesOf,
} from '../state.ts';
import {foldableKeys, idOf, isDriftStop, parentKey, resourceKeyOf, type TreeRow, treeRows} from './tree.ts';

/** A fresh screen of an environment. */
export function environmentScreen(name: string): EnvironmentScreen {
  return {
    id: 'environment',
    environment: name,
    ...freshView,
    driftOnly: true,
    folded: new Set(),
    pane: 'tree',
    diffTop: null,
    split: false,
    context: 3,
  };
}

/** The rows of the screen's tree. */
export function rowsOf(state: AppState, screen: EnvironmentScreen): readonly TreeRow[] {
  return treeRows(resourcesOf(environmentNamed(state, screen.environment)), screen);
}

/** The chosen row; undefined in an empty tree. */
export function chosenRow(state: AppState, screen: EnvironmentScreen): TreeRow | undefined {
  const rows = rowsOf(state, screen);
  return rows[chosenIndex(screen.list, keysOf(rows))];
}

/** Moves in the tree, or through the diff where that has the focus. */
export function moveTree(
  screen: EnvironmentScreen,
  rows: readonly TreeRow[],
  by: Step,
  heights: {tree: number; diff: number},
  diff: {length: number; top: number},
): EnvironmentScreen {
  if (screen.pane === 'diff') return {...screen, diffTop: scroll(diff.top, by, diff.length, heights.diff)};
  return {...screen, list: step(screen.list, by, keysOf(rows), heights.tree), diffTop: null};
}

/** The screen with its selection on its object again after the rows changed. */
export function settleTree(
  screen: EnvironmentScreen,
  rows: readonly TreeRow[],
  height: number,
): EnvironmentScreen {
  const keys = keysOf(rows);
  if (screen.list.key === null && rows.length > 0) {
    // Who opens an environment comes for what drifted.
    const {wanted} = screen.list;
    const list = choose(screen.list, Math.max(0, rows.findIndex(isDriftStop)), keys, height);
    return {...screen, list: wanted === undefined ? list : settle({...list, wanted}, keys, height)};
  }
  // The common case is that nothing moved.
  const isThere = keys[screen.list.index] === screen.list.key;
  if (!isThere && screen.list.key !== null && !keys.includes(screen.list.key)) {
    // A field that is in sync again: stay on its resource where that is still here.
    const index = keys.indexOf(resourceKeyOf(screen.list.key) ?? '');
    if (index >= 0) return {...screen, list: choose(screen.list, index, keys, height)};
  }
  const list = settle(screen.list, keys, height);
  return list === screen.list ? screen : {...screen, list};
}

/** The screen after one of its keys. */
export function reduceTree(
  screen: EnvironmentScreen,
  rows: readonly TreeRow[],
  action: TreeAction,
  height: number,
): EnvironmentScreen {
  const keys = keysOf(rows);
  const index = chosenIndex(screen.list, keys);
  const row = rows[index];
  switch (action.type) {
    case 'fold':
      return row === undefined ? screen : fold(screen, row, keys, action.open, height);
    case 'fold-all':
      // Folding shows the namespaces only; unfolding shows all.
      return {
        ...screen,
        folded: action.open ? new Set() : new Set([...screen.folded, ...foldableKeys(rows)]),
      };
    case 'pane':
      return {...screen, pane: screen.pane === 'tree' ? 'diff' : 'tree'};
    case 'split':
      return {...screen, split: !screen.split};
    case 'context':
      return {...screen, context: Math.max(0, Math.min(1000, nextContext(screen.context, action.by)))};
  }
}

/** The screen after one of the keys that all lists have. */
export function reduceTreeView(
  screen: EnvironmentScreen,
  rows: readonly TreeRow[],
  action: Exclude<ListAction, {type: 'sort'}>,
  height: number,
): EnvironmentScreen {
  const keys = keysOf(rows);
  const index = chosenIndex(screen.list, keys);
  const row = rows[index];
  switch (action.type) {
    case 'next-drift': {
      const next = nextStop(rows, index, action.by, isDriftStop);
      return next < 0 ? screen : {...screen, diffTop: null, list: choose(screen.list, next, keys, height)};
    }
    case 'mark':
      return row === undefined ? screen : mark(screen, rows, index);
    case 'range':
      if (row === undefined) return screen;
      return screen.rangeFrom === null ? {...screen, rangeFrom: row.key} : mark(screen, rows, index);
    case 'mark-all':
      return markAll(screen, rows);
    case 'drift-only':
      return {...screen, driftOnly: !screen.driftOnly};
    case 'filter':
      return {...screen, typing: inputOf(screen.filter), pane: 'tree'};
    case 'filter-type':
      return {...screen, typing: action.line, filter: action.line.text};
    case 'filter-done':
      return {...screen, typing: null};
    case 'filter-clear':
      return {...screen, typing: null, filter: ''};
  }
}

/** How many of the marked resources no row shows now, because of the filter or a fold. */
export function hiddenResources(
  screen: EnvironmentScreen,
  rows: readonly TreeRow[],
  known: Parameters<typeof markedKeys>[1],
): number {
  const marked = markedKeys(screen, known);
  if (marked === null) return 0;
  const shown = rows.filter(row => row.kind === 'resource' && screen.marked.has(row.id));
  return marked.length - shown.length;
}

/** Keys of the resources that a sync is for: the marked ones; null for all that drifted. */
export function markedKeys(
  screen: EnvironmentScreen,
  known: readonly {id: Parameters<typeof identityKey>[0]}[],
): readonly string[] | null {
  if (screen.marked.size === 0) return null;
  const cached = markedCache.get(screen.marked);
  if (cached?.known === known) return cached.keys;
  const here = known.map(idOf).filter(key => screen.marked.has(key));
  const keys = here.length === 0 ? null : here;
  markedCache.set(screen.marked, {known, keys});
  return keys;
}

// The footer asks for each frame.
const markedCache = new WeakMap<
  ReadonlySet<string>,
  {known: readonly object[]; keys: readonly string[] | null}
>();

function fold(
  screen: EnvironmentScreen,
  row: TreeRow,
  keys: readonly string[],
  open: boolean,
  height: number,
): EnvironmentScreen {
  const foldable = foldableKeys([row]).length > 0;
  const folded = screen.folded.has(row.key);
  if (open) {
    if (!folded) return screen;
    return {...screen, folded: new Set([...screen.folded].filter(key => key !== row.key))};
  }
  if (foldable && !folded) return {...screen, folded: new Set([...screen.folded, row.key])};
  // What can't be folded (further) leads to the row above it.
  const parent = keys.indexOf(parentKey(row) ?? '');
  return parent < 0 ? screen : {...screen, list: choose(screen.list, parent, keys, height), diffTop: null};
}

function mark(screen: EnvironmentScreen, rows: readonly TreeRow[], index: number): EnvironmentScreen {
  const from = rows.findIndex(({key}) => key === screen.rangeFrom);
  const inRange =
    screen.rangeFrom === null || from < 0 ? rows.slice(index, index + 1) : between(rows, from, index);
  const ids = inRange.flatMap(row => idsUnder(rows, row));
  const marked = new Set(screen.marked);
  // A range adds; one row goes back and forth.
  const off = screen.rangeFrom === null && ids.every(id => marked.has(id));
  for (const id of ids) {
    if (off) marked.delete(id);
    else marked.add(id);
  }
  return {...screen, marked, rangeFrom: null};
}

function markAll(screen: EnvironmentScreen, rows: readonly TreeRow[]): EnvironmentScreen {
  const ids = rows.flatMap(row =>
    row.kind === 'resource' && row.resource.status !== 'Synced' ? [row.id] : [],
  );
  const allMarked = ids.every(id => screen.marked.has(id));
  return {...screen, rangeFrom: null, marked: allMarked ? new Set() : new Set([...screen.marked, ...ids])};
}

function idsUnder(rows: readonly TreeRow[], row: TreeRow): string[] {
  if (row.kind !== 'namespace') return [row.id];
  return rows.flatMap(other =>
    other.kind === 'resource' && other.resource.id.namespace === row.namespace ? [other.id] : [],
  );
}

function between(rows: readonly TreeRow[], a: number, b: number): readonly TreeRow[] {
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1);
}

function nextContext(context: number, by: 1 | -1): number {
  const steps = [0, 1, 3, 6, 12, 1000];
  const at = steps.findIndex(size => size >= context);
  return steps[Math.max(0, Math.min(steps.length - 1, at + by))] ?? 3;
}

const keyCache = new WeakMap<readonly TreeRow[], readonly string[]>();

/** The keys of rows, made once for a list of rows. */
export function keysOf(rows: readonly TreeRow[]): readonly string[] {
  let keys = keyCache.get(rows);
  if (keys === undefined) {
    keys = rows.map(({key}) => key);
    keyCache.set(rows, keys);
  }
  return keys;
}

/** The resources that have a row of the shown tree, with its key. */
export function treeResources(
  state: AppState,
): {key: string; id: ResourceDrift['id']; status: ResourceDrift['status']}[] {
  const screen = currentScreen(state);
  if (screen.id !== 'environment') return [];
  return rowsOf(state, screen).flatMap(row =>
    row.kind === 'resource' ? [{key: row.key, id: row.resource.id, status: row.resource.status}] : [],
  );
}
