import {branchOf} from '../../environments/branch.ts';
import type {Environment} from '../../environments/types.ts';
import {type Base, findBase} from '../../repository/change/base.ts';
import {RepositoryError} from '../../repository/error.ts';
import {readRef} from '../../repository/refs.ts';
import type {Repository} from '../../repository/types.ts';
import {type ChangeContext, environmentNamed} from '../publish.ts';

/** Between which environments something is promoted, and what is committed of both: what a push would find there. */
export interface PromotionEnds {
  source: Environment;
  target: Environment;
  /** The branches' tips; the same where both are on one. */
  sourceBase: Base;
  targetBase: Base;
  /** Local names of the branches. */
  sourceBranch: string;
  targetBranch: string;
  /** True where both are folders of one branch. */
  isOneBranch: boolean;
  warnings: readonly string[];
}

/**
 * The two ends of a promotion to an environment: `from`, else what it is promoted from. Throws RepositoryError where that
 * is not said, or is the environment itself.
 */
export async function promotionEnds(
  context: ChangeContext,
  names: {environment: string; from: string | null},
  signal?: AbortSignal,
): Promise<PromotionEnds> {
  const {repository} = context;
  const target = environmentNamed(context, names.environment);
  const from = names.from ?? target.promotesFrom;
  if (from === null) {
    const others = context.environments.filter(({name}) => name !== target.name).map(({name}) => name);
    throw new RepositoryError('unknown-path', `nothing says what ${target.name} is promoted from`, {
      fix: `name it (promotesFrom in .gitops-tui.yaml, or --from): there is ${others.join(', ') || 'no other environment'}`,
    });
  }
  const source = environmentNamed(context, from);
  if (source.name === target.name)
    throw new RepositoryError('unknown-path', `${target.name} can't be promoted from itself`);
  const [sourceBranch, targetBranch] = [
    await branchOf(repository, source, signal),
    await branchOf(repository, target, signal),
  ];
  const isOneBranch = sourceBranch === targetBranch;
  if (isOneBranch && trim(source.path) === trim(target.path)) {
    throw new RepositoryError(
      'unknown-path',
      `${source.name} and ${target.name} are the same folder of ${targetBranch}: there is nothing to promote`,
    );
  }
  const targetBase = await findBase(repository, targetBranch, signal);
  const sourceBase = isOneBranch ? targetBase : await findBase(repository, sourceBranch, signal);
  const unpushed = await unpushedCommits(repository, source, sourceBranch, sourceBase, signal);
  const warnings =
    unpushed === 0
      ? []
      : [
          `${sourceBranch} has ${unpushed} commit${unpushed === 1 ? '' : 's'} to ${source.name} that ${sourceBase.ref} lacks: what is not pushed is not promoted`,
        ];
  return {
    source,
    target,
    sourceBase,
    targetBase,
    sourceBranch,
    targetBranch,
    isOneBranch,
    // The plan says the target's own.
    warnings: isOneBranch ? warnings : [...sourceBase.warnings, ...warnings],
  };
}

/** Commits to the source's folder that only the local branch has. */
async function unpushedCommits(
  repository: Repository,
  {path}: Environment,
  branch: string,
  base: Base,
  signal: AbortSignal | undefined,
): Promise<number> {
  const local = await readRef(repository.git, `refs/heads/${branch}`, signal);
  if (local === null || local === base.sha) return 0;
  const commits = await repository.log({from: local, notReachableFrom: base.sha, path, limit: 100}, signal);
  return commits.length;
}

function trim(folder: string): string {
  return folder.replace(/^\.?\/+|\/+$/g, '');
}
