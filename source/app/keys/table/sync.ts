import {isAllWell} from '../../state/screens/sync-run.ts';
import {shownRun, syncToShow} from '../../state/screens/sync-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../../state/state.ts';
import type {Command} from '../command.ts';
import {keyWord} from '../key-words.ts';
import {screens} from '../places.ts';

const look = {section: 'Look', danger: null} as const;

/** What the keys of a running sync do, and the one that shows it. */
export const syncCommands: readonly Command[] = [
  {
    ...look,
    id: 'sync-stop',
    keys: ['x'],
    words: 'stop the sync after the writes that are under way',
    hint: 'stop',
    places: ['sync'],
    enabled: canStop,
    run: state => ({type: 'sync-stop', environment: shownRun(state)?.environment ?? null}),
  },
  {
    id: 'sync-again',
    keys: ['r'],
    words: 'plan what is left anew',
    hint: 'plan again',
    section: 'Act',
    danger: 'sync',
    places: ['sync'],
    enabled: canPlanAgain,
    run: () => ({type: 'open-sync'}),
  },
  {
    ...look,
    id: 'sync-follow',
    keys: ['f'],
    words: 'keep the choice on what runs, or where it is',
    hint: state => (shownRun(state)?.end === null ? 'follow' : null),
    places: ['sync'],
    enabled: state => (shownRun(state)?.end === null ? true : 'it is over'),
    run: () => ({type: 'sync-follow'}),
  },
  {
    ...look,
    id: 'sync-show',
    keys: ['w'],
    words: 'watch the sync that runs, or what became of the last one',
    places: screens.filter(id => id !== 'sync' && id !== 'logs'),
    enabled: state => (wanted(state) === undefined ? 'nothing was synced in this session yet' : true),
    run: state => ({type: 'sync-show', environment: wanted(state)?.environment ?? ''}),
  },
];

function wanted(state: AppState) {
  const named =
    currentScreen(state).id === 'overview' ? undefined : currentEnvironment(state)?.environment.name;
  return syncToShow(state, named ?? currentEnvironment(state)?.environment.name);
}

function canStop(state: AppState): true | string {
  const run = shownRun(state);
  if (run === undefined || run.end !== null) return 'it is over';
  return run.stopping ? 'it stops already: a write that is under way is waited for' : true;
}

function canPlanAgain(state: AppState): true | string {
  const run = shownRun(state);
  if (run === undefined || run.end === null) return `it runs; ${keyWord(state, 'sync-stop')} stops it`;
  return isAllWell(run) ? 'all of it is done' : true;
}
