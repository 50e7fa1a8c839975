import assert from 'node:assert/strict';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {pagerCall} from '../../source/commands/pager.ts';
import {openTerminal} from '../app/terminal.ts';

test('the pager is $PAGER, else less; less obeys colours', () => {
  assert.deepEqual(pagerCall({}), {file: 'less', args: ['-R']});
  assert.deepEqual(pagerCall({PAGER: '  '}), {file: 'less', args: ['-R']});
  assert.deepEqual(pagerCall({PAGER: '/usr/bin/less -S'}), {file: '/usr/bin/less', args: ['-S', '-R']});
  assert.deepEqual(pagerCall({PAGER: 'most -w'}), {file: 'most', args: ['-w']});
});

// Counts what it is given, and ends with a line from the terminal's own keyboard, as pagers do.
const pager = `
import {readFileSync, openSync, readSync} from 'node:fs';
const text = readFileSync(0, 'utf8');
console.log('paged ' + text.split('\\n').filter(line => line.includes('replicas')).length + ', coloured: ' + text.includes('\\u001B[38;'));
readSync(openSync('/dev/tty', 'r'), Buffer.alloc(1));
console.log('turned over');
`;

test('| lends the terminal to the pager, and takes it back', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-pager-'));
  try {
    const file = path.join(folder, 'pager.mjs');
    await writeFile(file, pager);
    await using terminal = openTerminal({
      command: process.execPath,
      args: ['--import', 'tsx', 'test/app/fixture-session.tsx'],
      env: {PAGER: `${process.execPath} ${file}`, NO_COLOR: undefined, FORCE_COLOR: undefined},
    });
    await terminal.waitFor('staging');
    await terminal.press('2');
    await terminal.waitFor('checkout-api');
    await terminal.press('j', '|');
    await terminal.waitFor('paged 2, coloured: true');
    assert.equal(terminal.isAlternate, false);
    await terminal.press('enter');
    await terminal.waitFor('checkout-api');
    assert.equal(terminal.isAlternate, true);
    assert.match(terminal.output, /turned over/);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
});

test('a pager that ends before it has read all is no failure', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-pager-'));
  try {
    const file = path.join(folder, 'run.mts');
    const source = path.resolve('source/commands/pager.ts');
    await writeFile(
      file,
      `import {openPager} from ${JSON.stringify(source)};\nawait openPager('x\\n'.repeat(2_000_000));\nconsole.log('read enough');\n`,
    );
    await using terminal = openTerminal({
      command: process.execPath,
      args: ['--import', 'tsx', file],
      env: {PAGER: `${process.execPath} -e process.stdin.once("data",()=>process.exit())`},
    });
    await terminal.waitFor('read enough');
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
});
