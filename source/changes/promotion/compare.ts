import {type FieldPath, valueAt} from '../../resources/field-path.ts';
import {isObject, type Json, type JsonObject, objectAt} from '../../resources/json.ts';
import {fieldDifferences as differencesOf, type FieldDifference as Found} from '../effect/field-effects.ts';

/** A field in which two environments' objects differ. */
export interface FieldDifference {
  path: FieldPath;
  /** Undefined where the source lacks the field. */
  source: Json | undefined;
  /** Undefined where the target lacks it. */
  target: Json | undefined;
}

/** True where a source's value means in the target what the target's does. */
export type Same = (source: Json, target: Json) => boolean;

/**
 * The fields in which a source's object differs from the target's, as git has both: each one that can be chosen by itself.
 * `same` says which texts mean one thing in both environments. An object's own name and namespace are never a difference.
 */
export function fieldDifferences(
  source: JsonObject,
  target: JsonObject,
  same: Same = () => false,
): FieldDifference[] {
  const [from, to] = [nameless(source), nameless(target)];
  return differencesOf(to, from)
    .flatMap(found => refined(found, from, to))
    .filter(({source: left, target: right}) => !isSame(left, right, same));
}

function nameless(object: JsonObject): JsonObject {
  const {status: _status, ...rest} = object;
  const {
    name: _name,
    namespace: _namespace,
    generateName: _generate,
    ...metadata
  } = objectAt(object, 'metadata');
  return {...rest, metadata};
}

/** Lists without names that are as long as each other are told item by item: a rule's paths move without its host. */
function refined({elements, change}: Found, source: JsonObject, target: JsonObject): FieldDifference[] {
  const [left, right] = [valueAt(source, elements), valueAt(target, elements)];
  const whole = {path: elements, source: left, target: right};
  if (change === 'order' || !Array.isArray(left) || !Array.isArray(right)) return [whole];
  if (left.length !== right.length || ![...left, ...right].every(isObject)) return [whole];
  return left.flatMap((item, index) => {
    const other = right[index];
    if (!isObject(item) || !isObject(other)) return [];
    const at: FieldPath = [...elements, {type: 'index', index}];
    return differencesOf(other, item)
      .flatMap(found => refined(found, item, other))
      .map(inner => ({...inner, path: [...at, ...inner.path]}));
  });
}

/** True where two values are equal but for texts that mean the same. */
function isSame(source: Json | undefined, target: Json | undefined, same: Same): boolean {
  if (source === undefined || target === undefined) return (source ?? target ?? null) === null;
  if (source === target || same(source, target)) return true;
  if (Array.isArray(source) && Array.isArray(target)) {
    return (
      source.length === target.length && source.every((item, index) => isSame(item, target[index], same))
    );
  }
  if (!isObject(source) || !isObject(target)) return false;
  const keys = new Set([...Object.keys(source), ...Object.keys(target)]);
  return [...keys].every(key => isSame(source[key], target[key], same));
}
