import type {Environment} from '../../../environments/types.ts';
import type {Repository, Tree} from '../../../repository/types.ts';

/** Git's side cannot be read; the message is for people. */
export class RevisionError extends Error {
  override readonly name = 'RevisionError';
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/**
 * The tree that an environment is compared with: the working tree where it was asked for; else the tip of the
 * environment's branch, the local one before origin's; without a branch, what is checked out. Throws RevisionError and
 * RepositoryError.
 */
export async function desiredTree(
  repository: Pick<Repository, 'head' | 'branches' | 'resolve' | 'tree' | 'worktreeTree'>,
  environment: Pick<Environment, 'branch' | 'name'>,
  worktree: boolean,
  signal: AbortSignal,
): Promise<Tree> {
  if (worktree) return repository.worktreeTree();
  const {branch} = environment;
  const {sha, branch: current} = await repository.head(signal);
  if (branch === null || branch === current) {
    if (sha !== null) return repository.tree(sha);
    throw new RevisionError(
      'the repository has no commit yet',
      'commit something, or compare with --worktree',
    );
  }
  const local = (await repository.branches(signal)).get(branch);
  if (local !== undefined) return repository.tree(local);
  try {
    return repository.tree(await repository.resolve(`refs/remotes/origin/${branch}`, signal));
  } catch {
    signal.throwIfAborted();
    throw new RevisionError(
      `the branch ${branch} of environment ${environment.name} is neither here nor on origin`,
      'fetch it with ctrl-r or "git fetch origin", or correct "branch" in .gitops-tui.yaml',
    );
  }
}
