import {darkPalette} from './dark.ts';
import {lightPalette} from './light.ts';
import type {Grounds, Palette, Tones} from './theme.ts';

// Blue and orange, which no kind of colour blindness confuses, in place of green and red.
const basicTones = (palette: Palette): Tones => ({
  ...palette.basic.tones,
  good: {color: 'blue', bold: true},
  drift: {color: 'magenta'},
  bad: {color: 'yellow', bold: true},
  added: {color: 'blue', bold: true},
  removed: {color: 'yellow'},
});

const darkTones: Tones = {
  ...darkPalette.tones,
  good: {color: '#5fafff'},
  drift: {color: '#ffffaf'},
  bad: {color: '#ff8700', bold: true},
  added: {color: '#5fafff'},
  removed: {color: '#ff8700'},
  alarm: {color: '#000000', background: '#ff8700', bold: true},
};

const lightTones: Tones = {
  ...lightPalette.tones,
  good: {color: '#005fd7'},
  drift: {color: '#af0087'},
  bad: {color: '#875f00', bold: true},
  added: {color: '#005fd7'},
  removed: {color: '#875f00'},
  alarm: {color: '#ffffff', background: '#5f0000', bold: true},
};

const darkFound = {
  match: darkPalette.grounds.match,
  'match-here': darkPalette.grounds['match-here'],
};

const lightFound = {
  match: lightPalette.grounds.match,
  'match-here': lightPalette.grounds['match-here'],
};

const basicGrounds = (palette: Palette): Grounds => ({
  ...palette.basic.grounds,
  added: {color: 'blue', bold: true, over: true},
  removed: {color: 'yellow', over: true},
  'added-part': {color: 'blue', over: true, inverse: true},
  'removed-part': {color: 'yellow', over: true, inverse: true},
});

// Dark yellow and bright blue are what palettes differ in most; where one can't be read, weight and glyphs still tell.
const lightBasic = (palette: Palette): Tones => ({
  ...basicTones(palette),
  bad: {color: 'red', bold: true},
  removed: {color: 'red'},
  added: {color: 'blue'},
  good: {color: 'blue'},
});

export const colorBlindDark: Palette = {
  basic: {tones: basicTones(darkPalette), grounds: basicGrounds(darkPalette)},
  tones: darkTones,
  grounds256: {
    added: {color: '#5fafff', over: true},
    removed: {color: '#ff8700', over: true},
    'added-part': {color: '#ffffff', background: '#005faf', over: true},
    'removed-part': {color: '#000000', background: '#ff8700', over: true},
    ...darkFound,
  },
  grounds: {
    added: {color: '#d7e7ff', background: '#10233d'},
    removed: {color: '#ffe7d0', background: '#33210a'},
    'added-part': {color: '#ffffff', background: '#1f5fa8', over: true},
    'removed-part': {color: '#ffffff', background: '#8f4a00', over: true},
    ...darkFound,
  },
};

export const colorBlindLight: Palette = {
  basic: {
    tones: lightBasic(lightPalette),
    grounds: {
      ...basicGrounds(lightPalette),
      added: {color: 'blue', over: true},
      removed: {color: 'red', over: true},
      'removed-part': {color: 'red', over: true, inverse: true},
    },
  },
  tones: lightTones,
  grounds256: {
    added: {color: '#005fd7', over: true},
    removed: {color: '#875f00', over: true},
    'added-part': {color: '#00005f', background: '#afd7ff', over: true},
    'removed-part': {color: '#5f0000', background: '#ffd787', over: true},
    ...lightFound,
  },
  grounds: {
    added: {color: '#001f4d', background: '#e4f0ff'},
    removed: {color: '#3d2200', background: '#fff1dc'},
    'added-part': {color: '#001f4d', background: '#a8cfff', over: true},
    'removed-part': {color: '#3d2200', background: '#ffcb80', over: true},
    ...lightFound,
  },
};
