import assert from 'node:assert/strict';
import {test} from 'node:test';
import {withDocument} from '../../../source/changes/promotion/document-text.ts';

test('an added document ends its lines as the file does, and brings no mark of its own file', () => {
  assert.equal(withDocument('a: 1\r\n', 'b: 2\nc: 3\n'), 'a: 1\r\n---\r\nb: 2\r\nc: 3\r\n');
  assert.equal(withDocument('a: 1', '\ufeff---\r\nb: 2\r\n'), 'a: 1\n---\nb: 2\n');
  assert.equal(withDocument(undefined, '\ufeffb: 2\r\n'), '\ufeffb: 2\r\n');
});
