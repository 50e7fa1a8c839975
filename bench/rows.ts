/** Measures how long a key takes from the terminal to the first byte that it moves, in lists of very many rows. */
import {readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {spawn} from '@lydell/node-pty';
import {build} from 'esbuild';
import {bundling} from '../scripts/bundling.js';
import {median} from './timed.ts';

/** A place, how to get there, and the keys that are measured there. */
const places: readonly {title: string; ready: string; go: readonly string[]; keys: readonly string[]}[] = [
  {
    title: '500 environments',
    ready: '1/500',
    go: [],
    keys: [
      'j',
      'j',
      '\u0004',
      'G',
      'k',
      'g',
      'S',
      'S',
      'S',
      'S',
      ' ',
      'n',
      '.',
      '.',
      '/',
      '4',
      '9',
      '\r',
      '\u001B',
    ],
  },
  {
    title: '10,000 resources, all of them',
    ready: 'of 10000',
    go: ['1', '.'],
    keys: [
      'j',
      'j',
      '\u0004',
      'G',
      'k',
      'g',
      'n',
      'N',
      '-',
      '=',
      'S',
      'S',
      'S',
      ' ',
      '*',
      '.',
      '.',
      '/',
      '0',
      '9',
      '\r',
      '\u001B',
    ],
  },
  {
    title: '20,000 revisions',
    ready: '/20000',
    go: ['1', 'L', 'G', 'G', 'G', 'G', 'G', 'g'],
    keys: ['j', 'j', '\u0004', 'G', 'k', 'g', 'S', 'S', 'S', '/', '9', '9', '\r', '\u001B'],
  },
];

const rounds = 3;

/** Medians and the slowest of all keys, in ms, for each place. */
export async function measureRows(): Promise<
  {what: string; medianMs: number; cpuMs: number; slowest: string}[]
> {
  const results = [];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gitops-tui-rows-'));
  const program = await bundledApp(folder);
  for (const {title, ready, go, keys} of places) {
    const app = await open(program);
    await app.until('1/500');
    for (const key of go) await app.press(key);
    await app.until(ready);
    const before = app.cpuMs();
    const times: {key: string; ms: number}[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const key of keys) times.push({key, ms: await app.press(key)});
    }
    const cpuMs = (app.cpuMs() - before) / times.length;
    app.end();
    const byKey = [...new Set(keys)].map(key => ({
      key: JSON.stringify(key),
      ms: median(times.filter(time => time.key === key && Number.isFinite(time.ms)).map(({ms}) => ms)),
    }));
    byKey.sort((a, b) => b.ms - a.ms);
    results.push({
      what: `${title}, key to first byte`,
      cpuMs,
      medianMs: median(times.map(({ms}) => ms).filter(Number.isFinite)),
      slowest: byKey
        .slice(0, 4)
        .map(({key, ms}) => `${key} ${ms.toFixed(1)} ms`)
        .join(', '),
    });
  }
  await rm(folder, {recursive: true});
  return results;
}

/** The app on made-up answers, bundled as the product is: that makes of Ink and React what they are there. */
async function bundledApp(folder: string): Promise<string> {
  const app = fileURLToPath(new URL('rows-app.ts', import.meta.url));
  await build({...bundling('0'), entryPoints: {app}, outdir: folder, outExtension: {'.js': '.mjs'}});
  return path.join(folder, 'app.mjs');
}

async function open(program: string) {
  const pty = spawn(process.execPath, [program], {
    name: 'xterm-256color',
    cols: 80,
    rows: 24,
    env: {...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor'} as Record<string, string>,
  });
  let output = '';
  let last = performance.now();
  let onFirst: (() => void) | null = null;
  pty.onData(data => {
    output += data;
    last = performance.now();
    onFirst?.();
    onFirst = null;
  });
  const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
  const calm = async () => {
    for (let quiet = last; ; quiet = last) {
      await sleep(120);
      if (quiet === last) return;
    }
  };
  return {
    /** Waits until the program has written a text, and then nothing for a while. */
    async until(text: string) {
      for (let tries = 0; !output.includes(text); tries += 1) {
        if (tries > 1200) throw new Error(`no ${text} in what the app wrote`);
        await sleep(50);
      }
      await calm();
    },
    /** Presses a key; gives the time to the first byte, NaN where the key changes nothing. */
    async press(key: string): Promise<number> {
      const start = performance.now();
      const first = new Promise<number>(resolve => {
        onFirst = () => resolve(performance.now() - start);
        setTimeout(() => resolve(Number.NaN), 1000);
      });
      pty.write(key);
      const ms = await first;
      await calm();
      return ms;
    },
    /** What it has used of the processor so far, on Linux: that says the same whatever else the machine does. */
    cpuMs(): number {
      const fields = readFileSync(`/proc/${pty.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
    end: () => pty.kill('SIGKILL'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const {what, medianMs, cpuMs, slowest} of await measureRows())
    console.log(
      `| ${what} | ${medianMs.toFixed(1)} ms | ${cpuMs.toFixed(1)} ms of processor a key | slowest: ${slowest} |`,
    );
}
