import {RepositoryError} from '../repository/error.ts';
import type {Repository, RepositoryHead} from '../repository/types.ts';
import type {Environment} from './types.ts';

/** The branch that holds an environment: the one that it names, else the checked-out one. Throws RepositoryError when detached. */
export async function branchOf(
  repository: Pick<Repository, 'head'>,
  environment: Pick<Environment, 'name' | 'branch'>,
  signal?: AbortSignal,
): Promise<string> {
  if (environment.branch !== null) return environment.branch;
  const head: RepositoryHead = await repository.head(signal);
  if (head.branch !== null) return head.branch;
  throw new RepositoryError(
    'unknown-revision',
    `HEAD is detached: ${environment.name} has no branch to go to`,
    {
      fix: 'check a branch out, or name one in .gitops-tui.yaml (branch: main)',
    },
  );
}

/** A name as a part of a branch's name: letters, digits, dots, dashes and underscores that git takes. */
export function branchPart(name: string): string {
  const part = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '')
    .replace(/\.lock$/, '');
  return part === '' ? 'environment' : part;
}
