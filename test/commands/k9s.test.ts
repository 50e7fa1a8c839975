import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {k9sCall, openK9s} from '../../source/commands/k9s.ts';

const place = {context: 'prod-eu', namespace: 'shop', kind: 'Deployment', readOnly: false};

describe('k9s', () => {
  for (const [words, changed, kubeconfig, expected] of [
    [
      'on what is chosen',
      {},
      undefined,
      ['--context', 'prod-eu', '--namespace', 'shop', '--command', 'deployment'],
    ],
    ['on a cluster', {namespace: null, kind: null}, undefined, ['--context', 'prod-eu']],
    [
      'read-only, with a kubeconfig of its own',
      {kind: null, readOnly: true},
      '/k c',
      ['--kubeconfig', '/k c', '--context', 'prod-eu', '--namespace', 'shop', '--readonly'],
    ],
    // A kind is whatever git says: it must not become a command of k9s with arguments, nor an option.
    ['no kind but a name', {namespace: null, kind: 'pod @other'}, undefined, ['--context', 'prod-eu']],
    ['no option', {namespace: null, kind: '-x'}, undefined, ['--context', 'prod-eu']],
  ] as const)
    test(words, () =>
      assert.deepEqual(k9sCall({...place, ...changed}, kubeconfig), {file: 'k9s', args: expected}),
    );

  test('that is missing says where to get it, and what shows the same', async t => {
    const {PATH} = process.env;
    t.after(() => {
      process.env['PATH'] = PATH;
    });
    process.env['PATH'] = '/nowhere';
    await assert.rejects(openK9s(place, undefined), {
      message:
        'k9s is not on PATH: get it from k9scli.io, or run kubectl --context prod-eu -n shop get deployment',
    });
  });
});
