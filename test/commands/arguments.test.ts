import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {checkArguments} from '../../source/commands/arguments.ts';
import {choose, chooseOne} from '../../source/commands/common.ts';
import {UsageError} from '../../source/commands/failure.ts';
import type {Flags} from '../../source/commands/flags.ts';
import {environment} from '../app/fake-data.ts';
import {plainFlags} from './plain-flags.ts';

describe('a command line is refused', () => {
  const cases: [command: string, words: string[], flags: Partial<Flags>, message: string][] = [
    ['diff', [], {verify: false}, '--no-verify is for revert, adopt, images, promote: diff does not take it'],
    ['sync', ['staging', 'production'], {yes: true}, 'sync takes one environment: "production" is too much'],
    ['log', ['a', 'b'], {}, 'log takes one environment: "b" is too much'],
    ['revert', ['a', 'b', 'c'], {}, 'revert takes one environment and one commit: "c" is too much'],
    [
      'sync',
      ['a'],
      {output: 'json'},
      '--output is for diff, status, log, images, pr, versions: sync does not take it',
    ],
    [
      'diff',
      [],
      {yes: true},
      '--yes is for sync, baseline, revert, adopt, images, promote, pr: diff does not take it',
    ],
    [
      'open',
      [],
      {dryRun: true},
      '--dry-run is for sync, baseline, revert, adopt, images, promote, pr: the app does not take it',
    ],
    ['diff', [], {revealSecrets: true}, '--reveal-secrets is for the app, demo: diff does not take it'],
    ['log', ['a'], {limit: 0}, '--limit takes a whole number from 1'],
    ['log', ['a'], {limit: Number.NaN}, '--limit takes a whole number from 1'],
    ['sync', ['a'], {timeout: -5}, '--timeout takes a whole number from 0'],
    ['sync', ['a'], {timeout: Number.NaN}, '--timeout takes a whole number from 0'],
    ['diff', [], {context: ''}, '--context is empty: it takes a value'],
  ];
  for (const [command, words, flags, message] of cases) {
    test(message, () => {
      assert.throws(() => checkArguments(command, words, {...plainFlags, ...flags}), new UsageError(message));
    });
  }
});

test('what a command heeds is taken', () => {
  checkArguments('diff', ['a', 'b', 'c'], {...plainFlags, output: 'json', readOnly: true, ascii: true});
  checkArguments('sync', ['a'], {...plainFlags, prune: true, timeout: 0, yes: true, fetch: false});
  checkArguments('revert', ['a', 'b'], {...plainFlags, pullRequest: true, dryRun: true, color: false});
});

describe('an environment that is not there', () => {
  const mistake = {
    severity: 'error' as const,
    message: 'environments[0].nmae is no key of this file',
    location: {file: '.gitops-tui.yaml', line: 2, column: 5},
  };

  test('is told with the mistakes that may be why', () => {
    assert.throws(() => choose({environments: [], problems: [mistake]}, []), {
      name: 'UsageError',
      message: /^no environment could be read:\n\.gitops-tui\.yaml:2:5: environments\[0\]\.nmae is no key/,
    });
    assert.throws(() => choose({environments: [environment('a')], problems: [mistake]}, ['b']), {
      message: /^there is no environment "b"; there are a\n\.gitops-tui\.yaml:2:5: /,
    });
    assert.throws(() => choose({environments: [], problems: []}, []), {message: /^no environment was found/});
  });

  test('is asked for by name where one is needed', () => {
    const environments = [environment('a'), environment('b')];
    assert.throws(() => chooseOne({environments, problems: []}, undefined, 'sync'), {
      message: 'sync takes an environment: one of a, b',
    });
    assert.equal(chooseOne({environments, problems: []}, 'b', 'sync').name, 'b');
    assert.deepEqual(choose({environments, problems: []}, ['b', 'b']), environments.slice(1));
  });
});
