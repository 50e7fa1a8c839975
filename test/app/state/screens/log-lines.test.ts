import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
  isFull,
  mostCharacters,
  mostLines,
  noLines,
  withEarlier,
  withLines,
} from '../../../../source/app/state/screens/log-lines.ts';
import type {LogLine} from '../../../../source/looks/types.ts';

const line = (second: number, pod = 'a', kind: LogLine['kind'] = 'log'): LogLine => ({
  time: new Date(second * 1000).toISOString().replace('Z', '000000Z'),
  pod,
  container: 'api',
  text: `${pod}${second}`,
  kind,
});
const texts = ({lines}: typeof noLines) => lines.map(({text}) => text).join(' ');

describe('the lines that are kept', () => {
  test('what comes late goes where its time puts it', () => {
    const first = withLines(noLines, [line(1), line(3), line(5)], 0);
    assert.equal(texts(withLines(first, [line(2, 'b'), line(4, 'b'), line(6, 'b')], 0)), 'a1 b2 a3 b4 a5 b6');
  });

  test('of one time, what was there first stays first', () => {
    const first = withLines(noLines, [line(1), line(2)], 0);
    assert.equal(texts(withLines(first, [line(2, 'b'), line(3, 'b')], 0)), 'a1 a2 b2 b3');
  });

  test('a line without a time stays behind what it came after', () => {
    const first = withLines(noLines, [line(1), {...line(0), time: '', text: '+'}, line(4)], 0);
    assert.equal(texts(withLines(first, [line(3, 'b')], 0)), 'a1 + b3 a4');
  });

  test('the oldest go where there are too many, and it is told how many', () => {
    const many = Array.from({length: mostLines}, (_, index) => line(index));
    const known = withLines(withLines(noLines, many, 0), [line(mostLines), line(mostLines + 1)], 7);
    assert.deepEqual([known.lines.length, known.lines[0]?.text, known.dropped], [mostLines, 'a2', 9]);
    // What is asked of before them counts all that came.
    assert.equal(known.counts.get('a api'), mostLines + 2);
  });

  test('the oldest also go where they are too long together, but for the last one', () => {
    const long = (second: number): LogLine => ({...line(second), text: 'x'.repeat(mostCharacters / 2)});
    const known = withLines(noLines, [line(0), long(1), long(2), long(3)], 0);
    assert.deepEqual([known.lines.length, known.dropped, known.characters], [2, 2, mostCharacters]);
    assert.equal(isFull(known), true);
    assert.equal(withEarlier(known, [line(0)]).lines.length, 2);
  });

  test('earlier ones come in front, as many as there is room for', () => {
    const known = withLines(noLines, [line(5), line(6)], 0);
    assert.equal(texts(withEarlier(known, [line(3), line(4)])), 'a3 a4 a5 a6');
    const full = withLines(
      noLines,
      Array.from({length: mostLines - 1}, (_, index) => line(index + 10)),
      0,
    );
    const more = withEarlier(full, [line(3), line(4)]);
    assert.deepEqual([more.lines.length, more.lines[0]?.text], [mostLines, 'a4']);
  });

  test('every line has a number of its own, also after others went', () => {
    const known = withEarlier(withLines(withLines(noLines, [line(5)], 0), [line(4), line(6)], 0), [line(1)]);
    assert.equal(new Set(known.lines.map(({id}) => id)).size, 4);
  });

  test('what we say between lines is none of a container', () => {
    const known = withLines(noLines, [line(1), line(2, 'a', 'note')], 0);
    assert.equal(known.counts.get('a api'), 1);
  });
});
