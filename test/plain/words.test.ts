import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {buttons, checkbox, radio} from '../../source/app/dialogs/buttons.ts';
import {line, span} from '../../source/app/text/line.ts';
import {agoInWords, dialogSentences, sentence} from '../../source/plain/words.ts';

describe('lines of the screen as words', () => {
  const cases: [string, ReturnType<typeof line>, string][] = [
    [
      'a gap is a comma',
      line(span('kind-lab', 'strong'), '   git 3f2a91c   2 objects'),
      'kind-lab, git 3f2a91c, 2 objects',
    ],
    ['a label has a colon', line(span('Git source   ', 'dim'), 'a.yaml:3'), 'Git source: a.yaml:3'],
    ['a label of nothing is nothing', line(span('Last commit  ', 'dim'), ''), ''],
    ['a number in front is no label', line(span('12:00:01 ', 'dim'), '0.10s  ok'), '12:00:01 0.10s, ok'],
    [
      'an exclamation mark is a note',
      line(span('! one of two is left', 'drift')),
      'Note: one of two is left',
    ],
    ['what a glyph leaves is no indent', line(span(' '), 'it can be merged'), 'it can be merged'],
    ['an indent stays', line('    ', span('deeper')), '    deeper'],
    ['escapes never get here', line('a\u001B[31mb\u0007'), 'ab'],
  ];
  for (const [name, spans, expected] of cases) test(name, () => assert.equal(sentence(spans), expected));
});

test('choices are lines with their key and state, buttons are none', () => {
  const lines = [
    line('What happens'),
    [...checkbox(true, 'w', 'wait for health'), span('   '), ...checkbox(false, 'p', 'prune (1)')],
    radio(true, 'o', 'm', 'restore'),
    radio(false, 'o', 't', 'undo each'),
    buttons('cancel', 'Cancel', 'Apply', false),
  ];
  const words = dialogSentences(lines.slice(0, -1));
  assert.deepEqual(words, [
    'What happens',
    'w: wait for health, on',
    'p: prune (1), off',
    'm: restore, chosen',
    't: undo each, not chosen',
  ]);
});

test('ages in lines that never change count seconds, too', () => {
  assert.equal(agoInWords(0, 0), 'just now');
  assert.equal(agoInWords(0, 12_000), '12s ago');
  assert.equal(agoInWords(0, 125_000), '2m ago');
  assert.equal(agoInWords(0, 3 * 3_600_000), '3h ago');
  assert.equal(agoInWords(5000, 0), 'just now', 'clocks differ');
});
