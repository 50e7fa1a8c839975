import {stringifyJson} from '../../../resources/json.ts';
import {ask, takeBack} from '../requests.ts';
import {pushScreen, replaceScreen} from '../screen-stack.ts';
import {
  chosenFieldRow,
  type FieldScreen,
  fieldRows,
  fieldScreen,
  withFieldNews,
} from '../screens/field-screen.ts';
import {fieldHeight} from '../screens/look-layout.ts';
import {askRevisions, revisionsScreen} from '../screens/revisions-screen.ts';
import type {AppState} from '../state.ts';
import type {ScreenKind} from './kind.ts';

/** A field of a resource, and the history of both its sides. */
export const field: ScreenKind<FieldScreen> = {
  rows: (state, screen) => ({keys: fieldRows(screen).map(({key}) => key), height: fieldHeight(state)}),
  enter(state, screen) {
    const row = chosenFieldRow(screen);
    if (row?.kind !== 'commit') return state;
    // The log of the folder from that commit on.
    const revisions = {...revisionsScreen(screen.environment), tip: row.commit.sha};
    return askRevisions(pushScreen(state, revisions), revisions);
  },
  refresh(state, screen) {
    const fresh = {...fieldScreen(screen.environment, screen.question, screen.path), list: screen.list};
    return askField(replaceScreen(state, fresh), fresh);
  },
  uncovered(state, screen) {
    // What was told to its end stays; what was taken back when it was covered is asked again.
    if (screen.walked !== null || screen.failure !== null) return state;
    return askField(replaceScreen(state, {...screen, commits: []}), screen);
  },
  news(state, screen, news) {
    let next = screen;
    for (const one of news) if (one.of === 'field') next = withFieldNews(next, one.event);
    return next === screen ? state : replaceScreen(state, next);
  },
  failed: (state, screen, call, problem) =>
    call.name === 'fieldDetail' ? replaceScreen(state, {...screen, failure: problem}) : state,
  copyable(_state, screen) {
    const row = chosenFieldRow(screen);
    if (row?.kind === 'commit') return row.commit.sha;
    if (row?.kind === 'owner') return row.owner.manager;
    if (row?.kind !== 'side' || row.side === null || !('value' in row.side)) return screen.path;
    const {value} = row.side;
    return typeof value === 'string' ? value : stringifyJson(value);
  },
};

/** Asks for what the screen shows, anew. */
export function askField(state: AppState, {environment, question}: FieldScreen): AppState {
  const left = takeBack(state, ({call}) => call.name === 'fieldDetail');
  return ask(left, 'screen', {name: 'fieldDetail', environment, question});
}
