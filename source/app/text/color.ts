/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The terminal's own eight colours, which its user chose: the only ones that fit a palette that we don't know. */
const paletteColors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** A colour of the terminal's palette by its name, or one of ours as `#rrggbb`. */
export type Color = (typeof paletteColors)[number] | `#${string}`;

/** How many bits a colour has on this terminal: none, 16 colours of its palette, 256 of a fixed table, or all. */
export type ColorDepth = 'none' | '16' | '256' | 'true';

/** The colour that `#rrggbb` names. */
export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Relative luminance, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
export function luminanceOf(color: Rgb): number {
  const [red, green, blue] = color.map(linear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A channel of sRGB (0 to 255) as linear light (0 to 1). */
export function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Contrast of two colours, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
export function contrastOf(a: Rgb, b: Rgb): number {
  const [lighter, darker] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

// Levels of the cube and of the greys behind it (xterm's 256colres.h).
const levels = [0, 95, 135, 175, 215, 255];
const greys = Array.from({length: 24}, (_, index) => 8 + 10 * index);

/** The nearest of the 240 fixed colours (16 to 255) of a terminal with 256. */
export function indexOf256([red, green, blue]: Rgb): number {
  const nearest = (steps: readonly number[], value: number) =>
    steps.reduce(
      (best, step, at) => (Math.abs(step - value) < Math.abs((steps[best] ?? 0) - value) ? at : best),
      0,
    );
  const at = [nearest(levels, red), nearest(levels, green), nearest(levels, blue)] as const;
  const grey = nearest(greys, (red + green + blue) / 3);
  const cubeError = distance(
    [red, green, blue],
    at.map(index => levels[index] ?? 0),
  );
  const greyError = distance([red, green, blue], Array(3).fill(greys[grey] ?? 0));
  return greyError < cubeError ? 232 + grey : 16 + 36 * at[0] + 6 * at[1] + at[2];
}

/** The colour with this number (16 to 255) in the table of 256. */
export function rgbOf256(index: number): Rgb {
  if (index >= 232) {
    const grey = greys[index - 232] ?? 0;
    return [grey, grey, grey];
  }
  const at = index - 16;
  const level = (step: number) => levels[step % 6] ?? 0;
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6)), level(at)];
}

/** The parameters of SGR that set a colour (ECMA-48; ITU-T T.416 for 38 and 48); '' where there are no colours. */
export function colorParameters(color: Color, depth: ColorDepth, ground: boolean): string {
  if (depth === 'none') return '';
  const named = (paletteColors as readonly string[]).indexOf(color);
  if (named >= 0) return String((ground ? 40 : 30) + named);
  if (depth === '16') return '';
  const rgb = rgbOf(color);
  const lead = ground ? '48' : '38';
  return depth === 'true' ? `${lead};2;${rgb.join(';')}` : `${lead};5;${indexOf256(rgb)}`;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0);
}
