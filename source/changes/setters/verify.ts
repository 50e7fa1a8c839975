import {type FieldPath, formatPath} from '../../resources/field-path.ts';
import {formatIdentity, identityOf, type ResourceId} from '../../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../../resources/json.ts';
import {edited, valueAtPath} from '../../sources/edit/change.ts';
import type {DesiredResource, SourceResult} from '../../sources/types.ts';

/** A field of an object and what it shall be: `undefined` for not set at all. */
export interface Wish {
  /** Of the rendered object. */
  id: ResourceId;
  path: FieldPath;
  value: Json | undefined;
}

/**
 * Why a rendering after an edit is not the one before with just a wish fulfilled; null where it is. What a generated object
 * is called follows its content, and so do the names that refer to it: that is no other change. Nor is it one where wishes
 * that were made beside it come true by the way: one line may set the images of many.
 */
export function otherThan(
  before: SourceResult,
  after: SourceResult,
  wish: Wish,
  along: readonly Wish[] = [],
): string | null {
  const error = after.problems.find(
    ({severity, message}) =>
      severity === 'error' && !before.problems.some(known => known.message === message),
  );
  if (error !== undefined) return error.message;
  const [former, later] = [byKey(before.resources), byKey(after.resources)];
  const isWished = ({object}: DesiredResource) => keyOf(identityOf(object)) === keyOf(wish.id);
  if (before.resources.filter(isWished).length > 1) return 'git holds the object more than once';
  const renamed = renamedBack(former, later);
  for (const key of former.keys()) if (!later.has(key)) return `${key} would be gone`;
  for (const [key, resource] of later) {
    const old = former.get(key);
    if (old === undefined) return `${key} would be added`;
    const object = renamed(resource.object);
    const id = identityOf(old.object);
    const others = along.filter(other => !isSameWish(other, wish));
    const expected = isObject(object) ? withCameTrue(old.object, object, others, id) : old.object;
    if (isObject(object) && keyOf(id) === keyOf(wish.id)) {
      if (!isFulfilled(expected, object, wish)) {
        return `${formatPath(wish.path)} would not be what is live, or not alone`;
      }
    } else if (!equalJson(expected, object)) return `${formatIdentity(id)} would change too`;
  }
  return null;
}

/** The resource of a rendering that is another rendering's one: a generated one may go by another name. */
export function sameResource(
  {resources}: SourceResult,
  {object, generatedFrom}: DesiredResource,
): DesiredResource | undefined {
  const key = keyOf(identityOf(object), generatedFrom);
  return resources.find(other => keyOf(identityOf(other.object), other.generatedFrom) === key);
}

function isSameWish(one: Wish, other: Wish): boolean {
  return keyOf(one.id) === keyOf(other.id) && formatPath(one.path) === formatPath(other.path);
}

/** An object with those of its wishes that another rendering of it fulfils. */
function withCameTrue(
  before: JsonObject,
  after: JsonObject,
  wishes: readonly Wish[],
  id: ResourceId,
): JsonObject {
  let object = before;
  for (const {id: own, path, value} of wishes) {
    if (keyOf(own) !== keyOf(id) || !equalJson(valueAtPath(after, path), value)) continue;
    const changed = edited(object, value === undefined ? {type: 'remove', path} : {type: 'set', path, value});
    if (isObject(changed)) object = changed;
  }
  return object;
}

function isFulfilled(before: JsonObject, after: JsonObject, {path, value}: Wish): boolean {
  const wanted = edited(before, value === undefined ? {type: 'remove', path} : {type: 'set', path, value});
  if (wanted === undefined) return false;
  if (equalJson(wanted, after)) return true;
  const last = path.at(-1);
  if (last?.type === 'field' && value === undefined) {
    // With its last entry a mapping may go as well.
    const parent = path.slice(0, -1);
    const left = valueAtPath(wanted, parent);
    const gone =
      isObject(left) && Object.keys(left).length === 0 && edited(wanted, {type: 'remove', path: parent});
    return gone !== undefined && gone !== false && equalJson(gone, after);
  }
  // A patch may put a new item anywhere: of what is found by its keys the order says nothing.
  if (last?.type !== 'keys' || value === undefined || valueAtPath(before, path) !== undefined) return false;
  const rest = edited(after, {type: 'remove', path});
  const item = valueAtPath(wanted, path);
  return item !== undefined && equalJson(valueAtPath(after, path), item) && equalJson(rest, before);
}

/** Resources by what they are; what git holds twice, or gives no name, by how many came before it as well. */
function byKey(resources: readonly DesiredResource[]): Map<string, DesiredResource> {
  const found = new Map<string, DesiredResource>();
  for (const resource of resources) {
    const key = keyOf(identityOf(resource.object), resource.generatedFrom);
    let free = key;
    for (let number = 2; found.has(free); number++) free = `${key} (${number})`;
    found.set(free, resource);
  }
  return found;
}

function keyOf({group, kind, namespace, name}: ResourceId, generatedFrom?: string): string {
  return `${group}/${kind}/${namespace}/${generatedFrom ?? name}`;
}

/** Puts the former names of generated objects for their new ones. */
function renamedBack(
  former: ReadonlyMap<string, DesiredResource>,
  later: ReadonlyMap<string, DesiredResource>,
): (value: Json) => Json {
  const names = new Map<string, string>();
  for (const [key, {object, generatedFrom}] of later) {
    const old = former.get(key);
    if (generatedFrom === undefined || old === undefined) continue;
    const [was, is] = [identityOf(old.object).name, identityOf(object).name];
    if (was !== is) names.set(is, was);
  }
  const back = (value: Json): Json => {
    if (typeof value === 'string') return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(back);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, back(item)]));
  };
  return names.size === 0 ? value => value : back;
}
