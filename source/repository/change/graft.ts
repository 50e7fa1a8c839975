import {RepositoryError} from '../error.ts';
import {checkFolder, checkObjectId, type Git} from '../git.ts';

/** The tree at a folder of a commit; null where there is none. Throws RepositoryError where a file stands there. */
export async function treeAt(
  git: Git,
  commit: string,
  folder: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const inside = checkFolder(folder);
  const revision = checkObjectId(commit);
  if (inside === '')
    return checkObjectId((await git.text(['rev-parse', '--verify', `${revision}^{tree}`], {signal})).trim());
  const record = await git.text(['ls-tree', '-z', '--full-tree', revision, '--', inside], {signal});
  if (record === '') return null;
  const [, type, oid = ''] = /^\d{6} (\w+) ([0-9a-f]+)\t/.exec(record) ?? [];
  if (type === 'tree') return checkObjectId(oid);
  throw new RepositoryError('unknown-path', `${inside} is no folder at ${revision.slice(0, 7)}`);
}

/**
 * Writes a tree that is `tree` with `folder` replaced by another tree, whole: what was added to it since goes away too.
 * Only objects are written: no index, no checkout. Gives the new tree's ID. Throws RepositoryError.
 */
export async function graftTree(
  git: Git,
  tree: string,
  folder: string,
  replacement: string,
  signal?: AbortSignal,
): Promise<string> {
  const [name, ...rest] = checkFolder(folder).split('/');
  if (name === undefined || name === '') return checkObjectId(replacement);
  const records = (await git.text(['ls-tree', '-z', '--full-tree', checkObjectId(tree)], {signal}))
    .split('\0')
    .filter(record => record !== '');
  const nameOf = (record: string) => record.slice(record.indexOf('\t') + 1);
  const [, below] =
    /^\d{6} tree ([0-9a-f]+)\t/.exec(records.find(record => nameOf(record) === name) ?? '') ?? [];
  const inner =
    rest.length === 0
      ? checkObjectId(replacement)
      : await graftTree(
          git,
          below ?? (await writeTree(git, [], signal)),
          rest.join('/'),
          replacement,
          signal,
        );
  const others = records.filter(record => nameOf(record) !== name);
  return writeTree(git, [...others, `040000 tree ${inner}\t${name}`], signal);
}

/** Writes one level of a tree from `ls-tree` records (`mode type ID<tab>name`), and gives its ID. */
export async function writeTree(
  git: Git,
  records: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const input = records.map(record => `${record}\0`).join('');
  return checkObjectId((await git.text(['mktree', '-z'], {input, signal})).trim());
}
