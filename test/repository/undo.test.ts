import assert from 'node:assert/strict';
import {statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {commitPlan} from '../../source/repository/change/commit.ts';
import {openRepository} from '../../source/repository/open.ts';
import {withLabels} from '../../source/repository/revert/conflicts.ts';
import {firstMarker, Resolutions} from '../../source/repository/revert/resolutions.ts';
import {planRestore} from '../../source/repository/revert/restore.ts';
import {planRevertCommits, type UndoWish} from '../../source/repository/revert/revert-commits.ts';
import {bringsItself} from '../../source/repository/revert/steps.ts';
import {fingerprint} from './fingerprint.ts';
import {type GitFolder, identify, newRepository, temporaryFolder} from './git-folder.ts';

const wish = (target: string, mode: UndoWish['mode'] = 'revert-commits') => ({
  environment: 'prod',
  path: 'envs/prod',
  branch: 'main',
  target,
  mode,
});

async function repositoryIn(context: TestContext): Promise<GitFolder> {
  return newRepository(path.join(temporaryFolder(context), 'repo'));
}

const show = (folder: GitFolder, tree: string, file: string) =>
  folder.git('cat-file', 'blob', `${tree}:${file}`);

describe('the ways of a revert', () => {
  async function shared(context: TestContext) {
    const folder = await repositoryIn(context);
    const first = await folder.commit('One', {
      'envs/prod/a.yaml': 'a: 1\n',
      'envs/prod/b.yaml': 'b: 1\n',
      'base/x.yaml': 'x: 1\n',
    });
    const bad = await folder.commit('Everywhere', {'envs/prod/a.yaml': 'a: 2\n', 'base/x.yaml': 'x: 2\n'});
    const good = await folder.commit('Good', {'envs/prod/b.yaml': 'b: 2\n'});
    return {folder, first, bad, good, repository: await openRepository(folder.root)};
  }

  test('restore: the folder as it was, nothing else', async context => {
    const {folder, first, repository} = await shared(context);
    const {resultTree: tree} = await planRestore(repository, wish(first));
    assert.equal(await show(folder, tree, 'envs/prod/a.yaml'), 'a: 1');
    assert.equal(await show(folder, tree, 'envs/prod/b.yaml'), 'b: 1');
    assert.equal(await show(folder, tree, 'base/x.yaml'), 'x: 2');
  });

  test('each commit whole, or inside the folder only; later ones stay where a range ends', async context => {
    const {folder, first, bad, repository} = await shared(context);
    const whole = await planRevertCommits(repository, {...wish(first), until: bad});
    assert.equal(await show(folder, whole.resultTree, 'envs/prod/a.yaml'), 'a: 1');
    assert.equal(await show(folder, whole.resultTree, 'envs/prod/b.yaml'), 'b: 2', 'a later commit stays');
    assert.equal(await show(folder, whole.resultTree, 'base/x.yaml'), 'x: 1', 'it had changed this too');
    const inside = await planRevertCommits(repository, {...wish(first, 'environment-only'), until: bad});
    assert.equal(await show(folder, inside.resultTree, 'envs/prod/a.yaml'), 'a: 1');
    assert.equal(await show(folder, inside.resultTree, 'envs/prod/b.yaml'), 'b: 2');
    assert.equal(await show(folder, inside.resultTree, 'base/x.yaml'), 'x: 2', 'outside the folder');
    assert.deepEqual(
      inside.files.map(file => file.path),
      ['envs/prod/a.yaml'],
    );
    assert.match(
      inside.message,
      /^Revert \w{7} in prod\n\nReverts \w{7} Everywhere .*, inside envs\/prod only\.\n\nReverts: \w{40}\.\.\w{40}\n/,
    );
    const all = await planRevertCommits(repository, wish(first, 'environment-only'));
    assert.deepEqual(
      all.undone.map(commit => commit.subject),
      ['Good', 'Everywhere'],
    );
    assert.match(
      all.message,
      new RegExp(`^Revert prod to ${first.slice(0, 7)}\n[\\s\\S]*\nReverts-To: ${first}\n`),
    );
  });

  test('one commit alone', async context => {
    const {folder, bad, first, repository} = await shared(context);
    const plan = await planRevertCommits(repository, {...wish('none', 'environment-only'), only: bad});
    assert.equal(plan.target.sha, first);
    assert.equal(plan.until?.sha, bad);
    assert.deepEqual(
      plan.undone.map(commit => commit.sha),
      [bad],
    );
    assert.equal(await show(folder, plan.resultTree, 'envs/prod/b.yaml'), 'b: 2');
    await assert.rejects(
      planRevertCommits(repository, {...wish('none'), only: first}),
      /is the first commit: it can't be undone/,
    );
  });

  test('undoing what made the folder is refused', async context => {
    const folder = await repositoryIn(context);
    const first = await folder.commit('One', {'envs/dev/a.yaml': 'a: 1\n'});
    await folder.commit('Add prod', {'envs/prod/a.yaml': 'a: 1\n'});
    const repository = await openRepository(folder.root);
    await assert.rejects(
      planRevertCommits(repository, wish(first, 'environment-only')),
      /envs\/prod did not exist at/,
    );
  });
});

describe('merges', () => {
  /** Someone pulled main into work of their own and pushed that as main: its first parent is their work. */
  async function pulled(context: TestContext, subject = "Merge branch 'main' of example.com:infra") {
    const folder = await repositoryIn(context);
    const fork = await folder.commit('Fork', {'envs/prod/a.yaml': 'a: 1\n', 'envs/prod/b.yaml': 'b: 1\n'});
    await folder.git('checkout', '--quiet', '-b', 'work');
    await folder.commit('Work', {'envs/prod/b.yaml': 'b: 2\n'});
    await folder.git('checkout', '--quiet', 'main');
    const target = await folder.commit('On main', {'envs/prod/a.yaml': 'a: 2\n'});
    await folder.commit('Later on main', {'envs/prod/a.yaml': 'a: 3\n'});
    await folder.git('checkout', '--quiet', 'work');
    await folder.git('merge', '--quiet', '--no-ff', '-m', subject, 'main');
    const merge = await folder.git('rev-parse', 'HEAD');
    await folder.git('branch', '--force', 'main');
    await folder.git('checkout', '--quiet', 'main');
    return {folder, fork, target, merge, repository: await openRepository(folder.root)};
  }

  test("a merge whose first parent isn't the branch's own side is found, said, and undone to the other", async context => {
    const {folder, target, merge, repository} = await pulled(context);
    const plan = await planRevertCommits(repository, wish(target));
    assert.deepEqual(plan.conflicts, []);
    assert.deepEqual(
      plan.merges.map(({sha, mainline, isForeign}) => ({sha, mainline, isForeign})),
      [{sha: merge, mainline: 2, isForeign: true}],
    );
    assert.match(plan.warnings?.join() ?? '', /first parent isn't main's own side. It is undone to parent 2/);
    assert.deepEqual(
      plan.undone.map(commit => commit.subject),
      ["Merge branch 'main' of example.com:infra", 'Later on main'],
    );
    assert.equal(await show(folder, plan.resultTree, 'envs/prod/a.yaml'), 'a: 2');
    assert.equal(await show(folder, plan.resultTree, 'envs/prod/b.yaml'), 'b: 1');
  });

  test('where both sides lead back it is the first parent, unless another is chosen', async context => {
    const {folder, fork, merge, repository} = await pulled(context);
    const first = await planRevertCommits(repository, wish(fork));
    assert.equal(first.merges[0]?.mainline, 1);
    assert.match(first.warnings?.join() ?? '', /It is undone to parent 1/);
    assert.deepEqual(first.undone.map(commit => commit.subject).at(-1), 'Work');
    for (const chosen of [null, merge.slice(0, 8)]) {
      const second = await planRevertCommits(repository, {
        ...wish(fork),
        mainlines: [{merge: chosen, parent: 2}],
      });
      assert.equal(second.merges[0]?.mainline, 2);
      assert.deepEqual(
        second.undone.map(commit => commit.subject),
        ["Merge branch 'main' of example.com:infra", 'Later on main', 'On main'],
      );
      assert.equal(await show(folder, second.resultTree, 'envs/prod/a.yaml'), 'a: 1');
    }
    await assert.rejects(
      planRevertCommits(repository, {...wish(fork), mainlines: [{merge, parent: 3}]}),
      /has 2 parents/,
    );
  });

  test('a commit that came with a merge is no step, and it is said how one that is can be named', async context => {
    const {target, merge, repository} = await pulled(context, "Merge branch 'work'");
    await assert.rejects(planRevertCommits(repository, wish(target)), {
      message: /came to main with the merge \w{7}, not by its first parent/,
      fix: new RegExp(`only if parent 2 is main's own side: --mainline ${merge.slice(0, 7)}:2`),
    });
    const plan = await planRevertCommits(repository, {...wish(target), mainlines: [{merge, parent: 2}]});
    assert.equal(plan.merges[0]?.mainline, 2);
  });

  test('what a merge says of itself', () => {
    assert.equal(bringsItself("Merge branch 'main' of github.com:a/b", 'main'), true);
    assert.equal(bringsItself("Merge remote-tracking branch 'origin/main'", 'main'), true);
    assert.equal(bringsItself("Merge branch 'main' into feature", 'main'), true);
    assert.equal(bringsItself("Merge branch 'feature/main'", 'main'), false);
    assert.equal(bringsItself("Merge branch 'feature' into main", 'main'), false);
    assert.equal(bringsItself('Merge pull request #1 from a/main', 'main'), false);
  });
});

describe('conflicts', () => {
  async function conflicting(context: TestContext) {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    const first = await folder.commit('One', {
      'envs/prod/a.yaml': 'replicas: 1\n',
      'base/b.yaml': 'image: a\n',
    });
    await folder.commit('Both', {'envs/prod/a.yaml': 'replicas: 2\n', 'base/b.yaml': 'image: b\n'});
    // Not a commit to the folder: it is not undone, and stands in the way.
    await folder.commit('Base only', {'base/b.yaml': 'image: c\n'});
    const third = await folder.commit('Again', {'envs/prod/a.yaml': 'replicas: 3\n'});
    await identify(folder);
    const resolutions = new Resolutions(path.join(base, 'conflicts'));
    const repository = await openRepository(folder.root);
    const plan = (resolved: readonly string[] = []) =>
      planRevertCommits(repository, {...wish(first), resolved, resolutions});
    return {base, folder, first, third, resolutions, repository, plan};
  }

  test('are resolved in an editor, kept for the next time, and the rest of the range goes on', async context => {
    const {folder, resolutions, repository, plan} = await conflicting(context);
    const before = fingerprint(folder.root);
    const blocked = await plan();
    const [conflict] = blocked.conflicts;
    assert.equal(conflict?.path, 'base/b.yaml');
    assert.ok(conflict.resolve);
    assert.equal(conflict.resolve.note, null);
    await assert.rejects(commitPlan(repository, blocked, 'x'), /in conflict/);

    const text = await repository.git.bytes(['cat-file', 'blob', conflict.resolve.blob]);
    const {file, line} = await resolutions.open(conflict.resolve, text);
    assert.equal(path.basename(file), 'b.yaml');
    assert.equal(line, 1);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const unedited = await plan([conflict.resolve.id]);
    assert.match(unedited.conflicts[0]?.resolve?.note ?? '', /still has a conflict marker in line 1/);
    writeFileSync(file, 'image: c\n=======\nimage: a\n');
    assert.match((await plan([conflict.resolve.id])).conflicts[0]?.resolve?.note ?? '', /marker in line 2/);

    writeFileSync(file, 'image: mine\n');
    const offered = await plan();
    assert.match(offered.conflicts[0]?.resolve?.note ?? '', /was resolved in your editor before/);
    assert.equal(
      (await resolutions.open(conflict.resolve, text)).file,
      file,
      'what was written is opened again',
    );
    const done = await plan([conflict.resolve.id]);
    assert.deepEqual(done.conflicts, []);
    assert.deepEqual(done.resolved, [conflict.resolve.id]);
    assert.deepEqual(
      done.undone.map(commit => commit.subject),
      ['Again', 'Both'],
    );
    assert.equal(await show(folder, done.resultTree, 'base/b.yaml'), 'image: mine');
    assert.equal(await show(folder, done.resultTree, 'envs/prod/a.yaml'), 'replicas: 1');
    assert.ok((await commitPlan(repository, done, 'x')).sha);
    await resolutions.forget(done.resolved);
    assert.equal((await plan([conflict.resolve.id])).conflicts[0]?.resolve?.note, null);
    assert.deepEqual(fingerprint(folder.root), before);
  });

  test('are the same on a newer tip that left the file alone', async context => {
    const {folder, resolutions, repository, plan} = await conflicting(context);
    const [conflict] = (await plan()).conflicts;
    assert.ok(conflict?.resolve);
    const {file} = await resolutions.open(conflict.resolve, Buffer.from('<<<<<<< x\n'));
    writeFileSync(file, 'image: mine\n');
    await folder.commit('Elsewhere', {'other.yaml': 'x: 1\n'});
    assert.deepEqual((await plan([conflict.resolve.id])).conflicts, []);
    await folder.commit('The same file', {'base/b.yaml': 'image: d\n'});
    const changed = (await plan([conflict.resolve.id])).conflicts[0];
    assert.notEqual(changed?.resolve?.id, conflict.resolve.id);
    assert.equal(repository.root, folder.root);
  });

  test('a file that one side deleted is kept or deleted by what is left of it', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    const first = await folder.commit('One', {'envs/prod/a.yaml': 'a: 1\n'});
    await folder.commit('Both', {'envs/prod/a.yaml': 'a: 2\n', 'base/b.yaml': 'image: b\n'});
    await folder.commit('Base only', {'base/b.yaml': 'image: c\n'});
    const resolutions = new Resolutions(path.join(base, 'conflicts'));
    const repository = await openRepository(folder.root);
    const plan = (resolved: readonly string[] = []) =>
      planRevertCommits(repository, {...wish(first), resolved, resolutions});
    const [conflict] = (await plan()).conflicts;
    assert.ok(conflict?.resolve?.deleted);
    assert.match(conflict.hunks, /CONFLICT \(modify\/delete\)/);
    const text = await repository.git.bytes(['cat-file', 'blob', conflict.resolve.blob]);
    const {file} = await resolutions.open(conflict.resolve, text);
    assert.match((await plan([conflict.resolve.id])).conflicts[0]?.resolve?.note ?? '', /marker in line 1/);
    writeFileSync(file, 'image: kept\n');
    assert.equal(
      await show(folder, (await plan([conflict.resolve.id])).resultTree, 'base/b.yaml'),
      'image: kept',
    );
    writeFileSync(file, '\n');
    const {resultTree} = await plan([conflict.resolve.id]);
    assert.equal(await folder.git('ls-tree', '-r', '--name-only', resultTree), 'envs/prod/a.yaml');
  });

  test('what an editor can not resolve says so; secrets are not shown but can be resolved', async context => {
    const folder = await repositoryIn(context);
    const secret = (value: string) => `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${value}\n`;
    const first = await folder.commit('One', {
      'envs/prod/a.yaml': 'a: 1\n',
      'base/b.bin': 'a\0b',
      'base/s.yaml': secret('one-1'),
    });
    await folder.commit('Both', {
      'envs/prod/a.yaml': 'a: 2\n',
      'base/b.bin': 'a\0c',
      'base/s.yaml': secret('two-2'),
    });
    await folder.commit('Base only', {'base/b.bin': 'a\0d', 'base/s.yaml': secret('three-3')});
    const {conflicts} = await planRevertCommits(await openRepository(folder.root), wish(first));
    const [binary, hidden] = conflicts;
    assert.equal(binary?.resolve, undefined);
    assert.match(binary?.hunks ?? '', /an editor can't resolve this/);
    assert.ok(hidden?.resolve);
    assert.doesNotMatch(hidden.hunks, /one-1|two-2|three-3/);
  });
});

test('markers say what each side is', () => {
  const [ours, theirs] = ['a'.repeat(40), 'b'.repeat(64)];
  assert.equal(
    withLabels(`<<<<<<< ${ours}\n1\n=======\n2\n>>>>>>> ${theirs}\n<<<<<<< other\n`, '1234567 One'),
    '<<<<<<< as it is now\n1\n=======\n2\n>>>>>>> without 1234567 One\n<<<<<<< other\n',
  );
});

test('markers are found, and nothing else is taken for one', () => {
  assert.equal(firstMarker('a: 1\n'), null);
  assert.equal(firstMarker('a: 1\r\n<<<<<<< x\r\n'), 2);
  assert.equal(firstMarker('>>>>>>>\n'), 1);
  assert.equal(firstMarker('||||||| base\n'), 1);
  assert.equal(firstMarker('<<<<<<<<\nTitle\n=======\n'), null);
  const marked = 'Title\n=======\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n';
  assert.equal(firstMarker('Title\n=======\n1\n', marked), null);
  assert.equal(firstMarker('1\n=======\n2\nTitle\n=======\n', marked), 2);
});
