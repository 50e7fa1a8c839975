import {affectedEnvironments} from './affected.ts';
import {branchOf} from './branch.ts';
import type {ChangePreview, ChangeRequest, Planned} from './change-types.ts';
import {type ChangeContext, environmentNamed} from './publish.ts';
import {planRevert} from './revert.ts';

/**
 * Plans a change of git, and tells whom else it reaches and whether it may be pushed straight. Only objects are written.
 * Throws RepositoryError, and what the planner of the kind throws.
 */
export async function planChange(
  context: ChangeContext,
  request: ChangeRequest,
  signal?: AbortSignal,
): Promise<ChangePreview> {
  switch (request.kind) {
    case 'revert': {
      const planned = await planRevert(context, request, signal);
      const reach = await reachOf(context, request.environment, planned, signal);
      return {...planned, ...reach, kind: 'revert', request: {...request, target: planned.plan.target.sha}};
    }
  }
}

/**
 * A planned change with what the user's own hooks made of its files: what it changes, whom it reaches and what is approved
 * is told anew. Throws RepositoryError.
 */
export async function withHookedTree<P extends ChangePreview>(
  context: ChangeContext,
  preview: P,
  resultTree: string,
  signal?: AbortSignal,
): Promise<P> {
  const {repository} = context;
  const {base, warnings = []} = preview.plan;
  const [files, patch] = await Promise.all([
    repository.changes(base, resultTree, '', signal),
    repository.diff(base, resultTree, '', signal),
  ]);
  const plan = {
    ...preview.plan,
    resultTree,
    files,
    patch,
    warnings: [...warnings.filter(warning => warning !== hooked), hooked],
  };
  return {
    ...preview,
    plan,
    ...(await reachOf(context, preview.request.environment, {...preview, plan}, signal)),
  };
}

const hooked = 'your own commit hooks changed the files: this is what they make of the change';

/** What every change has to say of itself: the environments it reaches, and why it can't be pushed straight. */
async function reachOf(
  context: ChangeContext,
  environmentName: string,
  {plan}: Planned,
  signal: AbortSignal | undefined,
): Promise<Pick<ChangePreview, 'alsoAffects' | 'pushRefused'>> {
  const {repository, environments, sourceFiles} = context;
  const environment = environmentNamed(context, environmentName);
  const affected = await affectedEnvironments(
    environments,
    {
      environment: environment.name,
      branch: await branchOf(repository, environment, signal),
      files: plan.files.map(file => file.path),
    },
    (await repository.head(signal)).branch,
    sourceFiles,
    signal,
  );
  const guarded = affected.filter(other => other.protected).map(other => other.name);
  const pushRefused = environment.protected
    ? `${environment.name} is protected: changes go through a pull request`
    : guarded.length > 0
      ? `it changes ${guarded.join(', ')} too, which is protected: changes go through a pull request`
      : null;
  return {alsoAffects: affected.map(other => other.name), pushRefused};
}
