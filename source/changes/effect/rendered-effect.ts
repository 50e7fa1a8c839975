import type {Environment} from '../../environments/types.ts';
import type {ResourceId} from '../../resources/identity.ts';
import type {Problem} from '../../resources/problem.ts';
import type {Mask} from '../../secrets/mask.ts';
import type {DesiredResource, SourceResult} from '../../sources/types.ts';
import {type ComparedResource, compareResources} from './compare-desired.ts';
import {digestOf} from './digest.ts';
import type {Renderings} from './renderings.ts';
import type {ObjectEffect, RenderedEffect} from './types.ts';

/** What of an environment says what it is made of. */
export type RenderedEnvironment = Pick<Environment, 'name' | 'path' | 'source' | 'namespace'>;

/** Two states of the repository: object IDs of commits or trees. */
export interface TreeChange {
  /** Null for nothing: what a first commit brings. */
  from: string | null;
  to: string;
}

/** A change, rendered, with the resources themselves, unmasked: what an engine is asked about. */
export interface RenderedChange {
  effect: RenderedEffect;
  /** By the objects of the effect: what they are after the change, of what is gone before it. */
  resources: ReadonlyMap<ObjectEffect, DesiredResource>;
  before: readonly DesiredResource[];
  after: readonly DesiredResource[];
  /** To be called when the answer comes late: by then the Secrets of both sides may be forgotten. */
  remember(): void;
}

/** What a change of git does to what an environment wants; see `environmentEffect`, which has all that is told. */
export async function renderedEffect(
  environment: RenderedEnvironment,
  renderings: Renderings,
  change: TreeChange,
  options: {mask: Mask; signal?: AbortSignal | undefined},
): Promise<RenderedEffect> {
  return (await renderChange(environment, renderings, change, options)).effect;
}

/** The same, for who goes on to ask a cluster. Throws as `environmentEffect` does. */
export async function renderChange(
  environment: RenderedEnvironment,
  renderings: Renderings,
  {from, to}: TreeChange,
  {mask, signal}: {mask: Mask; signal?: AbortSignal | undefined},
): Promise<RenderedChange> {
  const [before, after] = [from === null ? null : renderings.tree(from), renderings.tree(to)];
  const [formerKey, laterKey] = await Promise.all([
    before === null ? null : renderings.inputsKey(environment, before, signal),
    renderings.inputsKey(environment, after, signal),
  ]);
  const subject = {environment: environment.name, from: from ?? '', to};
  if (formerKey === laterKey) {
    const nothing = {objects: [], unchanged: 0, digest: digestOf([]), touched: false, builds: true};
    const effect = {...subject, ...nothing, problems: [], repaired: [], undecided: []};
    return {effect, resources: new Map(), before: [], after: [], remember() {}};
  }
  // One after the other: the second finds the files parsed that both have.
  const former =
    before === null || formerKey === null
      ? nothingWanted
      : await renderings.of(environment, before, formerKey, signal);
  const later = await renderings.of(environment, after, laterKey, signal);
  signal?.throwIfAborted();
  const {compared, unchanged} = compareResources(former.resources, later.resources, {
    mask,
    namespace: environment.namespace,
  });
  const {decided, undecided} = decide(compared, former, later);
  const objects = decided.map(({effect}) => effect);
  const errors = errorsOf(later);
  return {
    effect: {
      ...subject,
      objects,
      unchanged,
      digest: digestOf(objects),
      touched: true,
      builds: errors.length === 0,
      problems: later.isEmpty === true ? later.problems.map(asWarning) : later.problems,
      repaired: errorsOf(former).filter(problem => !errors.some(other => isSame(problem, other))),
      undecided,
    },
    resources: new Map(decided.map(({effect, desired}) => [effect, desired])),
    before: former.resources,
    after: later.resources,
    remember() {
      if (formerKey !== null) renderings.keep(formerKey, former);
      renderings.keep(laterKey, later);
    },
  };
}

const nothingWanted: SourceResult = {source: 'directory', resources: [], problems: []};

/** Sets aside what only one side holds where the other may hold it in a file that can't be read. */
function decide(
  compared: readonly ComparedResource[],
  former: SourceResult,
  later: SourceResult,
): {decided: ComparedResource[]; undecided: ResourceId[]} {
  const isInFormer = mayHold(former);
  const isInLater = mayHold(later);
  const isOpen = ({effect: {change, source}}: ComparedResource) =>
    (change === 'removed' && isInLater(source.file)) || (change === 'added' && isInFormer(source.file));
  return {
    decided: compared.filter(item => !isOpen(item)),
    undecided: compared.filter(isOpen).map(({effect}) => effect.id),
  };
}

/** Whether a side may hold what is in a file although it was not read: not where that very file was. */
function mayHold(side: SourceResult): (file: string) => boolean {
  const errors = errorsOf(side);
  if (errors.length === 0) return () => false;
  const broken = new Set(errors.map(({location}) => location?.file));
  const read = new Set(side.resources.map(({location}) => location.file));
  return file => broken.has(file) || !read.has(file);
}

/** A folder that is not there wants nothing: no mistake of what the other side says. */
function errorsOf({problems, isEmpty}: SourceResult): Problem[] {
  return isEmpty === true ? [] : problems.filter(({severity}) => severity === 'error');
}

function asWarning(problem: Problem): Problem {
  return {...problem, severity: 'warning'};
}

function isSame(one: Problem, other: Problem): boolean {
  return one.message === other.message && one.location?.file === other.location?.file;
}
