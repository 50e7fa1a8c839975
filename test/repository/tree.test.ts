import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {isSafeName, staysInside} from '../../source/repository/export.ts';
import {openRepository} from '../../source/repository/open.ts';
import {parseBatch} from '../../source/repository/tree.ts';
import {newRepository, temporaryFolder} from './git-folder.ts';

const odd = [
  '-dash.yaml',
  'with space/a b.yaml',
  'quote"\'.yaml',
  'line\nend.yaml',
  'ünïcode/☃.yaml',
  'tab\t.yaml',
  '*.yaml',
  ':(top)x.yaml',
];

describe('a tree of a revision', () => {
  test('lists and reads files of every name', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const files = Object.fromEntries(odd.map(name => [name, `name: ${JSON.stringify(name)}\n`]));
    const sha = await folder.commit('Odd', {...files, 'empty.yaml': ''});
    const tree = (await openRepository(folder.root)).tree(sha);
    const entries = await tree.list('');
    assert.deepEqual(
      entries.map(entry => entry.path),
      [...odd, 'empty.yaml'].sort(),
    );
    const contents = await tree.read(entries);
    for (const name of odd) assert.equal(contents.get(name)?.toString(), files[name]);
    assert.equal(contents.get('empty.yaml')?.length, 0);
    assert.deepEqual(
      (await tree.list('with space/')).map(entry => entry.path),
      ['with space/a b.yaml'],
    );
    assert.deepEqual(await tree.list('*'), [], 'a folder is no pattern');
    await assert.rejects(tree.list('../x'), /not a path inside/);
    await assert.rejects(tree.read([{path: 'x', mode: '100644', oid: '0'.repeat(40)}]), /x is not in/);
    await assert.rejects(tree.read([{path: 'x', mode: '100644', oid: 'HEAD'}]), /not a full commit SHA/);
  });

  test('lists a folder, not what merely starts like it', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    const sha = await folder.commit('Two', {'a/x.yaml': '1', 'ab/y.yaml': '2', 'a.yaml': '3'});
    const tree = (await openRepository(folder.root)).tree(sha);
    assert.deepEqual(
      (await tree.list('./a/')).map(entry => entry.path),
      ['a/x.yaml'],
    );
    assert.deepEqual(await tree.list('a.yaml'), []);
  });

  test('exports bytes as they are in git, whatever filters and attributes say', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    await folder.commit('Raw', {'crlf.yaml': 'a: 1\r\n', 'keep.yaml': '$Id$\n', 'run.sh': '#!/bin/sh\n'});
    await folder.git('update-index', '--chmod=+x', 'run.sh');
    await folder.git('config', 'filter.evil.smudge', 'touch SMUDGED');
    const attributes = '* filter=evil ident export-subst text eol=crlf\nkeep.yaml export-ignore\n';
    folder.write('.gitattributes', attributes);
    await folder.git('-c', 'filter.evil.clean=cat', 'add', '.gitattributes');
    await folder.git('commit', '--quiet', '--message', 'Attributes');
    const sha = await folder.git('rev-parse', 'HEAD');

    const target = path.join(base, 'out');
    mkdirSync(target);
    const tree = (await openRepository(folder.root)).tree(sha);
    assert.deepEqual(await tree.export(target), []);
    assert.equal(readFileSync(path.join(target, 'crlf.yaml'), 'utf8'), 'a: 1\r\n');
    assert.equal(readFileSync(path.join(target, 'keep.yaml'), 'utf8'), '$Id$\n');
    assert.ok(lstatSync(path.join(target, 'run.sh')).mode & 0o100);
    assert.equal(existsSync(path.join(folder.root, 'SMUDGED')), false);
  });

  test('exports symbolic links only where they stay inside', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    folder.write('base/web.yaml', 'a: 1\n');
    const link = (name: string, target: string) => {
      mkdirSync(path.dirname(path.join(folder.root, name)), {recursive: true});
      symlinkSync(target, path.join(folder.root, name));
    };
    link('envs/base', '../base');
    link('envs/out', '../../outside');
    link('absolute', '/etc/passwd');
    const sha = await folder.commit('Links');
    const target = path.join(base, 'out');
    mkdirSync(target);
    const tree = (await openRepository(folder.root)).tree(sha);
    const problems = await tree.export(target);
    assert.equal(readlinkSync(path.join(target, 'envs/base')), '../base');
    assert.equal(readFileSync(path.join(target, 'envs/base/web.yaml'), 'utf8'), 'a: 1\n');
    assert.equal(existsSync(path.join(target, 'envs/out')), false);
    assert.equal(existsSync(path.join(target, 'absolute')), false);
    assert.deepEqual(problems.map(problem => problem.location?.file).sort(), ['absolute', 'envs/out']);
    const read = await tree.read(await tree.list('envs'));
    assert.equal(read.get('envs/base')?.toString(), '../base', 'read as data');
  });

  test('a tree made by hand with names that lead out writes nothing outside', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    folder.write('blob', 'owned\n');
    const blob = await folder.git('hash-object', '-w', 'blob');
    // git mktree refuses such names, so the object is written raw.
    const raw = Buffer.concat([Buffer.from('100644 evil\0'), Buffer.from(blob, 'hex')]);
    writeFileSync(path.join(folder.root, 'raw'), raw);
    const inner = await folder.git('hash-object', '-w', '-t', 'tree', '--literally', 'raw');
    const outer = Buffer.concat([Buffer.from('40000 ..\0'), Buffer.from(inner, 'hex')]);
    writeFileSync(path.join(folder.root, 'raw'), outer);
    const tree = await folder.git('hash-object', '-w', '-t', 'tree', '--literally', 'raw');
    const sha = await folder.git('commit-tree', '-m', 'Evil', tree);
    const target = path.join(base, 'deep', 'out');
    mkdirSync(target, {recursive: true});
    const problems = await (await openRepository(folder.root)).tree(sha).export(target);
    assert.equal(existsSync(path.join(base, 'deep', 'evil')), false);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /\.\.\/evil is left out/);
  });
});

describe('the working tree', () => {
  test('has what is on disk: changed, untracked, not ignored, not deleted', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('One', {
      '.gitignore': '*.log\n',
      'kept.yaml': 'a: 1\n',
      'gone.yaml': 'a: 1\n',
      ...Object.fromEntries(odd.map(name => [name, name])),
    });
    folder.write('kept.yaml', 'a: 2\n');
    folder.write('new/new.yaml', 'b: 1\n');
    folder.write('noise.log', 'x');
    rmSync(path.join(folder.root, 'gone.yaml'));
    const tree = (await openRepository(folder.root)).worktreeTree();
    assert.equal(tree.revision, 'worktree');
    const entries = await tree.list('');
    assert.deepEqual(
      entries.map(entry => entry.path),
      ['.gitignore', 'kept.yaml', 'new/new.yaml', ...odd].sort(),
    );
    const contents = await tree.read(entries);
    assert.equal(contents.get('kept.yaml')?.toString(), 'a: 2\n');
    assert.equal(contents.get('line\nend.yaml')?.toString(), 'line\nend.yaml');
    const before = entries.find(entry => entry.path === 'kept.yaml')?.oid;
    folder.write('kept.yaml', 'a: 3\n');
    const after = (await tree.list('')).find(entry => entry.path === 'kept.yaml')?.oid;
    assert.notEqual(after, before, 'the stamp moves with the file');
  });

  test('what a sparse checkout leaves off the disk is not deleted', async context => {
    const folder = await newRepository(path.join(temporaryFolder(context), 'repo'));
    await folder.commit('One', {'a/x.yaml': 'x: 1\n', 'b/y.yaml': 'y: 1\n'});
    await folder.git('sparse-checkout', 'set', 'a');
    assert.equal(existsSync(path.join(folder.root, 'b')), false);
    const tree = (await openRepository(folder.root)).worktreeTree();
    const entries = await tree.list('b');
    assert.deepEqual(
      entries.map(entry => entry.path),
      ['b/y.yaml'],
    );
    assert.equal((await tree.read(entries)).get('b/y.yaml')?.toString(), 'y: 1\n');
  });

  test('a folder that is a link to elsewhere is not read through', async context => {
    const base = temporaryFolder(context);
    const folder = await newRepository(path.join(base, 'repo'));
    await folder.commit('One', {'envs/web.yaml': 'a: 1\n'});
    mkdirSync(path.join(base, 'outside'));
    rmSync(path.join(folder.root, 'envs'), {recursive: true});
    symlinkSync('../outside', path.join(folder.root, 'envs'));
    writeFileSync(path.join(base, 'outside', 'web.yaml'), 'secret: 1\n');
    const entries = await (await openRepository(folder.root)).worktreeTree().list('');
    assert.deepEqual(
      entries.map(({path: name, mode}) => ({name, mode})),
      [{name: 'envs', mode: '120000'}],
    );
  });
});

test('a batch with a missing object, an empty one and one with line ends', () => {
  const a = 'a'.repeat(40);
  const b = 'b'.repeat(40);
  const c = 'c'.repeat(40);
  const blobs = parseBatch(Buffer.from(`${a} blob 3\n\n\n\n\n${b} missing\n${c} blob 0\n\n`));
  assert.deepEqual([...blobs.keys()], [a, c]);
  assert.equal(blobs.get(a)?.toString(), '\n\n\n');
  assert.equal(blobs.get(c)?.length, 0);
});

describe('staysInside', () => {
  const links = (entries: Record<string, string>) => new Map(Object.entries(entries));
  for (const [entries, inside, why] of [
    [{'a/l': '../b'}, true, 'up within'],
    [{'a/l': '../../b'}, false, 'above the root'],
    [{l: '/etc'}, false, 'absolute'],
    [{l: 'x/y', x: '..'}, false, 'through a link that leads out'],
    [{l: 'd/up/../x', 'd/up': '..'}, false, 'its letters are inside, its steps are not'],
    [{l: 'd/up/x', 'd/up': '..'}, true, 'through a link that stays'],
    [{l: 'm', m: 'l'}, false, 'a circle'],
    [{l: '.'}, true, 'the root itself'],
    [{l: 'C:\\x'}, false, 'a drive'],
  ] as const) {
    test(why, () => assert.equal(staysInside(Object.keys(entries)[0] ?? '', links(entries)), inside));
  }
});

test('names that no disk should be given', () => {
  for (const name of ['../x', 'a/../x', '.git/config', 'a/.GIT/hooks/x', '/x', 'a//b', './x'])
    assert.equal(isSafeName(name, '/'), false, name);
  for (const name of ['a', '.gitignore', 'a/..b', 'back\\slash'])
    assert.equal(isSafeName(name, '/'), true, name);
  assert.equal(isSafeName('back\\..\\slash', '\\'), false);
});
