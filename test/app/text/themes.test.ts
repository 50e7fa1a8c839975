// Every colour of every theme is measured: that it can be read, and that what means different things looks different.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  type Color,
  contrastOf,
  indexOf256,
  type Rgb,
  rgbOf,
  rgbOf256,
} from '../../../source/app/text/color.ts';
import type {Ground, Tone} from '../../../source/app/text/line.ts';
import {paletteOf} from '../../../source/app/text/themes/palettes.ts';
import type {Paint, Shade} from '../../../source/app/text/themes/theme.ts';
import {themeNames} from '../../../source/preferences/types.ts';
import {distanceFor, visions} from './color-vision.ts';

const backgrounds: Readonly<Record<Shade, readonly string[]>> = {
  // Black, Visual Studio Code, Solarized (https://ethanschoonover.com/solarized).
  dark: ['#000000', '#1e1e1e', '#002b36'],
  light: ['#ffffff', '#fdf6e3'],
};
const depths = ['256', 'true'] as const;
const quiet: ReadonlySet<Tone> = new Set(['dim']);
const coloured = themeNames.filter(name => name !== 'none');

/** The shades that a theme is made for. */
function shadesOf(name: (typeof themeNames)[number]): readonly Shade[] {
  return name === 'dark' ? ['dark'] : name === 'light' ? ['light'] : ['dark', 'light'];
}

/** What a terminal of a depth shows of a colour; null for one of its own palette, or none. */
function shown(color: Color | undefined, depth: (typeof depths)[number]): Rgb | null {
  if (color === undefined || !color.startsWith('#')) return null;
  return depth === 'true' ? rgbOf(color) : rgbOf256(indexOf256(rgbOf(color)));
}

for (const name of coloured) {
  for (const shade of shadesOf(name)) {
    for (const depth of depths) {
      const palette = paletteOf(name, shade);
      const grounds = depth === 'true' ? palette.grounds : palette.grounds256;
      const tones = Object.entries(palette.tones) as [Tone, Paint][];
      const where = `${name} on ${shade}, ${depth}`;

      test(`${where}: every tone can be read`, () => {
        for (const [tone, paint] of tones) {
          const text = shown(paint.color, depth);
          if (text === null) continue;
          const own = shown(paint.background, depth);
          const under = own === null ? backgrounds[shade].map(rgbOf) : [own];
          for (const background of under) {
            const least = quiet.has(tone) ? 3 : 4.5;
            const contrast = contrastOf(text, background);
            assert.ok(contrast >= least, `${tone} ${paint.color} on ${background}: ${contrast.toFixed(2)}`);
          }
        }
      });

      test(`${where}: every tone can be read on what lies under it`, () => {
        for (const [ground, under] of Object.entries(grounds)) {
          const background = shown(under.background, depth);
          for (const [tone, paint] of tones) {
            if (paint.background !== undefined && under.over !== true) continue;
            const color = under.over === true ? under.color : (paint.color ?? under.color);
            const text = shown(color, depth);
            assert.ok(text !== null, `${tone} on ${ground} has no colour of its own`);
            for (const behind of background === null ? backgrounds[shade].map(rgbOf) : [background]) {
              const least = quiet.has(tone) ? 3 : 4.5;
              const contrast = contrastOf(text, behind);
              assert.ok(contrast >= least, `${tone} ${color} on ${ground} ${behind}: ${contrast.toFixed(2)}`);
            }
          }
        }
      });

      test(`${where}: what means different things looks different`, () => {
        const differing: readonly (readonly [Tone, Tone])[] = [
          ['good', 'drift'],
          ['good', 'bad'],
          ['drift', 'bad'],
          ['added', 'removed'],
          ['drift', 'added'],
          ['drift', 'removed'],
        ];
        for (const vision of name === 'colour-blind' ? visions : (['usual'] as const)) {
          const told = (what: string, a: Color | undefined, b: Color | undefined, least: number) => {
            const [first, second] = [shown(a, depth), shown(b, depth)];
            assert.ok(first !== null && second !== null, what);
            const distance = distanceFor(vision, first, second);
            assert.ok(distance >= least, `${what} ${a} ${b}, ${vision}: ${distance.toFixed(1)}`);
          };
          for (const [a, b] of differing)
            told(`${a}, ${b}`, palette.tones[a].color, palette.tones[b].color, 20);
          const pairs: readonly (readonly [Ground, Ground])[] = [
            ['added', 'removed'],
            ['added-part', 'removed-part'],
            ['match', 'match-here'],
          ];
          for (const [a, b] of pairs) {
            const of = (ground: Ground) => grounds[ground].background ?? grounds[ground].color;
            // A tint is quiet by intention: the mark and the text's own tone say the rest.
            const least =
              depth === 'true' && a === 'added' && grounds.added.background !== undefined ? 8 : 20;
            told(`${a}, ${b}`, of(a), of(b), least);
          }
        }
      });
    }
  }
}

test('high contrast has at least 7 on black and on white', () => {
  for (const [shade, background] of [
    ['dark', '#000000'],
    ['light', '#ffffff'],
  ] as const) {
    for (const [tone, {color, background: own}] of Object.entries(paletteOf('high-contrast', shade).tones)) {
      if (color === undefined) continue;
      const contrast = contrastOf(rgbOf(color), rgbOf(own ?? background));
      assert.ok(contrast >= 7, `${tone} ${color} on ${own ?? background}: ${contrast.toFixed(2)}`);
    }
  }
});

test('with 16 colours only names of the palette are used, and never its greys', () => {
  for (const name of themeNames) {
    for (const shade of ['dark', 'light'] as const) {
      const {tones, grounds} = paletteOf(name, shade).basic;
      for (const {color, background} of [...Object.values(tones), ...Object.values(grounds)]) {
        for (const used of [color, background]) {
          if (used !== undefined) assert.match(used, /^(?:red|green|yellow|blue|magenta|cyan|white)$/);
        }
      }
    }
  }
});

// What terminals ship as their first eight colours: xterm, VGA, Solarized, Tango (GNOME), Visual Studio Code, Windows.
const shipped: readonly Readonly<Record<string, string>>[] = [
  {red: '#cd0000', green: '#00cd00', yellow: '#cdcd00', blue: '#0000ee', magenta: '#cd00cd', cyan: '#00cdcd'},
  {red: '#aa0000', green: '#00aa00', yellow: '#aa5500', blue: '#0000aa', magenta: '#aa00aa', cyan: '#00aaaa'},
  {red: '#dc322f', green: '#859900', yellow: '#b58900', blue: '#268bd2', magenta: '#d33682', cyan: '#2aa198'},
  {red: '#cc0000', green: '#4e9a06', yellow: '#c4a000', blue: '#3465a4', magenta: '#75507b', cyan: '#06989a'},
  {red: '#cd3131', green: '#0dbc79', yellow: '#e5e510', blue: '#2472c8', magenta: '#bc3fbc', cyan: '#11a8cd'},
  {red: '#c50f1f', green: '#13a10e', yellow: '#c19c00', blue: '#0037da', magenta: '#881798', cyan: '#3a96dd'},
];

for (const name of coloured) {
  for (const shade of shadesOf(name)) {
    test(`${name} on ${shade}, 16 colours: the names are those that can be read in most palettes`, () => {
      for (const palette of shipped) {
        const isSolarized = palette['red'] === '#dc322f';
        const light = isSolarized ? '#fdf6e3' : '#ffffff';
        const background = shade === 'light' ? light : isSolarized ? '#002b36' : '#000000';
        const {tones, grounds} = paletteOf(name, shade).basic;
        for (const [tone, paint] of [...Object.entries(tones), ...Object.entries(grounds)]) {
          if (paint.color === undefined || paint.background !== undefined) continue;
          const contrast = contrastOf(rgbOf(palette[paint.color] ?? ''), rgbOf(background));
          assert.ok(
            contrast >= 2.5,
            `${tone} ${paint.color} ${palette[paint.color]}: ${contrast.toFixed(2)}`,
          );
        }
      }
    });
  }
}

test('with 16 colours, colour-blind users tell good from bad in every palette', () => {
  for (const shade of ['dark', 'light'] as const) {
    const {tones, grounds} = paletteOf('colour-blind', shade).basic;
    const pairs = [
      [tones.good.color, tones.bad.color],
      [tones.added.color, tones.removed.color],
      [grounds['added-part'].color, grounds['removed-part'].color],
    ];
    for (const palette of shipped) {
      for (const [a = '', b = ''] of pairs) {
        for (const vision of visions) {
          const distance = distanceFor(vision, rgbOf(palette[a] ?? ''), rgbOf(palette[b] ?? ''));
          assert.ok(distance >= 40, `${a} ${b}, ${vision}: ${distance.toFixed(1)}`);
        }
      }
    }
  }
});

test('the table of 256 is the one of xterm', () => {
  assert.deepEqual(rgbOf256(16), [0, 0, 0]);
  assert.deepEqual(rgbOf256(196), [255, 0, 0]);
  assert.deepEqual(rgbOf256(67), [95, 135, 175]);
  assert.deepEqual(rgbOf256(244), [128, 128, 128]);
  for (let index = 16; index < 256; index += 1) {
    assert.deepEqual(rgbOf256(indexOf256(rgbOf256(index))), rgbOf256(index), String(index));
  }
});
