import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {Git} from '../../source/repository/git.ts';
import {makeTemporaryWorktree, sweepWorktrees} from '../../source/repository/worktrees.ts';
import {fingerprint} from './fingerprint.ts';
import {type GitFolder, identify, newRepository, temporaryFolder, untidy} from './git-folder.ts';

const host =
  hostname()
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .slice(0, 60) || 'localhost';

async function start(context: TestContext) {
  const base = temporaryFolder(context);
  const checkout = await newRepository(path.join(base, 'checkout'));
  const first = await checkout.commit('One', {'a.yaml': '1\n'});
  const second = await checkout.commit('Two', {'a.yaml': '2\n', 'b/c.yaml': 'x\n'});
  await identify(checkout);
  await untidy(checkout, 'a.yaml');
  return {base, checkout, first, second, folder: path.join(base, 'gitops-tui', 'worktrees')};
}

/** A process that makes a worktree, tells its path, and then ends as its script says. */
async function elsewhere(checkout: GitFolder, commit: string, folder: string, then: string) {
  const modules = path.resolve('source/repository');
  const script = `
    const {Git} = await import(${JSON.stringify(path.join(modules, 'git.ts'))});
    const {makeTemporaryWorktree} = await import(${JSON.stringify(path.join(modules, 'worktrees.ts'))});
    const git = new Git(${JSON.stringify(checkout.root)});
    const commit = ${JSON.stringify(commit)};
    const worktree = await makeTemporaryWorktree(git, commit, commit, {folder: ${JSON.stringify(folder)}});
    process.stdout.write(worktree.path + '\\n');
    ${then}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    told += chunk;
    if (told.includes('\n')) child.emit('told');
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'told'), ended]);
  assert.match(told, /\n/, 'it made a worktree');
  return {child, ended, place: told.trim()};
}

test('a worktree has the tree staged on the commit, and is gone without a trace', async context => {
  const {checkout, first, second, folder} = await start(context);
  const before = fingerprint(checkout.root);
  {
    await using worktree = await makeTemporaryWorktree(new Git(checkout.root), first, second, {folder});
    assert.equal(readFileSync(path.join(worktree.path, 'a.yaml'), 'utf8'), '2\n');
    assert.equal((await worktree.git.text(['rev-parse', 'HEAD'])).trim(), first);
    assert.equal(await worktree.git.text(['status', '--porcelain']), 'M  a.yaml\nA  b/c.yaml\n');
  }
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual(fingerprint(checkout.root), before);
});

test('what can not be made leaves nothing behind', async context => {
  const {checkout, first, folder} = await start(context);
  const before = fingerprint(checkout.root);
  const wrong = 'f'.repeat(40);
  const git = new Git(checkout.root);
  await assert.rejects(makeTemporaryWorktree(git, first, wrong, {folder}), {name: 'RepositoryError'});
  await assert.rejects(makeTemporaryWorktree(git, wrong, first, {folder}), {name: 'RepositoryError'});
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual(fingerprint(checkout.root), before);
});

test("the user's filters and hooks do not run", async context => {
  const {base, checkout, folder} = await start(context);
  const trace = path.join(base, 'ran');
  await checkout.git('config', 'filter.x.smudge', `touch ${trace}; cat`);
  await checkout.git('config', 'filter.x.clean', 'cat');
  await checkout.git('config', 'filter.x.required', 'true');
  await checkout.git('reset', '--quiet', '--hard');
  const sha = await checkout.commit('Filtered', {'.gitattributes': '*.yaml filter=x\n', 'd.yaml': '1\n'});
  const hook = path.join(checkout.root, '.git', 'hooks', 'post-checkout');
  mkdirSync(path.dirname(hook), {recursive: true});
  writeFileSync(hook, `#!/bin/sh\ntouch ${trace}\n`, {mode: 0o755});
  await using worktree = await makeTemporaryWorktree(new Git(checkout.root), sha, sha, {folder});
  assert.equal(readFileSync(path.join(worktree.path, 'd.yaml'), 'utf8'), '1\n');
  assert.ok(!existsSync(trace));
});

test('a process that ends takes its worktree with it', async context => {
  const {checkout, second, folder} = await start(context);
  const before = fingerprint(checkout.root);
  const {ended, place} = await elsewhere(checkout, second, folder, 'process.exit(3);');
  await ended;
  assert.ok(!existsSync(place));
  assert.deepEqual(fingerprint(checkout.root), before);
});

test("a killed run's worktree is found and removed; those of live runs and of the user stay", async context => {
  const {base, checkout, second, folder} = await start(context);
  const git = new Git(checkout.root);
  const own = path.join(base, 'own', 'gitops-tui');
  await checkout.git('worktree', 'add', '--quiet', '--detach', own);
  const before = fingerprint(checkout.root);
  const {child, ended, place} = await elsewhere(checkout, second, folder, 'setInterval(() => {}, 1000);');
  assert.deepEqual(await sweepWorktrees(git, {folder}), {removed: 0, kept: [], left: []});
  assert.ok(existsSync(place), 'its process runs');
  child.kill('SIGKILL');
  await ended;
  assert.ok(existsSync(place), 'nobody removed it');
  assert.deepEqual(await sweepWorktrees(git, {folder}), {removed: 1, kept: [], left: []});
  assert.ok(!existsSync(place));
  assert.ok(existsSync(own));
  assert.deepEqual(fingerprint(checkout.root), before);
});

test('a commit that only a killed run knew is kept on a branch', async context => {
  const {checkout, second, folder} = await start(context);
  const git = new Git(checkout.root);
  const place = path.join(folder, `gitops-tui.${host}.4194999.0.${'a'.repeat(12)}`);
  await checkout.git('worktree', 'add', '--quiet', '--detach', place, second);
  const inside = new Git(place);
  await inside.text([
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@b',
    'commit',
    '--quiet',
    '--allow-empty',
    '-m',
    'Made',
  ]);
  const sha = (await inside.text(['rev-parse', 'HEAD'])).trim();
  const swept = await sweepWorktrees(git, {folder});
  assert.deepEqual(swept, {removed: 1, kept: [`gitops-tui/left-${sha.slice(0, 7)}`], left: []});
  assert.equal(await checkout.git('rev-parse', swept.kept[0] ?? ''), sha);
});

test('a worktree of another machine is only told, as its run may go on there', async context => {
  const {checkout, second, folder} = await start(context);
  const place = path.join(folder, `gitops-tui.elsewhere.1.0.${'b'.repeat(12)}`);
  await checkout.git('worktree', 'add', '--quiet', '--detach', place, second);
  const {removed, left} = await sweepWorktrees(new Git(checkout.root), {folder});
  assert.equal(removed, 0);
  assert.equal(left[0]?.path, place);
  assert.match(left[0]?.why ?? '', /a run on elsewhere left it; .*git worktree remove --force '/);
  assert.ok(existsSync(place));
});

test('what was removed by half is removed whole', async context => {
  const {checkout, second, folder} = await start(context);
  const before = fingerprint(checkout.root);
  const git = new Git(checkout.root);
  const name = (letter: string) => `gitops-tui.${host}.4194999.0.${letter.repeat(12)}`;
  // The user's caches were cleared, and git still knows of it.
  const gone = path.join(folder, name('c'));
  await checkout.git('worktree', 'add', '--quiet', '--detach', gone, second);
  await checkout.git('worktree', 'list');
  const {rmSync} = await import('node:fs');
  rmSync(gone, {recursive: true});
  // The repository forgot it, and its files are still there.
  const forgotten = path.join(folder, name('d'));
  mkdirSync(forgotten, {recursive: true});
  writeFileSync(path.join(forgotten, '.git'), `gitdir: ${checkout.root}/.git/worktrees/none\n`);
  const stranger = path.join(folder, 'stranger');
  mkdirSync(stranger);
  assert.deepEqual(await sweepWorktrees(git, {folder}), {removed: 1, kept: [], left: []});
  assert.deepEqual(readdirSync(folder), ['stranger']);
  assert.deepEqual(fingerprint(checkout.root), before);
});
