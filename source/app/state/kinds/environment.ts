import {formatIdentity} from '../../../resources/identity.ts';
import type {Action, TreeAction} from '../actions.ts';
import {inspect} from '../inspections.ts';
import {diffHeight, treeHeight} from '../layout.ts';
import {choose} from '../lists/list.ts';
import {ask} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {chosenDiff, gapOf, withGapOpened} from '../screens/diff-of.ts';
import {
  chosenRow,
  hiddenResources,
  keysOf,
  moveTree,
  reduceTree,
  reduceTreeView,
  rowsOf,
  settleTree,
} from '../screens/environment-screen.ts';
import {openField} from '../screens/open-looks.ts';
import {resourceList} from '../screens/tree.ts';
import {type AppState, type EnvironmentScreen, environmentNamed, resourcesOf} from '../state.ts';
import type {ScreenKind} from './kind.ts';

/** What drifted in one environment. */
export const environment: ScreenKind<EnvironmentScreen> = {
  listing: {
    fields: resourceList.fields,
    shown(state, screen) {
      const {total, order} = resourceList.shown(
        resourcesOf(environmentNamed(state, screen.environment)),
        screen,
      );
      return {keys: keysOf(rowsOf(state, screen)), total, order};
    },
    nextOrder: sort => resourceList.nextOrder(sort),
    canMark: (state, screen) => (chosenRow(state, screen) === undefined ? 'there is nothing to mark' : true),
    passes: 'in sync',
    hidden: (state, screen) =>
      hiddenResources(
        screen,
        rowsOf(state, screen),
        resourcesOf(environmentNamed(state, screen.environment)),
      ),
    reduce: (state, screen, action) =>
      reduceTreeView(screen, rowsOf(state, screen), action, treeHeight(state)),
  },
  rows: (state, screen) => ({keys: keysOf(rowsOf(state, screen)), height: treeHeight(state)}),
  above: () => 2,
  move(state, screen, by) {
    const heights = {tree: treeHeight(state), diff: diffHeight(state)};
    const rows = rowsOf(state, screen);
    return replaceScreen(state, moveTree(screen, rows, by, heights, chosenDiff(state, screen)));
  },
  choose(state, screen, key) {
    const rows = rowsOf(state, screen);
    const index = keysOf(rows).indexOf(key);
    if (index < 0) return state;
    const list = choose(screen.list, index, keysOf(rows), treeHeight(state));
    return replaceScreen(state, {...screen, pane: 'tree', diffTop: null, list});
  },
  enter(state, screen) {
    const row = chosenRow(state, screen);
    if (row === undefined) return state;
    if (screen.pane === 'diff') {
      const gap = gapOf(state, screen);
      if (gap === null) return openField(state);
      return replaceScreen(state, withGapOpened(state, screen, gap));
    }
    // A field opens its diff; what holds others is folded or unfolded.
    const canFold = row.kind === 'namespace' || (row.kind === 'resource' && row.resource.fields.length > 0);
    return reduced(
      state,
      screen,
      canFold ? {type: 'fold', open: screen.folded.has(row.key)} : {type: 'pane'},
    );
  },
  back(state, screen) {
    const isRange = screen.rangeFrom !== null;
    return screen.pane === 'diff' && !isRange ? replaceScreen(state, {...screen, pane: 'tree'}) : null;
  },
  refresh: (state, screen) =>
    // Without contexts there is nothing to compare with: is there a kubeconfig by now?
    state.contextCount === 0 ? ask(state, 'app', {name: 'load'}) : inspect(state, screen.environment, false),
  settle(state, screen) {
    const next = settleTree(screen, rowsOf(state, screen), treeHeight(state));
    return next === screen ? state : replaceScreen(state, next);
  },
  reduce: (state, screen, action) => (isOfTree(action) ? reduced(state, screen, action) : state),
  copyable(state, screen) {
    const row = chosenRow(state, screen);
    if (row === undefined) return null;
    if (row.kind === 'namespace') return row.namespace;
    return row.kind === 'field' ? row.field.path : formatIdentity(row.resource.id);
  },
};

function reduced(state: AppState, screen: EnvironmentScreen, action: TreeAction): AppState {
  return replaceScreen(state, reduceTree(screen, rowsOf(state, screen), action, treeHeight(state)));
}

const treeActions: Record<TreeAction['type'], true> = {
  fold: true,
  'fold-all': true,
  pane: true,
  split: true,
  context: true,
};

function isOfTree(action: Action): action is TreeAction {
  return action.type in treeActions;
}
