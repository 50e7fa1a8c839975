import {choose, settle} from '../lists/list.ts';
import {ask, takeBack} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {chosenEvent, type EventsScreen, eventsRows, targetWords} from '../screens/events-screen.ts';
import {eventsHeight} from '../screens/look-layout.ts';
import type {AppState} from '../state.ts';
import type {ScreenKind} from './kind.ts';

/** What happens to a resource, or in an environment. */
export const events: ScreenKind<EventsScreen> = {
  rows: (state, screen) => ({keys: keysOf(screen), height: eventsHeight(state)}),
  settle(state, screen) {
    const keys = keysOf(screen);
    // Who looks at events comes for the newest: the choice stays there until it is moved.
    const list =
      screen.list.key === null && keys.length > 0
        ? choose(screen.list, firstOf(screen), keys, eventsHeight(state))
        : settle(screen.list, keys, eventsHeight(state));
    return list === screen.list ? state : replaceScreen(state, {...screen, list});
  },
  back(state, screen) {
    return screen.query === '' ? null : replaceScreen(state, {...screen, query: ''});
  },
  refresh: (state, screen) => askEvents(replaceScreen(state, {...screen, seen: null, failure: null}), screen),
  uncovered: (state, screen) => askEvents(state, screen),
  news(state, screen, news) {
    const seen = news.flatMap(one => (one.of === 'events' ? [one.event] : [])).at(-1);
    return seen === undefined ? state : replaceScreen(state, {...screen, seen, failure: null});
  },
  failed: (state, screen, call, problem) =>
    call.name === 'followEvents' ? replaceScreen(state, {...screen, failure: problem}) : state,
  reduce(state, screen, action) {
    if (action.type === 'look-warnings') return replaceScreen(state, {...screen, warnings: !screen.warnings});
    if (action.type !== 'look-typing') return state;
    const query = action.query ?? screen.query;
    return replaceScreen(state, {...screen, typing: action.typing, query});
  },
  copyable(_state, screen) {
    const row = chosenEvent(screen);
    switch (row?.kind) {
      case 'event':
        return row.event.message;
      case 'condition':
        return row.condition.message || row.condition.type;
      case 'pod':
        return row.pod.name;
      default:
        return targetWords(screen.target);
    }
  },
};

/** Follows what the screen shows, anew. */
export function askEvents(state: AppState, {environment, target}: EventsScreen): AppState {
  const left = takeBack(state, ({call}) => call.name === 'followEvents');
  return ask(left, 'screen', {name: 'followEvents', environment, target});
}

function keysOf(screen: EventsScreen): string[] {
  return eventsRows(screen).map(({key}) => key);
}

/** The first row that is not as it should be, else the newest event. */
function firstOf(screen: EventsScreen): number {
  const rows = eventsRows(screen);
  const bad = rows.findIndex(row => row.kind === 'condition' && row.condition.good === false);
  return Math.max(0, bad >= 0 ? bad : rows.findIndex(row => row.kind === 'event'));
}
