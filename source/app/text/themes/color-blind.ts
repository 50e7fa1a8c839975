import {darkPalette} from './dark.ts';
import {lightPalette} from './light.ts';
import type {Palette, Tones} from './theme.ts';

// Blue and orange, which no kind of colour blindness confuses, in place of green and red.
// Of the palette's names: cyan and yellow on dark, blue and red on light, which every palette keeps apart; what drifts is bold.
const darkBasic: Tones = {
  ...darkPalette.basic.tones,
  good: {color: 'cyan'},
  drift: {bold: true},
  bad: {color: 'yellow', bold: true},
  busy: {color: 'magenta'},
  added: {color: 'cyan'},
  removed: {color: 'yellow'},
};

const lightBasic: Tones = {...lightPalette.basic.tones, drift: {bold: true}, bad: {color: 'red', bold: true}};

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

export const colorBlindDark: Palette = {
  basic: {
    tones: darkBasic,
    grounds: {
      ...darkPalette.basic.grounds,
      added: {color: 'cyan', over: true},
      removed: {color: 'yellow', over: true},
      'added-part': {color: 'cyan', over: true, inverse: true},
      'removed-part': {color: 'yellow', over: true, inverse: true},
      match: {over: true, inverse: true},
    },
  },
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
  basic: {tones: lightBasic, grounds: lightPalette.basic.grounds},
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
