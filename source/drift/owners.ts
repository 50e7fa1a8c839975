import {type FieldPath, fields, valueAt} from '../resources/field-path.ts';
import {type FieldSet, fieldsOf} from '../resources/field-set.ts';
import {equalJson, isObject, type Json, type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import {type ManagedEntry, managedFieldsOf} from '../resources/managed-fields.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {lookup} from './lookup.ts';
import {classOfManager, isAutomation, isKubernetes, type ManagerClass} from './managers.ts';
import {appliedLast, lastApplied} from './normalise.ts';

/** An owner of fields, and who that is. */
export interface Owner {
  entry: ManagedEntry;
  /** `unclear`: may have brought the object from git, or be a controller. What it left is never counted as Synced. */
  class: ManagerClass | 'unclear';
  /** True where owning a field doesn't say that somebody set it: it may be a default of the server. */
  ownsDefaults: boolean;
}

/** Who makes objects by hand: an Update by one of them brought the whole. */
const makers = new Set(['kubectl-create', 'kubectl-run', 'kubectl-expose', 'kubectl-autoscale']);

const lastAppliedPath = fields('metadata', 'annotations', lastApplied);

/**
 * The owner of everything in an object that keeps no books: the server notes owners only from the first apply on that
 * owned anything. What is there may be a default or anybody's.
 */
export function ownerOfAll(all: FieldSet): Owner {
  return {
    entry: {manager: '', operation: 'Update', subresource: '', time: undefined, apiVersion: '', fields: all},
    class: 'git',
    ownsDefaults: true,
  };
}

/**
 * The owners of a live object's fields. Who is known by name is who the name says. Of others the object itself tells:
 * it is in git, so somebody brought it, and not everybody can have (drift traps 29, 32, 33). `desired` is the part of git's
 * object that is compared.
 */
export function ownersOf(live: JsonObject, desired: JsonObject, schema: SchemaNode | undefined): Owner[] {
  return new Census(live, desired, schema).owners();
}

class Census {
  readonly #live: JsonObject;
  readonly #desired: JsonObject;
  readonly #schema: SchemaNode | undefined;
  readonly #entries: ManagedEntry[];
  /** What git declares, but for the keys of list items: computed where somebody has to be told by it. */
  #leaves: FieldPath[] | undefined;

  constructor(live: JsonObject, desired: JsonObject, schema: SchemaNode | undefined) {
    this.#live = live;
    this.#desired = desired;
    this.#schema = schema;
    this.#entries = managedFieldsOf(live).filter(entry => entry.subresource !== 'status');
  }

  owners(): Owner[] {
    const known: Owner[] = [];
    const others: ManagedEntry[] = [];
    for (const entry of this.#entries) {
      const who = classOfManager(entry.manager, entry.operation);
      const inherited = who === 'controller' ? this.#inherited(entry) : undefined;
      if (who !== 'controller') known.push(this.#owner(entry, who));
      else if (inherited === undefined) others.push(entry);
      else {
        known.push({entry: {...entry, fields: inherited}, class: 'git', ownsDefaults: false});
        others.push({...entry, fields: entry.fields.difference(inherited)});
      }
    }
    // A manager has an entry for each verb: who it is is one question.
    const classes = new Map<string, Owner['class']>();
    const bringers = others.length === 0 ? [] : known.filter(owner => this.#brings(owner));
    const byManager = Map.groupBy(others, entry => entry.manager);
    const strangers = [...byManager].filter(([manager]) => !isAutomation(manager));
    let isBrought = bringers.length > 0;
    for (const [manager, entries] of strangers) {
      const ownsMost = entries.some(entry => this.#ownsMost(entry));
      isBrought ||= ownsMost;
      classes.set(manager, ownsMost ? 'git' : this.#stranger(entries, bringers, strangers.length === 1));
    }
    for (const [manager, entries] of byManager) {
      if (isAutomation(manager)) classes.set(manager, this.#automation(manager, entries, isBrought));
    }
    return [...known, ...others.map(entry => this.#owner(entry, classes.get(entry.manager) ?? 'controller'))];
  }

  // A controller that first applies with kubectl is handed all of what `kubectl apply` owned, with its note of what that was.
  #inherited({manager, operation, fields: set}: ManagedEntry): FieldSet | undefined {
    if (operation !== 'Apply' || !isAutomation(manager) || !set.has(lastAppliedPath)) return undefined;
    const noted = appliedLast(this.#live);
    return noted === undefined ? undefined : set.intersection(fieldsOf(noted, this.#schema));
  }

  #owner(entry: ManagedEntry, who: Owner['class']): Owner {
    return {entry, class: who, ownsDefaults: this.#mayOwnDefaults(entry, who)};
  }

  // What made the object owns what the server filled in as well, and so does a webhook's work within an apply; edits own
  // what they changed.
  #mayOwnDefaults({manager, operation, subresource}: ManagedEntry, who: Owner['class']): boolean {
    if (operation === 'Apply' || who === 'controller') return false;
    const name = manager.toLowerCase();
    if (who !== 'person') return true;
    return makers.has(name) || name === 'kubectl-replace' || (name === 'kubectl' && subresource === '');
  }

  #brings({entry, class: who}: Owner): boolean {
    return who === 'git' || makers.has(entry.manager.toLowerCase()) || this.#ownsMost(entry);
  }

  // Of a name that says nothing, and not the owner of most: a job that applies git, a person's script, or a controller.
  #stranger(
    entries: readonly ManagedEntry[],
    bringers: readonly Owner[],
    isOnlyStranger: boolean,
  ): Owner['class'] {
    if (bringers.length === 0 && isOnlyStranger) return 'git';
    return entries.every(entry => this.#cameLater(entry, bringers)) ? 'controller' : 'unclear';
  }

  // A controller may touch most of a small object by updates; nobody but what brings git's manifests applies most of it.
  #automation(manager: string, entries: readonly ManagedEntry[], isBrought: boolean): Owner['class'] {
    if (isKubernetes(manager)) return 'controller';
    if (entries.some(entry => entry.operation === 'Apply' && this.#ownsMost(entry))) return 'git';
    return isBrought ? 'controller' : 'unclear';
  }

  // True where somebody else brought the object, and this one wrote into it afterwards what git never said.
  #cameLater(entry: ManagedEntry, bringers: readonly Owner[]): boolean {
    if (entry.operation !== 'Update') return false;
    const brought = bringers.reduce((sum, owner) => sum + sizeOf(owner.entry.fields), 0);
    if (brought < sizeOf(entry.fields)) return false;
    if (this.#declared().some(path => entry.fields.at(path) !== undefined && this.#isLive(path)))
      return false;
    // The maker of what has a pod template still owns some of it, as its labels never change.
    const created = stringAt(objectAt(this.#live, 'metadata'), 'creationTimestamp');
    const isAtCreation = created !== undefined && entry.time === created;
    return !isAtCreation || isObject(objectAt(this.#desired, 'spec')['template']);
  }

  #ownsMost(entry: ManagedEntry): boolean {
    const all = this.#declared();
    let owned = 0;
    for (const path of all) if (entry.fields.at(path) !== undefined) owned++;
    return owned * 2 > all.length;
  }

  #declared(): FieldPath[] {
    if (this.#leaves === undefined) {
      this.#leaves = [];
      for (const path of fieldsOf(this.#desired, this.#schema).leaves()) {
        // Metadata that git leaves empty, but for the name, is nobody's field; a key comes with its item.
        const isEmptyMetadata = path.length === 1 && path[0]?.type === 'field' && path[0].name === 'metadata';
        if (!isEmptyMetadata && !isKey(path)) this.#leaves.push(path);
      }
    }
    return this.#leaves;
  }

  #isLive(path: FieldPath): boolean {
    const there: Json | undefined = valueAt(this.#live, path);
    return there !== undefined && equalJson(there, lookup(this.#desired, this.#schema, path));
  }
}

function isKey(path: FieldPath): boolean {
  const last = path.at(-1);
  const item = path.at(-2);
  return last?.type === 'field' && item?.type === 'keys' && last.name in item.keys;
}

function sizeOf(set: FieldSet): number {
  let size = 0;
  for (const _ of set.leaves()) size++;
  return size;
}
