import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {isoTime, toRanges} from '../../source/repository/blame.ts';
import {parseNumstat} from '../../source/repository/diff.ts';
import {openRepository} from '../../source/repository/open.ts';
import {isolated, newRepository, temporaryFolder} from './git-folder.ts';

describe('log', () => {
  test('gives commits of a folder with every field, whatever is in them', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('First', {'envs/a/x.yaml': '1'});
    await folder.commit('Elsewhere', {'other.yaml': '1'});
    const body = 'A body\n\nwith "quotes", \u001b[31mescapes\u001b[0m and a line\n\nTrailer: yes';
    const second = await folder.commit(`Subject ☃\n\n${body}`, {'envs/a/x.yaml': '2'});
    await folder.git('tag', 'v1,0');
    await folder.git('branch', 'env/a');
    // What a user's own configuration would do to the output.
    for (const setting of [
      'log.showSignature=true',
      'log.decorate=full',
      'color.ui=always',
      'log.follow=true',
    ])
      await folder.git('config', ...(setting.split('=') as [string, string]));
    const repository = await openRepository(folder.root);
    const commits = await repository.log({from: second, path: 'envs/a', limit: 10});
    assert.deepEqual(
      commits.map(commit => commit.sha),
      [second, first],
    );
    const [newest] = commits;
    assert.equal(newest?.subject, 'Subject ☃');
    assert.equal(newest?.body, body);
    assert.equal(newest?.author, 'Ada Lovelace');
    assert.equal(newest?.email, 'ada@example.com');
    assert.deepEqual([...(newest?.refs ?? [])].sort(), ['env/a', 'main', 'v1,0']);
    assert.equal(newest?.parents.length, 1);
    assert.ok(Date.parse(newest?.time ?? '') > 0);
    assert.deepEqual(
      (await repository.log({from: second, path: '', limit: 1, skip: 1})).map(commit => commit.subject),
      ['Elsewhere'],
    );
    assert.deepEqual(
      (await repository.log({from: second, path: '', limit: 9, notReachableFrom: first})).map(c => c.subject),
      ['Subject ☃', 'Elsewhere'],
    );
    assert.deepEqual(await repository.log({from: second, path: 'none', limit: 9}), []);
  });

  test('follows the own history of a branch where asked', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('First', {'a.yaml': '1'});
    await folder.git('checkout', '--quiet', '-b', 'side');
    await folder.commit('Side', {'b.yaml': '1'});
    await folder.git('checkout', '--quiet', 'main');
    await folder.commit('Main', {'a.yaml': '2'});
    await folder.git('merge', '--quiet', '--no-ff', '-m', 'Merge side', 'side');
    const repository = await openRepository(folder.root);
    const sha = await repository.resolve('main');
    const subjects = async (firstParent: boolean) =>
      (await repository.log({from: sha, path: 'b.yaml', limit: 9, firstParent})).map(c => c.subject);
    assert.deepEqual(await subjects(false), ['Side']);
    assert.deepEqual(await subjects(true), ['Merge side']);
    assert.deepEqual(await repository.changedFiles(sha, ''), [
      {path: 'b.yaml', added: 1, removed: 0, binary: false},
    ]);
  });
});

describe('resolve', () => {
  test('takes what git takes and nothing that is an option', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('First');
    const second = await folder.commit('Second');
    await folder.git('tag', '-a', 'v1', '-m', 'One', first);
    const repository = await openRepository(folder.root);
    assert.equal(await repository.resolve('HEAD~1'), first);
    assert.equal(await repository.resolve('v1'), first, 'an annotated tag is its commit');
    assert.equal(await repository.resolve(second.slice(0, 8)), second);
    for (const bad of ['', 'nope', '--all', '-h', 'main\nHEAD', 'HEAD^{tree}', 'main..HEAD', 'a b'])
      await assert.rejects(
        repository.resolve(bad),
        {name: 'RepositoryError', reason: 'unknown-revision'},
        bad,
      );
  });

  test('relates commits to one another', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('First');
    const second = await folder.commit('Second');
    await folder.git('checkout', '--quiet', '--orphan', 'other');
    const other = await folder.commit('Other');
    const repository = await openRepository(folder.root);
    assert.equal(await repository.isAncestor(first, second), true);
    assert.equal(await repository.isAncestor(second, first), false);
    assert.equal(await repository.mergeBase(first, second), first);
    assert.equal(await repository.mergeBase(first, other), null);
    assert.deepEqual(await repository.aheadBehind(second, first), {ahead: 1, behind: 0});
    assert.deepEqual(await repository.aheadBehind(first, other), {ahead: 1, behind: 1});
    assert.deepEqual(Object.fromEntries(await repository.branches()), {main: second, other});
  });
});

describe('changes', () => {
  test('counts lines of odd names, first commits and binaries', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('First', {
      'line\nend "x".yaml': 'a\nb\n',
      '-d/x': 'a\n',
      'b.bin': 'a\0b',
    });
    const repository = await openRepository(folder.root);
    const files = await repository.changedFiles(first, '');
    assert.deepEqual(
      [...files].sort((a, b) => a.path.localeCompare(b.path)),
      [
        {path: '-d/x', added: 1, removed: 0, binary: false},
        {path: 'b.bin', added: 0, removed: 0, binary: true},
        {path: 'line\nend "x".yaml', added: 2, removed: 0, binary: false},
      ].sort((a, b) => a.path.localeCompare(b.path)),
    );
    assert.deepEqual(await repository.changedFiles(first, '-d'), [
      {path: '-d/x', added: 1, removed: 0, binary: false},
    ]);
  });

  test('a patch runs no program of the repository and keeps to git apply', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('First', {'a.yaml': 'replicas: 1\n'});
    const second = await folder.commit('Second', {
      'a.yaml': 'replicas: 2\n',
      '.gitattributes': '* diff=evil\n',
    });
    await folder.git('config', 'diff.evil.textconv', 'touch TEXTCONV; cat');
    await folder.git('config', 'diff.external', 'touch EXTERNAL');
    await folder.git('config', 'diff.noprefix', 'true');
    const repository = await openRepository(folder.root);
    const patch = await repository.patch(second, 'a.yaml');
    assert.match(patch, /^diff --git a\/a\.yaml b\/a\.yaml\n/);
    assert.match(patch, /^-replicas: 1\n\+replicas: 2$/m);
    assert.equal(await repository.diff(first, second, 'a.yaml'), patch);
    assert.equal(await folder.git('ls-files', '--others'), '', 'no program has left a trace');
    assert.match(await repository.patch(first, ''), /new file mode 100644/);
  });

  test('numstat', () => {
    assert.deepEqual(parseNumstat('1\t2\ta\tb\0-\t-\tc\0'), [
      {path: 'a\tb', added: 1, removed: 2, binary: false},
      {path: 'c', added: 0, removed: 0, binary: true},
    ]);
  });
});

describe('blame', () => {
  test('names the commit of each line that was asked for', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const name = '-odd "name".yaml';
    const first = await folder.commit('First ☃', {[name]: 'a: 1\nb: 1\nc: 1\nd: 1\n'});
    const second = await folder.commit('Second', {[name]: 'a: 1\nb: 2\nc: 1\nd: 1\n'});
    // A list of commits to pass over that is not there fails a plain git blame.
    const config = path.join(path.dirname(folder.root), 'config');
    writeFileSync(config, '[blame]\n\tignoreRevsFile = missing\n');
    process.env['GIT_CONFIG_GLOBAL'] = config;
    context.after(() => {
      process.env['GIT_CONFIG_GLOBAL'] = isolated.GIT_CONFIG_GLOBAL;
    });
    const repository = await openRepository(folder.root);
    const found = await repository.blame(second, name, [4, 1, 2, 99, 1]);
    assert.deepEqual([...found.keys()].sort(), [1, 2, 4], 'a line beyond the end is left out');
    assert.equal(found.get(1)?.sha, first);
    assert.equal(found.get(4)?.sha, first);
    assert.equal(found.get(4)?.subject, 'First ☃');
    assert.equal(found.get(2)?.sha, second);
    assert.equal(found.get(2)?.author, 'Ada Lovelace');
    assert.equal(Date.parse(found.get(2)?.time ?? ''), Date.parse((await repository.commit(second)).time));
    assert.deepEqual(
      [...(await repository.blame(first, name, [2])).values()].map(line => line.sha),
      [first],
    );
    await assert.rejects(repository.blame(second, 'none.yaml', [1]), {name: 'RepositoryError'});
  });

  test('lines that nobody committed have no author', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const first = await folder.commit('First', {'a.yaml': 'a: 1\nb: 1\n'});
    folder.write('a.yaml', 'a: 1\nb: 2\n');
    const found = await (await openRepository(folder.root)).blame('worktree', 'a.yaml', [1, 2]);
    assert.deepEqual(
      [...found].map(([line, {sha}]) => [line, sha]),
      [[1, first]],
    );
  });

  test('a shallow clone blames nobody for what it did not fetch', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    await folder.commit('First', {'a.yaml': 'a: 1\nb: 1\n'});
    const second = await folder.commit('Second', {'a.yaml': 'a: 1\nb: 2\n'});
    const third = await folder.commit('Third', {'a.yaml': 'a: 1\nb: 2\nc: 3\n'});
    await folder.git('clone', '--quiet', '--depth=2', `file://${folder.root}`, path.join(base, 'shallow'));
    const repository = await openRepository(path.join(base, 'shallow'));
    assert.equal(repository.shallow, true);
    const found = await repository.blame(third, 'a.yaml', [1, 2, 3]);
    assert.deepEqual(
      [...found].map(([line, {sha}]) => [line, sha]),
      [[3, third]],
      `line 2 is of ${second}, but git can't know that line 1 is not`,
    );
  });

  test('ranges and times', () => {
    assert.deepEqual(toRanges([3, 1, 2, 7, 7, 0, -1]), [
      [1, 3],
      [7, 7],
    ]);
    assert.equal(isoTime('0', '+0000'), '1970-01-01T00:00:00Z');
    assert.equal(isoTime('0', '+0530'), '1970-01-01T05:30:00+05:30');
    assert.equal(isoTime('0', '-0330'), '1969-12-31T20:30:00-03:30');
  });
});
