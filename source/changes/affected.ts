import type {Environment} from '../environments/types.ts';

/** The files that an environment is made of, bases and components included; undefined where that can't be told. */
export type SourceFiles = (
  environment: Environment,
  signal?: AbortSignal,
) => Promise<ReadonlySet<string> | undefined>;

/**
 * The other environments that a change of files on a branch reaches: those made of one of the files, as far as that is
 * known, and those whose folder holds one. `checkedOut` is the branch of environments that name none.
 */
export async function affectedEnvironments(
  environments: readonly Environment[],
  change: {environment: string; branch: string; files: readonly string[]},
  checkedOut: string | null,
  sourceFiles?: SourceFiles,
  signal?: AbortSignal,
): Promise<Environment[]> {
  const affected: Environment[] = [];
  for (const environment of environments) {
    if (environment.name === change.environment || change.files.length === 0) continue;
    if ((environment.branch ?? checkedOut ?? change.branch) !== change.branch) continue;
    const holds = (file: string) => environment.path === '' || file.startsWith(`${environment.path}/`);
    if (change.files.some(holds)) {
      affected.push(environment);
      continue;
    }
    // A source that can't be read now does not keep a revert from repairing it.
    const files = await sourceFiles?.(environment, signal).catch(() => undefined);
    signal?.throwIfAborted();
    if (files !== undefined && change.files.some(file => files.has(file))) affected.push(environment);
  }
  return affected;
}
