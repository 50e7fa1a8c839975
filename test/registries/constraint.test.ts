import assert from 'node:assert/strict';
import test from 'node:test';
import {parseConstraint} from '../../source/registries/constraint.ts';
import {parseVersion} from '../../source/registries/version.ts';
import said from './masterminds.json' with {type: 'json'};

test('texts are versions to us that are versions to Go’s tools', () => {
  for (const mode of ['strict', 'lenient'] as const) {
    assert.deepEqual(
      said.versions.filter(text => parseVersion(text, mode) !== null),
      said[mode],
      mode,
    );
  }
});

test('a range takes exactly the versions that it takes for Go’s tools', () => {
  for (const {constraint, valid, takes} of said.rows) {
    const isIn = parseConstraint(constraint);
    assert.equal(typeof isIn !== 'string', valid, `"${constraint}"`);
    if (typeof isIn === 'string') continue;
    const taken = said.versions.filter(text => {
      const version = parseVersion(text, 'lenient');
      return version !== null && isIn(version);
    });
    assert.deepEqual(taken, takes, `"${constraint}"`);
  }
});

test('a range or a version that is made to take long is refused at once', () => {
  assert.equal(typeof parseConstraint('>=1.0.0 '.repeat(200)), 'string');
  assert.equal(typeof parseConstraint(`1${' '.repeat(400)}-${' '.repeat(80)}x!`), 'string');
  assert.equal(parseVersion('1'.repeat(300), 'lenient'), null);
  assert.equal(parseVersion(`1.2.3-${'0'.repeat(240)}!`, 'lenient'), null);
});
