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

type Context = 'admin' | 'reader';
/** A command line, and by whom it is run. */
type Command = readonly [as: Context, ...words: string[]];

/** Every command, and most ways in which it may be asked. */
const looking: readonly Command[] = [
  ['admin', 'status', 'plain'],
  ['admin', 'diff', ...compared, ...unreadable, '--ignored', '-o', 'json'],
  ['admin', 'diff', ...compared, 'broken'],
  ['admin', 'diff', 'plain', '--worktree', '--orphans', '-o', 'yaml'],
  ['admin', 'diff', '--config', 'locked.yaml'],
  ['admin', 'diff', 'plain', '-o', 'json', '--reveal-secrets'],
  ['admin', 'diff', 'nowhere'],
  ['admin', 'log', 'plain'],
  ['admin', 'log', 'plain', '--signatures', '--differences', '--changes', '-o', 'json'],
  ['admin', 'log', 'kustomize', '--differences', '--changes'],
  ['admin', 'sync', 'plain', '--dry-run', '--prune', '--force'],
  ['admin', 'sync', 'plugin', '--dry-run'],
  ['admin', 'revert', 'plain', 'HEAD~1', '--revert-commits'],
  ['admin', 'revert', 'kustomize', 'HEAD~1'],
  ['admin', 'revert', 'broken', 'HEAD~1'],
  ['admin', 'adopt', 'plain', '--all'],
  ['admin', 'adopt', 'kustomize', '--all', '--shared'],
  ['admin', 'promote', 'kustomize', '--from', 'plain', '--only', 'all'],
  ['admin', 'promote', 'plain', '--from', 'kustomize', '--only', 'values,files'],
  ['admin', 'promote', 'plain', '--from', 'broken'],
  ['admin', 'versions'],
  ['reader', 'diff', ...compared, '-o', 'json'],
  ['reader', 'revert', 'plain', 'HEAD~1'],
  ['reader', 'sync', 'plain', '--dry-run'],
  ['reader', 'sync', 'kustomize', '--yes'],
];
const changing: readonly Command[] = [
  ['admin', 'revert', 'plain', 'HEAD~1', '--pull-request', '--yes'],
  ['admin', 'sync', 'plain', '--yes', '--timeout', '0', '--force'],
];

/** What is to be seen in their output: values were near, and were masked. */
const masked = [
  /"desired": "\*{3}[0-9a-f]{8}"/,
  /too weak: \*{3} and \*{3}/,
  /could not reach postgres:\/\/shop:\*{3}/,
  /login failed: .*\*{3}/,
  /no anchor &\*{3}/,
  /"\*{3}" stands after ---/,
  /can't build it: .*\*{3}/,
  /^---- \*{3}$/m,
  /^-stringData: # \*{3}$/m,
  /^-\*{3}$/m,
  /^On its cluster: \d/m,
  /^ {4}data\.\S+: \*{3}[0-9a-f]{8} → \*{3}[0-9a-f]{8}$/m,
  /not adopted: Secret\/\S+ data\S+: values of Secrets are never written/,
];

test('no secret value is in any output, frame or file, however it is asked for', {
  concurrency: true,
}, async t => {
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
      clean(await someScreens(estate, canaries, 'reader'), 'frames'),
    ),
    t.test('the commands', async () => {
      const output = await everyOutput(estate, canaries, looking, clean);
      for (const sign of masked) assert.match(output, sign);
    }),
  ]);
  // Last, as it changes what is live.
  await t.test('the commands that change something', async () => {
    const output = await everyOutput(estate, canaries, changing, clean);
    assert.match(output, /done +apply +Secret\/\S+\/login/);
  });
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

/** Gives all that commands write, once what each wrote on both its outputs was taken. */
async function everyOutput(
  estate: Estate,
  canaries: Canaries,
  commands: readonly Command[],
  take: (text: string, what: string) => void,
): Promise<string> {
  const where = ['-C', estate.root, '--kubeconfig', estate.kubeconfig];
  const lockedFile = path.join(estate.root, 'locked.yaml');
  const lines = JSON.stringify(
    commands.map(([context, ...words]) => [
      ...words.map(word => (word === 'locked.yaml' ? lockedFile : word)),
      ...where,
      ...['--context', context],
    ]),
  );
  const {stdout, stderr} = await run(process.execPath, ['--import', tsx, driver, lines], {
    env: surroundings(estate, canaries),
    timeoutMs: patience * 1000,
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
  return `${stdout}\n${stderr}`;
}

/** Seconds that a screen or all commands may take: three programs run at once, on a machine that may have others to serve. */
const patience = 300;

// A dialog takes no keys in its first 300 ms, which nothing on it tells.
const armed = () => new Promise(resolve => setTimeout(resolve, 400));

/** An app in a terminal, and all that it has shown. */
interface Walk {
  /** Presses keys, waits for what they lead to, and keeps the frame. */
  see(keys: readonly string[], expected: string | RegExp): Promise<void>;
  /** The same for a key that opens a dialog, until that takes keys and shows what it found. */
  dialog(key: string, expected: string | RegExp): Promise<void>;
}

/** Each frame of a walk through the app, and every byte that drew them. */
async function walk(
  estate: Estate,
  canaries: Canaries,
  context: Context,
  steps: (walk: Walk) => Promise<void>,
): Promise<string> {
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
  const see: Walk['see'] = async (keys, expected) => {
    await app.press(...keys);
    await app.waitFor(expected, patience);
    frames.push(app.screen());
  };
  const dialog: Walk['dialog'] = async (key, expected) => {
    await see([key], /\[ (?:Cancel|Close) \]/);
    await see([], expected);
    await armed();
  };
  await see([], /plain .*drift/);
  await see([], /kustomize .*drift/);
  await steps({see, dialog});
  // A control key that comes in one chunk with others is none: it is pressed alone.
  await app.press('ctrl-c');
  await app.ended(patience);
  return [...frames, app.output].join('\n');
}

const planned = /Dry run|r tries again/;

/** The admin's walk: all screens. */
function everyScreen(estate: Estate, canaries: Canaries, context: Context): Promise<string> {
  return walk(estate, canaries, context, async ({see, dialog}) => {
    const overview = /ENV +CONTEXT/;
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
    await see(['/', ...'refused', 'enter', 'j', 'd'], 'refused');
    await see(['q', 'q'], /Secret\/login/);
    // What it changes is rendered after its files are counted, and stands above its patch.
    await see(['L'], /\d files .*\n(?:.*\n)*.*Added +Secret/);
    await see(['d'], /is new[\s\S]*stringData/);
    await see(['G', 'q', 'j'], /> [0-9a-f]{7} .*Yesterday/);
    await see([], /\d files? \+\d/);
    await dialog('R', 'd shows the patch');
    await see([], /Cluster \d/);
    await see(['v'], 'on the cluster: live');
    await see(['G', 'q'], /\[ (?:Cancel|Close) \]/);
    await see(['d'], 'What the commits change');
    await see(['G', 'q'], /\[ (?:Cancel|Close) \]/);
    await see(['q', 'q'], 'next drift');
    await dialog('s', planned);
    await see(['j', 'q'], 'next drift');
    await dialog('P', /\[ (?:Cancel|Close) \]/);
    await see(['q', 'p', 'f'], /Files, whole|Values/);
    await see(['G', 'd'], /scroll|plan/);
    await see(['q', 'V'], /APPLICATION|runs an image/);
    await see(['1', '2', '.', '=', ...Array.from({length: 12}, () => 'j')], /Secret\/app/);
    await see(['d'], /Secret.*app/);
    await see(['q', '3'], /broken/);
    // All of what was run, page by page.
    await see(['@'], 'What was run');
    for (let page = 0; page < 30; page++) await see(['pgdn'], 'What was run');
    await see(['/', ...'sh', 'enter'], /sh '?\*{3}/);
    await see(['q', 'q'], 'broken');
  });
}

/** The reader's walk: where others may be told otherwise than the admin is. */
function someScreens(estate: Estate, canaries: Canaries, context: Context): Promise<string> {
  return walk(estate, canaries, context, async ({see, dialog}) => {
    await see(['1', '.', '='], /Secret\/login/);
    await see(['i'], 'what is no drift');
    await see(['q', '/', ...'login', 'enter', 'j', 'j', 'd'], /^.*Secret.*login/m);
    await see(['q', 'y'], 'kind: Secret');
    await see(['q', 'q'], /Secret\/refused/);
    await dialog('s', planned);
    await see(['j', 'q'], 'next drift');
  });
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
