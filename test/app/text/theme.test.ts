import assert from 'node:assert/strict';
import {test} from 'node:test';
import {line, span} from '../../../source/app/text/line.ts';
import {drawn, lookOf} from '../../../source/app/text/theme.ts';

const spans = line(span('a'), span('b', 'good'), span('c', 'alarm'));

test('a line has the sequences of the depth that the terminal has', () => {
  const of = (color: 'none' | '16' | '256' | 'true') => drawn(spans, lookOf({ascii: false, color}));
  assert.equal(of('none'), 'ab\u001B[1m\u001B[7mc\u001B[27m\u001B[22m');
  assert.equal(
    of('16'),
    'a\u001B[32mb\u001B[39m\u001B[1m\u001B[37m\u001B[41mc\u001B[49m\u001B[39m\u001B[22m',
  );
  assert.match(of('256'), /^a\u001B\[38;5;114mb\u001B\[39m/);
  assert.match(of('true'), /^a\u001B\[38;2;135;215;135mb\u001B\[39m/);
});

test('the theme goes by the background, unless one was chosen', () => {
  const of = (theme: 'auto' | 'dark' | 'light' | 'none', shade: 'dark' | 'light') =>
    drawn(spans, lookOf({ascii: false, color: '256', theme, shade}));
  assert.equal(of('auto', 'light'), of('light', 'dark'));
  assert.equal(of('auto', 'dark'), of('dark', 'light'));
  assert.notEqual(of('auto', 'light'), of('auto', 'dark'));
  assert.equal(of('none', 'dark'), drawn(spans, lookOf({ascii: false, color: 'none'})));
});

test('without colours, what changed and what was found is still marked', () => {
  const look = lookOf({ascii: true, color: 'none'});
  assert.equal(drawn([span('x', 'plain', 'added-part')], look), '\u001B[1m\u001B[4mx\u001B[24m\u001B[22m');
  assert.equal(drawn([span('x', 'plain', 'match')], look), '\u001B[7mx\u001B[27m');
});
