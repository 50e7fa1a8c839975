import {isToldByEntry} from '../../drift/compare.ts';
import {containerLists} from '../../resources/container-images.ts';
import type {FieldPath, PathElement} from '../../resources/field-path.ts';
import {elementKey} from '../../resources/field-set.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../../resources/json.ts';

/** A place where two states of one object in git differ. */
export interface FieldDifference {
  elements: FieldPath;
  change: 'changed' | 'added' | 'removed' | 'order';
  before?: Json;
  after?: Json;
}

/**
 * The merge keys of lists that are not keyed by name, by the field that holds the list: Kubernetes' own
 * (x-kubernetes-list-map-keys of its OpenAPI documents). Without a cluster there is no schema to ask; this decides about
 * words on a screen only, never about a verdict.
 */
const keyedBy: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  hostAliases: [['ip']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
};
const byName: readonly (readonly string[])[] = [['name']];
const keyDefaults: JsonObject = {protocol: 'TCP'};

/**
 * Where two states of an object differ, in the order of the later one, what is gone last. Items of lists are paired by
 * their merge keys, or by name where all have one of their own; other lists differ as wholes.
 */
export function fieldDifferences(before: JsonObject, after: JsonObject): FieldDifference[] {
  const found: FieldDifference[] = [];
  differInFields(before, after, [], found);
  return found;
}

function differ(before: Json, after: Json, path: FieldPath, found: FieldDifference[]): void {
  if (equalJson(before, after)) return;
  if (isObject(before) && isObject(after)) differInFields(before, after, path, found);
  else if (Array.isArray(before) && Array.isArray(after)) differInItems(before, after, path, found);
  else found.push({elements: path, change: 'changed', before, after});
}

function differInFields(
  before: JsonObject,
  after: JsonObject,
  path: FieldPath,
  found: FieldDifference[],
): void {
  for (const [name, value] of Object.entries(after)) {
    const inner: FieldPath = [...path, {type: 'field', name}];
    const former = before[name];
    if (former === undefined) oneSided(inner, value, 'added', found);
    else differ(former, value, inner, found);
  }
  for (const [name, value] of Object.entries(before)) {
    if (after[name] === undefined) oneSided([...path, {type: 'field', name}], value, 'removed', found);
  }
}

/** Labels, annotations, data and containers are told entry by entry, all else as it stands. */
function oneSided(path: FieldPath, value: Json, change: 'added' | 'removed', found: FieldDifference[]): void {
  if (isObject(value) && Object.keys(value).length > 0 && isToldByEntry(path, undefined)) {
    for (const [name, item] of Object.entries(value)) {
      oneSided([...path, {type: 'field', name}], item, change, found);
    }
    return;
  }
  const last = path.at(-1);
  const isContainers = last?.type === 'field' && containerLists.has(last.name);
  const items = isContainers && Array.isArray(value) ? keyed(value, path) : undefined;
  if (items !== undefined && items.size > 0) {
    for (const {element, item} of items.values()) oneSided([...path, element], item, change, found);
  } else {
    found.push(
      change === 'added' ? {elements: path, change, after: value} : {elements: path, change, before: value},
    );
  }
}

function differInItems(
  before: readonly Json[],
  after: readonly Json[],
  path: FieldPath,
  found: FieldDifference[],
): void {
  const former = keyed(before, path);
  const later = keyed(after, path);
  if (former === undefined || later === undefined) {
    found.push({elements: path, change: 'changed', before: [...before], after: [...after]});
    return;
  }
  const already = found.length;
  for (const [key, {element, item}] of later) {
    const there = former.get(key);
    if (there === undefined) found.push({elements: [...path, element], change: 'added', after: item});
    else differ(there.item, item, [...path, element], found);
  }
  for (const [key, {element, item}] of former) {
    if (!later.has(key)) found.push({elements: [...path, element], change: 'removed', before: item});
  }
  const common = (one: Keyed, other: Keyed) => [...one.keys()].filter(key => other.has(key));
  if (!equalJson(common(former, later), common(later, former))) {
    found.push({elements: path, change: 'order', before: labels(former), after: labels(later)});
  } else if (found.length === already) {
    // A key that one side leaves to its default.
    found.push({elements: path, change: 'changed', before: [...before], after: [...after]});
  }
}

type Keyed = ReadonlyMap<string, {element: PathElement; item: Json}>;

/** A list's items by key; undefined where an item has none, or shares one. */
function keyed(items: readonly Json[], path: FieldPath): Keyed | undefined {
  const last = path.at(-1);
  const field = last?.type === 'field' ? last.name : '';
  if (field === 'finalizers') return unique(items, item => ({type: 'value', value: item}));
  for (const keys of keyedBy[field] ?? byName) {
    const found = unique(items, item => elementOf(item, keys));
    if (found !== undefined) return found;
  }
  return undefined;
}

function unique(
  items: readonly Json[],
  elementFor: (item: Json) => PathElement | undefined,
): Keyed | undefined {
  const found = new Map<string, {element: PathElement; item: Json}>();
  for (const item of items) {
    const element = elementFor(item);
    const key = element === undefined ? undefined : elementKey(element);
    if (element === undefined || key === undefined || found.has(key)) return undefined;
    found.set(key, {element, item});
  }
  return found;
}

function elementOf(item: Json, keys: readonly string[]): PathElement | undefined {
  if (!isObject(item)) return undefined;
  const values: JsonObject = {};
  for (const key of keys) {
    const value = item[key] ?? keyDefaults[key];
    if (value === undefined || typeof value === 'object') return undefined;
    values[key] = value;
  }
  return {type: 'keys', keys: values};
}

function labels(items: Keyed): Json[] {
  return [...items.values()].map(({element}) => {
    if (element.type === 'keys') return Object.values(element.keys).join('/');
    return element.type === 'value' ? element.value : null;
  });
}
