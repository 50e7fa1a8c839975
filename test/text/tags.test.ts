import assert from 'node:assert/strict';
import {test} from 'node:test';
import {shownTags} from '../../source/text/tags.ts';

test('marks of what is known good are told by their environment, once', () => {
  assert.deepEqual(
    shownTags([
      'v1.2.0',
      'gitops-tui/good/prod/20261121-150000-9be01d4',
      'gitops-tui/good/prod/20261122-150000-9be01d4',
      'gitops-tui/good/staging/20261122-150000-9be01d4',
    ]),
    ['v1.2.0', 'good:prod', 'good:staging'],
  );
});
