import path from 'node:path/posix';
import type {Environment} from '../../environments/types.ts';
import type {Tree, TreeEntry} from '../../repository/types.ts';
import {isObject, stringAt} from '../../resources/json.ts';
import type {Problem} from '../../resources/problem.ts';
import {kustomizationNames} from '../../sources/folder.ts';
import type {SourceResult} from '../../sources/types.ts';
import {readYaml} from '../../sources/yaml.ts';
import type {Renderings} from '../effect/renderings.ts';
import {TreeTexts} from './file-edits.ts';
import type {PromotionSide} from './items.ts';
import type {OwnNames} from './pairing.ts';

/** An environment at a commit (or a tree that a commit could have), read for a promotion. */
export interface LoadedSide extends PromotionSide {
  environment: Environment;
  /** Full SHA of the commit or tree, or 'worktree'. */
  revision: string;
  tree: Tree;
  texts: TreeTexts;
  source: SourceResult['source'];
  /** The files of its folder. */
  entries: readonly TreeEntry[];
  /** The kustomization of its folder, where it has one. */
  kustomization: string | null;
  problems: readonly Problem[];
}

/** Reads what git wants in an environment at a revision. Throws RepositoryError; mistakes in files are problems. */
export async function loadSide(
  renderings: Renderings,
  environment: Environment,
  revision: string,
  signal?: AbortSignal,
): Promise<LoadedSide> {
  return loadTree(renderings, environment, renderings.tree(revision), signal);
}

/** The same of a tree, which may be the working tree. */
export async function loadTree(
  renderings: Renderings,
  environment: Environment,
  tree: Tree,
  signal?: AbortSignal,
): Promise<LoadedSide> {
  const {path: folder} = environment;
  const [key, entries] = await Promise.all([
    renderings.inputsKey(environment, tree, signal),
    tree.list(folder, signal),
  ]);
  const result = await renderings.of(environment, tree, key, signal);
  const kustomization =
    result.source === 'kustomize'
      ? (kustomizationNames
          .map(name => path.join(folder, name))
          .find(name => entries.some(entry => entry.path === name)) ?? null)
      : null;
  return {
    environment,
    revision: tree.revision,
    tree,
    texts: new TreeTexts(tree),
    source: result.source,
    entries,
    kustomization,
    problems: result.problems,
    resources: result.resources,
    names: await ownNames(environment, tree, entries, kustomization, signal),
  };
}

/** What is an environment's own in the names of its objects: its namespace, and what its kustomization puts around names. */
async function ownNames(
  environment: Environment,
  tree: Tree,
  entries: readonly TreeEntry[],
  kustomization: string | null,
  signal: AbortSignal | undefined,
): Promise<OwnNames> {
  const names: OwnNames = {
    environment: environment.name,
    namespaces: environment.namespace === null ? [] : [environment.namespace],
    prefix: '',
    suffix: '',
  };
  const entry = entries.find(({path: file}) => file === kustomization);
  if (entry === undefined) return names;
  const bytes = (await tree.read([entry], signal)).get(entry.path);
  const value = bytes === undefined ? undefined : readYaml(bytes, entry.path).documents[0]?.value;
  if (!isObject(value)) return names;
  const namespace = stringAt(value, 'namespace');
  return {
    ...names,
    // What the kustomization says is where its objects go, whatever the environment says of those without one.
    namespaces: namespace === undefined ? names.namespaces : [...new Set([namespace, ...names.namespaces])],
    prefix: stringAt(value, 'namePrefix') ?? '',
    suffix: stringAt(value, 'nameSuffix') ?? '',
  };
}
