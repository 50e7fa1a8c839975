import {parseConfig} from '../environments/config.ts';
import {configFileName} from '../environments/schema.ts';
import type {Environment} from '../environments/types.ts';
import {checkObjectId} from '../repository/git.ts';
import type {Repository} from '../repository/types.ts';

/**
 * Names of the environments that the config file of a commit calls protected: who changes a branch is bound by what its
 * newest commit says, also where their own checkout is older or says something else. Throws RepositoryError.
 */
export async function protectedAt(
  {git}: Pick<Repository, 'git'>,
  commit: string,
  environments: readonly Environment[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const listed = ['ls-tree', '-z', '--full-tree', checkObjectId(commit), '--', configFileName];
  const [, oid] = /^100\d{3} blob ([0-9a-f]+)\t/.exec(await git.text(listed, {signal})) ?? [];
  if (oid === undefined) return new Set();
  const bytes = await git.bytes(['cat-file', 'blob', checkObjectId(oid)], {signal});
  const stated = parseConfig(bytes, configFileName).environments ?? [];
  const guarded = stated.filter(({config}) => config.protected === true);
  const isGuarded = ({name, path}: Environment) =>
    guarded.some(({config}) => config.name === name || (path !== '' && config.path === path));
  return new Set(environments.filter(isGuarded).map(({name}) => name));
}

/** An environment, protected where it is stated to be. */
export function asStated(environment: Environment, stated: ReadonlySet<string>): Environment {
  return stated.has(environment.name) ? {...environment, protected: true} : environment;
}
