import type {Grounds, Palette, Tones} from './theme.ts';

/** Tones without any colour: every status says itself in words and glyphs anyway. */
export const plainTones: Tones = {
  plain: {},
  dim: {},
  strong: {bold: true},
  good: {},
  drift: {},
  bad: {},
  busy: {},
  added: {},
  removed: {},
  alarm: {bold: true, inverse: true},
  cursor: {inverse: true},
  key: {},
  string: {},
  number: {},
  literal: {},
  comment: {},
  punctuation: {},
};

/** The changed part of a changed line is underlined and bold: it reads on any terminal, and in a picture of one. */
export const plainGrounds: Grounds = {
  added: {},
  removed: {},
  'added-part': {bold: true, underline: true},
  'removed-part': {bold: true, underline: true},
  match: {inverse: true},
  'match-here': {inverse: true, bold: true, underline: true},
};

/** The theme `none`, and every theme where there are no colours. */
export const plainPalette: Palette = {
  basic: {tones: plainTones, grounds: plainGrounds},
  tones: plainTones,
  grounds256: plainGrounds,
  grounds: plainGrounds,
};
