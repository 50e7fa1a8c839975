import {inputOf} from '../../state/input-line.ts';
import {shown, shownOrders} from '../../state/screen-kinds.ts';
import {type AppState, currentScreen} from '../../state/state.ts';
import type {Command} from '../command.ts';
import type {Place} from '../places.ts';

const look = {section: 'Look', danger: null} as const;
const select = {section: 'Select', danger: null} as const;

/** Where there is a list that can be filtered and sorted; where some of it needs a look; where several can be marked. */
const filtered: readonly Place[] = [
  'overview',
  'environment',
  'revisions',
  'pull-requests',
  'images',
  'promotion',
  'versions',
  'command-log',
  'problems',
];
const passing: readonly Place[] = [
  'overview',
  'environment',
  'images',
  'promotion',
  'versions',
  'command-log',
  'problems',
];
const marking: readonly Place[] = ['overview', 'environment', 'images', 'promotion'];

/** What `.` leaves, as the border calls it, where that is not drift. */
const onlyWords: Readonly<Partial<Record<Place, string>>> = {
  images: 'not current',
  promotion: 'movable only',
  versions: 'differing only',
  'command-log': 'failures only',
  problems: 'errors only',
};

/** To what needs a look: the same keys in every list. */
export const driftCommands: readonly Command[] = [
  {
    ...look,
    id: 'next-drift',
    keys: ['n'],
    words: 'next drift, or whatever needs a look in this list',
    hint: on('environment', 'next drift'),
    places: passing,
    run: () => ({type: 'next-drift', by: 1}),
  },
  {
    ...look,
    id: 'previous-drift',
    keys: ['N'],
    words: 'the one before',
    places: passing,
    run: () => ({type: 'next-drift', by: -1}),
  },
];

/** What all lists can do: the same keys in every one of them. */
export const listCommands: readonly Command[] = [
  {
    ...select,
    id: 'mark',
    keys: ['space'],
    words: 'mark: what is done next is done to all that is marked',
    hint: 'mark',
    places: marking,
    enabled: canMark,
    run: () => ({type: 'mark'}),
  },
  {
    ...select,
    id: 'mark-all',
    keys: ['*'],
    words: 'mark all that drifted, or that a policy asks for, or none',
    hint: on('images', 'mark all newer'),
    places: marking,
    enabled: hasRows,
    run: () => ({type: 'mark-all'}),
  },
  {
    ...select,
    id: 'range',
    keys: ['v'],
    words: 'mark a range: v, move, v or space',
    places: marking,
    enabled: hasRows,
    run: () => ({type: 'range'}),
  },
  {
    ...look,
    id: 'drift-only',
    keys: ['.'],
    words: 'only what drifted or needs a look, or everything',
    hint: state => {
      const screen = currentScreen(state);
      if (hasRows(state) !== true) return null;
      if ('driftOnly' in screen && screen.driftOnly) return 'all';
      return onlyWords[screen.id] ?? 'drift only';
    },
    places: passing,
    run: () => ({type: 'drift-only'}),
  },
  {
    ...select,
    id: 'filter',
    keys: ['/'],
    words: 'filter: all words must be there, !word must not, field:word looks there alone',
    hint: 'filter',
    places: filtered,
    enabled: hasRows,
    args: [{name: 'words', kind: 'text', optional: true}],
    run: (_, {words}) =>
      words === undefined
        ? {type: 'filter'}
        : [{type: 'filter'}, {type: 'filter-type', line: inputOf(words)}, {type: 'filter-done'}],
  },
  {
    ...look,
    id: 'sort',
    keys: ['S'],
    words: 'sort: the next order of this list, shown in its border',
    hint: on('overview', 'sort'),
    places: filtered,
    enabled: hasRows,
    args: [{name: 'order', kind: 'choice', choices: shownOrders, optional: true}],
    run: (_, {order}) => ({type: 'sort', ...(order === undefined ? {} : {order})}),
  },
];

function on(place: Place, word: string): (state: AppState) => string | null {
  return state => (currentScreen(state).id === place ? word : null);
}

function hasRows(state: AppState): true | string {
  const {screen, kind} = shown(state);
  return (kind.listing?.shown(state, screen).total ?? 0) > 0 ? true : 'the list is empty';
}

function canMark(state: AppState): true | string {
  const {screen, kind} = shown(state);
  return kind.listing?.canMark?.(state, screen) ?? 'nothing here is done to several at once';
}
