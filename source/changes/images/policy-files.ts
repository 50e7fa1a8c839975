import {checkObjectId} from '../../repository/git.ts';
import type {Repository, Tree} from '../../repository/types.ts';
import type {JsonObject} from '../../resources/json.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import {resourcesOf} from '../../sources/manifests.ts';
import {readYaml} from '../../sources/yaml.ts';

/** An object of git that may state a policy. */
export interface PolicyObject {
  object: JsonObject;
  location: SourceLocation;
}

const words = ['image.toolkit.fluxcd.io', 'argocd-image-updater.argoproj.io'];
const mostFiles = 2000;
const mostBytes = 1024 * 1024;

/**
 * The objects of Flux's image automation and Argo CD Image Updater in a commit, wherever in the repository: they mostly stand
 * elsewhere than what they update. Throws RepositoryError.
 */
export async function policyObjects(
  repository: Pick<Repository, 'git'>,
  tree: Tree,
  signal?: AbortSignal,
): Promise<PolicyObject[]> {
  const paths = await pathsWith(repository, tree.revision, words, signal);
  const wanted = [...paths].filter(path => /\.(?:ya?ml|json)$/.test(path)).slice(0, mostFiles);
  const files = await readPaths(tree, new Set(wanted), signal);
  return [...files].flatMap(([path, bytes]) => {
    if (bytes.length > mostBytes) return [];
    return readYaml(bytes, path)
      .documents.flatMap(document => resourcesOf(document).resources)
      .map(({object, location}) => ({object, location}));
  });
}

/** The files of a commit or tree in which one of some texts stands, by git's own search. Throws RepositoryError. */
export async function pathsWith(
  {git}: Pick<Repository, 'git'>,
  revision: string,
  texts: readonly string[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const patterns = texts.flatMap(text => ['-e', text]);
  // git grep takes no --end-of-options after its patterns: the revision is an object's ID for certain.
  const how = ['grep', '-l', '-z', '-I', '-F', '--full-name', ...patterns, checkObjectId(revision), '--'];
  // 1: there is none.
  const output = await git.text(how, {signal, accept: [0, 1]});
  const paths = output.split('\0').map(entry => entry.slice(revision.length + 1));
  return new Set(paths.filter(path => path !== ''));
}

/** These files of a tree, links left out. Throws RepositoryError. */
export async function readPaths(
  tree: Tree,
  paths: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Map<string, Buffer>> {
  if (paths.size === 0) return new Map();
  const entries = (await tree.list('', signal)).filter(
    ({path, mode}) => paths.has(path) && mode !== '120000',
  );
  return tree.read(entries, signal);
}
