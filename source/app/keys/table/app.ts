import {isWaiting} from '../../state/requests.ts';
import {runningSyncs} from '../../state/screens/sync-screen.ts';
import type {AppState} from '../../state/state.ts';
import type {Command} from '../command.ts';
import type {LookingAction} from '../danger.ts';
import {everywhere, screens} from '../places.ts';

const base = {section: 'App', danger: null} as const;

/** What concerns the app as a whole. */
export const appCommands: readonly Command[] = [
  {
    ...base,
    id: 'refresh',
    keys: ['r'],
    words: 'look again at what is on the screen',
    hint: 'refresh',
    places: screens.filter(id => id !== 'sync'),
    run: () => ({type: 'refresh'}),
  },
  {
    ...base,
    id: 'fetch',
    keys: ['ctrl-r'],
    words: 'ask the git remote for new commits',
    places: screens,
    enabled: canFetch,
    run: () => ({type: 'fetch'}),
  },
  {
    ...base,
    id: 'problems',
    keys: ['!'],
    words: 'everything that went wrong, in full',
    places: screens.filter(id => id !== 'problems'),
    run: () => ({type: 'problems'}),
  },
  {
    ...base,
    id: 'command-log',
    keys: ['@'],
    words: 'what was really run and asked: git, programs, clusters, forges, registries',
    places: screens.filter(id => id !== 'command-log'),
    run: () => ({type: 'command-log'}),
  },
  {
    ...base,
    id: 'help',
    keys: ['?'],
    words: 'the keys',
    hint: 'help',
    places: [...screens, 'dialog'],
    run: () => ({type: 'overlay', overlay: {id: 'help', top: 0}}),
  },
  {
    ...base,
    id: 'output',
    keys: [],
    words: 'what the command of yours that ran last has printed',
    places: screens,
    enabled: state => (state.program === null ? 'none of your commands has run yet' : true),
    run: () => ({type: 'overlay', overlay: {id: 'output', top: 0}}),
  },
  {
    ...base,
    id: 'palette',
    keys: [':'],
    words: 'commands by their names, with what they are told',
    // In texts and dialogs few commands are left to choose from.
    hint: state => (state.overlay === null && state.dialog === null ? 'cmd' : null),
    places: everywhere,
    run: () => ({type: 'palette-open', text: ''}),
  },
  {
    ...base,
    id: 'redraw',
    keys: ['ctrl-l'],
    words: 'draw the screen again',
    places: everywhere,
    run: () => ({do: 'redraw'}),
  },
  {...base, id: 'suspend', keys: ['ctrl-z'], words: 'suspend', places: screens, run: () => ({do: 'suspend'})},
  {
    ...base,
    id: 'exit',
    keys: ['ctrl-c'],
    words: 'quit; a change that runs is stopped first',
    places: everywhere,
    run: exit,
  },
];

function canFetch(state: AppState): true | string {
  if (state.repository === null) return 'the repository is not read yet';
  if (state.repository.remoteUrl === null) return 'the repository has no remote';
  return isWaiting(state, ({name}) => name === 'fetch') ? 'already fetching' : true;
}

function exit(state: AppState): LookingAction {
  // What changes a cluster is asked to stop first; the second time the app ends whatever it says.
  const syncs = runningSyncs(state);
  if (syncs.some(({stopping}) => !stopping)) return {type: 'sync-stop', environment: null};
  const stage = state.dialog?.stage;
  return stage?.at === 'running' && !stage.stopping ? {type: 'dialog-leave'} : {type: 'quit', code: 0};
}
