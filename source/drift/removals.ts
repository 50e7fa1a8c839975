import {type FieldPath, fields, formatPath, indexOfElement, valueAt} from '../resources/field-path.ts';
import {elementKey, type FieldSet, itemElement} from '../resources/field-set.ts';
import type {ResourceId} from '../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject, objectAt} from '../resources/json.ts';
import type {ManagedEntry} from '../resources/managed-fields.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {isMap, isToldByEntry} from './compare.ts';
import {defaultOf, isDefault, isMadeByServer} from './defaults.ts';
import {isBuiltIn} from './kinds.ts';
import {isWithin, lookup, schemaAt} from './lookup.ts';
import type {Owner} from './owners.ts';
import {filledBy} from './server-filled.ts';
import type {HiddenField} from './types.ts';

/** A field that is live and not in git, and that somebody set who brought git's manifests or works by hand. */
export interface RemovalCandidate {
  path: string;
  elements: FieldPath;
  manager: string | undefined;
  operation: 'Apply' | 'Update' | undefined;
  /** ISO 8601. */
  time: string | undefined;
  /**
   * `dropped`: only what applied git before owns it (trap 29); `by-hand`: a person's tool does (trap 31); `unclear`: of its
   * owner it is not known whether it brings git's manifests.
   */
  class: 'dropped' | 'by-hand' | 'unclear';
  /** True where somebody set it for sure; else it may be a default that the owner got with the object. */
  certain: boolean;
}

export interface RemovalInput {
  id: Pick<ResourceId, 'group' | 'kind'>;
  desired: JsonObject;
  live: JsonObject;
  schema: SchemaNode | undefined;
  owners: readonly Owner[];
}

export interface Removals {
  candidates: RemovalCandidate[];
  hidden: HiddenField[];
}

/**
 * Finds what is live, not in git, and owned by an earlier applier of git or by a person's tool (drift traps 29 to 33).
 * Fields of controllers and known defaults are hidden, with the reason.
 */
export function findRemovals(input: RemovalInput): Removals {
  const finder = new Finder(input);
  for (const owner of input.owners) finder.collect(owner);
  finder.unowned();
  return finder.result();
}

interface Found {
  elements: FieldPath;
  live: Json;
  /** The topmost step of the path of which git is silent. */
  silent: FieldPath;
  owners: Owner[];
  isDefault: boolean;
}

class Finder {
  readonly #input: RemovalInput;
  readonly #others: ManagedEntry[];
  readonly #found = new Map<string, Found>();
  readonly #hidden = new Map<string, HiddenField>();
  /** Live paths that the server or a controller fills in: no removal may take them along. */
  readonly #filled: FieldPath[] = [];
  #owner: Owner | undefined;

  constructor(input: RemovalInput) {
    this.#input = input;
    this.#others = input.owners.filter(owner => owner.class === 'controller').map(owner => owner.entry);
  }

  collect(owner: Owner): void {
    const {desired, live, schema} = this.#input;
    this.#owner = owner;
    this.#object(owner.entry.fields, desired, live, schema, [], undefined);
    if (live['kind'] === 'Secret') this.#stringData(owner.entry.fields);
  }

  // Keys of stringData live on in data, where nobody owns them (trap 9).
  #stringData(fields: FieldSet): void {
    const keys = fields.child({type: 'field', name: 'stringData'});
    if (keys === undefined) return;
    for (const {element} of keys.children()) {
      if (element.type === 'field') this.#secretKey(element.name);
    }
  }

  #secretKey(name: string): void {
    const {desired, live} = this.#input;
    const value = objectAt(live, 'data')[name];
    if (value === undefined || objectAt(desired, 'data')[name] !== undefined) return;
    const path: FieldPath = [
      {type: 'field', name: 'data'},
      {type: 'field', name},
    ];
    if (!this.#isFilled(path, value)) this.#add(path, value, path.length, false);
  }

  /** What nobody owns although somebody must have set it: a Secret's former stringData, a scaled count, an empty list. */
  unowned(): void {
    this.#owner = undefined;
    const {desired, live, id, owners} = this.#input;
    const owned = (path: FieldPath) => owners.some(owner => owner.entry.fields.at(path) !== undefined);
    if (id.group === '' && id.kind === 'Secret') {
      for (const name of Object.keys(objectAt(live, 'data'))) {
        const path: FieldPath = [
          {type: 'field', name: 'data'},
          {type: 'field', name},
        ];
        if (!owned(path)) this.#secretKey(name);
      }
    }
    if (id.group === 'autoscaling') this.#ofOtherVersion();
    if (!isBuiltIn(id.group)) this.#emptyLists(desired, live, this.#input.schema, [], undefined);
    // The scale subresource notes an owner only where there was one before.
    const scaled = scalable.has(`${id.group}/${id.kind}`) ? objectAt(live, 'spec')['replicas'] : undefined;
    const replicas: FieldPath = [
      {type: 'field', name: 'spec'},
      {type: 'field', name: 'replicas'},
    ];
    if (scaled === undefined || scaled === 1 || objectAt(desired, 'spec')['replicas'] !== undefined) return;
    if (!owned(replicas)) this.#add(replicas, scaled, replicas.length, false);
  }

  // Server-side apply notes the items of a list, not the list: an empty one has no owner, and stays when git drops it.
  #emptyLists(
    desired: Json | undefined,
    live: Json,
    schema: SchemaNode | undefined,
    path: FieldPath,
    silentFrom: number | undefined,
  ): void {
    if (schema === undefined) return;
    const silent = desired === undefined ? (silentFrom ?? path.length) : undefined;
    if (silent !== undefined && (this.#isShared(path) || this.#isFilled(path, live))) return;
    if (isObject(live)) {
      for (const [name, value] of Object.entries(live)) {
        const below = isObject(desired) ? desired[name] : undefined;
        this.#emptyLists(below, value, schema.property(name), [...path, {type: 'field', name}], silent);
      }
    } else if (Array.isArray(live) && schema.type === 'array' && schema.listType !== 'atomic') {
      const {id, owners, live: root} = this.#input;
      const isEmpty = live.length === 0 && silent !== undefined;
      if (!isEmpty || owners.some(({entry}) => entry.fields.at(path) !== undefined)) return;
      this.#add(path, live, silent, isDefault(id, path, live, schema, {}, root));
    }
  }

  // What autoscaling/v1 has no field for is an annotation there; its owner's books are of autoscaling/v2 (trap 42).
  #ofOtherVersion(): void {
    const {desired, live, owners} = this.#input;
    for (const name of ['metrics', 'behavior']) {
      const path = fields('metadata', 'annotations', `autoscaling.alpha.kubernetes.io/${name}`);
      const value = valueAt(live, path);
      if (value === undefined || valueAt(desired, path) !== undefined) continue;
      this.#owner = owners.find(owner => owner.entry.fields.at(fields('spec', name)) !== undefined);
      if (this.#owner !== undefined) this.#add(path, value, path.length, false);
    }
    this.#owner = undefined;
  }

  #object(
    set: FieldSet,
    desired: JsonObject | undefined,
    live: JsonObject,
    schema: SchemaNode | undefined,
    path: FieldPath,
    silentFrom: number | undefined,
    keys?: JsonObject,
  ): void {
    // What git sets beside may keep a default from being one: a volume has one source.
    const isMore = desired !== undefined && Object.keys(desired).some(name => live[name] === undefined);
    const parent = isMore ? {...live, ...desired} : live;
    for (const {element, set: below} of set.children()) {
      if (element.type !== 'field') continue;
      const value = live[element.name];
      // An item's keys are the item: a key that git leaves out is its default.
      if (value === undefined || (keys !== undefined && element.name in keys)) continue;
      const wanted = desired?.[element.name];
      // Most fields are git's as they are: nothing is left of those.
      if (wanted !== undefined && below.isLeaf) continue;
      const child = schema?.property(element.name);
      // Null is absent (trap 4); Go writes an empty list so that it may not leave out: a Role whose rules are gone.
      if (value === null && child?.nullable !== true) continue;
      const isEntry = schema !== undefined && isMap(schema);
      this.#field(below, wanted, value, child, [...path, element], silentFrom, parent, isEntry);
    }
  }

  #field(
    set: FieldSet,
    desired: Json | undefined,
    live: Json,
    schema: SchemaNode | undefined,
    path: FieldPath,
    silentFrom: number | undefined,
    parent: JsonObject,
    isEntry: boolean,
  ): void {
    if (this.#isFilled(path, live)) return;
    const silent = desired === undefined ? (silentFrom ?? path.length) : undefined;
    if (set.isLeaf) {
      // It was empty when this owner set it: what is in it now is of others.
      const isFull = isObject(live)
        ? schema?.atomicMap !== true && Object.keys(live).length > 0
        : Array.isArray(live) && schema?.type === 'array' && schema.listType !== 'atomic' && live.length > 0;
      if (isFull && !this.#isFullOfDefaults(path, schema)) return;
      this.#add(
        path,
        live,
        silent ?? path.length,
        // A map's entry has no default but what the server copies there; the schema's is that of its type.
        isDefault(this.#input.id, path, live, isEntry ? undefined : schema, parent, this.#input.live) ||
          (silent !== undefined && this.#isDefaultWithin(path.slice(0, silent), path, live)),
      );
    } else if (isObject(live)) {
      this.#object(set, isObject(desired) ? desired : undefined, live, schema, path, silent);
    } else if (Array.isArray(live)) {
      this.#list(set, Array.isArray(desired) ? desired : [], live, schema, path, silent);
    }
  }

  // What a custom kind's schema puts into an empty struct goes with it: nobody else keeps the struct.
  #isFullOfDefaults(path: FieldPath, schema: SchemaNode | undefined): boolean {
    const isStruct = schema !== undefined && schema.propertyNames().length > 0;
    return isStruct && !isBuiltIn(this.#input.id.group) && !this.#isShared(path);
  }

  #list(
    set: FieldSet,
    desired: readonly Json[],
    live: readonly Json[],
    schema: SchemaNode | undefined,
    path: FieldPath,
    silentFrom: number | undefined,
  ): void {
    // Git's list is compared as a whole where the schema doesn't say how to take it apart.
    if (schema?.type !== 'array' || schema.listType === 'atomic') return;
    for (const {element, set: below} of set.children()) {
      const index = indexOfElement(live, element);
      const item = live[index];
      if (item === undefined) continue;
      const key = elementKey(element);
      const wanted = desired.find(other => {
        const own = itemElement(other, schema);
        return own !== undefined && elementKey(own) === key;
      });
      const there = [...path, element];
      if (wanted === undefined) {
        if (!this.#isFilled(there, item)) this.#item(below, item, schema, there, silentFrom);
      } else if (isObject(item) && isObject(wanted) && element.type === 'keys') {
        this.#object(below, wanted, item, schema.items(), there, undefined, element.keys);
      }
    }
  }

  // An item that git lacks is one finding; where somebody else added it, only what was set of it is.
  #item(
    set: FieldSet,
    live: Json,
    schema: SchemaNode,
    path: FieldPath,
    silentFrom: number | undefined,
  ): void {
    const element = path.at(-1);
    if (set.member) {
      const {id, live: root} = this.#input;
      const isDefaultValue = element?.type === 'value' && isDefault(id, path, live, schema.items(), {}, root);
      this.#add(path, live, silentFrom ?? path.length, isDefaultValue);
    } else if (isObject(live) && element?.type === 'keys') {
      this.#object(set, undefined, live, schema.items(), path, path.length, element.keys);
    }
  }

  #isShared(path: FieldPath): boolean {
    return this.#others.some(entry => entry.fields.at(path) !== undefined);
  }

  #isFilled(path: FieldPath, live: Json): boolean {
    const by = filledBy(this.#input.id, path, this.#input.live);
    if (by === null || this.#isPullSecretOfOthers(path)) return false;
    this.#filled.push(path);
    // What everybody knows to be the server's is not worth a line.
    if (path[0]?.type === 'field' && path[0].name !== 'status' && by !== 'the server') {
      this.#hide(formatPath(path), live, 'controller', `filled in by ${by}`);
    }
    return true;
  }

  // Controllers add pull secrets in their own name: those that anybody else owns were in git or are by hand.
  #isPullSecretOfOthers([first]: FieldPath): boolean {
    const {id} = this.#input;
    const owner = this.#owner;
    return (
      id.group === '' &&
      id.kind === 'ServiceAccount' &&
      first?.type === 'field' &&
      first.name === 'imagePullSecrets' &&
      owner !== undefined &&
      owner.class !== 'controller' &&
      owner.entry.manager !== ''
    );
  }

  #hide(path: string, live: Json, reason: HiddenField['reason'], because: string): void {
    this.#hidden.set(path, {path, reason, because, live});
  }

  #add(elements: FieldPath, live: Json, silentFrom: number, isDefaultValue: boolean): void {
    const owner = this.#owner;
    const isItem = elements.at(-1)?.type !== 'field';
    const other = this.#others.find(entry => {
      const theirs = entry.fields.at(elements);
      return isItem ? theirs?.member === true : theirs !== undefined;
    });
    const path = formatPath(elements);
    if (other !== undefined) {
      this.#hide(path, live, 'controller', `set by ${other.manager}`);
      return;
    }
    if (owner?.class === 'controller') return;
    const known = this.#found.get(path);
    if (known !== undefined) {
      if (owner !== undefined) known.owners.push(owner);
      return;
    }
    this.#found.set(path, {
      elements,
      live,
      silent: elements.slice(0, silentFrom),
      owners: owner === undefined ? [] : [owner],
      isDefault: isDefaultValue,
    });
  }

  result(): Removals {
    // A default counts as one only where the server would make what is around it: git declares that, or nobody needs to.
    const groups = new Map<string, {elements: FieldPath; found: Found[]}>();
    for (const [text, found] of this.#found) {
      if (found.isDefault && this.#isExplained(found)) {
        this.#hide(text, found.live, 'defaulted', 'the default');
        continue;
      }
      const elements = this.#topOf(found);
      const path = formatPath(elements);
      const group = groups.get(path);
      if (group === undefined) groups.set(path, {elements, found: [found]});
      else group.found.push(found);
    }
    const {id} = this.#input;
    const candidates = [...groups].map(([path, {elements, found}]) => candidateOf(id, path, elements, found));
    return {candidates, hidden: [...this.#hidden.values()]};
  }

  // As much around a field as goes with it: a probe is told, and taken out, as one.
  #topOf({silent, elements}: Found): FieldPath {
    for (let length = silent.length; length < elements.length; length++) {
      const path = elements.slice(0, length);
      if (isToldByEntry(path, schemaAt(this.#input.schema, path)) || this.#isMade(path)) continue;
      if (
        !this.#isShared(path) &&
        !this.#filled.some(filled => isWithin(filled, path)) &&
        this.#isAllFound(path)
      ) {
        return path;
      }
    }
    return elements;
  }

  // True where nothing below was left out: of structs the rest is defaults, of maps and lists each entry must be found.
  #isAllFound(path: FieldPath): boolean {
    const {live, schema} = this.#input;
    const node = schemaAt(schema, path);
    const value = valueAt(live, path);
    const found = [...this.#found.values()].map(({elements}) => elements);
    if (Array.isArray(value)) {
      return value.every(item => {
        const element = node === undefined ? undefined : itemElement(item, node);
        return element !== undefined && found.some(elements => isWithin(elements, [...path, element]));
      });
    }
    if (!isObject(value)) return false;
    if (node !== undefined && node.propertyNames().length > 0) return true;
    return Object.keys(value).every(name =>
      found.some(elements => isWithin(elements, [...path, {type: 'field', name}])),
    );
  }

  #isExplained({silent, elements}: Found): boolean {
    for (let length = silent.length; length < elements.length; length++) {
      if (!this.#isMade(elements.slice(0, length))) return false;
    }
    return true;
  }

  // Structs that the server makes of defaults where git is silent.
  #isMade(path: FieldPath): boolean {
    const {id, schema} = this.#input;
    if (isBuiltIn(id.group)) return isMadeByServer(id, path);
    return schemaAt(schema, path)?.default !== undefined;
  }

  // Of a struct that a custom kind's schema makes, what its default says counts.
  #isDefaultWithin(top: FieldPath, path: FieldPath, live: Json): boolean {
    const {id, schema} = this.#input;
    if (isBuiltIn(id.group)) return false;
    // No server makes an entry of a map, whatever its type's default is (labels have the empty text).
    const around = schemaAt(schema, top.slice(0, -1));
    if (around !== undefined && isMap(around)) return false;
    const node = schemaAt(schema, top);
    const whole = node === undefined ? undefined : defaultOf(node);
    return whole !== undefined && equalJson(lookup(whole, node, path.slice(top.length)), live);
  }
}

const scalable = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/ReplicaSet',
  '/ReplicationController',
]);

function candidateOf(
  id: RemovalInput['id'],
  path: string,
  elements: FieldPath,
  found: readonly Found[],
): RemovalCandidate {
  const owners = found.flatMap(each => each.owners);
  const people = owners.filter(owner => owner.class === 'person');
  const clear = owners.filter(owner => owner.class !== 'unclear');
  const told = [people, clear, owners].find(some => some.length > 0) ?? [];
  const latest = told.toSorted((a, b) => (b.entry.time ?? '').localeCompare(a.entry.time ?? ''))[0];
  const last = elements.at(-1);
  const isScale = latest === undefined && last?.type === 'field' && last.name === 'replicas';
  const isByHand = people.length > 0 || isScale;
  return {
    path,
    elements,
    manager: latest?.entry.manager === '' ? undefined : latest?.entry.manager,
    operation: latest?.entry.operation,
    time: latest?.entry.time,
    class: isByHand ? 'by-hand' : latest?.class === 'unclear' ? 'unclear' : 'dropped',
    certain: latest === undefined || clear.some(owner => !owner.ownsDefaults) || isNeverDefault(id, elements),
  };
}

/** What the server never makes by itself: whoever owns it, somebody set it. */
const neverDefault: Record<string, readonly string[]> = {
  '/ConfigMap': ['data', 'binaryData'],
  '/Secret': ['data'],
  '/ServiceAccount': ['imagePullSecrets'],
  'rbac.authorization.k8s.io/Role': ['rules'],
  'rbac.authorization.k8s.io/ClusterRole': ['rules', 'aggregationRule'],
  'rbac.authorization.k8s.io/RoleBinding': ['subjects'],
  'rbac.authorization.k8s.io/ClusterRoleBinding': ['subjects'],
};

function isNeverDefault({group, kind}: RemovalInput['id'], [first]: FieldPath): boolean {
  return first?.type === 'field' && neverDefault[`${group}/${kind}`]?.includes(first.name) === true;
}
