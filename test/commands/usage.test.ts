import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {run} from '../../source/process/run.ts';

const program = fileURLToPath(new URL('../../bin/gitops-tui', import.meta.url));

for (const [words, exit, output, complaint] of [
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
  [['--help'], 0, /Usage/, /^$/],
  [['sync', 'production', '--yes', '--help'], 0, /Usage/, /^$/],
  [['diff', '--bogus'], 2, /^$/, /--bogus/],
  [['diff', '--output', 'xml'], 2, /^$/, /xml.*json/],
  [['diff', '--context', 'a', '--context', 'b'], 2, /^$/, /--context/],
  [['no-such-thing'], 2, /^$/, /neither a folder nor a command/],
] as const) {
  test(`gitops-tui ${words.join(' ')}`, async () => {
    const {exitCode, stdout, stderr} = await run(process.execPath, [program, ...words]);
    assert.equal(exitCode, exit);
    assert.match(stdout, output);
    assert.match(stderr, complaint);
    assert.doesNotMatch(stderr, /^\s+at .*dist/m, 'a mistake of the user is no crash');
  });
}
