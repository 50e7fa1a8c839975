import {type FieldPath, formatPath, type PathElement} from '../resources/field-path.ts';
import {equalJson, isObject, type Json, type JsonObject, objectAt} from '../resources/json.ts';
import {isSecretKind} from '../secrets/known.ts';
import type {Mask} from '../secrets/mask.ts';
import {matchesChild} from './ignore.ts';
import {type IgnorePattern, parseIgnorePath} from './ignore-path.ts';
import {lastApplied, type PreparedDesired, serverMetadata} from './normalise.ts';
import {filledBy} from './server-filled.ts';
import type {HiddenField, ResourceDrift} from './types.ts';

/**
 * Every place where git and live differ without being drift, and why: what the comparison has told, and whatever else
 * differs in the two objects as they are shown. Worked out for one resource when somebody looks: most of it is what any
 * server writes into any object. Of what could not be decided only what was told is known.
 */
export function allHidden(resource: ResourceDrift): HiddenField[] {
  const {desired, live, status} = resource;
  if (desired === null || live === null || status === 'Unknown') return [...resource.hidden];
  return [...resource.hidden, ...new Walk(resource, desired, live).rest()];
}

/**
 * What git says and nobody compares: a status, what only the server writes, nulls. `object` is git's, as written; of a
 * Secret values are masked.
 */
export function droppedFromGit(
  object: JsonObject,
  {nulls}: Pick<PreparedDesired, 'nulls'>,
  mask: Mask,
): HiddenField[] {
  const metadata = objectAt(object, 'metadata');
  const hidden: HiddenField[] = [];
  const drop = (path: FieldPath, desired: Json | undefined, because: string) => {
    if (desired !== undefined && desired !== null)
      hidden.push({
        path: formatPath(path),
        reason: 'server',
        because,
        desired: isSecretKind(object) ? mask(desired) : desired,
      });
  };
  drop([field('status')], object['status'], 'git sets it, and the status is the cluster’s own');
  for (const name of serverMetadata) {
    drop([field('metadata'), field(name)], metadata[name], 'git sets it, and only the server writes it');
  }
  const applied = [field('metadata'), field('annotations'), field(lastApplied)];
  drop(applied, objectAt(metadata, 'annotations')[lastApplied], 'git holds it, and kubectl apply writes it');
  for (const path of nulls) {
    const because = 'git says null: as if it said nothing';
    hidden.push({path: formatPath(path), reason: 'server', because, desired: null});
  }
  return hidden;
}

/** Keys by which lists are shown side by side where no schema is at hand; the first that names every item is taken. */
const names = ['name', 'key', 'mountPath', 'containerPort', 'port', 'topologyKey', 'type', 'ip', 'uid'];

class Walk {
  readonly #resource: ResourceDrift;
  readonly #live: JsonObject;
  readonly #desired: JsonObject;
  /** Places of either side that are told already, as positions. */
  readonly #told = {git: new Set<string>(), live: new Set<string>()};
  readonly #found: HiddenField[] = [];
  readonly #undecided: boolean;

  constructor(resource: ResourceDrift, desired: JsonObject, live: JsonObject) {
    this.#resource = resource;
    this.#desired = desired;
    this.#live = live;
    this.#undecided = resource.notes.some(note => note.startsWith('undecided'));
    for (const {path} of [...resource.fields, ...resource.hidden]) {
      const pattern = patternOf(path);
      if (pattern === undefined) continue;
      for (const place of placesOf(desired, pattern, '')) this.#told.git.add(place);
      for (const place of placesOf(live, pattern, '')) this.#told.live.add(place);
    }
  }

  rest(): HiddenField[] {
    this.#object(this.#desired, this.#live, [], '', '');
    return this.#found;
  }

  #value(git: Json | undefined, live: Json | undefined, path: FieldPath, at: string, there: string): void {
    if (this.#told.git.has(at) || this.#told.live.has(there)) return;
    if (git === undefined && live === undefined) return;
    if (git === undefined) {
      if (this.#isToldBelow('live', there)) this.#into(undefined, live, path, at, there);
      else this.#tell(path, undefined, live);
    } else if (live === undefined) {
      if (this.#isToldBelow('git', at)) this.#into(git, undefined, path, at, there);
      else this.#tell(path, git, undefined);
    } else if (!equalJson(git, live)) {
      if (typeof git === 'object' && typeof live === 'object' && Array.isArray(git) === Array.isArray(live)) {
        this.#into(git, live, path, at, there);
      } else this.#tell(path, git, live);
    }
  }

  #into(git: Json | undefined, live: Json | undefined, path: FieldPath, at: string, there: string): void {
    if (isObject(git ?? live)) {
      this.#object(isObject(git) ? git : {}, isObject(live) ? live : {}, path, at, there);
    } else if (Array.isArray(git ?? live)) {
      this.#list(Array.isArray(git) ? git : [], Array.isArray(live) ? live : [], path, at, there);
    } else this.#tell(path, git, live);
  }

  #object(git: JsonObject, live: JsonObject, path: FieldPath, at: string, there: string): void {
    for (const name of new Set([...Object.keys(git), ...Object.keys(live)])) {
      const step = `/${name}`;
      this.#value(own(git, name), own(live, name), [...path, field(name)], at + step, there + step);
    }
  }

  #list(git: readonly Json[], live: readonly Json[], path: FieldPath, at: string, there: string): void {
    const name = names.find(each => isNamedBy(git, each) && isNamedBy(live, each));
    const keyOf = (item: Json) => (name !== undefined && isObject(item) ? item[name] : undefined);
    const used = new Set<number>();
    for (const [index, item] of git.entries()) {
      const key = keyOf(item);
      const other = key === undefined ? index : live.findIndex(each => equalJson(keyOf(each), key));
      used.add(other);
      const element = elementOf(name, key, index);
      this.#value(item, live[other], [...path, element], `${at}/${index}`, `${there}/${other}`);
    }
    for (const [index, item] of live.entries()) {
      if (used.has(index)) continue;
      const element = elementOf(name, keyOf(item), index);
      this.#value(undefined, item, [...path, element], `${at}/-`, `${there}/${index}`);
    }
  }

  #isToldBelow(side: 'git' | 'live', at: string): boolean {
    for (const place of this.#told[side]) if (place.startsWith(`${at}/`)) return true;
    return false;
  }

  #tell(path: FieldPath, desired: Json | undefined, live: Json | undefined): void {
    const hidden: HiddenField = {path: formatPath(path), ...this.#why(path, desired, live)};
    if (desired !== undefined) hidden.desired = desired;
    if (live !== undefined) hidden.live = live;
    this.#found.push(hidden);
  }

  #why(
    path: FieldPath,
    desired: Json | undefined,
    live: Json | undefined,
  ): Pick<HiddenField, 'reason' | 'because'> {
    if (live === undefined) return {reason: 'server', because: 'left out by the server: the same as nothing'};
    if (desired !== undefined)
      return {reason: 'server', because: 'the same to the server, written otherwise'};
    const by = filledBy(this.#resource.id, path, this.#live);
    if (by === 'the status') return {reason: 'server', because: "it is the cluster's own"};
    if (by !== null)
      return {reason: by === 'the server' ? 'server' : 'controller', because: `written by ${by}`};
    const because = 'git says nothing of it';
    return {
      reason: 'defaulted',
      because: this.#undecided ? because : `${because}, and nobody who brings git or works by hand set it`,
    };
  }
}

function field(name: string): PathElement {
  return {type: 'field', name};
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function elementOf(name: string | undefined, key: Json | undefined, index: number): PathElement {
  return name === undefined || key === undefined
    ? {type: 'index', index}
    : {type: 'keys', keys: {[name]: key}};
}

function isNamedBy(list: readonly Json[], name: string): boolean {
  const keys = list.map(item => (isObject(item) ? own(item, name) : undefined));
  return (
    keys.every(key => typeof key === 'string' || typeof key === 'number') &&
    new Set(keys).size === keys.length
  );
}

function patternOf(path: string): IgnorePattern | undefined {
  try {
    return parseIgnorePath(path);
  } catch {
    // An item of a set: it is told twice then, never not at all.
    return undefined;
  }
}

/** Where a path leads in an object, by positions. */
function* placesOf(value: Json, [segment, ...rest]: IgnorePattern, at: string): Generator<string> {
  if (segment === undefined) yield at;
  else if (typeof value === 'object' && value !== null && segment.type !== 'descend') {
    for (const [name, item] of Object.entries(value)) {
      const index = Array.isArray(value) ? Number(name) : undefined;
      if (matchesChild(segment, name, index, item)) yield* placesOf(item, rest, `${at}/${name}`);
    }
  }
}
