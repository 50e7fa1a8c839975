import {RepositoryError} from '../../repository/error.ts';
import {formatPath, valueAt} from '../../resources/field-path.ts';
import {formatIdentity} from '../../resources/identity.ts';
import {equalJson} from '../../resources/json.ts';
import {formatProblem} from '../../resources/problem.ts';
import type {Mask} from '../../secrets/mask.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {compareDesired} from '../effect/compare-desired.ts';
import type {ObjectEffect} from '../effect/types.ts';
import type {PromotionWishes} from './choices.ts';
import type {PromotionWish} from './items.ts';
import {pairObjects} from './pairing.ts';
import type {LoadedSide} from './sides.ts';

/**
 * Looks at what edits make of the target, rendered: each chosen field has its value now, each object came or went. Gives
 * warnings about all else that changes by it. Throws RepositoryError where the edits don't do what was chosen: then nothing
 * is to be committed.
 */
export function checkResult(
  {source, target}: Pick<PromotionWishes, 'source' | 'target'>,
  after: LoadedSide,
  chosen: readonly PromotionWish[],
  mask: Mask,
): string[] {
  const errors = after.problems.filter(({severity}) => severity === 'error').map(formatProblem);
  const known = new Set(target.problems.map(formatProblem));
  const fresh = errors.find(error => !known.has(error));
  if (fresh !== undefined) throw failed(`${target.environment.name} could not be read then: ${fresh}`);
  const now = new Map(
    pairObjects(target.resources, target.names, after.resources, after.names).pairs.map(pair => [
      pair.source,
      pair.target,
    ]),
  );
  for (const {change, item} of chosen) {
    if (change.kind === 'set') {
      const object = now.get(change.target)?.object;
      const value = object === undefined ? undefined : valueAt(object, change.path);
      if (!equalJson(value ?? null, change.value ?? null))
        throw failed(
          `${item.subject} ${formatPath(change.path)} would not be what was chosen: something else sets it, too`,
        );
    }
    if (change.kind === 'remove' && now.has(change.target))
      throw failed(`${item.subject} would still be there: something else brings it, too`);
    if (change.kind === 'add' && !isThere(change.source, source, after))
      throw failed(`${item.subject} would not be there`);
  }
  // A whole file brings what is in it: the plan's patch shows that.
  if (chosen.some(({change}) => change.kind === 'file')) return [];
  const {objects} = compareDesired(target.resources, after.resources, {
    mask,
    namespace: target.environment.namespace,
  });
  return objects.flatMap(effect => alsoChanged(effect, chosen));
}

function isThere(wanted: DesiredResource, source: LoadedSide, after: LoadedSide): boolean {
  return pairObjects([wanted], source.names, after.resources, after.names).pairs.length > 0;
}

/** What changes of an object beside what was chosen: another container that the same line sets. */
function alsoChanged(effect: ObjectEffect, chosen: readonly PromotionWish[]): string[] {
  const subject = formatIdentity(effect.id);
  const own = chosen.filter(({item}) => isSubject(item.subject, effect));
  if (own.some(({change}) => change.kind !== 'set')) return [];
  if (effect.change === 'added' || effect.change === 'removed')
    return own.length > 0 || chosen.some(({change}) => change.kind === 'add')
      ? []
      : [`${subject} is ${effect.change} by it, too`];
  const paths = new Set(own.flatMap(({change}) => (change.kind === 'set' ? [formatPath(change.path)] : [])));
  return effect.fields
    .filter(({path, follows}) => follows === undefined && !isWithin(path, paths))
    .map(({path}) => `${subject} ${path} changes, too: it is set in the same place`);
}

function isSubject(subject: string, {id, formerName}: ObjectEffect): boolean {
  const names = [id.name, ...(formerName === undefined ? [] : [formerName])];
  // The environment's namespace stands in an effect also where git states none.
  return names.some(
    name =>
      subject === formatIdentity({...id, name}) || subject === formatIdentity({...id, namespace: '', name}),
  );
}

function isWithin(path: string, chosen: ReadonlySet<string>): boolean {
  return [...chosen].some(
    other =>
      path === other ||
      path.startsWith(`${other}.`) ||
      path.startsWith(`${other}[`) ||
      other.startsWith(path),
  );
}

function failed(message: string): RepositoryError {
  return new RepositoryError('unknown-path', message, {
    fix: 'choose other items, or change the files by hand',
  });
}
