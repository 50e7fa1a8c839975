import {checkObjectId, type Git, pathArguments} from './git.ts';
import {secretFiles} from './secret-files.ts';
import {type HiddenLines, hideSecretLines, secretLines} from './secret-lines.ts';
import {readBlobs} from './tree.ts';
import type {FileChange} from './types.ts';

/** Files below a folder that differ between two commits or trees, with the lines added and removed. */
export async function changes(
  git: Git,
  from: string,
  to: string,
  folder: string,
  signal?: AbortSignal,
): Promise<FileChange[]> {
  const output = await git.text(
    ['diff-tree', '-r', '-z', '--numstat', ...safely, ...between(from, to, folder)],
    {signal},
  );
  return parseNumstat(output);
}

/**
 * Unified diff between two commits or trees below a folder. It is for people: values of Secrets are hidden, and what goes
 * beyond a size that nobody reads is cut off, with a line that says so.
 */
export async function diff(
  git: Git,
  from: string,
  to: string,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  const range = between(from, to, folder);
  const [raw, output] = await Promise.all([
    git.text(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', ...range], {signal}),
    git.text(['diff-tree', '-r', '--patch', ...safely, ...range], {signal}),
  ]);
  const pairs = parseRaw(raw);
  const whole = await secretFiles(
    git,
    [from, to],
    pairs.map(({path}) => path),
    signal,
  );
  const secrets = await secretsOf(git, pairs, whole, signal);
  // Both list the same files in the same order; a mode change may come as two sections, so the header's IDs decide.
  const sections = output.split(/^(?=diff --git )/m).filter(section => section !== '');
  const shown = sections.map(section => {
    const [, before, after] = /^index ([0-9a-f]+)\.\.([0-9a-f]+)/m.exec(section) ?? [];
    const none: HiddenLines = new Map();
    return hideSecretLines(section, secrets.get(before ?? '') ?? none, secrets.get(after ?? '') ?? none);
  });
  return cut(shown.join(''));
}

/** More of a patch is not kept: a screen of 50 lines would take a day to page through it. */
const mostCharacters = 4 * 1024 * 1024;

function cut(patch: string): string {
  if (patch.length <= mostCharacters) return patch;
  const end = patch.lastIndexOf('\n', mostCharacters);
  return `${patch.slice(0, end)}\n... ${patch.length - end} more characters are not shown\n`;
}

/** The two sides of each changed file, `git diff-tree -z --raw`: `:mode mode oid oid status NUL path NUL`. */
function parseRaw(output: string): {path: string; oids: string[]}[] {
  const records = output.split('\0');
  const pairs: {path: string; oids: string[]}[] = [];
  for (let index = 0; index + 1 < records.length; index += 2) {
    const [, before = '', after = ''] =
      /^:(?:100644|100755|120000|000000) (?:100644|100755|120000|000000) ([0-9a-f]+) ([0-9a-f]+) /.exec(
        records[index] ?? '',
      ) ?? [];
    const oids = [before, after].filter(oid => /[1-9a-f]/.test(oid));
    pairs.push({path: records[index + 1] ?? '', oids});
  }
  return pairs;
}

const manifest = /\.(ya?ml|json)$|(^|\/)kustomization$/i;

/** Lines with secret values of every changed manifest, by its object ID: all of them in the files of `whole`. */
async function secretsOf(
  git: Git,
  pairs: readonly {path: string; oids: readonly string[]}[],
  whole: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Map<string, HiddenLines>> {
  const entries = pairs
    .filter(({path}) => manifest.test(path) || whole.has(path))
    .flatMap(({oids}) => oids.map(oid => ({path: oid, mode: '100644', oid})));
  const hidden = new Set(pairs.filter(({path}) => whole.has(path)).flatMap(({oids}) => oids));
  const found = new Map<string, HiddenLines>();
  for (const [oid, content] of await readBlobs(git, entries, signal)) {
    const text = content.toString('utf8');
    found.set(oid, hidden.has(oid) ? allLines(text) : secretLines(text));
  }
  return found;
}

function allLines(text: string): HiddenLines {
  return new Map(text.split('\n').map((_, index) => [index + 1, 'value']));
}

/** No programs of the repository's choosing, and nothing of the user's taste. */
const safely = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--no-color',
  '--submodule=short',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--unified=3',
  '--full-index',
];

function between(from: string, to: string, folder: string): string[] {
  return [checkObjectId(from), checkObjectId(to), ...pathArguments(folder)];
}

/** `git diff --numstat -z` without renames: `added TAB removed TAB path NUL`, `-` for both where the file is binary. */
export function parseNumstat(output: string): FileChange[] {
  const files: FileChange[] = [];
  for (const record of output.split('\0')) {
    const [, added, removed, path] = /^(\d+|-)\t(\d+|-)\t([\s\S]+)$/.exec(record) ?? [];
    if (added === undefined || removed === undefined || path === undefined) continue;
    const binary = added === '-';
    files.push({path, added: binary ? 0 : Number(added), removed: binary ? 0 : Number(removed), binary});
  }
  return files;
}
