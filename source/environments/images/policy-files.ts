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
  commit: string,
  signal?: AbortSignal,
): Promise<PolicyObject[]> {
  const patterns = words.flatMap(word => ['-e', word]);
  // git grep takes no --end-of-options after its patterns: the commit is one for certain.
  const how = ['grep', '-l', '-z', '-I', '-F', '--full-name', ...patterns, checkObjectId(commit), '--'];
  // 1: there is none.
  const output = await repository.git.text(how, {signal, accept: [0, 1]});
  const paths = new Set(
    output
      .split('\0')
      .map(entry => entry.slice(commit.length + 1))
      .filter(path => /\.(?:ya?ml|json)$/.test(path))
      .slice(0, mostFiles),
  );
  if (paths.size === 0) return [];
  const entries = (await tree.list('', signal)).filter(
    ({path, mode}) => paths.has(path) && mode !== '120000',
  );
  const files = await tree.read(entries, signal);
  return [...files].flatMap(([path, bytes]) => {
    if (bytes.length > mostBytes) return [];
    return readYaml(bytes, path)
      .documents.flatMap(document => resourcesOf(document).resources)
      .map(({object, location}) => ({object, location}));
  });
}
