import type {Grounds, Palette, Tones} from './theme.ts';

// Green, yellow and cyan of most palettes can't be read on white: what they say elsewhere, blue and magenta say here.
const basicTones: Tones = {
  plain: {},
  dim: {faint: true},
  strong: {bold: true},
  good: {color: 'blue'},
  drift: {color: 'magenta'},
  bad: {color: 'red'},
  busy: {},
  added: {color: 'blue'},
  removed: {color: 'red'},
  alarm: {color: 'white', background: 'red', bold: true},
  cursor: {inverse: true},
  key: {color: 'blue'},
  string: {},
  number: {color: 'magenta'},
  literal: {color: 'magenta'},
  comment: {faint: true},
  punctuation: {},
};

const basicGrounds: Grounds = {
  added: {color: 'blue', over: true},
  removed: {color: 'red', over: true},
  'added-part': {color: 'blue', over: true, inverse: true},
  'removed-part': {color: 'red', over: true, inverse: true},
  match: {over: true, inverse: true},
  'match-here': {color: 'magenta', over: true, inverse: true, bold: true},
};

const tones: Tones = {
  plain: {},
  dim: {color: '#6c6c6c'},
  strong: {bold: true},
  good: {color: '#005f00'},
  drift: {color: '#875f00'},
  bad: {color: '#af0000', bold: true},
  busy: {color: '#005faf'},
  added: {color: '#005f00'},
  removed: {color: '#af0000'},
  alarm: {color: '#ffffff', background: '#af0000', bold: true},
  cursor: {inverse: true},
  key: {color: '#005f87'},
  string: {color: '#5f5f00'},
  number: {color: '#8700af'},
  literal: {color: '#af005f'},
  comment: {color: '#626262'},
  punctuation: {color: '#585858'},
};

const found: Pick<Grounds, 'match' | 'match-here'> = {
  match: {color: '#000000', background: '#ffd75f', over: true},
  'match-here': {color: '#000000', background: '#ff87ff', over: true, bold: true},
};

export const lightPalette: Palette = {
  basic: {tones: basicTones, grounds: basicGrounds},
  tones,
  grounds256: {
    added: {color: '#005f00', over: true},
    removed: {color: '#af0000', over: true},
    'added-part': {color: '#005f00', background: '#afffaf', over: true},
    'removed-part': {color: '#870000', background: '#ffd7d7', over: true},
    ...found,
  },
  grounds: {
    added: {color: '#00320a', background: '#e6ffec'},
    removed: {color: '#4b0000', background: '#ffebe9'},
    'added-part': {color: '#00320a', background: '#9be9a8', over: true},
    'removed-part': {color: '#4b0000', background: '#ffb8b0', over: true},
    ...found,
  },
};
