import {type Look, lookOf} from '../app/text/theme.ts';

const bare = lookOf({ascii: true, color: false});
const {glyphs} = bare;

/** What turns on a screen, and says that something is still to come. */
export const waitWord = 'Wait:';

/** The look of the line mode: a status is its word, which always stands beside the glyph that is left out here. */
export const plainLook: Look = {
  ...bare,
  glyphs: {
    ...glyphs,
    synced: '',
    modified: '',
    missing: '',
    extra: '',
    unknown: '',
    failed: 'Failed:',
    // It marks a row, in a column of its own; where words follow it, they say it.
    live: '*',
    arrow: '->',
    fold: '',
    unfold: '',
    ellipsis: '...',
    chosen: 'o',
    spinner: [waitWord],
    up: '',
    down: '',
    times: '',
    corners: ['', '', '', ''],
    horizontal: '',
    vertical: '|',
  },
};

/** The same for the plan of a sync, where the glyph is what says what happens to an object. */
export const syncLook: Look = {
  ...plainLook,
  glyphs: {...plainLook.glyphs, modified: 'change', missing: 'create', extra: 'delete'},
};
