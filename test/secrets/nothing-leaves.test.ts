// Values planted wherever a secret may be, every command and every screen, and not one byte of them in what comes out.
import assert from 'node:assert/strict';
import {glob, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {run} from '../../source/process/run.ts';
import {openTerminal} from '../app/terminal.ts';
import {useCluster} from '../cluster/shared.ts';
import {Canaries} from './canaries.ts';
import {compared, type Estate, makeEstate, unreadable} from './estate.ts';

const driver = fileURLToPath(new URL('drive-commands.ts', import.meta.url));
const cli = fileURLToPath(new URL('../../source/cli.ts', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

/** Every command, by whom it is run. */
const everyCommand: Record<'admin' | 'reader', readonly string[][]> = {
  admin: [
    ['status', ...compared],
    ['diff', ...compared, ...unreadable, '--ignored', '-o', 'json'],
    ['diff', ...compared, 'broken'],
    ['diff', 'plain', '--worktree', '--orphans', '-o', 'yaml'],
    ['diff', '--config', 'locked.yaml'],
    ['diff', 'plain', '-o', 'json', '--reveal-secrets'],
    ['diff', 'nowhere'],
    ['log', 'plain'],
    ['log', 'kustomize', '-o', 'json'],
    ...['plain', 'plugin'].map(name => ['sync', name, '--dry-run', '--prune', '--force']),
    ['revert', 'plain', 'HEAD~1'],
    ['revert', 'plain', 'HEAD~1', '--revert-commits'],
    ['revert', 'kustomize', 'HEAD~1'],
    ['revert', 'broken', 'HEAD~1'],
    ['revert', 'plain', 'HEAD~1', '--pull-request', '--yes'],
    ['sync', 'plain', '--yes', '--timeout', '0', '--force'],
  ],
  reader: [
    ['status', ...compared],
    ['diff', ...compared, '-o', 'json'],
    ['sync', 'plain', '--dry-run'],
    ['sync', 'kustomize', '--yes'],
  ],
};

test('no secret value is in any output, frame or file, however it is asked for', async t => {
  const cluster = await useCluster(t);
  if (!cluster) return;
  const canaries = new Canaries();
  const estate = await makeEstate(t, cluster, canaries);
  const clean = (text: string, what: string) =>
    assert.deepEqual(
      canaries.leaks(text).map(({canary, as, around}) => `${canary}, ${as}: ${around}`),
      [],
      what,
    );

  await Promise.all([
    t.test('the screens, as admin', async () =>
      clean(await everyScreen(estate, canaries, 'admin'), 'frames'),
    ),
    t.test('the screens, as reader', async () =>
      clean(await everyScreen(estate, canaries, 'reader'), 'frames'),
    ),
    t.test('the commands, as reader', async () => everyOutput(estate, canaries, 'reader', clean)),
  ]);
  // Last, as one of them changes what is live.
  await t.test('the commands, as admin', async () => everyOutput(estate, canaries, 'admin', clean));
  await t.test('the files that were written', async () => {
    let count = 0;
    for await (const file of glob('**/*', {cwd: estate.scratch})) {
      const name = path.join(estate.scratch, file);
      clean(file, file);
      if (!(await stat(name)).isFile()) continue;
      clean(await readFile(name, 'latin1'), file);
      count++;
    }
    assert.ok(count > 0, 'nothing was written: not even schemas were kept');
  });
});

function surroundings({scratch}: Estate, canaries: Canaries): Record<string, string> {
  return {
    HOME: scratch,
    TMPDIR: scratch,
    XDG_CACHE_HOME: path.join(scratch, 'cache'),
    GITHUB_TOKEN: canaries.of('GITHUB_TOKEN'),
    GH_TOKEN: canaries.of('GH_TOKEN'),
    GITOPS_TUI_DEBUG: '1',
    EDITOR: 'true',
    VISUAL: 'true',
  };
}

/** Gives what each command writes on both its outputs. */
async function everyOutput(
  estate: Estate,
  canaries: Canaries,
  context: 'admin' | 'reader',
  take: (text: string, what: string) => void,
): Promise<void> {
  const where = ['-C', estate.root, '--kubeconfig', estate.kubeconfig, '--context', context];
  const commands = everyCommand[context];
  const lockedFile = path.join(estate.root, 'locked.yaml');
  const whole = (words: readonly string[]) => words.map(word => (word === 'locked.yaml' ? lockedFile : word));
  const lines = JSON.stringify(commands.map(words => [...whole(words), ...where]));
  const {stdout, stderr} = await run(process.execPath, ['--import', tsx, driver, lines], {
    env: surroundings(estate, canaries),
    timeoutMs: 300_000,
  });
  for (const [index, words] of commands.entries()) {
    const [, part] = stdout.split(`\n$ ${index} `);
    assert.ok(
      part !== undefined,
      `${words.join(' ')} was not run:\n${stdout.slice(-1000)}${stderr.slice(-1000)}`,
    );
    take(part.split(/\n= \d/)[0] ?? '', words.join(' '));
  }
  take(stderr, 'standard error');
}

/** Seconds that a screen may take: two apps start at once, on a machine that may have others to serve. */
const patience = 180;

// A dialog takes no keys in its first 300 ms.
const settled = () => new Promise(resolve => setTimeout(resolve, 400));

/** Each frame of a walk through all screens, and every byte that drew them. */
async function everyScreen(estate: Estate, canaries: Canaries, context: string): Promise<string> {
  const frames: string[] = [];
  await using app = openTerminal({
    command: process.execPath,
    args: [
      ...['--import', tsx, cli, estate.root, '--kubeconfig', estate.kubeconfig],
      ...['--context', context, '--no-fetch'],
    ],
    columns: 120,
    rows: 40,
    env: {...surroundings(estate, canaries), CI: undefined},
  });
  // A control key that comes in one chunk with others is none: it is pressed alone.
  /** Presses keys, waits for what they lead to, and keeps the frame. */
  const see = async (keys: readonly string[], expected: string | RegExp) => {
    await app.press(...keys);
    await app.waitFor(expected, patience);
    frames.push(app.screen());
  };
  const dialog = async (key: string, expected: RegExp) => {
    await see([key], expected);
    await settled();
  };
  const overview = /ENV +CONTEXT/;
  await see([], /plain .*drift/);
  await see([], /kustomize .*drift/);
  await see(['!'], /can't build it/);
  await see(['q'], overview);
  await see(['?'], 'On the overview');
  await see(['q'], overview);
  await see(['1', '.', '='], /Secret\/login/);
  await see(['i'], 'what is no drift');
  await see(['q'], 'next drift');
  await see(
    Array.from({length: 12}, () => 'j'),
    'next drift',
  );
  await see(['/', ...'login', 'enter', 'j', 'j'], /Secret\/login/);
  await see(['d'], /^.*Secret.*login/m);
  await see(['G', 'q'], 'next drift');
  await see(['y'], 'kind: Secret');
  await see(['tab'], 'kind: Secret');
  await see(['q', 'u', 'tab', 'j', 'tab', 'c'], 'copied');
  await see(['x'], '--reveal-secrets');
  await see(['q'], /Secret\/refused/);
  if (context === 'admin') {
    await see(['/', ...'refused', 'enter', 'j', 'd'], 'refused');
    await see(['q', 'q'], /Secret\/login/);
    await see(['L'], /Files +\d/);
    await see(['d'], 'stringData');
    await see(['G', 'q', 'j'], /> [0-9a-f]{7} .*Yesterday/);
    await see([], /Files +\d/);
    await dialog('R', /\[ (?:Cancel|Close) \]/);
    await app.waitFor('d shows the patch', patience);
    await see(['d'], 'What the commits change');
    await see(['G', 'q'], /\[ (?:Cancel|Close) \]/);
    await see(['q', 'q'], 'next drift');
  }
  await dialog('s', /\[ (?:Cancel|Close) \]/);
  await app.waitFor(/Dry run|r tries again/, patience);
  await see(['j', 'q'], 'next drift');
  await dialog('P', /\[ (?:Cancel|Close) \]/);
  await see(['q', '2', '.', '=', ...Array.from({length: 12}, () => 'j')], /Secret\/app/);
  await see(['d'], /^.*diff|Secret/m);
  await see(['q', '3'], /broken/);
  await see(['@'], 'plan sync');
  await see(['q'], 'broken');
  await app.press('ctrl-c');
  await app.ended();
  return [...frames, app.output].join('\n');
}

describe('the test itself', () => {
  test('finds a value in every way in which it may come out', () => {
    const canaries = new Canaries();
    const value = canaries.of('here');
    for (const text of [
      value,
      `${value.slice(0, 3)}\n│ ${value.slice(3)}`,
      `\u001B[31m${value.slice(0, 4)}\u001B[0m${value.slice(4, 8)}`,
      canaries.base64('here'),
      Buffer.from(`a:${value}`).toString('base64'),
      Buffer.from(`b:c${value}`).toString('base64'),
      encodeURIComponent(value),
      Buffer.from(value).toString('hex'),
      [...value].reverse().join(''),
      `${value.slice(0, 8)}…`,
    ]) {
      assert.equal(canaries.leaks(`x ${text} y`).length, 1, text);
    }
    assert.deepEqual(canaries.leaks('something else'), []);
  });
});
