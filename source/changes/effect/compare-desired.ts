import {prepareDesired} from '../../drift/normalise.ts';
import {unhashedName} from '../../drift/pairing.ts';
import {maskedValue} from '../../drift/secrets.ts';
import {leftOutReason} from '../../engines/direct/trackers/left-out.ts';
import {formatPath} from '../../resources/field-path.ts';
import {identityKey, identityOf, type ResourceId, splitApiVersion} from '../../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import type {Mask} from '../../secrets/mask.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {digestOf} from './digest.ts';
import {fieldDifferences} from './field-effects.ts';
import type {DesiredComparison, FieldEffect, ObjectEffect} from './types.ts';

/** How to compare. */
export interface CompareDesiredOptions {
  mask: Mask;
  /** The environment's namespace, for objects that name none; null where it is not known. */
  namespace: string | null;
}

/** An object of git, made ready to be compared. */
interface Wanted {
  id: ResourceId;
  version: string;
  desired: DesiredResource;
  object: JsonObject;
  error: string | null;
  /** How often git holds it. */
  times: number;
}

/**
 * What two states of git differ in, object by object: pure, and without a cluster. What only one of them has is added or
 * removed; a ConfigMap or Secret that differs from a former one in kustomize's hash alone is that one, replaced, and the
 * names that follow it are told as such. Equal is equal as people write it: whether a server reads two spellings alike
 * (`1` and `1000m`) only the cluster tells.
 */
export function compareDesired(
  before: readonly DesiredResource[],
  after: readonly DesiredResource[],
  options: CompareDesiredOptions,
): DesiredComparison {
  const {compared, unchanged} = compareResources(before, after, options);
  const objects = compared.map(({effect}) => effect);
  return {objects, unchanged, digest: digestOf(objects)};
}

/** An object that a change reaches, with the resource itself, unmasked: after the change, of what is gone before it. */
export interface ComparedResource {
  effect: ObjectEffect;
  desired: DesiredResource;
}

/** The same with the resources, for who goes on to ask about them. */
export function compareResources(
  before: readonly DesiredResource[],
  after: readonly DesiredResource[],
  options: CompareDesiredOptions,
): {compared: ComparedResource[]; unchanged: number} {
  const former = wantedOf(before, options);
  const later = wantedOf(after, options);
  const replaced = replacedOf(former, later);
  const renamed = new Map([...replaced].map(([key, old]) => [old.id.name, later.get(key)?.id.name ?? '']));
  const compared: ComparedResource[] = [];
  const tell = (wanted: Wanted, more: Pick<ObjectEffect, 'change' | 'fields' | 'formerName'>) =>
    compared.push({effect: {...common(wanted), ...more}, desired: wanted.desired});
  let unchanged = 0;
  for (const [key, wanted] of later) {
    const old = former.get(key) ?? replaced.get(key);
    if (old === undefined) {
      tell(wanted, {change: 'added', fields: []});
      continue;
    }
    const isSame = old.desired === wanted.desired || equalJson(old.object, wanted.object);
    const fields = isSame ? [] : fieldsOf(old, wanted, renamed, options.mask);
    const formerName = old.id.name;
    if (formerName !== wanted.id.name) tell(wanted, {change: 'replaced', formerName, fields});
    else if (fields.length > 0) tell(wanted, {change: 'changed', fields});
    else unchanged++;
  }
  const successors = new Set([...replaced.values()].map(({id}) => identityKey(id)));
  for (const [key, wanted] of former) {
    if (!later.has(key) && !successors.has(key)) tell(wanted, {change: 'removed', fields: []});
  }
  return {compared, unchanged};
}

function wantedOf(
  resources: readonly DesiredResource[],
  {namespace}: CompareDesiredOptions,
): Map<string, Wanted> {
  const found = new Map<string, Wanted>();
  for (const desired of resources) {
    const stated = identityOf(desired.object);
    const id = {...stated, namespace: stated.namespace || (namespace ?? '')};
    const metadata = objectAt(desired.object, 'metadata');
    // Each of these is another object each time: told by what it is called and how many there are.
    if (id.name === '') id.name = `${stringAt(metadata, 'generateName') ?? ''}*`;
    const known = found.get(identityKey(id));
    if (known !== undefined && !id.name.endsWith('*')) {
      known.times++;
      continue;
    }
    for (let number = 2; found.has(identityKey(id)); number++)
      id.name = `${id.name.replace(/\*.*$/, '')}*${number}`;
    const {object, error} = prepareDesired(desired.object, undefined);
    const {version} = splitApiVersion(stringAt(desired.object, 'apiVersion') ?? '');
    found.set(identityKey(id), {id, version, desired, object: comparable(object), error, times: 1});
  }
  return found;
}

/** Without what pairs it, and with its apiVersion, which a change may move on. */
function comparable(object: JsonObject): JsonObject {
  const {name: _name, namespace: _namespace, ...metadata} = objectAt(object, 'metadata');
  return {...object, metadata};
}

/** For what is new by name, by key: the one that is gone of which it is another content. */
function replacedOf(
  former: ReadonlyMap<string, Wanted>,
  later: ReadonlyMap<string, Wanted>,
): Map<string, Wanted> {
  const gone = new Map<string, Wanted[]>();
  for (const [key, wanted] of former) {
    if (later.has(key)) continue;
    const base = generatedKey(wanted) ?? key;
    gone.set(base, [...(gone.get(base) ?? []), wanted]);
  }
  const replaced = new Map<string, Wanted>();
  for (const [key, wanted] of later) {
    if (former.has(key)) continue;
    const old = gone.get(generatedKey(wanted) ?? '')?.shift();
    if (old !== undefined) replaced.set(key, old);
  }
  return replaced;
}

/** What a generated object is whatever its content; undefined for what is not generated. */
function generatedKey({id, desired}: Wanted): string | undefined {
  const name = desired.generatedFrom ?? unhashedName(id);
  return name === undefined ? undefined : identityKey({...id, name});
}

function fieldsOf(
  old: Wanted,
  wanted: Wanted,
  renamed: ReadonlyMap<string, string>,
  mask: Mask,
): FieldEffect[] {
  return fieldDifferences(old.object, wanted.object).map(({elements, change, before, after}) => {
    const field: FieldEffect = {path: formatPath(elements), elements, change};
    if (before !== undefined) field.before = maskedValue(old.object, elements, before, mask);
    if (after !== undefined) field.after = maskedValue(wanted.object, elements, after, mask);
    const location = change === 'removed' ? undefined : wanted.desired.locate(elements);
    if (location !== undefined) field.location = location;
    const follows = followed(before, after, renamed);
    if (follows !== undefined) field.follows = follows;
    return field;
  });
}

/** The new name that a value got, where that is all that differs in it. */
function followed(
  before: Json | undefined,
  after: Json | undefined,
  renamed: ReadonlyMap<string, string>,
): string | undefined {
  if (before === undefined || after === undefined || renamed.size === 0) return undefined;
  let last: string | undefined;
  const moved = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(moved);
    if (isObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moved(item)]));
    }
    const name = typeof value === 'string' ? renamed.get(value) : undefined;
    if (name !== undefined) last = name;
    return name ?? value;
  };
  return equalJson(moved(before), after) ? last : undefined;
}

function common({id, version, desired, error, times}: Wanted): Omit<ObjectEffect, 'change' | 'fields'> {
  const notes = error === null ? [] : [error];
  if (times > 1) notes.push('git holds it more than once');
  // Whether Flux deploys the folder, to which hooks are ordinary objects, is for the cluster to tell.
  const leftOut = leftOutReason(desired.object, {byFlux: false});
  return {id, version, source: desired.location, leftOut, notes};
}
