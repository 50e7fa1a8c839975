import {type DiffLine, resourceDiff} from '../diff/diff-lines.ts';
import {type DiffPair, sideBySide} from '../diff/side-by-side.ts';
import {chosenRow} from './environment-screen.ts';
import {diffHeight} from './layout.ts';
import type {AppState, EnvironmentScreen} from './state.ts';
import type {TreeRow} from './tree.ts';

/** The diff of the chosen row's resource as the pane shows it, and the first visible line. */
export function chosenDiff(
  state: AppState,
  screen: EnvironmentScreen,
): {lines: readonly DiffLine[]; length: number; top: number; row: TreeRow | undefined} {
  const row = chosenRow(state, screen);
  if (row === undefined || row.kind === 'namespace') return {lines: [], length: 0, top: 0, row};
  const lines = resourceDiff(row.resource, screen.context);
  const pairs = screen.split ? sideBySide(lines) : null;
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
