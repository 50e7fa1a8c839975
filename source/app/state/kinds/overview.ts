import {goTo} from '../go-to.ts';
import {inspect} from '../inspections.ts';
import {overviewRows} from '../layout.ts';
import {settle} from '../lists/list.ts';
import {environmentList, shownNames, shownOverview} from '../lists/overview-order.ts';
import {ask} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {currentEnvironment, type OverviewScreen} from '../state.ts';
import {flat} from './flat.ts';
import type {ScreenKind} from './kind.ts';

/** All environments. */
export const overview: ScreenKind<OverviewScreen> = {
  listing: flat(environmentList, shownOverview, overviewRows, 'in sync'),
  rows: state => ({keys: shownNames(state), height: overviewRows(state)}),
  above: () => 3,
  enter(state) {
    const known = currentEnvironment(state);
    return known === undefined ? state : goTo(state, known.environment.name);
  },
  /** What is marked, else all. */
  refresh(state, {marked}) {
    // Without contexts there is nothing to compare with: is there a kubeconfig by now?
    if (state.contextCount === 0) return ask(state, 'app', {name: 'load'});
    const names = state.environments.map(({environment}) => environment.name);
    const here = names.filter(name => marked.has(name));
    return (here.length > 0 ? here : names).reduce((next, name) => inspect(next, name, false), state);
  },
  settle(state, screen) {
    const names = shownNames(state);
    // The keys act on what is chosen: where the filter leaves nothing, nothing is.
    const list =
      names.length === 0 && state.environments.length > 0
        ? {...screen.list, key: null}
        : settle(screen.list, names, overviewRows(state));
    const isSame = list === screen.list || (names.length === 0 && screen.list.key === null);
    return isSame ? state : replaceScreen(state, {...screen, list});
  },
  copyable: state => state.session?.demoHint ?? currentEnvironment(state)?.environment.name ?? null,
};
