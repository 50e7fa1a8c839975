import path from 'node:path';
import type {Git} from './git.ts';
import {listSized, readBlobs} from './tree.ts';

const kustomization = /^(?:kustomization\.ya?ml|Kustomization)$/;

/** What a kustomization makes Secrets of: up to the next key of its own, or all of it where it is written as JSON. */
const generators = /^secretGenerator\s*:[\s\S]*?(?=^[A-Za-z"']|(?![\s\S]))/gm;

/**
 * Those of the files that a kustomization of one of the revisions (commits or trees) makes Secrets of: every line of them
 * is a secret, whatever they look like. Kustomize reads such files from the kustomization's own folder and those below.
 */
export async function secretFiles(
  git: Git,
  revisions: readonly string[],
  files: readonly string[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const found = new Set<string>();
  if (files.length === 0) return found;
  const folders = new Set(files.flatMap(ancestors));
  const listed = await Promise.all(revisions.map(revision => listSized(git, revision, '', signal)));
  const entries = listed
    .flat()
    .filter(
      entry => kustomization.test(path.posix.basename(entry.path)) && folders.has(folderOf(entry.path)),
    );
  // By object: one path may have two contents here.
  const contents = await readBlobs(
    git,
    entries.map(({oid, mode}) => ({path: oid, mode, oid})),
    signal,
  );
  for (const {path: file, oid} of entries) {
    const sections = generatorText(contents.get(oid)?.toString('utf8') ?? '');
    if (sections === '') continue;
    const folder = folderOf(file);
    for (const name of files) {
      const relative = folder === '' ? name : name.slice(folder.length + 1);
      if ((folder === '' || name.startsWith(`${folder}/`)) && names(sections, relative)) found.add(name);
    }
  }
  return found;
}

function generatorText(text: string): string {
  if (!text.includes('secretGenerator')) return '';
  const sections = text.match(generators);
  return sections === null ? text : sections.join('\n');
}

/** True where the text has the path as a word of its own, as in `files: [key=./path]`. */
function names(text: string, file: string): boolean {
  for (let at = text.indexOf(file); at >= 0; at = text.indexOf(file, at + 1)) {
    const before = text.slice(0, at).replace(/\.\/$/, '').at(-1) ?? ' ';
    const after = text[at + file.length] ?? ' ';
    if (/[\s"'=,[]/.test(before) && /[\s"',\]}]/.test(after)) return true;
  }
  return false;
}

function ancestors(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

function folderOf(file: string): string {
  const folder = path.posix.dirname(file);
  return folder === '.' ? '' : folder;
}
