import {adoptable} from '../../state/dialogs/adoption.ts';
import {revealable} from '../../state/dialogs/reveal-dialog.ts';
import {marksToSync, syncable} from '../../state/dialogs/sync-queue.ts';
import {isWaiting} from '../../state/requests.ts';
import {hasRoomToSplit} from '../../state/screens/diff-of.ts';
import {chosenRow} from '../../state/screens/environment-screen.ts';
import {chosenRevision} from '../../state/screens/revisions-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../../state/state.ts';
import type {Command} from '../command.ts';
import type {LookingAction} from '../danger.ts';
import {keyWord} from '../key-words.ts';
import {chosenPlace, copyable, editable, openable} from '../outside.ts';
import {screens} from '../places.ts';
import {inEnvironment, ofEnvironment} from './word.ts';

const look = {section: 'Look', danger: null} as const;
const select = {section: 'Select', danger: null} as const;

/** What the keys of the screens do. */
export const screenCommands: readonly Command[] = [
  {
    id: 'enter',
    keys: ['enter'],
    words: 'open; fold or unfold; a field: its diff',
    hint: state => (currentScreen(state).id === 'environment' ? null : 'open'),
    section: 'Move',
    danger: null,
    places: ['overview', 'environment', 'versions'],
    enabled: hasEnvironment,
    run: () => ({type: 'enter'}),
  },
  {
    id: 'sync',
    keys: ['s'],
    words: 'sync: bring the cluster to what git says',
    hint: 'sync',
    section: 'Act',
    danger: 'sync',
    places: ['overview', 'environment', 'revisions'],
    enabled: canSync,
    run: () => ({type: 'open-sync'}),
  },
  {
    ...look,
    id: 'revisions',
    keys: ['L'],
    words: 'revisions of the environment',
    hint: 'log',
    places: ['overview', 'environment'],
    enabled: hasEnvironment,
    args: ofEnvironment,
    run: (state, {environment}) => inEnvironment(state, environment, {type: 'revisions'}),
  },
  {
    id: 'revert',
    keys: ['R'],
    words: 'revert: bring git back to the chosen revision',
    hint: 'revert',
    section: 'Act',
    danger: 'pull-request',
    places: ['revisions'],
    enabled: hasRevision,
    run: () => ({type: 'open-revert'}),
  },
  {
    id: 'revert-from',
    keys: ['R'],
    words: 'revert: choose the revision to go back to',
    section: 'Act',
    danger: 'pull-request',
    places: ['overview', 'environment'],
    enabled: hasEnvironment,
    run: () => ({type: 'revisions'}),
  },
  {
    id: 'baseline',
    keys: ['b'],
    words: 'mark the chosen revision as known good',
    section: 'Act',
    danger: 'baseline',
    places: ['revisions'],
    enabled: hasRevision,
    run: () => ({type: 'open-baseline'}),
  },
  {
    id: 'to-baseline',
    keys: ['U'],
    words: 'revert: back to the last known good revision',
    section: 'Act',
    danger: 'pull-request',
    places: ['overview', 'environment', 'revisions'],
    enabled: hasEnvironment,
    run: () => ({type: 'open-to-baseline'}),
  },
  {
    id: 'pull-request',
    keys: ['P'],
    words: 'pull request of the local commits',
    hint: 'pr',
    section: 'Act',
    danger: 'pull-request',
    places: ['overview', 'environment', 'revisions'],
    enabled: hasEnvironment,
    run: () => ({type: 'open-pull-request'}),
  },
  {
    id: 'adopt',
    keys: ['a'],
    words: 'adopt: let git say what is live, here or in what is marked',
    hint: state => (typeof adoptable(state) === 'string' ? null : 'adopt'),
    section: 'Act',
    danger: 'pull-request',
    places: ['environment'],
    enabled: state => {
      const what = adoptable(state);
      return typeof what === 'string' ? what : true;
    },
    run: state => {
      const what = adoptable(state);
      return typeof what === 'string' ? {type: 'hush'} : {type: 'open-change', ...what};
    },
  },
  {
    ...select,
    id: 'context',
    keys: ['X'],
    words: 'choose the kubeconfig context of an environment without one',
    hint: state => (currentEnvironment(state)?.environment.context === null ? 'choose its cluster' : null),
    places: ['overview', 'environment'],
    enabled: canChooseContext,
    run: () => ({type: 'open-context'}),
  },
  {
    ...look,
    id: 'patch',
    keys: ['enter', 'd'],
    words: 'the chosen commit: what it changes, rendered, and its patch',
    hint: 'patch',
    places: ['revisions'],
    enabled: hasPatch,
    run: openPatch,
  },
  {
    ...look,
    id: 'diff',
    keys: ['d'],
    words: 'the whole diff on the whole screen',
    hint: 'diff',
    places: ['environment'],
    enabled: hasResource,
    run: () => ({type: 'overlay', overlay: {id: 'diff', top: 0}}),
  },
  {
    ...look,
    id: 'yaml',
    keys: ['y'],
    words: 'the object as YAML, live and as git wants it',
    hint: 'yaml',
    places: ['environment'],
    enabled: hasResource,
    run: () => ({type: 'overlay', overlay: {id: 'yaml', top: 0, side: 'live'}}),
  },
  {
    ...look,
    id: 'yaml-side',
    keys: ['tab', 'shift-tab', 'y'],
    words: 'YAML: live or git',
    hint: 'git or live',
    places: ['overlay'],
    enabled: state => (state.overlay?.id === 'yaml' ? true : 'only the YAML view has two sides'),
    run: state => {
      const side = state.overlay?.id === 'yaml' && state.overlay.side === 'live' ? 'git' : 'live';
      const view = state.overlay?.view;
      return {type: 'overlay', overlay: {id: 'yaml', top: 0, side, ...(view === undefined ? {} : {view})}};
    },
  },
  {
    ...look,
    id: 'reveal',
    keys: ['x'],
    words: 'show one secret value for a short while (--reveal-secrets)',
    hint: state => (canReveal(state) === true ? 'reveal' : null),
    places: ['environment'],
    enabled: canReveal,
    run: () => ({type: 'open-reveal'}),
  },
  {
    ...look,
    id: 'split',
    keys: ['u'],
    words: 'diff unified or side by side',
    places: ['environment'],
    enabled: canSplit,
    run: () => ({type: 'split'}),
  },
  {
    ...look,
    id: 'hidden',
    keys: ['i'],
    words: 'what differs and is no drift, and why',
    places: ['environment'],
    enabled: hasEnvironment,
    run: () => ({type: 'overlay', overlay: {id: 'hidden', top: 0}}),
  },
  {
    ...look,
    id: 'more-context',
    keys: ['}'],
    words: 'more lines around a change',
    places: ['environment'],
    run: () => ({type: 'context', by: 1}),
  },
  {
    ...look,
    id: 'less-context',
    keys: ['{'],
    words: 'fewer lines around a change',
    places: ['environment'],
    run: () => ({type: 'context', by: -1}),
  },
  {
    id: 'fold',
    keys: ['h', 'left'],
    words: 'fold, or to the row above',
    section: 'Move',
    danger: null,
    places: ['environment'],
    run: () => ({type: 'fold', open: false}),
  },
  {
    id: 'unfold',
    keys: ['l', 'right'],
    words: 'unfold',
    section: 'Move',
    danger: null,
    places: ['environment'],
    run: () => ({type: 'fold', open: true}),
  },
  {
    id: 'fold-all',
    keys: ['-'],
    words: 'fold all',
    section: 'Move',
    danger: null,
    places: ['environment'],
    run: () => ({type: 'fold-all', open: false}),
  },
  {
    id: 'unfold-all',
    keys: ['='],
    words: 'unfold all',
    section: 'Move',
    danger: null,
    places: ['environment'],
    run: () => ({type: 'fold-all', open: true}),
  },
  {
    id: 'pane',
    keys: ['tab', 'shift-tab'],
    words: 'tree or diff',
    section: 'Move',
    danger: null,
    places: ['environment'],
    run: () => ({type: 'pane'}),
  },
  {
    id: 'edit',
    keys: ['e'],
    words: 'the git file in $EDITOR',
    section: 'Out',
    danger: null,
    places: ['environment'],
    enabled: canEdit,
    run: state => ({do: 'edit', ...(editable(state) ?? {file: '', line: 1})}),
  },
  {
    id: 'k9s',
    keys: ['K'],
    words: "k9s on the environment's context, at what is chosen",
    section: 'Out',
    danger: null,
    places: screens,
    enabled: state => {
      const place = chosenPlace(state);
      return typeof place === 'string' ? place : true;
    },
    run: state => {
      const place = chosenPlace(state);
      return typeof place === 'string' ? {type: 'hush'} : {do: 'k9s', place};
    },
  },
  {
    id: 'browse',
    keys: ['o'],
    words: 'the pull request in the browser',
    section: 'Out',
    danger: null,
    places: ['dialog', 'pull-requests'],
    enabled: state => (openable(state) === null ? 'there is no page to open' : true),
    run: state => ({do: 'browse', url: openable(state) ?? ''}),
  },
  {
    id: 'copy',
    keys: ['c'],
    words: 'copy: the name, path, commit or address that is chosen',
    section: 'Out',
    danger: null,
    places: [...screens, 'dialog'],
    enabled: state => (copyable(state) === null ? 'there is nothing to copy' : true),
    run: state => ({do: 'copy', text: copyable(state) ?? ''}),
  },
];

function hasEnvironment(state: AppState): true | string {
  if (currentEnvironment(state) !== undefined) return true;
  return state.environments.length > 0 ? 'no environment is chosen' : 'no environment is known yet';
}

function hasResource(state: AppState): true | string {
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  return row === undefined || row.kind === 'namespace' ? 'choose a resource first' : true;
}

function canReveal(state: AppState): true | string {
  if (state.session?.revealsSecrets !== true)
    return 'secret values are shown only after a start with --reveal-secrets';
  const screen = currentScreen(state);
  const what = screen.id === 'environment' ? revealable(chosenRow(state, screen)) : '';
  return typeof what === 'string' ? what : true;
}

function hasRevision(state: AppState): true | string {
  const screen = currentScreen(state);
  return screen.id === 'revisions' && chosenRevision(screen) !== undefined ? true : 'choose a revision first';
}

function canSync(state: AppState): true | string {
  const screen = currentScreen(state);
  if (screen.id === 'overview' && screen.marked.size > 0)
    return marksToSync(state).length > 0 ? true : 'nothing of what is marked can be synced now';
  return syncable(state, currentEnvironment(state));
}

function canChooseContext(state: AppState): true | string {
  const known = currentEnvironment(state);
  if (known === undefined) return 'no environment is known yet';
  const {name, context} = known.environment;
  if (context !== null && !known.isChosen) return `${name} is on ${context}`;
  return state.contextCount === 0 ? 'the kubeconfig has no contexts' : true;
}

function canEdit(state: AppState): true | string {
  if (editable(state) === null) return 'this row has no file in git';
  const {repository} = state;
  if (repository?.bare === true) return 'a bare repository has no files to edit: clone it, and edit there';
  const branch = currentEnvironment(state)?.environment.branch ?? null;
  if (branch === null || branch === repository?.branch) return true;
  return `its files are on the branch ${branch}, which is not checked out`;
}

function hasPatch(state: AppState): true | string {
  const screen = currentScreen(state);
  const revision = screen.id === 'revisions' ? chosenRevision(screen) : undefined;
  if (screen.id !== 'revisions' || revision === undefined) return 'choose a revision first';
  const detail = screen.details.get(revision.sha);
  if (detail !== undefined) return detail.problem === null ? true : detail.problem.message;
  return isWaiting(state, ({name}) => name === 'commitDetail') ? 'the patch is not there yet' : 'no patch';
}

function openPatch(state: AppState): LookingAction {
  const screen = currentScreen(state);
  const revision = screen.id === 'revisions' ? chosenRevision(screen) : undefined;
  const patch = screen.id === 'revisions' ? (screen.details.get(revision?.sha ?? '')?.patch ?? '') : '';
  const title = revision === undefined ? '' : `${revision.sha.slice(0, 7)} ${revision.subject}`;
  const effect = screen.id === 'revisions' ? screen.effects.get(revision?.sha ?? '') : undefined;
  const known = effect === undefined || 'problem' in effect ? {} : {effect};
  return {type: 'overlay', overlay: {id: 'patch', top: 0, title, patch, ...known}};
}

function canSplit(state: AppState): true | string {
  const screen = currentScreen(state);
  if (screen.id !== 'environment' || screen.split || hasRoomToSplit(state)) return true;
  return `two sides need more columns than this pane has: ${keyWord(state, 'diff')} shows the diff on the whole screen`;
}
