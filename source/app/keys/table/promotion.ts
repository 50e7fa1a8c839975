import {isWaiting} from '../../state/requests.ts';
import {requestOf, sourcesOf} from '../../state/screens/promotion-actions.ts';
import {chosenPromotion} from '../../state/screens/promotion-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../../state/state.ts';
import type {Command} from '../command.ts';
import {keyWord} from '../key-words.ts';
import {inEnvironment, ofEnvironment} from './word.ts';

const look = {section: 'Look', danger: null} as const;

/** What the keys of the promotion and of the matrix of versions do, and those that open them. */
export const promotionCommands: readonly Command[] = [
  {
    ...look,
    id: 'promotion',
    keys: ['p'],
    words: 'promote: what the environment could get from the one before it',
    hint: state => (currentScreen(state).id === 'environment' ? null : 'promote'),
    places: ['overview', 'environment', 'versions'],
    enabled: canPromote,
    args: ofEnvironment,
    run: (state, {environment}) => inEnvironment(state, environment, {type: 'promotion'}),
  },
  {
    id: 'promotion-plan',
    keys: ['enter', 'p'],
    words: 'promote what is marked: the plan first',
    hint: 'plan',
    section: 'Act',
    danger: 'pull-request',
    places: ['promotion'],
    enabled: hasMarks,
    run: () => ({type: 'promotion-plan', way: 'items'}),
  },
  {
    ...look,
    id: 'promotion-patch',
    keys: ['d'],
    words: 'the whole difference of the chosen file or value',
    hint: state => (patchOf(state) === null ? null : 'diff'),
    places: ['promotion'],
    enabled: state => (patchOf(state) === null ? 'all of it is on the screen' : true),
    run: state => ({type: 'overlay', overlay: {id: 'patch', top: 0, ...(patchOf(state) ?? nothing)}}),
  },
  {
    id: 'promotion-merge',
    keys: ['m'],
    words: 'promote all: merge the source’s branch',
    hint: state => (canMerge(state) === true ? 'merge' : null),
    section: 'Act',
    danger: 'pull-request',
    places: ['promotion'],
    enabled: canMerge,
    run: () => ({type: 'promotion-plan', way: 'merge'}),
  },
  {
    id: 'promotion-from',
    keys: ['f'],
    words: 'promote from another environment',
    hint: 'from',
    section: 'Select',
    danger: null,
    places: ['promotion'],
    enabled: state => {
      const screen = currentScreen(state);
      const names = screen.id === 'promotion' ? sourcesOf(state, screen) : [];
      return names.length > 1 || (screen.id === 'promotion' && screen.from === null && names.length > 0)
        ? true
        : 'there is no other environment to promote from';
    },
    run: () => ({type: 'promotion-from'}),
  },
  {
    ...look,
    id: 'versions',
    keys: ['V'],
    words: 'versions of each application across environments',
    hint: state => (currentScreen(state).id === 'overview' ? 'versions' : null),
    places: ['overview', 'environment', 'promotion'],
    enabled: state => (state.environments.length > 0 ? true : 'no environment is known yet'),
    run: () => ({type: 'versions'}),
  },
  {
    id: 'versions-left',
    keys: ['h', 'left'],
    words: 'the environment to the left',
    section: 'Move',
    danger: null,
    places: ['versions'],
    run: () => ({type: 'versions-column', by: -1}),
  },
  {
    id: 'versions-right',
    keys: ['l', 'right'],
    words: 'the environment to the right',
    hint: 'environment',
    section: 'Move',
    danger: null,
    places: ['versions'],
    run: () => ({type: 'versions-column', by: 1}),
  },
];

const nothing = {title: '', patch: ''};

function canPromote(state: AppState): true | string {
  if (currentEnvironment(state) === undefined) return 'no environment is known yet';
  return state.environments.length > 1 ? true : 'there is no other environment to promote from';
}

function hasMarks(state: AppState): true | string {
  const screen = currentScreen(state);
  if (screen.id !== 'promotion') return 'nothing is promoted here';
  if (screen.choices === null) {
    return isWaiting(state, ({name}) => name === 'promotionChoices')
      ? 'what differs is not known yet'
      : `${keyWord(state, 'promotion-from')} chooses the environment to promote from`;
  }
  return requestOf(screen, 'items') === null ? `nothing is marked: ${keyWord(state, 'mark')} marks` : true;
}

function canMerge(state: AppState): true | string {
  const screen = currentScreen(state);
  if (screen.id !== 'promotion' || screen.choices === null) return 'what differs is not known yet';
  const {merge, from, environment} = screen.choices;
  if (merge === null) return `${from} and ${environment} are folders of one branch`;
  return merge.commits > 0 ? true : `${merge.target} has all of ${merge.source} already`;
}

/** The chosen item's difference where it is longer than the screen shows it: a file's patch, a text of many lines. */
function patchOf(state: AppState): {title: string; patch: string} | null {
  const screen = currentScreen(state);
  const row = screen.id === 'promotion' ? chosenPromotion(screen) : undefined;
  if (row?.kind !== 'item') return null;
  const {subject, what, patch, now, wanted, group} = row.item;
  if (patch !== undefined) return {title: subject, patch};
  if (group !== 'values' || !`${now ?? ''}${wanted ?? ''}`.includes('\n')) return null;
  const lines = [
    ...(now === null ? [] : now.split('\n').map(text => `-${text}`)),
    ...(wanted === null ? [] : wanted.split('\n').map(text => `+${text}`)),
  ];
  return {title: `${subject} ${what}`, patch: lines.join('\n')};
}
