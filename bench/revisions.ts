import {spawn} from 'node:child_process';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {openWorkspace} from '../source/workspace.ts';
import {median, timed} from './timed.ts';

const commits = 20_000;
const apps = 400;
const stages = ['dev', 'staging', 'production'];
/** The folder of an environment, and how often a commit touches it. */
const environments = {
  all: {path: '', words: 'the whole repository'},
  often: {path: 'apps', words: 'a folder that every commit touches'},
  rare: {path: 'environments/rare', words: 'a folder that one in 500 touches'},
  once: {path: 'environments/once', words: 'a folder that one of all touched, long ago'},
};

/** A row of the table: the first page, and when all of it was there. */
export interface RevisionsRow {
  what: string;
  firstMs: number;
  wholeMs: number;
}

/**
 * Measures the first page of revisions of a monorepo as the app asks for it: in a session that was just loaded, on a cluster
 * that nobody answers for. Plain, with a commit-graph, and as a clone without blobs.
 */
export async function measureRevisions(folder: string, runs: number): Promise<RevisionsRow[]> {
  const plain = path.join(folder, 'monorepo');
  const partial = path.join(folder, 'partial');
  await makeMonorepo(plain);
  const url = pathToFileURL(plain).href;
  await git(plain, 'config', 'uploadpack.allowFilter', 'true');
  await git(plain, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', url, partial);
  const rows = [
    ...(await rowsOf(plain, '', runs)),
    ...(await rowsOf(partial, ', clone without blobs', runs)),
  ];
  await git(plain, 'commit-graph', 'write', '--reachable', '--changed-paths');
  return [...rows, ...(await rowsOf(plain, ', with a commit-graph', runs))];
}

async function rowsOf(repository: string, how: string, runs: number): Promise<RevisionsRow[]> {
  const files = path.dirname(repository);
  const entries = Object.entries(environments);
  const config = entries.map(([name, {path: below}]) => ({name, path: below, context: 'far'}));
  await writeFile(path.join(files, 'config.yaml'), JSON.stringify({environments: config}));
  const cluster = {name: 'far', cluster: {server: 'https://192.0.2.1'}};
  const context = {name: 'far', context: {cluster: 'far', user: 'me'}};
  const user = {name: 'me', user: {token: 'none'}};
  await writeFile(
    path.join(files, 'kubeconfig'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [cluster],
      contexts: [context],
      users: [user],
    }),
  );
  const rows: RevisionsRow[] = [];
  for (const [name, {words}] of entries) {
    const first: number[] = [];
    const whole: number[] = [];
    let counts = '';
    for (let index = 0; index < runs; index++) {
      const run = await firstPage({repository, files, name});
      first.push(run.firstMs);
      whole.push(run.wholeMs);
      counts = `${run.first} of ${run.rows} rows`;
    }
    const what = `${commits.toLocaleString('en')} commits${how}: first page of ${words} (${counts})`;
    rows.push({what, firstMs: median(first), wholeMs: median(whole)});
  }
  return rows;
}

async function firstPage({repository, files, name}: {repository: string; files: string; name: string}) {
  const session = openWorkspace({
    repository,
    config: path.join(files, 'config.yaml'),
    kubeconfig: path.join(files, 'kubeconfig'),
    worktree: false,
    readOnly: true,
    fetch: false,
  });
  const {signal} = new AbortController();
  try {
    await session.load(signal);
    const start = performance.now();
    const page = await session.revisions(name, {skip: 0, limit: 50, quick: true}, signal);
    const firstMs = performance.now() - start;
    let rows = page.revisions.length;
    for (let more = page.more; more && rows < 50; ) {
      const next = await session.revisions(
        name,
        {skip: rows, limit: 50 - rows, quick: true, tip: page.tip},
        signal,
      );
      rows += next.revisions.length;
      more = next.more;
    }
    return {first: page.revisions.length, rows, firstMs, wholeMs: performance.now() - start};
  } finally {
    session.close();
  }
}

async function git(cwd: string, ...args: string[]): Promise<void> {
  const run = await timed('git', args, {cwd});
  if (run.status !== 0) throw new Error(run.stderr);
}

/** 400 applications with three stages each, and a commit for each change of one: as `git fast-import` takes it. */
async function makeMonorepo(folder: string): Promise<void> {
  await mkdir(folder, {recursive: true});
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: folder,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = new Promise<number | null>(resolve => child.on('close', resolve));
  for (let index = 0; index < commits; index++) {
    if (!child.stdin.write(commitOf(index))) await new Promise(resolve => child.stdin.once('drain', resolve));
  }
  child.stdin.end();
  if ((await ended) !== 0) throw new Error('git fast-import failed');
}

function commitOf(index: number): string {
  const app = (index * 7919) % apps;
  const files: [string, string][] = [];
  if (index === 0) {
    for (let each = 0; each < apps; each++)
      for (const stage of stages)
        for (const file of ['deployment', 'service', 'config'])
          files.push([`apps/app-${each}/${stage}/${file}.yaml`, `${file} of ${each}`]);
  }
  files.push([`apps/app-${app}/${stages[index % 3]}/deployment.yaml`, `image: app-${app}:1.${index}.0`]);
  if (index % 500 === 250) files.push(['environments/rare/a.yaml', `value: ${index}`]);
  if (index === 10) files.push(['environments/once/a.yaml', `value: ${index}`]);
  const message = `app-${app}: image 1.${index}.0 (#${index + 1})\n\nWhy it is so.\n`;
  const who = `Ada <ada@example.com> ${1_700_000_000 + index * 600} +0000`;
  const blobs = files.map(([file, text]) => `M 100644 inline ${file}\ndata ${text.length}\n${text}\n`);
  return `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n${message}${blobs.join('')}\n`;
}
