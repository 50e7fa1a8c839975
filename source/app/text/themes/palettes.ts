import type {ThemeName} from '../../../preferences/types.ts';
import {colorBlindDark, colorBlindLight} from './color-blind.ts';
import {darkPalette} from './dark.ts';
import {highContrastDark, highContrastLight} from './high-contrast.ts';
import {lightPalette} from './light.ts';
import {plainPalette} from './plain.ts';
import type {Palette, Shade} from './theme.ts';

const palettes: Readonly<Record<ThemeName, Readonly<Record<Shade, Palette>>>> = {
  auto: {dark: darkPalette, light: lightPalette},
  dark: {dark: darkPalette, light: darkPalette},
  light: {dark: lightPalette, light: lightPalette},
  'high-contrast': {dark: highContrastDark, light: highContrastLight},
  'colour-blind': {dark: colorBlindDark, light: colorBlindLight},
  none: {dark: plainPalette, light: plainPalette},
};

/** A theme's paints on a background. */
export function paletteOf(theme: ThemeName, shade: Shade): Palette {
  return palettes[theme][shade];
}
