import type {FieldChange} from '../../drift/types.ts';
import type {Engine, PreviewedResource} from '../../engines/types.ts';
import type {Environment} from '../../environments/types.ts';
import {RepositoryError} from '../../repository/error.ts';
import {identityKey, identityOf, type ResourceId} from '../../resources/identity.ts';
import {formatProblem} from '../../resources/problem.ts';
import type {DesiredResource} from '../../sources/types.ts';
import type {ChangeContext} from '../publish.ts';
import type {Draft} from '../setters/locate.ts';
import type {AdoptRequest, LeftField} from './types.ts';

/** A field that live has otherwise than git, to be adopted. */
export interface Wanted {
  resource: DesiredResource;
  id: ResourceId;
  field: FieldChange;
  /** True where the field itself was asked for, not all of its resource. */
  isNamed: boolean;
}

/** Who asks the environment's cluster. Throws RepositoryError where it has none. */
export function engineOf(context: ChangeContext, environment: Environment): Engine {
  if (environment.context === null || context.engine === undefined) {
    throw new RepositoryError('git', `${environment.name} has no cluster to adopt anything from`, {
      fix: 'name a kubeconfig context in .gitops-tui.yaml (context: …) or with --context',
    });
  }
  return context.engine(environment);
}

interface Reading {
  context: ChangeContext;
  request: AdoptRequest;
  start: Draft;
  revision: string;
  engine: Engine;
  signal: AbortSignal;
}

/** What was asked for and differs now, by a comparison made for it; `unknown` are resources that git does not hold. */
export async function wantedFields({context, request, start, revision, engine, signal}: Reading): Promise<{
  wanted: Wanted[];
  left: LeftField[];
  unknown: ResourceId[];
}> {
  const {resources} = start.rendered;
  const about = new Set(
    resources.filter(({object}) => {
      const id = identityOf(object);
      return request.resources.some(({id: {group, kind}}) => id.kind === kind && id.group === group);
    }),
  );
  const compared = await compare(engine, {wanted: resources, before: resources, revision, about}, signal);
  const found = new Map(
    [...compared].map(([resource, seen]) => [identityKey(seen.id), {resource, seen}] as const),
  );
  const [wanted, left, unknown]: [Wanted[], LeftField[], ResourceId[]] = [[], [], []];
  for (const {id, fields} of request.resources) {
    const known = found.get(identityKey(id));
    if (known === undefined) {
      unknown.push(id);
      continue;
    }
    const {resource, seen} = known;
    const whole = wholeRefusal(seen);
    if (whole !== null) {
      left.push({id, path: '', reason: whole, settled: false});
      continue;
    }
    if (fields === null && seen.fields.length === 0)
      left.push({id, path: '', reason: 'git says what is live already', settled: true});
    for (const path of fields ?? seen.fields.map(field => field.path)) {
      const field = seen.fields.find(candidate => candidate.path === path);
      if (field === undefined)
        left.push({id, path, reason: hiddenReason(context, request.environment, id, path), settled: true});
      else wanted.push({resource, id, field, isNamed: fields !== null});
    }
  }
  return {wanted, left, unknown};
}

/** Git as it would be, compared with what is live at this moment. Throws RepositoryError where that can't be read. */
export async function compare(
  engine: Engine,
  asked: {
    wanted: readonly DesiredResource[];
    before: readonly DesiredResource[];
    revision: string;
    about: ReadonlySet<DesiredResource>;
  },
  signal: AbortSignal,
): Promise<ReadonlyMap<DesiredResource, PreviewedResource>> {
  const {wanted, before, revision, about} = asked;
  if (about.size === 0) return new Map();
  // Copies: what is asked about and is also in the state before would be asked about as gone.
  const former = {revision, wanted: before.map(resource => ({...resource}))};
  const preview = await engine.preview({wanted, complete: true, before: former, about}, signal);
  if ('resources' in preview) return preview.resources;
  throw new RepositoryError('git', `what is live can't be read: ${formatProblem(preview.unreachable)}`);
}

function wholeRefusal({outcome, reason, fields}: PreviewedResource): string | null {
  // A generated one that has fields differs from the live one that it replaces under another name.
  if (outcome === 'created' && fields.length === 0) return 'it is not live: there is nothing to adopt';
  if (outcome === 'unknown' || outcome === 'left-out') return reason ?? 'it could not be compared';
  return null;
}

function hiddenReason(context: ChangeContext, environment: string, id: ResourceId, path: string): string {
  const known = context
    .lastReport?.(environment)
    ?.resources.find(resource => identityKey(resource.id) === identityKey(id))
    ?.hidden.find(field => field.path === path);
  return known === undefined
    ? 'it differs no more: git says what is live'
    : `it is no drift (${known.because}): git need not follow it`;
}
