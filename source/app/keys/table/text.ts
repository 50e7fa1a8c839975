import {chosenRow} from '../../state/screens/environment-screen.ts';
import {type AppState, currentScreen, type Overlay} from '../../state/state.ts';
import {searching, sideways} from '../../state/text-overlay.ts';
import {type Jump, type TextView, wideContext} from '../../state/text-view.ts';
import type {Command} from '../command.ts';

const look = {section: 'Look', danger: null, places: ['overlay']} as const;
const steps = [0, 1, 3, 6, 12, 50, Number.POSITIVE_INFINITY];

/** What can be done with a text in front of everything, besides moving in it. */
export const textCommands: readonly Command[] = [
  {
    ...look,
    id: 'search',
    keys: ['/'],
    words: 'search in the text',
    hint: 'search',
    run: state => ({type: 'text-view', change: searching(viewOf(state))}),
  },
  {
    ...look,
    id: 'next-in-text',
    keys: ['n'],
    words: 'the next change, or what is searched for',
    hint: state => (hasQuery(state) ? 'next match' : isDiff(state.overlay) ? 'next change' : null),
    enabled: canJump,
    run: () => jump('next'),
  },
  {
    ...look,
    id: 'previous-in-text',
    keys: ['N'],
    words: 'the previous change, or what is searched for',
    enabled: canJump,
    run: () => jump('previous'),
  },
  {
    ...look,
    id: 'next-file',
    keys: [']'],
    words: 'the next file of a patch',
    enabled: hasFiles,
    run: () => jump('next-file'),
  },
  {
    ...look,
    id: 'previous-file',
    keys: ['['],
    words: 'the previous file of a patch',
    enabled: hasFiles,
    run: () => jump('previous-file'),
  },
  {
    ...look,
    id: 'split-text',
    keys: ['u'],
    words: 'a diff unified or side by side',
    hint: state => (!isDiff(state.overlay) ? null : viewOf(state).split === true ? 'unified' : 'split'),
    enabled: state => (isDiff(state.overlay) ? true : 'only a diff has two sides'),
    run: state => ({type: 'text-view', change: {split: viewOf(state).split !== true, here: null}}),
  },
  {
    ...look,
    id: 'wrap',
    keys: ['w'],
    words: 'long lines wrapped or cut',
    hint: state => (!hasLongLines(state.overlay) ? null : viewOf(state).wrap === true ? 'cut' : 'wrap'),
    run: state => ({type: 'text-view', change: {wrap: viewOf(state).wrap !== true, left: 0}}),
  },
  {
    ...look,
    id: 'text-right',
    keys: ['l', 'right'],
    words: 'to the right in long lines',
    enabled: isCut,
    run: state => ({type: 'text-view', change: sideways(viewOf(state), 1)}),
  },
  {
    ...look,
    id: 'text-left',
    keys: ['h', 'left'],
    words: 'to the left in long lines',
    enabled: isCut,
    run: state => ({type: 'text-view', change: sideways(viewOf(state), -1)}),
  },
  {
    ...look,
    id: 'pager',
    keys: ['|'],
    words: 'the text, or the chosen diff, in $PAGER',
    hint: state => (hasLongLines(state.overlay) ? 'pager' : null),
    places: ['overlay', 'environment'],
    enabled: hasText,
    run: () => ({do: 'pager'}),
  },
  {
    ...look,
    id: 'open-gap',
    keys: ['enter'],
    words: 'show the first equal lines in sight that are left out',
    enabled: hasGaps,
    run: () => ({type: 'text-gap'}),
  },
  {
    ...look,
    id: 'more-around',
    keys: ['}'],
    words: 'more lines around a change',
    enabled: hasGaps,
    run: state => ({type: 'text-view', change: {context: nextStep(state, 1), here: null}}),
  },
  {
    ...look,
    id: 'less-around',
    keys: ['{'],
    words: 'fewer lines around a change',
    enabled: hasGaps,
    run: state => ({
      type: 'text-view',
      change: {context: nextStep(state, -1), opened: new Set(), here: null},
    }),
  },
];

function viewOf(state: AppState): TextView {
  return state.overlay?.view ?? {};
}

function jump(where: Jump) {
  return {type: 'text-jump', jump: where} as const;
}

function isDiff(overlay: Overlay | null): boolean {
  return overlay?.id === 'diff' || overlay?.id === 'patch';
}

/** Other texts are as wide as the screen already. */
function hasLongLines(overlay: Overlay | null): boolean {
  return isDiff(overlay) || overlay?.id === 'yaml';
}

function hasQuery(state: AppState): boolean {
  return (viewOf(state).query ?? '') !== '';
}

function canJump(state: AppState): true | string {
  return hasQuery(state) || isDiff(state.overlay) ? true : 'nothing is searched for: / searches';
}

function hasFiles(state: AppState): true | string {
  return state.overlay?.id === 'patch' ? true : 'only a patch has files';
}

function hasGaps(state: AppState): true | string {
  return state.overlay?.id === 'diff' ? true : 'only the diff of an object leaves equal lines out';
}

function isCut(state: AppState): true | string {
  return viewOf(state).wrap === true ? 'long lines are wrapped: w cuts them' : true;
}

function hasText(state: AppState): true | string {
  if (state.overlay !== null) return true;
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  return row === undefined || row.kind === 'namespace' ? 'no resource is chosen' : true;
}

function nextStep(state: AppState, by: 1 | -1): number {
  const {context = wideContext} = viewOf(state);
  const at = steps.findIndex(step => step >= context);
  return steps[Math.max(0, Math.min(steps.length - 1, at + by))] ?? wideContext;
}
