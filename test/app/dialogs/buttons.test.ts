import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {buttons, checkbox, radio, readButtons, readChoices} from '../../../source/app/dialogs/buttons.ts';
import {line, span} from '../../../source/app/text/line.ts';

describe('what a dialog offers, read back', () => {
  test('the buttons, whichever is chosen', () => {
    const both = {cancel: 'Cancel', go: 'Commit and push'};
    assert.deepEqual(readButtons(buttons('cancel', 'Cancel', 'Commit and push', false)), both);
    assert.deepEqual(readButtons(buttons('go', 'Cancel', 'Commit and push', true)), both);
    assert.deepEqual(readButtons(buttons('cancel', 'Close', null, false)), {cancel: 'Close', go: null});
  });

  test('another line has none', () => {
    assert.equal(readButtons(line('Cancel')), null);
    assert.equal(readButtons([]), null);
    assert.deepEqual(readChoices(line('nothing', span(' to choose')), 'o'), []);
  });

  test('several choices on one line', () => {
    const spans = [...checkbox(false, 'p', 'prune (2)'), span('   '), ...checkbox(true, 'w', 'wait')];
    assert.deepEqual(readChoices(spans, 'o'), [
      {kind: 'checkbox', on: false, key: 'p', words: 'prune (2)'},
      {kind: 'checkbox', on: true, key: 'w', words: 'wait'},
    ]);
    assert.deepEqual(readChoices(radio(true, '•', 'm', 'restore'), '•'), [
      {kind: 'radio', on: true, key: 'm', words: 'restore'},
    ]);
  });
});
