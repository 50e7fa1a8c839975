import {lstat, readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Repository, Tree, TreeEntry} from '../repository/types.ts';
import type {Problem} from '../resources/problem.ts';
import {looksLikeManifest} from '../sources/manifests.ts';
import {readYaml} from '../sources/yaml.ts';
import {type ConfigResult, parseConfig, type StatedEnvironment} from './config.ts';
import {type Contexts, contextFor} from './contexts.ts';
import {type Discovered, discover, isManifestName, isProduction, onlyFolder} from './discover.ts';
import {configFileName} from './schema.ts';
import {nearest} from './suggest.ts';
import type {Environment, EnvironmentsResult} from './types.ts';

/** What environments are found from. */
export interface LoadEnvironmentsOptions {
  repository: Repository;
  contexts: Contexts;
  /** --config: a file, relative to the current folder. */
  configPath?: string | undefined;
  /** --context. */
  contextOverride?: string | undefined;
  /** --worktree: look at the working tree instead of HEAD. */
  worktree?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Which environments there are: those of the config file, else those that the repository's layout shows, each with its
 * kubeconfig context where that is certain. The config file is read from the working tree where there is one, so that it
 * works before it is committed, else from HEAD. Mistakes are problems; throws RepositoryError where git itself fails.
 */
export async function loadEnvironments(options: LoadEnvironmentsOptions): Promise<EnvironmentsResult> {
  const {repository, signal} = options;
  const problems: Problem[] = [];
  const tree = await treeOf(options);
  const files = tree === undefined ? [] : await tree.list('', signal);
  const found = await readConfig(options, tree, files, problems);
  // Guessing instead of what the file says could touch the wrong cluster.
  if (found === 'unreadable') return {environments: [], ignore: [], images: [], configFile: null, problems};
  const config: ConfigResult | undefined =
    found === undefined ? undefined : parseConfig(found.bytes, found.file);
  problems.push(...(config?.problems ?? []));
  const result = {
    ignore: config?.ignore ?? [],
    images: config?.images ?? [],
    configFile: found?.file ?? null,
    problems,
  };
  if (config?.environments !== undefined) {
    const folders = files.map(entry => entry.path);
    const environments = config.environments.map(stated => {
      checkStated(stated, folders, options.contexts, tree, problems);
      return fromConfig(stated, found?.file ?? configFileName);
    });
    return {...result, environments: pair(environments, options, problems)};
  }
  const discovered = discover(files, await branchNames(repository, signal));
  if (discovered.length > 0)
    return {...result, environments: pair(discovered.map(fromLayout), options, problems)};
  if (tree === undefined) {
    problems.push({
      severity: 'error',
      message: 'the repository has no commit yet',
      fix: 'commit the manifests, or look at the working tree with --worktree',
    });
    return {...result, environments: []};
  }
  const only = await rootEnvironment(repository, tree, files, signal);
  return {...result, environments: only === undefined ? [] : pairOnly(only, options, problems)};
}

async function treeOf({repository, worktree, signal}: LoadEnvironmentsOptions): Promise<Tree | undefined> {
  if (worktree === true) return repository.worktreeTree();
  const {sha} = await repository.head(signal);
  return sha === null ? undefined : repository.tree(sha);
}

/** A config file's bytes; undefined where there is none. */
async function readConfig(
  {repository, configPath, signal}: LoadEnvironmentsOptions,
  tree: Tree | undefined,
  files: readonly TreeEntry[],
  problems: Problem[],
): Promise<{bytes: Uint8Array; file: string} | 'unreadable' | undefined> {
  if (configPath !== undefined) return readOwn(path.resolve(configPath), repository.root, problems);
  if (!repository.bare) {
    const file = path.join(repository.root, configFileName);
    const stats = await lstat(file).catch(() => undefined);
    if (stats?.isSymbolicLink()) {
      problems.push({
        severity: 'error',
        message: `${configFileName} is a symbolic link, which is not followed`,
        fix: 'put the file itself there, or name it with --config',
        location: {file: configFileName, line: 1},
      });
      return 'unreadable';
    }
    if (stats?.isFile()) return readOwn(file, repository.root, problems);
    const other = path.join(repository.root, '.gitops-tui.yml');
    if ((await lstat(other).catch(() => undefined)) !== undefined) {
      problems.push({
        severity: 'warning',
        message: '.gitops-tui.yml is not read',
        fix: `rename it to ${configFileName}`,
        location: {file: '.gitops-tui.yml', line: 1},
      });
    }
  }
  // In a checkout that lacks it on purpose (sparse), and in a bare repository.
  const entry = files.find(({path: name, mode}) => name === configFileName && mode !== '120000');
  const bytes = entry === undefined ? undefined : (await tree?.read([entry], signal))?.get(configFileName);
  return bytes === undefined ? undefined : {bytes, file: configFileName};
}

async function readOwn(
  file: string,
  root: string,
  problems: Problem[],
): Promise<{bytes: Uint8Array; file: string} | 'unreadable'> {
  const relative = path.relative(root, file);
  const name =
    relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.replaceAll(path.sep, '/');
  try {
    return {bytes: await readFile(file), file: name};
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is none' : String(error);
    problems.push({severity: 'error', message: `the config file ${name} can't be read: ${why}`});
    return 'unreadable';
  }
}

function checkStated(
  {config, at}: StatedEnvironment,
  files: readonly string[],
  contexts: Contexts,
  tree: Tree | undefined,
  problems: Problem[],
): void {
  const folder = config.path ?? '';
  // Another branch's folders are looked at when it is read.
  if (folder !== '' && config.branch === undefined && !files.some(file => file.startsWith(`${folder}/`))) {
    const revision =
      tree === undefined || tree.revision === 'worktree' ? 'the working tree' : tree.revision.slice(0, 7);
    const isFile = files.includes(folder);
    const folders = new Set(files.flatMap(file => parents(file)));
    const near = isFile ? path.posix.dirname(folder) : nearest(folder, [...folders]);
    problems.push({
      // Whether it was emptied or never there, its history tells, and the environment then says which.
      severity: isFile ? 'error' : 'warning',
      message: isFile ? `${folder} is a file, not a folder` : `there is no folder ${folder} at ${revision}`,
      fix: near === undefined ? 'correct the path, or commit the folder' : `did you mean "${near}"?`,
      location: at('path'),
    });
  }
  if (config.context !== undefined && !contexts.names.includes(config.context)) {
    const near = nearest(config.context, contexts.names);
    problems.push({
      severity: 'warning',
      message: `the kubeconfig has no context "${config.context}"`,
      fix: near === undefined ? contextWords(contexts) : `did you mean "${near}"?`,
      location: at('context'),
    });
  }
}

function parents(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function fromConfig({config}: StatedEnvironment, origin: string): Environment {
  return {
    name: config.name,
    path: config.path ?? '',
    branch: config.branch ?? null,
    context: config.context ?? null,
    namespace: config.namespace ?? null,
    source: config.source ?? 'auto',
    engine: config.engine ?? 'auto',
    protected: config.protected ?? isProduction(config.name),
    promotesFrom: config.promotesFrom ?? null,
    origin,
  };
}

function fromLayout({name, path: folder, branch, origin}: Discovered): Environment {
  return {
    name,
    path: folder,
    branch,
    context: null,
    namespace: null,
    source: 'auto',
    engine: 'auto',
    protected: isProduction(name),
    promotesFrom: null,
    origin,
  };
}

/** Local branches, and those of the remote that were fetched and are checked out nowhere. */
async function branchNames(repository: Repository, signal: AbortSignal | undefined): Promise<string[]> {
  const local = [...(await repository.branches(signal)).keys()];
  const remote = await repository.remote(null, signal);
  if (remote === null) return local;
  const prefix = `refs/remotes/${remote.name}/`;
  const output = await repository.git.text(['for-each-ref', '--format=%(refname)', prefix], {signal});
  const fetched = output
    .split('\n')
    .flatMap(line => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []));
  return [...new Set([...local, ...fetched])].sort();
}

async function rootEnvironment(
  repository: Repository,
  tree: Tree,
  files: readonly TreeEntry[],
  signal: AbortSignal | undefined,
): Promise<Environment | undefined> {
  const folder = onlyFolder(files);
  const inside = files.filter(file => folder === '' || file.path.startsWith(`${folder}/`));
  const candidates = inside
    .filter(({path: name}) => isManifestName(name) && !/(?:^|\/)\./.test(name))
    .slice(0, 200);
  const hasKustomization = candidates.some(({path: name}) =>
    /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(name),
  );
  let holdsManifests = hasKustomization;
  if (!holdsManifests) {
    for (const [name, bytes] of await tree.read(candidates, signal)) {
      holdsManifests ||= readYaml(bytes, name).documents.some(({value}) => looksLikeManifest(value));
    }
  }
  if (!holdsManifests) return undefined;
  const name = path.basename(repository.root).replace(/\.git$/, '');
  return fromLayout({name, path: folder, branch: null, origin: folder === '' ? 'the root' : folder});
}

/**
 * Gives environments without a context the one that is certainly theirs, else --context; says so where there is none.
 * Where there are several, --context never takes one away from its own cluster.
 */
function pair(
  environments: readonly Environment[],
  {contexts, contextOverride}: LoadEnvironmentsOptions,
  problems: Problem[],
): Environment[] {
  if (contextOverride !== undefined) checkOverride(contextOverride, contexts, problems);
  return environments.map(environment => {
    const own = environment.context ?? contextFor(environment.name, contexts);
    if (contextOverride !== undefined && (own === null || environments.length === 1)) {
      return {...environment, context: contextOverride};
    }
    if (contextOverride !== undefined && own !== contextOverride) {
      problems.push({
        severity: 'warning',
        message: `--context ${contextOverride} is not used for ${environment.name}, whose context is ${own}`,
      });
    }
    if (own === null) problems.push(noContext(environment.name, contexts));
    return {...environment, context: own};
  });
}

/** The only environment of a repository without conventions: --context, or the context of its name, or the only one. */
function pairOnly(
  environment: Environment,
  {contexts, contextOverride}: LoadEnvironmentsOptions,
  problems: Problem[],
): Environment[] {
  if (contextOverride !== undefined) checkOverride(contextOverride, contexts, problems);
  const only = contexts.names.length === 1 ? (contexts.names[0] ?? null) : null;
  const context = contextOverride ?? contextFor(environment.name, contexts) ?? only;
  if (context === null) problems.push(noContext(environment.name, contexts));
  return [{...environment, context}];
}

function checkOverride(context: string, contexts: Contexts, problems: Problem[]): void {
  if (contexts.names.includes(context)) return;
  const near = nearest(context, contexts.names);
  problems.push({
    severity: 'error',
    message: `the kubeconfig has no context "${context}"`,
    fix: near === undefined ? contextWords(contexts) : `did you mean "${near}"?`,
  });
}

function noContext(name: string, contexts: Contexts): Problem {
  return {
    severity: 'warning',
    environment: name,
    message: `it is not certain which cluster ${name} is: no kubeconfig context has its name`,
    fix: `say it with --context, or with "context:" in ${configFileName}; ${contextWords(contexts)}`,
  };
}

function contextWords({names, current}: Contexts): string {
  if (names.length === 0) return 'the kubeconfig has no context';
  const first = names.slice(0, 5).map(name => (name === current ? `${name} (the current one)` : name));
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `the kubeconfig has ${first.join(', ')}${more}`;
}
