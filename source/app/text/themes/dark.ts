import type {Grounds, Palette, Tones} from './theme.ts';

// The palette's names that read on a dark background. No grey (bright black): Solarized has its background there.
const basicTones: Tones = {
  plain: {},
  dim: {faint: true},
  strong: {bold: true},
  good: {color: 'green'},
  drift: {color: 'yellow'},
  bad: {color: 'red'},
  busy: {color: 'cyan'},
  added: {color: 'green'},
  removed: {color: 'red'},
  alarm: {color: 'white', background: 'red', bold: true},
  cursor: {inverse: true},
  key: {color: 'cyan'},
  string: {},
  number: {color: 'magenta'},
  literal: {color: 'magenta'},
  comment: {faint: true},
  punctuation: {},
};

const basicGrounds: Grounds = {
  added: {color: 'green', over: true},
  removed: {color: 'red', over: true},
  'added-part': {color: 'green', over: true, inverse: true},
  'removed-part': {color: 'red', over: true, inverse: true},
  match: {color: 'yellow', over: true, inverse: true},
  'match-here': {color: 'magenta', over: true, inverse: true, bold: true},
};

const tones: Tones = {
  plain: {},
  dim: {color: '#949494'},
  strong: {bold: true},
  good: {color: '#87d787'},
  drift: {color: '#ffd75f'},
  bad: {color: '#ff8787', bold: true},
  busy: {color: '#5fd7ff'},
  added: {color: '#87d787'},
  removed: {color: '#ff8787'},
  alarm: {color: '#ffffff', background: '#af0000', bold: true},
  cursor: {inverse: true},
  key: {color: '#87d7ff'},
  string: {color: '#d7d7af'},
  number: {color: '#d7afff'},
  literal: {color: '#ffaf5f'},
  comment: {color: '#a8a8a8'},
  punctuation: {color: '#b2b2b2'},
};

const found: Pick<Grounds, 'match' | 'match-here'> = {
  match: {color: '#000000', background: '#d7af00', over: true},
  'match-here': {color: '#000000', background: '#ff87ff', over: true, bold: true},
};

export const darkPalette: Palette = {
  basic: {tones: basicTones, grounds: basicGrounds},
  tones,
  grounds256: {
    added: {color: '#87d787', over: true},
    removed: {color: '#ff8787', over: true},
    'added-part': {color: '#d7ffd7', background: '#005f00', over: true},
    'removed-part': {color: '#ffd7d7', background: '#870000', over: true},
    ...found,
  },
  grounds: {
    added: {color: '#d7ffd7', background: '#14281c'},
    removed: {color: '#ffd7d7', background: '#2f181a'},
    'added-part': {color: '#ffffff', background: '#1f6a35', over: true},
    'removed-part': {color: '#ffffff', background: '#8c2a2e', over: true},
    ...found,
  },
};
