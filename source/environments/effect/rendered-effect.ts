import type {ResourceId} from '../../resources/identity.ts';
import type {Problem} from '../../resources/problem.ts';
import type {Mask} from '../../secrets/mask.ts';
import type {SourceResult} from '../../sources/types.ts';
import type {Environment} from '../types.ts';
import {compareDesired} from './compare-desired.ts';
import {digestOf} from './digest.ts';
import type {Renderings} from './renderings.ts';
import type {DesiredComparison, ObjectEffect, RenderedEffect} from './types.ts';

/** What of an environment says what it is made of. */
export type RenderedEnvironment = Pick<Environment, 'name' | 'path' | 'source' | 'namespace'>;

/** Two states of the repository: object IDs of commits or trees. */
export interface TreeChange {
  /** Null for nothing: what a first commit brings. */
  from: string | null;
  to: string;
}

/**
 * What a change of git does to what an environment wants, rendered:
 *
 *     const renderings = new Renderings(repository, known);           // one for a session: it is what makes it fast
 *     await renderedEffect(environment, renderings, {from: parent, to: commit}, {mask, signal});            // a commit
 *     await renderedEffect(environment, renderings, {from: plan.base, to: plan.resultTree}, {mask, signal}); // a plan
 *     await renderedEffect(environment, renderings, {from: base, to: mergedTree}, {mask, signal});  // a pull request
 *
 * `effectWords` (words.ts) says it in lines. Where no file of the environment differs nothing is rendered (`touched` is
 * false). What is wrong with the files is part of the answer. Throws RepositoryError where git itself fails, and on abort.
 */
export async function renderedEffect(
  environment: RenderedEnvironment,
  renderings: Renderings,
  {from, to}: TreeChange,
  {mask, signal}: {mask: Mask; signal?: AbortSignal | undefined},
): Promise<RenderedEffect> {
  const [before, after] = [from === null ? null : renderings.tree(from), renderings.tree(to)];
  const [formerKey, laterKey] = await Promise.all([
    before === null ? null : renderings.inputsKey(environment, before, signal),
    renderings.inputsKey(environment, after, signal),
  ]);
  const subject = {environment: environment.name, from: from ?? '', to};
  if (formerKey === laterKey) {
    const nothing = {objects: [], unchanged: 0, digest: digestOf([])};
    return {...subject, ...nothing, touched: false, builds: true, problems: [], repaired: [], undecided: []};
  }
  // One after the other: the second finds the files parsed that both have.
  const former =
    before === null || formerKey === null
      ? nothingWanted
      : await renderings.of(environment, before, formerKey, signal);
  const later = await renderings.of(environment, after, laterKey, signal);
  signal?.throwIfAborted();
  const compared = compareDesired(former.resources, later.resources, {
    mask,
    namespace: environment.namespace,
  });
  const {objects, undecided} = decided(compared, former, later);
  const errors = errorsOf(later);
  return {
    ...subject,
    objects,
    unchanged: compared.unchanged,
    digest: digestOf(objects),
    touched: true,
    builds: errors.length === 0,
    problems: later.isEmpty === true ? later.problems.map(asWarning) : later.problems,
    repaired: errorsOf(former).filter(problem => !errors.some(other => isSame(problem, other))),
    undecided,
  };
}

/** The same for several environments, in their order: whom else a change reaches. */
export async function renderedEffects(
  environments: readonly RenderedEnvironment[],
  renderings: Renderings,
  change: TreeChange,
  options: {mask: Mask; signal?: AbortSignal | undefined},
): Promise<RenderedEffect[]> {
  const effects: RenderedEffect[] = [];
  for (const environment of environments) {
    effects.push(await renderedEffect(environment, renderings, change, options));
  }
  return effects;
}

const nothingWanted: SourceResult = {source: 'directory', resources: [], problems: []};

/** Sets aside what only one side holds where the other may hold it in a file that can't be read. */
function decided(
  {objects}: DesiredComparison,
  former: SourceResult,
  later: SourceResult,
): {objects: ObjectEffect[]; undecided: ResourceId[]} {
  const isInFormer = mayHold(former);
  const isInLater = mayHold(later);
  const undecided: ResourceId[] = [];
  const kept = objects.filter(({change, source, id}) => {
    const isOpen =
      (change === 'removed' && isInLater(source.file)) || (change === 'added' && isInFormer(source.file));
    if (isOpen) undecided.push(id);
    return !isOpen;
  });
  return {objects: kept, undecided};
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
