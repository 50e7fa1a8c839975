import assert from 'node:assert/strict';
import {test} from 'node:test';
import {plain, plainLine} from '../../source/text/plain.ts';

test('outside text keeps its letters and line ends, and nothing that a terminal obeys or nobody sees', () => {
  const table = [
    ['one\ntwo\r\nthree', 'one\ntwo\nthree'],
    ['a\tb', 'a  b'],
    ['\u001B[31mred\u001B[0m \u009B2Jclear', 'red clear'],
    ['\u001B]52;c;aGk=\u0007copy', 'copy'],
    ['\u001B]0;title', ''],
    ['over\u202Ewritten\u2066 \u061Cmarks\u200F', 'overwritten marks'],
    // A name that looks like another one but is not.
    ['prod\u200B-e\u00ADu\uFEFF\u2060\u3164', 'prod-eu'],
    ['tag\u{E0041}\u{E007F}', 'tag'],
    ['line\u2028paragraph\u2029', 'line paragraph '],
    ['half \uD800', 'half \uFFFD'],
    ['再起動 café 👍🏽 שלום नमस्ते', '再起動 café 👍🏽 שלום नमस्ते'],
  ] as const;
  for (const [text, expected] of table) assert.equal(plain(text), expected, JSON.stringify(text));
});

test('on one line, line ends are spaces', () => {
  assert.equal(plainLine('  one \n\n two\t\n'), 'one two');
});
