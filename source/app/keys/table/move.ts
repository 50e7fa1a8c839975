import {shownNames} from '../../state/lists/overview-order.ts';
import {runningSyncs} from '../../state/screens/sync-screen.ts';
import type {AppState} from '../../state/state.ts';
import type {Command} from '../command.ts';
import {keyWord} from '../key-words.ts';
import {everywhere, inner, lists, screens} from '../places.ts';

const base = {section: 'Move', danger: null} as const;

/** Moving: the same keys wherever there is a list or a text. */
export const moveCommands: readonly Command[] = [
  {
    ...base,
    id: 'down',
    keys: ['j', 'down'],
    words: 'down',
    hint: state => (state.overlay === null ? null : 'scroll'),
    places: everywhere,
    run: () => ({type: 'move', by: 1}),
  },
  {
    ...base,
    id: 'up',
    keys: ['k', 'up'],
    words: 'up',
    places: everywhere,
    run: () => ({type: 'move', by: -1}),
  },
  {
    ...base,
    id: 'first',
    keys: ['g', 'home'],
    words: 'to the first row',
    places: everywhere,
    run: () => ({type: 'move', by: 'first'}),
  },
  {
    ...base,
    id: 'last',
    keys: ['G', 'end'],
    words: 'to the last row',
    places: everywhere,
    run: () => ({type: 'move', by: 'last'}),
  },
  {
    ...base,
    id: 'half-down',
    keys: ['ctrl-d'],
    words: 'half a page down',
    places: everywhere,
    run: () => ({type: 'move', by: 'half-down'}),
  },
  {
    ...base,
    id: 'half-up',
    keys: ['ctrl-u'],
    words: 'half a page up',
    places: everywhere,
    run: () => ({type: 'move', by: 'half-up'}),
  },
  {
    ...base,
    id: 'page-down',
    keys: ['pgdn'],
    words: 'a page down',
    places: everywhere,
    run: () => ({type: 'move', by: 'page-down'}),
  },
  {
    ...base,
    id: 'page-up',
    keys: ['pgup'],
    words: 'a page up',
    places: everywhere,
    run: () => ({type: 'move', by: 'page-up'}),
  },
  {
    ...base,
    id: 'environment',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    words: 'to an environment, by its number or name',
    places: screens,
    args: [{name: 'environment', kind: 'environment'}],
    keyed: (state, index) => ({environment: shownNames(state)[index] ?? String(index + 1)}),
    enabled: state => (state.environments.length === 0 ? 'no environment is known yet' : true),
    run: (state, {environment = ''}) => ({type: 'go-to', index: shownNames(state).indexOf(environment)}),
  },
  {
    ...base,
    id: 'out',
    keys: ['esc'],
    words: 'out: to where you came from; first cancels what is waited for',
    places: lists,
    run: () => ({type: 'out'}),
  },
  {
    ...base,
    id: 'back',
    keys: ['q'],
    words: 'out, quit on the overview',
    hint: 'back',
    places: [...inner, 'overlay'],
    // Out of a text at once; esc first forgets what is searched for in it.
    run: state => (state.overlay === null ? {type: 'back'} : {type: 'overlay', overlay: null}),
  },
  {
    ...base,
    id: 'quit',
    keys: ['q'],
    words: 'quit',
    hint: 'quit',
    places: ['overview'],
    enabled: canQuit,
    run: () => ({type: 'quit', code: 0}),
  },
];

function canQuit(state: AppState): true | string {
  const [first] = runningSyncs(state);
  return first === undefined
    ? true
    : `a sync of ${first.environment} runs: ${keyWord(state, 'sync-show')} shows it, ${keyWord(state, 'exit')} stops it`;
}
