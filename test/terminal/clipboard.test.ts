import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {clipboardLimit, clipboardOf} from '../../source/terminal/clipboard.ts';

const xterm = {TERM: 'xterm-256color'};
const esc = '\u001B';

function sequenceOf(text: string, env: Readonly<Record<string, string>>): string {
  const clipboard = clipboardOf(text, env);
  assert.ok('sequence' in clipboard);
  return clipboard.sequence;
}

describe('the clipboard', () => {
  test('is set by OSC 52, whatever the text', () => {
    assert.equal(sequenceOf('prod-eu', xterm), `${esc}]52;c;cHJvZC1ldQ==\u0007`);
    assert.equal(
      sequenceOf('é再\u001B', xterm),
      `${esc}]52;c;${Buffer.from('é再\u001B').toString('base64')}\u0007`,
    );
  });

  test('in tmux is set in both ways that it may allow', () =>
    assert.equal(
      sequenceOf('x', {TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'}),
      `${esc}]52;c;eA==\u0007${esc}Ptmux;${esc}${esc}]52;c;eA==\u0007${esc}\\`,
    ));

  test('in GNU screen is put through in pieces that it takes', () => {
    const text = 'x'.repeat(3000);
    const sequence = sequenceOf(text, {TERM: 'screen', STY: '1.tty'});
    const pieces = [...sequence.matchAll(/\u001BP(.*?)\u001B\\/gs)].map(([, piece = '']) => piece);
    assert.ok(pieces.length > 1 && pieces.every(piece => piece.length < 768));
    assert.equal(pieces.map(piece => `${esc}P${piece}${esc}\\`).join(''), sequence);
    assert.equal(pieces.join(''), sequenceOf(text, xterm));
  });

  for (const [words, text, env, why] of [
    ["Linux's console", 'x', {TERM: 'linux'}, /TERM=linux has no clipboard/],
    ['a teletype', 'x', {TERM: 'dumb'}, /no clipboard/],
    ['no terminal at all', 'x', {}, /no clipboard/],
    ["macOS's own terminal", 'x', {...xterm, TERM_PROGRAM: 'Apple_Terminal'}, /macOS/],
    ['what is too long', 'x'.repeat(clipboardLimit + 1), xterm, /74995 bytes/],
  ] as const)
    test(`${words} is refused, and why`, () => {
      const clipboard = clipboardOf(text, env);
      assert.ok('refused' in clipboard && why.test(clipboard.refused));
    });
});
