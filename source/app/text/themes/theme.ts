import type {Color} from '../color.ts';
import type {Ground, Tone} from '../line.ts';

/** What the terminal's background is. */
export type Shade = 'dark' | 'light';

/** How a piece of text is drawn. Weight, underlining and inversion are no colours: they stay where there are none. */
export interface Paint {
  readonly color?: Color;
  readonly background?: Color;
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** How what lies under a piece of text is drawn. */
export interface GroundPaint extends Paint {
  /** Its colour goes before the tone's own, not only for tones that have none. */
  readonly over?: boolean;
}

export type Tones = Readonly<Record<Tone, Paint>>;
export type Grounds = Readonly<Record<Ground, GroundPaint>>;

/** The paints of a theme on one kind of background. */
export interface Palette {
  /** For 16 colours: names of the terminal's own palette. */
  readonly basic: {readonly tones: Tones; readonly grounds: Grounds};
  /** For 256 and all colours: chosen ones, of the table of 256 wherever they are text. */
  readonly tones: Tones;
  /** Where there are 256 colours: none is quiet enough to lie under coloured text. */
  readonly grounds256: Grounds;
  readonly grounds: Grounds;
}
