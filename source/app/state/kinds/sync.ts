import {syncPanes} from '../layout.ts';
import {choose, settle, step} from '../lists/list.ts';
import {replaceScreen} from '../screen-stack.ts';
import {runningRow, type SyncScreen, shownRun, syncRows, syncText} from '../screens/sync-screen.ts';
import type {AppState} from '../state.ts';
import type {ScreenKind} from './kind.ts';

/** A sync, object by object. */
export const sync: ScreenKind<SyncScreen> = {
  rows: rowsOf,
  above: () => 2,
  move(state, screen, by) {
    const {keys, height} = rowsOf(state);
    return replaceScreen(state, {...screen, following: false, list: step(screen.list, by, keys, height)});
  },
  choose(state, screen, key) {
    const {keys, height} = rowsOf(state);
    const index = keys.indexOf(key);
    if (index < 0) return state;
    return replaceScreen(state, {
      ...screen,
      following: false,
      list: choose(screen.list, index, keys, height),
    });
  },
  settle(state, screen) {
    const run = shownRun(state);
    const {keys, height} = rowsOf(state);
    const at = run !== undefined && screen.following ? runningRow(run, syncRows(run)) : -1;
    const list = at < 0 ? settle(screen.list, keys, height) : choose(screen.list, at, keys, height);
    const isSame =
      list.key === screen.list.key && list.top === screen.list.top && list.index === screen.list.index;
    return isSame ? state : replaceScreen(state, {...screen, list});
  },
  reduce: (state, screen, action) =>
    action.type === 'sync-follow' ? replaceScreen(state, {...screen, following: !screen.following}) : state,
  // It is told as it goes; what is left is planned anew by a command that may change things.
  refresh: state => state,
  copyable(state) {
    const run = shownRun(state);
    return run === undefined ? null : syncText(run);
  },
};

function rowsOf(state: AppState): {keys: string[]; height: number} {
  const run = shownRun(state);
  const keys = run === undefined ? [] : syncRows(run).map(({key}) => key);
  return {keys, height: Math.max(1, syncPanes(state.size).list - 2)};
}
