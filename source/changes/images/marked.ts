import {type ImageMarker, imageMarkers} from '../../registries/policies/markers.ts';
import type {Repository, Tree} from '../../repository/types.ts';
import {isBelow} from '../../sources/folder.ts';
import {type SourceOf, sourceFiles} from '../../sources/load.ts';
import {pathsWith, readPaths} from './policy-files.ts';

/** A marker of an environment's files. */
export interface PlacedMarker extends ImageMarker {
  file: string;
}

/**
 * The markers in the files that an environment is made of, and in all below its folder: the values of a Helm release may
 * stand in a file that nothing here renders. Throws RepositoryError.
 */
export async function environmentMarkers(
  {environment, repository}: {environment: SourceOf; repository: Pick<Repository, 'git'>},
  tree: Tree,
  signal?: AbortSignal,
): Promise<PlacedMarker[]> {
  const word = '$imagepolicy';
  const marked =
    tree.revision === 'worktree'
      ? new Set((await tree.list('', signal)).map(({path}) => path))
      : await pathsWith(repository, tree.revision, [word], signal);
  if (marked.size === 0) return [];
  const made = await sourceFiles(environment, tree, {signal});
  const own = [...marked].filter(path => /\.(?:ya?ml|env|txt)$/.test(path));
  const wanted = own.filter(path => made.has(path) || isBelow(path, environment.path));
  const files = await readPaths(tree, new Set(wanted), signal);
  return [...files].flatMap(([file, bytes]) =>
    bytes.includes(word) ? imageMarkers(bytes.toString('utf8')).map(marker => ({...marker, file})) : [],
  );
}
