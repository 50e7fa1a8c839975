import {themeNames} from '../../../preferences/types.ts';
import {formatIdentity} from '../../../resources/identity.ts';
import {shownNames} from '../../state/lists/overview-order.ts';
import {treeResources} from '../../state/screens/environment-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../../state/state.ts';
import type {Argument} from '../arguments.ts';
import type {Command} from '../command.ts';
import type {LookingAction} from '../danger.ts';
import {screens} from '../places.ts';

/** The environment that a command is to be about, where it is not the one that is shown. */
export const ofEnvironment: readonly Argument[] = [
  {name: 'environment', kind: 'environment', optional: true},
];

/** An action for an environment that may be named: then its screen comes first. */
export function inEnvironment(
  state: AppState,
  name: string | undefined,
  action: LookingAction,
): readonly LookingAction[] {
  const isShown = name === undefined || currentEnvironment(state)?.environment.name === name;
  return isShown ? [action] : [{type: 'go-to', index: shownNames(state).indexOf(name)}, action];
}

const base = {keys: [], danger: null} as const;

/** Commands that take a word, which the palette asks for. */
export const wordCommands: readonly Command[] = [
  {
    ...base,
    id: 'theme',
    words: 'colours, until the end of the session',
    section: 'App',
    places: screens,
    args: [{name: 'theme', kind: 'choice', choices: themeNames}],
    run: (_, {theme}) => ({type: 'theme', theme: themeNames.find(name => name === theme) ?? 'auto'}),
  },
  {
    ...base,
    id: 'resource',
    words: 'to a resource of the tree, by its name',
    section: 'Move',
    places: ['environment'],
    args: [{name: 'resource', kind: 'resource'}],
    enabled: state => (treeResources(state).length > 0 ? true : 'there is no resource here'),
    run: (state, {resource}) => ({
      type: 'choose',
      key: treeResources(state).find(({id}) => formatIdentity(id) === resource)?.key ?? '',
    }),
  },
  {
    ...base,
    id: 'commit',
    words: 'to a revision, by the start of its SHA',
    section: 'Move',
    places: ['revisions'],
    args: [{name: 'commit', kind: 'commit'}],
    enabled: state => (revisionsOf(state).length > 0 ? true : 'no revision is known yet'),
    run: (state, {commit = ''}) => ({
      type: 'choose',
      key: revisionsOf(state).find(({sha}) => sha.startsWith(commit))?.sha ?? '',
    }),
  },
];

function revisionsOf(state: AppState) {
  const screen = currentScreen(state);
  return screen.id === 'revisions' ? screen.revisions : [];
}
