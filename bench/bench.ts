/** Measures the drift of clean estates beside `kubectl diff --server-side`; see README.md. */
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {build} from 'esbuild';
import {startCluster} from '../test/cluster/start.ts';
import {measureRevisions} from './revisions.ts';
import {makeScene, type Scene, type SceneOptions} from './scene.ts';
import {measureScreen, type ScreenRow, sizes} from './screen.ts';
import {median, type Run, timed} from './timed.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const program = process.env['BENCH_PROGRAM'] ?? here('../bin/gitops-tui');
const {values} = parseArgs({
  options: {
    runs: {type: 'string', default: '5'},
    only: {type: 'string', default: 'small,client,large,revisions,screen'},
  },
});
const runs = Number(values.runs);
const estate = {resources: 1000, environments: 1, namespaces: 1, contexts: 1};
const scenes: Record<string, SceneOptions & {title: string; peerRuns: number}> = {
  small: {
    ...estate,
    title: '1,000 resources, server-side applied',
    apply: ['apply', '--server-side'],
    peerRuns: runs,
  },
  client: {...estate, title: '1,000 resources, client-side applied', apply: ['apply'], peerRuns: runs},
  large: {
    title: '10,000 resources in 200 namespaces, 20 environments, 5 contexts',
    resources: 10_000,
    environments: 20,
    namespaces: 200,
    contexts: 5,
    apply: ['apply', '--server-side'],
    peerRuns: 1,
  },
};

const folder = await mkdtemp(path.join(os.tmpdir(), 'gitops-tui-bench-'));
const wanted = values.only.split(',');
const estates = Object.entries(scenes).filter(([name]) => wanted.includes(name));
const cluster = estates.length === 0 ? undefined : await startCluster();
try {
  if (wanted.includes('screen')) printScreen(await measureScreen(folder, program));
  console.log(`${os.cpus().length} cores, Node.js ${process.version}, medians of ${runs} runs\n`);
  console.log('| what | time | kubectl diff | times faster | requests | dry runs | peak memory |');
  console.log('|---|---|---|---|---|---|---|');
  const inside = path.join(folder, 'inside.mjs');
  await bundle(inside);
  if (wanted.includes('revisions')) {
    for (const {what, firstMs, wholeMs} of await measureRevisions(folder, runs))
      row(`${what}, all after ${seconds(wholeMs)}`, firstMs, {});
  }
  for (const [name, options] of estates) {
    if (cluster === undefined) break;
    const scene = await makeScene(cluster, path.join(folder, name), options);
    const peerMs = await cold(scene, options);
    await again(scene, inside, options.title, peerMs);
  }
} finally {
  await cluster?.stop();
  await rm(folder, {recursive: true, force: true});
}

/**
 * From the shell, nothing cached, in turn with kubectl; then once more to count requests and memory. Gives what kubectl
 * took, in ms.
 */
async function cold(scene: Scene, {title, peerRuns}: {title: string; peerRuns: number}): Promise<number> {
  const {kubeconfig} = scene;
  const args = ['diff', '--output', 'json', '--kubeconfig', kubeconfig];
  const ours: number[] = [];
  const warm: number[] = [];
  const theirs: number[] = [];
  const kapps: number[] = [];
  // Fills the cache that the warm ones use.
  clean(await ourRun(scene, args, {cache: 'warm'}));
  for (let index = 0; index < Math.max(runs, peerRuns); index++) {
    if (index < runs) {
      ours.push(clean(await ourRun(scene, args)).milliseconds);
      warm.push(clean(await ourRun(scene, args, {cache: 'warm'})).milliseconds);
    }
    if (index < peerRuns) theirs.push(await peer(scene));
    if (index < peerRuns) kapps.push(...(await kapp(scene)));
  }
  const file = path.join(folder, 'counts.json');
  const env = {NODE_OPTIONS: `--require ${here('probe.cjs')}`, BENCH_COUNTS: file};
  const counted = await ourRun(scene, args, {env, watchMemory: true});
  const counts = JSON.parse(await readFile(file, 'utf8')) as Record<string, number>;
  const load = os.loadavg()[0]?.toFixed(1);
  row(`${title}: cold, from the shell (load ${load})`, median(ours), counts, {
    peer: median(theirs),
    peakMb: counted.peakMb,
  });
  row('the same with schemas and code cached on disk', median(warm), counts, {peer: median(theirs)});
  if (kapps.length > 0) console.log(`| kapp deploy --diff-run | ${seconds(median(kapps))} | | | | | |`);
  return median(theirs);
}

/** In one process, as the app does it. kubectl begins anew each time: its time is that of the cold runs. */
async function again(scene: Scene, inside: string, title: string, peerMs: number): Promise<void> {
  const {repository, kubeconfig, namespace} = scene;
  const args = ['--require', here('probe.cjs'), inside, repository, kubeconfig, namespace];
  const run = await timed(process.execPath, args, {cwd: repository, watchMemory: true});
  if (run.status !== 0) throw new Error(run.stderr);
  const steps = JSON.parse(run.stdout) as {
    what: string;
    milliseconds: number;
    requests: Record<string, number>;
    summary: Record<string, number>;
  }[];
  for (const {what, milliseconds, requests, summary} of steps) {
    const drift = (summary['modified'] ?? 0) === 0 ? '' : `, ${summary['modified']} modified`;
    const isDiff = !what.includes('follow');
    row(`${title}: in one process, ${what}${drift}`, milliseconds, requests, {
      ...(isDiff ? {peer: peerMs} : {}),
      peakMb: what === 'first' ? undefined : run.peakMb,
    });
  }
}

function ourRun(
  {repository}: Scene,
  args: readonly string[],
  options: {env?: Record<string, string>; watchMemory?: boolean; cache?: string} = {},
): Promise<Run> {
  // By itself a cache folder that is not there yet: no schemas, no compiled code.
  const {env = {}, watchMemory = false, cache = Math.random().toString(36).slice(2)} = options;
  return timed(process.execPath, [program, ...args], {
    cwd: repository,
    env: {XDG_CACHE_HOME: path.join(folder, 'cache', cache), ...env},
    watchMemory,
  });
}

async function peer({repository, kubeconfig, folders}: Scene): Promise<number> {
  let milliseconds = 0;
  for (const each of folders) {
    const args = ['diff', '--server-side', '--force-conflicts', '-R', '-f', each];
    const run = await timed('kubectl', ['--kubeconfig', kubeconfig, ...args], {cwd: repository});
    // 1 is drift: after a client-side apply kubectl alarms falsely, on each last-applied annotation.
    if (run.status !== 0 && run.status !== 1) throw new Error(run.stderr);
    milliseconds += run.milliseconds;
  }
  return milliseconds;
}

/** kapp's own comparison, where kapp is installed. */
async function kapp({repository, kubeconfig, folders, namespace}: Scene): Promise<number[]> {
  const files = folders.flatMap(each => ['-f', each]);
  const args = ['deploy', '-a', 'bench', '-n', namespace, '--diff-run', '--yes', ...files];
  const running = timed('kapp', [...args, '--kubeconfig', kubeconfig], {cwd: repository});
  const run = await running.catch(() => undefined);
  return run === undefined ? [] : [run.milliseconds];
}

function clean(run: Run): Run {
  if (run.status === 0) return run;
  throw new Error(
    `a clean estate was not clean: ${run.status} ${run.stdout.slice(0, 2000)}${run.stderr.slice(0, 2000)}`,
  );
}

function row(
  what: string,
  milliseconds: number,
  counts: Record<string, number>,
  {peer, peakMb}: {peer?: number; peakMb?: number | undefined} = {},
): void {
  const {'dry run': dryRuns = 0, ...others} = counts;
  const requests = Object.entries(others).map(([verb, count]) => `${count} ${verb}`);
  const cells = [
    what,
    seconds(milliseconds),
    peer === undefined ? '' : seconds(peer),
    peer === undefined ? '' : (peer / milliseconds).toFixed(1),
    requests.join(', '),
    String(dryRuns),
    peakMb === undefined ? '' : `${peakMb.toFixed(0)} MB`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

function printScreen(rows: readonly ScreenRow[]): void {
  console.log(`| on the terminal | ${sizes.map(size => `${size.columns}x${size.rows}`).join(' | ')} |`);
  console.log('|---|---|---|');
  for (const {what, unit, numbers} of rows) {
    const cells = numbers.map(number => (number === undefined ? '' : `${Math.round(number)} ${unit}`));
    console.log(`| ${what} | ${cells.join(' | ')} |`);
  }
  console.log();
}

function seconds(milliseconds: number): string {
  return milliseconds < 10_000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [here('inside.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    logLevel: 'warning',
    define: {__VERSION__: '"bench"'},
    banner: {
      js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
    },
  });
}
