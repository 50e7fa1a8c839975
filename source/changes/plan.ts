import {pushDoubt} from '../engines/permission.ts';
import {branchOf} from '../environments/branch.ts';
import {configFileName} from '../environments/schema.ts';
import {planAdoption} from './adoption/plan.ts';
import {affectedEnvironments} from './affected.ts';
import {planImages} from './images/plan-images.ts';
import {planPromotion} from './promotion/plan.ts';
import {asStated, protectedAt} from './protected-at.ts';
import {type ChangeContext, environmentNamed} from './publish.ts';
import {planRevert} from './revert.ts';
import {refusalOf, routeWords, subjectOf, wayOf} from './route.ts';
import type {ChangePreview, ChangeRequest, Planned} from './types.ts';

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
    case 'adopt': {
      const planned = await planAdoption(context, request, signal);
      return {...(await reachOf(context, request.environment, planned, signal)), kind: 'adopt', request};
    }
    case 'revert': {
      const planned = await planRevert(context, request, signal);
      const reach = await reachOf(context, request.environment, planned, signal);
      const {target, until} = planned.plan;
      const named = {
        target: (request.only === true ? (until ?? target) : target).sha,
        ...(until === undefined || request.only === true ? {} : {until: until.sha}),
      };
      return {...planned, ...reach, kind: 'revert', request: {...request, ...named}};
    }
    case 'images': {
      const planned = await planImages(context, request, signal);
      const reach = await reachOf(context, request.environment, planned, signal);
      return {...planned, ...reach, kind: 'images', request};
    }
    case 'promote': {
      const planned = await planPromotion(context, request, signal);
      const reach = await reachOf(context, request.environment, planned, signal);
      return {...planned, ...reach, kind: 'promote'};
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
  return reachOf(context, preview.request.environment, {...preview, plan}, signal);
}

const hooked = 'your own commit hooks changed the files: this is what they make of the change';

/** What every change has to say of itself: the environments it reaches, and why it can't be pushed straight. */
async function reachOf<P extends Planned>(
  context: ChangeContext,
  environmentName: string,
  planned: P,
  signal: AbortSignal | undefined,
): Promise<P & Pick<ChangePreview, 'alsoAffects' | 'pushRefused'>> {
  const {repository, environments, sourceFiles} = context;
  const {plan} = planned;
  const stated = await protectedAt(repository, plan.base, environments, signal);
  const environment = asStated(environmentNamed(context, environmentName), stated);
  const branch = await branchOf(repository, environment, signal);
  const remote = await repository.remote(branch, signal);
  const [affected, way] = await Promise.all([
    affectedEnvironments(
      environments,
      {environment: environment.name, branch, files: plan.files.map(file => file.path)},
      (await repository.head(signal)).branch,
      sourceFiles,
      signal,
    ),
    remote === null ? null : wayOf(context, remote, plan.branch, signal),
  ]);
  const subject = subjectOf(environment, way?.standing ?? null);
  const said = [pushDoubt(subject), way === null ? null : routeWords(way, plan.branch)];
  const warnings = [...new Set([...(plan.warnings ?? []), ...said.filter(words => words !== null)])];
  return {
    ...planned,
    plan: {...plan, warnings},
    alsoAffects: affected.map(other => other.name),
    pushRefused:
      refusalOf(
        subject,
        affected.map(other => asStated(other, stated)),
      ) ?? configRefusal(plan, stated),
  };
}

/** Why a change of the config file may not be pushed: it could take a protection away. */
function configRefusal({files}: Planned['plan'], stated: ReadonlySet<string>): string | null {
  if (stated.size === 0 || !files.some(({path}) => path === configFileName)) return null;
  return `it changes ${configFileName}, which protects ${[...stated].join(', ')}: changes go through a pull request`;
}
