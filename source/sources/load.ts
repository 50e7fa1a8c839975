import type {Environment} from '../environments/types.ts';
import type {Tree, TreeEntry} from '../repository/types.ts';
import type {Problem} from '../resources/problem.ts';
import {loadDirectory} from './directory.ts';
import {kustomizationNames} from './folder.ts';
import {loadKustomize} from './kustomize.ts';
import {type KustomizeFiles, kustomizeFiles} from './kustomize-files.ts';
import type {ParsedFiles} from './parsed-files.ts';
import {survey} from './survey.ts';
import type {SourceResult} from './types.ts';

/** What of an environment says where its desired state is. */
export type SourceOf = Pick<Environment, 'path' | 'source'>;

/** How to load. */
export interface LoadOptions {
  signal?: AbortSignal | undefined;
  /** Files of a folder of manifests that were parsed before, to be shared with this time. */
  parsed?: ParsedFiles | undefined;
}

type Detected = {source: 'directory' | 'kustomize'} | {problem: Problem; isEmpty?: boolean};

/**
 * An environment's desired state at a tree's revision. Never throws for what the repository holds: every mistake in it
 * is a problem of the result. Throws on abort, and RepositoryError where git itself fails.
 */
export async function loadSource(
  environment: SourceOf,
  tree: Tree,
  {signal, parsed}: LoadOptions = {},
): Promise<SourceResult> {
  const folder = trimSlashes(environment.path);
  const entries = await tree.list(folder, signal);
  const detected = await detect(environment, folder, entries, tree, signal);
  if ('problem' in detected) {
    const {problem, isEmpty = false} = detected;
    return {source: 'directory', resources: [], problems: [problem], isEmpty};
  }
  const where = {tree, path: folder};
  if (detected.source === 'kustomize') return loadKustomize(where, signal);
  const result = await loadDirectory(where, entries, signal, parsed);
  const submodules = (await tree.submodules?.(folder, signal)) ?? [];
  return {...result, problems: [...result.problems, ...submodules.map(unreadSubmodule)]};
}

/**
 * The files that an environment's rendering reads, relative to the repository's root: what tells whether a change to a
 * file reaches it.
 */
export async function sourceFiles(
  environment: SourceOf,
  tree: Tree,
  {signal}: LoadOptions = {},
): Promise<Set<string>> {
  const folder = trimSlashes(environment.path);
  const entries = await tree.list(folder, signal);
  const detected = await detect(environment, folder, entries, tree, signal);
  if ('problem' in detected) return new Set(entries.map(entry => entry.path));
  const where = {tree, path: folder};
  if (detected.source === 'kustomize') return (await kustomizeFiles(where, signal)).files;
  const {manifests, kustomizations} = await survey(where, entries, signal);
  return new Set([
    ...manifests.map(entry => entry.path),
    ...kustomizations.flatMap(({files}) => [...files.files]),
  ]);
}

/**
 * All that decides what loadSource gives: where two trees have the same files here (path, mode and content), it gives the
 * same for both, remote bases aside. A submodule counts as a file of mode 160000 without content.
 */
export async function sourceInputs(
  environment: SourceOf,
  tree: Tree,
  {signal}: LoadOptions = {},
): Promise<TreeEntry[]> {
  const folder = trimSlashes(environment.path);
  const entries = await tree.list(folder, signal);
  const detected = await detect(environment, folder, entries, tree, signal);
  if ('problem' in detected) return entries;
  const where = {tree, path: folder};
  if (detected.source === 'kustomize') return entriesOf(await kustomizeFiles(where, signal));
  const {kustomizations} = await survey(where, entries, signal);
  const elsewhere = kustomizations
    .flatMap(({files}) => entriesOf(files))
    .filter(({path}) => folder !== '' && !path.startsWith(`${folder}/`));
  const submodules = (await tree.submodules?.(folder, signal)) ?? [];
  return [...entries, ...elsewhere, ...submodules.map(path => ({path, mode: '160000', oid: ''}))];
}

/** The folders of the kustomizations that an environment is built of: its own, or those below a folder of manifests. */
export async function sourceKustomizations(
  environment: SourceOf,
  tree: Tree,
  {signal}: LoadOptions = {},
): Promise<string[]> {
  const folder = trimSlashes(environment.path);
  const entries = await tree.list(folder, signal);
  const detected = await detect(environment, folder, entries, tree, signal);
  if ('problem' in detected) return [];
  if (detected.source === 'kustomize') return [folder];
  return (await survey({tree, path: folder}, entries, signal)).kustomizations.map(({folder}) => folder);
}

function entriesOf({files, entries}: KustomizeFiles): TreeEntry[] {
  return [...files].flatMap(file => entries.get(file) ?? []);
}

async function detect(
  environment: SourceOf,
  folder: string,
  entries: readonly TreeEntry[],
  tree: Tree,
  signal: AbortSignal | undefined,
): Promise<Detected> {
  if (entries.length === 0) return {problem: await missing(folder, tree, signal), isEmpty: true};
  const prefix = folder === '' ? '' : `${folder}/`;
  const names = new Set(
    entries.map(entry => entry.path.slice(prefix.length)).filter(name => !name.includes('/')),
  );
  const kustomization = kustomizationNames.find(name => names.has(name));
  switch (environment.source) {
    case 'directory':
      return {source: 'directory'};
    case 'kustomize':
      if (kustomization !== undefined) return {source: 'kustomize'};
      return {
        problem: {
          severity: 'error',
          message: `${label(folder)} has no kustomization.yaml`,
          fix: 'add one, or set source: directory in .gitops-tui.yaml',
        },
      };
    case 'helm':
    case 'terraform':
    case 'ansible':
      return {problem: notSupported(environment.source, folder)};
    case 'auto':
      break;
  }
  if (kustomization !== undefined) return {source: 'kustomize'};
  if (names.has('Chart.yaml')) return {problem: notSupported('helm', folder, `${prefix}Chart.yaml`)};
  const hasManifests = entries.some(entry => /\.(?:ya?ml|json)$/.test(entry.path));
  const terraform = [...names].find(name => /\.tf(?:\.json)?$/.test(name));
  if (terraform !== undefined) return {problem: notSupported('terraform', folder, prefix + terraform)};
  const ansible = ['ansible.cfg', 'playbook.yml', 'playbook.yaml', 'site.yml'].find(name => names.has(name));
  if (ansible !== undefined) return {problem: notSupported('ansible', folder, prefix + ansible)};
  if (hasManifests) return {source: 'directory'};
  return {
    problem: {
      severity: 'error',
      message: `${label(folder)} holds no manifest: no .yaml, .yml or .json file`,
      fix: 'correct the path in .gitops-tui.yaml',
    },
    isEmpty: true,
  };
}

const sourceNames = {helm: 'a Helm chart', terraform: 'Terraform', ansible: 'Ansible'};

function notSupported(source: keyof typeof sourceNames, folder: string, file?: string): Problem {
  return {
    severity: 'error',
    message: `${label(folder)} is ${sourceNames[source]}, which this version can't read yet: nothing is compared`,
    fix: 'commit what it renders, or use a folder of manifests or a kustomization',
    ...(file === undefined ? {} : {location: {file, line: 1}}),
  };
}

async function missing(folder: string, tree: Tree, signal: AbortSignal | undefined): Promise<Problem> {
  const at = tree.revision === 'worktree' ? 'the working tree' : tree.revision.slice(0, 7);
  if (folder === '') return {severity: 'error', message: `${at} holds no file`};
  const folders = foldersOf(await tree.list('', signal));
  const near = nearestFolders(folder, folders);
  return {
    severity: 'error',
    message: `there is no folder ${folder} at ${at}`,
    fix:
      near.length === 0
        ? 'correct the path in .gitops-tui.yaml'
        : `correct the path in .gitops-tui.yaml; there is ${near.join(', ')}`,
  };
}

function foldersOf(entries: readonly TreeEntry[]): Set<string> {
  const folders = new Set<string>();
  for (const {path: file} of entries) {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      folders.add(file.slice(0, end));
    }
  }
  return folders;
}

// The same name elsewhere first, else what stands beside it.
function nearestFolders(wanted: string, folders: ReadonlySet<string>): string[] {
  const base = wanted.slice(wanted.lastIndexOf('/') + 1).toLowerCase();
  const sameName = [...folders].filter(name => name.slice(name.lastIndexOf('/') + 1).toLowerCase() === base);
  if (sameName.length > 0) return sameName.slice(0, 3);
  let parent = wanted;
  while (parent.includes('/')) {
    parent = parent.slice(0, parent.lastIndexOf('/'));
    if (folders.has(parent)) break;
  }
  const beside = [...folders].filter(name =>
    folders.has(parent) ? name.slice(0, name.lastIndexOf('/')) === parent : !name.includes('/'),
  );
  const visible = beside.filter(name => !name.startsWith('.')).slice(0, 5);
  return visible.length === 0 && folders.has(parent) ? [parent] : visible;
}

function label(folder: string): string {
  return folder === '' ? 'the repository’s root' : folder;
}

function trimSlashes(folder: string): string {
  return folder.replace(/^(?:\.?\/)+|\/+$/g, '').replace(/^\.$/, '');
}

// kubectl would apply what a checkout of it holds: silence about it would be a wrong Synced.
function unreadSubmodule(path: string): Problem {
  return {
    severity: 'error',
    message: `${path} is a git submodule: what it holds is not compared`,
    fix: 'commit its manifests here, or move it out of the environment’s folder',
    location: {file: path, line: 1},
  };
}
