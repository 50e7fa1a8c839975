import {luminanceOf} from '../app/text/color.ts';
import type {Shade} from '../app/text/themes/theme.ts';

/** What a background (0 to 255 each) is: light where black reads better on it than white does. */
export function shadeOf({r, g, b}: {readonly r: number; readonly g: number; readonly b: number}): Shade {
  // Contrast with white and black are the same here (WCAG): (1.05 / (L + 0.05)) = ((L + 0.05) / 0.05).
  return luminanceOf([r, g, b]) > Math.sqrt(1.05 * 0.05) - 0.05 ? 'light' : 'dark';
}

/**
 * The background by COLORFGBG (`15;0`, `0;default;15`), which rxvt, Konsole and others set: the last number is the palette's;
 * 7 and 9 to 15 are light (as vim reads it). Null where it says nothing.
 */
export function shadeByEnvironment(env: Readonly<Record<string, string | undefined>>): Shade | null {
  const last = env['COLORFGBG']?.split(';').at(-1) ?? '';
  if (!/^\d{1,2}$/.test(last)) return null;
  const index = Number(last);
  if (index > 15) return null;
  return index === 7 || index > 8 ? 'light' : 'dark';
}
