import {darkPalette} from './dark.ts';
import {lightPalette} from './light.ts';
import type {Grounds, Palette, Tones} from './theme.ts';

// Nothing recedes, and nothing lies under text but what is marked; text has at least WCAG's 7 on black and white.
const bold = (tones: Tones): Tones => ({
  ...tones,
  dim: {},
  comment: {},
  good: {...tones.good, bold: true},
  drift: {...tones.drift, bold: true},
  bad: {...tones.bad, bold: true},
});

const darkTones: Tones = {
  plain: {},
  dim: {color: '#d0d0d0'},
  strong: {color: '#ffffff', bold: true},
  good: {color: '#87ff87', bold: true},
  drift: {color: '#ffff5f', bold: true},
  bad: {color: '#ffafaf', bold: true},
  busy: {color: '#87ffff'},
  added: {color: '#87ff87'},
  removed: {color: '#ffafaf'},
  alarm: {color: '#ffffff', background: '#870000', bold: true},
  cursor: {inverse: true},
  key: {color: '#afd7ff'},
  string: {color: '#ffffff'},
  number: {color: '#d7d7ff'},
  literal: {color: '#ffd7af'},
  comment: {color: '#d0d0d0'},
  punctuation: {color: '#ffffff'},
};

const darkGrounds: Grounds = {
  added: {color: '#87ff87', over: true},
  removed: {color: '#ffafaf', over: true},
  'added-part': {color: '#000000', background: '#87ff87', over: true, bold: true},
  'removed-part': {color: '#000000', background: '#ffafaf', over: true, bold: true},
  match: {color: '#000000', background: '#ffff00', over: true},
  'match-here': {color: '#000000', background: '#ff87ff', over: true, bold: true, underline: true},
};

const lightTones: Tones = {
  plain: {},
  dim: {color: '#3a3a3a'},
  strong: {color: '#000000', bold: true},
  good: {color: '#005f00', bold: true},
  drift: {color: '#5f00af', bold: true},
  bad: {color: '#870000', bold: true},
  busy: {color: '#0000af'},
  added: {color: '#005f00'},
  removed: {color: '#870000'},
  alarm: {color: '#ffffff', background: '#870000', bold: true},
  cursor: {inverse: true},
  key: {color: '#00005f'},
  string: {color: '#000000'},
  number: {color: '#5f0087'},
  literal: {color: '#5f005f'},
  comment: {color: '#3a3a3a'},
  punctuation: {color: '#000000'},
};

const lightGrounds: Grounds = {
  added: {color: '#005f00', over: true},
  removed: {color: '#870000', over: true},
  'added-part': {color: '#ffffff', background: '#005f00', over: true, bold: true},
  'removed-part': {color: '#ffffff', background: '#870000', over: true, bold: true},
  match: {color: '#000000', background: '#ffff00', over: true},
  'match-here': {color: '#ffffff', background: '#5f0087', over: true, bold: true, underline: true},
};

export const highContrastDark: Palette = {
  basic: {tones: bold(darkPalette.basic.tones), grounds: darkPalette.basic.grounds},
  tones: darkTones,
  grounds256: darkGrounds,
  grounds: darkGrounds,
};

export const highContrastLight: Palette = {
  basic: {tones: bold(lightPalette.basic.tones), grounds: lightPalette.basic.grounds},
  tones: lightTones,
  grounds256: lightGrounds,
  grounds: lightGrounds,
};
