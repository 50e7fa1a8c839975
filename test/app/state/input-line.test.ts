import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inputSpans} from '../../../source/app/components/input-spans.ts';
import {editLine, type InputLine, inputOf, insertText} from '../../../source/app/state/input-line.ts';

/** A line as text with `|` for its cursor. */
function shown(line: InputLine | null): string | null {
  return line === null ? null : `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
}

function lineOf(text: string): InputLine {
  const cursor = text.indexOf('|');
  return {text: text.replace('|', ''), cursor};
}

describe('a line that is being typed', () => {
  for (const [before, key, after] of [
    ['|', 'a', 'a|'],
    ['ab|', 'space', 'ab |'],
    ['a|b', 'x', 'ax|b'],
    ['a|b', '再', 'a再|b'],
    ['a|b', 'left', '|ab'],
    ['|ab', 'left', '|ab'],
    ['再|b', 'left', '|再b'],
    ['e\u0301|', 'left', '|e\u0301'],
    ['👨‍👩‍👧|x', 'left', '|👨‍👩‍👧x'],
    ['a|b', 'right', 'ab|'],
    ['ab|', 'right', 'ab|'],
    ['|👨‍👩‍👧x', 'right', '👨‍👩‍👧|x'],
    ['a|b', 'home', '|ab'],
    ['a|b', 'end', 'ab|'],
    ['a|b', 'ctrl-e', 'ab|'],
    ['one two |three', 'ctrl-left', 'one |two three'],
    ['one| two', 'ctrl-right', 'one two|'],
    ['ab|c', 'backspace', 'a|c'],
    ['|c', 'backspace', '|c'],
    ['👨‍👩‍👧|', 'backspace', '|'],
    ['a|bc', 'delete', 'a|c'],
    ['a|', 'delete', 'a|'],
    ['one two|', 'ctrl-w', 'one |'],
    ['one two  |', 'ctrl-w', 'one |'],
    ['one |', 'ctrl-w', '|'],
    ['  |', 'ctrl-w', '|'],
    ['one two| three', 'ctrl-w', 'one | three'],
    ['one| two', 'ctrl-u', '| two'],
    ['one| two', 'ctrl-k', 'one|'],
    ['one|', 'enter', null],
    ['one|', 'esc', null],
    ['one|', 'tab', null],
    ['one|', 'up', null],
    ['one|', 'pgdn', null],
    ['one|', 'ctrl-d', null],
    ['one|', 'shift-tab', null],
  ] as const) {
    test(`${before} ${key}: ${after}`, () => assert.equal(shown(editLine(lineOf(before), key)), after));
  }

  for (const [before, pasted, after] of [
    ['a|b', 'xy', 'axy|b'],
    ['|', 'one\ntwo', 'one|'],
    ['|', '\r\none\r\n', 'one|'],
    ['|', 'a\tb', 'a  b|'],
    ['|', '\u001B[31mred\u001B[0m\u0007', 'red|'],
    ['|', '\n\n', '|'],
  ] as const) {
    test(`pasted ${JSON.stringify(pasted)}`, () =>
      assert.equal(shown(insertText(lineOf(before), pasted)), after));
  }
});

describe('the line on the screen', () => {
  const drawn = (line: InputLine, columns: number) =>
    inputSpans(line, columns)
      .map(({text, tone}) => (tone === 'cursor' ? `[${text}]` : text))
      .join('');
  for (const [words, line, columns, expected] of [
    ['its cursor at the end', inputOf('abc'), 10, 'abc[ ]'],
    ['its cursor inside', lineOf('a|bc'), 10, 'a[b]c'],
    ['a wide character under the cursor', lineOf('a|再c'), 10, 'a[再]c'],
    ['too long, the cursor at the end', inputOf('abcdefgh'), 5, 'efgh[ ]'],
    ['too long, the cursor inside', lineOf('abcd|efgh'), 5, 'abcd[e]'],
    ['too long, the cursor in front', lineOf('|abcdefgh'), 5, '[a]bcde'],
    ['wide characters that are too long', inputOf('再再再'), 5, '再再[ ]'],
  ] as const) {
    test(words, () => assert.equal(drawn(line, columns), expected));
  }
});
