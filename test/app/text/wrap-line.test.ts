import assert from 'node:assert/strict';
import test from 'node:test';
import {line, span} from '../../../source/app/text/line.ts';
import {wrapLine} from '../../../source/app/text/wrap-line.ts';

const texts = (...given: Parameters<typeof wrapLine>) =>
  wrapLine(...given).map(spans => spans.map(({text}) => text).join(''));

test('a line is broken at its spaces, and goes on a little further in', () => {
  assert.deepEqual(texts(line('short'), 10), ['short']);
  assert.deepEqual(texts(line('one two three four'), 9), ['one two ', '  three ', '  four']);
  assert.deepEqual(texts(line('  fix: do this'), 10), ['  fix: do ', '    this']);
});

test('each piece keeps its tone', () => {
  const [first, second] = wrapLine(
    line(span('x ', 'bad'), span('file.yaml:1: ', 'strong'), span('broken', 'bad')),
    16,
  );
  assert.deepEqual(
    first?.map(({tone}) => tone),
    ['bad', 'bad', 'strong', 'strong'],
  );
  assert.deepEqual(
    second?.map(({text, tone}) => [text, tone]),
    [
      ['  ', 'plain'],
      ['broken', 'bad'],
    ],
  );
});

test('no line is wider than it may be, whatever the words are', () => {
  const words = line(
    'a/very/long/path/that/has/no/space.yaml:12: ',
    span('再起動サービス', 'bad'),
    ' and more',
  );
  for (const columns of [4, 7, 12, 20])
    for (const text of wrapLine(words, columns).map(spans =>
      spans
        .map(each => each.text)
        .join('')
        .trimEnd(),
    ))
      assert.ok([...text].length <= columns, `${columns}: ${text}`);
  assert.equal(
    texts(words, 12).join('').replaceAll(' ', ''),
    words
      .map(({text}) => text)
      .join('')
      .replaceAll(' ', ''),
  );
});
