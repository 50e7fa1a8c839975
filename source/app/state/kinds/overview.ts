import {goTo} from '../go-to.ts';
import {inspect} from '../inspections.ts';
import {overviewRows} from '../layout.ts';
import {nextSort, shownNames} from '../overview-order.ts';
import {replaceScreen} from '../screens.ts';
import {currentEnvironment, type OverviewScreen} from '../state.ts';
import type {ScreenKind} from './kind.ts';

/** All environments. */
export const overview: ScreenKind<OverviewScreen> = {
  rows: state => ({keys: shownNames(state), height: overviewRows(state)}),
  enter(state) {
    const known = currentEnvironment(state);
    return known === undefined ? state : goTo(state, known.environment.name);
  },
  refresh: state =>
    state.environments.reduce((next, {environment}) => inspect(next, environment.name, false), state),
  reduce: (state, screen, action) =>
    action.type === 'sort' ? replaceScreen(state, {...screen, sort: nextSort(screen.sort)}) : state,
  copyable: state => state.session?.demoHint ?? currentEnvironment(state)?.environment.name ?? null,
};
