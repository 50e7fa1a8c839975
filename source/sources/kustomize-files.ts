import path from 'node:path/posix';
import type {Tree, TreeEntry} from '../repository/types.ts';
import {isObject, type Json, type JsonObject, listAt, stringAt} from '../resources/json.ts';
import {type Folder, kustomizationNames} from './folder.ts';
import {readYaml, type YamlDocument} from './yaml.ts';

/** A kustomization of the tree. */
export interface Kustomization {
  folder: string;
  /** Its file, relative to the repository's root. */
  file: string;
  /** Undefined where it could not be read. */
  document: YamlDocument | undefined;
}

/** What a build reads, as far as it can be told without building. */
export interface KustomizeFiles {
  /** Files, relative to the repository's root. */
  files: Set<string>;
  /** The folder's own first, then what it refers to, bases last. */
  kustomizations: Kustomization[];
  entries: ReadonlyMap<string, TreeEntry>;
  /** What the files of the chain say that could be read: documents by file. */
  contents: Map<string, Buffer>;
  /** False where something refers to files in a way that is not understood here: then the build may read anything. */
  complete: boolean;
}

// Lists of paths: a file, or (the first three) a folder with a kustomization of its own.
const pathLists = ['resources', 'bases', 'components', 'crds', 'configurations', 'patchesStrategicMerge'];
// Lists of objects that name a file.
const objectLists = ['patches', 'patchesJson6902', 'replacements'];
// What these hold may name further files, or run things.
const opaque = [
  'generators',
  'transformers',
  'validators',
  'helmCharts',
  'helmChartInflationGenerator',
  'helmGlobals',
];

/** The files that building a folder's kustomization reads: its own, its bases', their resources, patches and inputs. */
export async function kustomizeFiles(
  {tree, path: folder}: Folder,
  signal?: AbortSignal,
): Promise<KustomizeFiles> {
  const entries = new Map((await tree.list('', signal)).map(entry => [entry.path, entry] as const));
  const result: KustomizeFiles = {
    files: new Set(),
    kustomizations: [],
    entries,
    contents: new Map(),
    complete: true,
  };
  const seen = new Set([folder]);
  for (let wave = [folder]; wave.length > 0; ) {
    const found = wave.flatMap(name => kustomizationIn(name, entries) ?? []);
    await readInto(
      result,
      tree,
      found.map(({file}) => file),
      signal,
    );
    const next: string[] = [];
    for (const kustomization of found) {
      const {file} = kustomization;
      kustomization.document = documentOf(file, result.contents.get(file));
      result.kustomizations.push(kustomization);
      for (const inner of follow(kustomization, result)) {
        if (seen.has(inner)) continue;
        seen.add(inner);
        next.push(inner);
      }
    }
    wave = next;
  }
  await readInto(result, tree, [...result.files], signal);
  if (result.complete) return result;
  return {...result, files: new Set(entries.keys())};
}

/** The file with a kustomization in a folder. */
function kustomizationIn(folder: string, entries: ReadonlyMap<string, TreeEntry>): Kustomization | undefined {
  for (const name of kustomizationNames) {
    const file = path.join(folder, name);
    if (entries.has(file)) return {folder, file, document: undefined};
  }
  return undefined;
}

async function readInto(
  result: KustomizeFiles,
  tree: Tree,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const wanted: TreeEntry[] = [];
  for (const file of files) {
    const entry = result.entries.get(file);
    result.files.add(file);
    if (entry === undefined || result.contents.has(file)) continue;
    // Where a link leads is for the export to judge.
    if (entry.mode === '120000') result.complete = false;
    else wanted.push(entry);
  }
  if (wanted.length === 0) return;
  for (const [file, bytes] of await tree.read(wanted, signal)) result.contents.set(file, bytes);
}

function documentOf(file: string, bytes: Buffer | undefined): YamlDocument | undefined {
  return bytes === undefined ? undefined : readYaml(bytes, file).documents[0];
}

/** Adds the files that a kustomization names, and gives the folders that it builds on. */
function follow(kustomization: Kustomization, result: KustomizeFiles): string[] {
  const value = kustomization.document?.value;
  if (!isObject(value)) {
    result.complete = false;
    return [];
  }
  if (opaque.some(key => value[key] !== undefined)) result.complete = false;
  const folders: string[] = [];
  for (const reference of references(value)) {
    const target = path.join(kustomization.folder, reference);
    // Inline YAML, a URL, or a path that leaves the repository: kustomize's own business.
    if (reference.includes('\n') || path.isAbsolute(reference) || target.startsWith('../')) continue;
    const name = target === '.' ? '' : target.replace(/\/$/, '');
    if (result.entries.has(name)) result.files.add(name);
    else if (kustomizationIn(name, result.entries) !== undefined) folders.push(name);
    else if (!/^[a-z]+:\/\/|^git@|^[\w.-]+\.[a-z]+\/.*(?:\?|\/\/|\.git)/i.test(reference))
      result.complete = false;
  }
  return folders;
}

function references(value: JsonObject): string[] {
  const found: (string | undefined)[] = [];
  const texts = (items: readonly Json[]): string[] => items.filter(item => typeof item === 'string');
  for (const key of pathLists) found.push(...texts(listAt(value, key)));
  for (const key of objectLists) found.push(...listAt(value, key).map(item => stringAt(item, 'path')));
  found.push(stringAt(value['openapi'], 'path'));
  for (const generator of [...listAt(value, 'configMapGenerator'), ...listAt(value, 'secretGenerator')]) {
    found.push(stringAt(generator, 'env'), ...texts(listAt(generator, 'envs')));
    // `key=path`, or a path whose last part is the key.
    found.push(...texts(listAt(generator, 'files')).map(file => file.slice(file.indexOf('=') + 1)));
  }
  return found.flatMap(reference => reference || []);
}
