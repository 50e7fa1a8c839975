import {chosenRequest, effectKey} from '../../state/screens/pull-requests-screen.ts';
import {type AppState, currentScreen} from '../../state/state.ts';
import type {Command} from '../command.ts';

const look = {section: 'Look', danger: null, places: ['pull-requests']} as const;

/** What the keys of the pull requests' screen do, and the one that opens it. */
export const pullRequestCommands: readonly Command[] = [
  {
    ...look,
    id: 'pull-requests',
    keys: ['Q'],
    words: 'open pull requests, and what each would change',
    hint: state => (currentScreen(state).id === 'overview' ? 'open prs' : null),
    places: ['overview', 'environment', 'revisions'],
    enabled: state => (state.repository === null ? 'the repository is not read yet' : true),
    run: () => ({type: 'pull-requests'}),
  },
  {
    ...look,
    id: 'pull-request-in-full',
    keys: ['enter'],
    words: 'all of it: checks, reviews, comments, what a merge would make',
    hint: 'all of it',
    enabled: hasChosen,
    run: state => ({
      type: 'overlay',
      overlay: {id: 'pull-request', top: 0, number: chosenOf(state)?.number ?? 0},
    }),
  },
  {
    ...look,
    id: 'pull-request-patch',
    keys: ['d'],
    words: 'its patch',
    hint: 'patch',
    enabled: hasPatch,
    run: state => {
      const chosen = chosenOf(state);
      const title = chosen === undefined ? '' : `#${chosen.number} ${chosen.title}`;
      return {type: 'overlay', overlay: {id: 'patch', top: 0, title, patch: patchOf(state) ?? ''}};
    },
  },
  {
    ...look,
    id: 'merge',
    keys: ['m'],
    words: 'merge: exactly the commits that are shown',
    hint: 'merge',
    section: 'Act',
    danger: 'merge',
    enabled: canMerge,
    run: () => ({type: 'open-merge'}),
  },
  {
    ...look,
    id: 'edit-request',
    keys: ['e'],
    words: 'edit: its title, draft or ready, labels, reviews',
    section: 'Act',
    danger: 'pull-request',
    enabled: canEdit,
    run: () => ({type: 'open-edit-request'}),
  },
  {
    ...look,
    id: 'pull-request-scope',
    keys: ['.'],
    words: 'those of one environment, or all',
    hint: state => {
      const screen = currentScreen(state);
      return screen.id === 'pull-requests' && screen.environment === null ? 'one environment' : 'all';
    },
    run: () => ({type: 'pull-request-scope'}),
  },
];

function chosenOf(state: AppState) {
  const screen = currentScreen(state);
  return screen.id === 'pull-requests' ? chosenRequest(state, screen) : undefined;
}

function hasChosen(state: AppState): true | string {
  return chosenOf(state) === undefined ? 'there is no pull request to look at' : true;
}

function patchOf(state: AppState): string | null {
  const screen = currentScreen(state);
  const chosen = chosenOf(state);
  if (screen.id !== 'pull-requests' || chosen === undefined) return null;
  const known = screen.effects.get(effectKey(chosen));
  return known !== undefined && 'effect' in known ? known.effect.patch : null;
}

function hasPatch(state: AppState): true | string {
  const chosen = hasChosen(state);
  if (chosen !== true) return chosen;
  return patchOf(state) === null ? 'the patch is not there (yet)' : true;
}

function canMerge(state: AppState): true | string {
  const chosen = chosenOf(state);
  if (chosen === undefined) return 'there is no pull request to merge';
  if (chosen.state !== 'open') return `it is ${chosen.state} already`;
  return state.seen.get(chosen.number)?.state ? true : 'it has not been looked at yet';
}

function canEdit(state: AppState): true | string {
  const chosen = chosenOf(state);
  if (chosen === undefined) return 'there is no pull request to edit';
  return chosen.state === 'open' ? true : `it is ${chosen.state} already`;
}
