import {type DiffLine, resourceDiff} from '../../diff/diff-lines.ts';
import {type DiffPair, sideBySide} from '../../diff/side-by-side.ts';
import {diffHeight, environmentPanes} from '../layout.ts';
import type {AppState, EnvironmentScreen} from '../state.ts';
import {chosenRow} from './environment-screen.ts';
import type {TreeRow} from './tree.ts';

/** Columns of a pane from which on two sides of a diff are readable beside one another. */
export const splitFrom = 56;

/** True where the pane shows the diff in two columns: it was asked for, and there is room. */
export function isSplit(state: AppState, screen: EnvironmentScreen): boolean {
  return screen.split && hasRoomToSplit(state);
}

/** True where there is room for a diff in two columns. */
export function hasRoomToSplit(state: AppState): boolean {
  return environmentPanes(state.size).diff.columns - 4 >= splitFrom;
}

/** The gap of the diff that is opened next: the first in sight; null where none is. */
export function gapOf(state: AppState, screen: EnvironmentScreen): number | null {
  const {lines, top} = chosenDiff(state, screen);
  const height = diffHeight(state);
  const inSight = isSplit(state, screen)
    ? sideBySide(lines)
        .slice(top, top + height)
        .map(({left}) => left)
    : lines.slice(top, top + height);
  return inSight.find(item => item?.mark === 'gap')?.at ?? null;
}

/** The screen with a gap of its diff opened. */
export function withGapOpened(state: AppState, screen: EnvironmentScreen, at: number): EnvironmentScreen {
  const {row, top} = chosenDiff(state, screen);
  if (row === undefined || row.kind === 'namespace') return screen;
  const opened = new Set([...(openedIn(screen, row) ?? []), at]);
  return {...screen, diffTop: top, opened: {of: row.id, at: opened}};
}

function openedIn(screen: EnvironmentScreen, row: TreeRow): ReadonlySet<number> | undefined {
  return row.kind !== 'namespace' && screen.opened?.of === row.id ? screen.opened.at : undefined;
}

/** The diff of the chosen row's resource as the pane shows it, and the first visible line. */
export function chosenDiff(
  state: AppState,
  screen: EnvironmentScreen,
): {lines: readonly DiffLine[]; length: number; top: number; row: TreeRow | undefined} {
  const row = chosenRow(state, screen);
  if (row === undefined || row.kind === 'namespace') return {lines: [], length: 0, top: 0, row};
  const lines = resourceDiff(row.resource, screen.context, openedIn(screen, row));
  const pairs = isSplit(state, screen) ? sideBySide(lines) : null;
  const length = pairs?.length ?? lines.length;
  const height = diffHeight(state);
  const last = Math.max(0, length - height);
  if (screen.diffTop !== null) return {lines, length, top: Math.min(screen.diffTop, last), row};
  const path = row.kind === 'field' ? row.field.path : null;
  const at =
    path === null
      ? firstChange(pairs, lines)
      : (pairs?.findIndex(({left, right}) => left?.path === path || right?.path === path) ??
        lines.findIndex(item => item.path === path));
  return {lines, length, top: Math.max(0, Math.min(at - Math.floor(height / 3), last)), row};
}

function firstChange(pairs: readonly DiffPair[] | null, lines: readonly DiffLine[]): number {
  const isChange = (item: DiffLine | null) => item?.mark === '-' || item?.mark === '+';
  const at =
    pairs?.findIndex(({left, right}) => isChange(left) || isChange(right)) ?? lines.findIndex(isChange);
  return Math.max(0, at);
}
