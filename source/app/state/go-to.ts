import {inspect} from './inspections.ts';
import {overviewRows} from './layout.ts';
import {choose} from './lists/list.ts';
import {shownNames} from './lists/overview-order.ts';
import {isWaiting, takeBack} from './requests.ts';
import {environmentScreen} from './screens/environment-screen.ts';
import {type AppState, environmentNamed} from './state.ts';

/** The state with an environment's screen in front of the overview, chosen there too; asked for where nothing is known of it. */
export function goTo(state: AppState, name: string): AppState {
  const [overview] = state.screens;
  const names = shownNames(state);
  const list = choose(overview.list, names.indexOf(name), names, overviewRows(state));
  const left = takeBack(state, ({owner}) => owner === 'screen');
  const gone: AppState = {...left, screens: [{...overview, list}, environmentScreen(name)]};
  const known = environmentNamed(state, name);
  const asked = isWaiting(state, call => call.name === 'inspect' && call.environment === name);
  return known?.report === null && !asked ? inspect(gone, name, false) : gone;
}
