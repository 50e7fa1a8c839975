import type {Environment} from '../../environments/types.ts';
import type {ChangeContext} from '../publish.ts';

/**
 * Tells of a file which other environments it is part of, on the same branch: those made of it as far as that can be told,
 * else those whose folder holds it.
 */
export async function sharing(
  {environments, repository, sourceFiles}: ChangeContext,
  own: Environment,
  branch: string,
  signal?: AbortSignal,
): Promise<(file: string) => string[]> {
  const checkedOut = (await repository.head(signal)).branch;
  const others = await Promise.all(
    environments
      .filter(({name, branch: its}) => name !== own.name && (its ?? checkedOut ?? branch) === branch)
      .map(async environment => {
        const files = await sourceFiles?.(environment, signal).catch(() => undefined);
        signal?.throwIfAborted();
        return {environment, files};
      }),
  );
  return file =>
    others
      .filter(({environment: {path}, files}) =>
        files === undefined ? path === '' || file.startsWith(`${path}/`) : files.has(file),
      )
      .map(({environment}) => environment.name);
}
