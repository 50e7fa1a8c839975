import assert from 'node:assert/strict';
import {test} from 'node:test';
import {rgbOf} from '../../source/app/text/color.ts';
import {shadeByEnvironment, shadeOf} from '../../source/terminal/background.ts';

test('a background is dark or light by its luminance', () => {
  const of = (hex: string) => {
    const [r, g, b] = rgbOf(hex);
    return shadeOf({r, g, b});
  };
  for (const dark of ['#000000', '#1e1e1e', '#002b36', '#300a24', '#0000ff'])
    assert.equal(of(dark), 'dark', dark);
  for (const light of ['#ffffff', '#fdf6e3', '#ffffdd', '#c0c0c0', '#00ff00'])
    assert.equal(of(light), 'light', light);
});

test('COLORFGBG tells the background by the palette', () => {
  const of = (value: string) => shadeByEnvironment({COLORFGBG: value});
  assert.equal(of('15;0'), 'dark');
  assert.equal(of('0;15'), 'light');
  assert.equal(of('0;default;15'), 'light');
  assert.equal(of('7;8'), 'dark');
  assert.equal(of('0;7'), 'light');
  assert.equal(of('15;default'), null);
  assert.equal(of('1;42'), null);
  assert.equal(of(''), null);
  assert.equal(shadeByEnvironment({}), null);
});
