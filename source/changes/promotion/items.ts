import {maskedValue} from '../../drift/secrets.ts';
import {fullName, type ImageReference} from '../../registries/reference.ts';
import {type FieldPath, formatPath} from '../../resources/field-path.ts';
import {formatIdentity, identityOf} from '../../resources/identity.ts';
import {isObject, type Json, type JsonObject, stringAt, stringifyJson} from '../../resources/json.ts';
import {isSecretKind} from '../../secrets/known.ts';
import type {Mask} from '../../secrets/mask.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {type FieldDifference, fieldDifferences, type Same} from './compare.ts';
import {containerImages} from './containers.ts';
import {holdsWord, ownReason, ownWords} from './own.ts';
import {commonName, type OwnNames, type Pairs, pairObjects} from './pairing.ts';
import {compareVersions, isMirrored, promotedImage, versionOf} from './promoted-image.ts';
import type {PromotionItem} from './types.ts';

/** One of the two environments of a promotion, as git wants it. */
export interface PromotionSide {
  names: OwnNames;
  resources: readonly DesiredResource[];
}

/** What choosing an item means: the raw values, which never leave the session. */
export type PromotionChange =
  | {
      kind: 'set';
      source: DesiredResource;
      target: DesiredResource;
      path: FieldPath;
      value: Json | undefined;
    }
  | {kind: 'add'; source: DesiredResource}
  | {kind: 'remove'; target: DesiredResource}
  /** A file of the target becomes this; null deletes it. */
  | {kind: 'file'; path: string; content: string | Uint8Array | null};

export interface PromotionWish {
  item: PromotionItem;
  change: PromotionChange;
}

/** Two environments side by side. */
export interface Comparison {
  wishes: PromotionWish[];
  pairs: Pairs<DesiredResource, DesiredResource>;
  /** True where a source's value means in the target what the target's does: a name of the environment's own. */
  same: Same;
}

/**
 * What differs between two environments as git has them, object by object: images, other fields, and objects of only one.
 * Pure: where an item's edit goes in the files, and whether it can, is not asked here.
 */
export function compareEnvironments(source: PromotionSide, target: PromotionSide, mask: Mask): Comparison {
  const pairs = pairObjects(source.resources, source.names, target.resources, target.names);
  const same = sameThings(pairs, source.names, target.names);
  const between: Between = {source: source.names, target: target.names, mask};
  const wishes = [
    ...pairs.pairs.flatMap(pair => [...imageWishes(pair, between), ...valueWishes(pair, between, same)]),
    ...pairs.onlySource.map(resource => addWish(resource, between)),
    ...pairs.onlyTarget.map(resource => removeWish(resource, between)),
  ];
  return {wishes, pairs, same};
}

interface Between {
  source: OwnNames;
  target: OwnNames;
  mask: Mask;
}

interface Pair {
  source: DesiredResource;
  target: DesiredResource;
}

// What paired objects are called in the two environments means the same, as does the namespace that each has.
function sameThings(
  {pairs}: Pairs<DesiredResource, DesiredResource>,
  source: OwnNames,
  target: OwnNames,
): Same {
  const names = new Map<string, Set<string>>();
  const add = (from: string, to: string) => {
    if (from === to || from === '' || to === '') return;
    names.set(from, (names.get(from) ?? new Set()).add(to));
  };
  for (const pair of pairs) {
    const [from, to] = [identityOf(pair.source.object), identityOf(pair.target.object)];
    add(from.name, to.name);
    add(from.namespace, to.namespace);
  }
  for (const from of source.namespaces) for (const to of target.namespaces) add(from, to);
  return (a, b) => typeof a === 'string' && typeof b === 'string' && names.get(a)?.has(b) === true;
}

function imageWishes(pair: Pair, between: Between): PromotionWish[] {
  const there = new Map(containerImages(pair.source.object).map(image => [formatPath(image.path), image]));
  const wishes: PromotionWish[] = [];
  for (const own of containerImages(pair.target.object)) {
    const other = there.get(formatPath(own.path));
    if (other === undefined) continue;
    const {image: wanted, note} = promotedImage(other.image, own.image);
    if (wanted === own.text) continue;
    const notes = note === null ? [] : [note];
    const newer = isNewer(own.image, other.image);
    if (newer) {
      const [ahead, behind] = [between.target.environment, between.source.environment];
      notes.push(
        `${ahead} is ahead: ${versionOf(own.image)} there is newer than ${versionOf(other.image)} in ${behind}`,
      );
    }
    const words = [...ownWords(between.source.environment), ...ownWords(between.target.environment)];
    const isOwn = [own.image.tag, other.image.tag].some(tag => tag !== null && holdsWord(tag, words));
    // Of one registry it is another repository, whatever it is called.
    const isOther =
      fullName(own.image) !== fullName(other.image) &&
      (own.image.registry === other.image.registry || !isMirrored(own.image, other.image));
    wishes.push({
      item: {
        ...fieldItem('images', pair, own.path, between),
        what: own.isInit ? `${own.container} (init)` : own.container,
        now: own.text,
        wanted,
        own: isOwn ? 'its tag names the environment' : null,
        notes,
        byDefault: !isOwn && !newer && !isOther,
      },
      change: {kind: 'set', ...pair, path: own.path, value: wanted},
    });
  }
  return wishes;
}

function isNewer(target: ImageReference, wanted: ImageReference): boolean {
  if (target.tag === null || wanted.tag === null) return false;
  return (compareVersions(target.tag, wanted.tag) ?? 0) > 0;
}

function valueWishes(pair: Pair, between: Between, same: Same): PromotionWish[] {
  const images = new Set(
    [...containerImages(pair.source.object), ...containerImages(pair.target.object)].map(({path}) =>
      formatPath(path),
    ),
  );
  return fieldDifferences(pair.source.object, pair.target.object, same)
    .filter(({path}) => !images.has(formatPath(path)))
    .map(difference => valueWish(pair, difference, between));
}

function valueWish(pair: Pair, {path, source, target}: FieldDifference, between: Between): PromotionWish {
  const isSecret = isSecretKind(pair.target.object) || isSecretKind(pair.source.object);
  const refused =
    isSecret && isSecretValue(path) ? 'values of Secrets are not promoted: set it by hand' : null;
  const environments = {source: between.source.environment, target: between.target.environment};
  // What is refused needs no second reason.
  const own = refused === null ? ownReason(path, {source, target}, environments) : undefined;
  const shown = (value: Json | undefined, resource: DesiredResource) =>
    value === undefined ? null : textOf(maskedValue(resource.object, path, value, between.mask));
  return {
    item: {
      ...fieldItem('values', pair, path, between),
      what: formatPath(path),
      now: shown(target, pair.target),
      wanted: shown(source, pair.source),
      own: own ?? null,
      refused,
    },
    change: {kind: 'set', ...pair, path, value: source},
  };
}

function isSecretValue(path: FieldPath): boolean {
  const [first] = path;
  return (
    first?.type === 'field' && !['metadata', 'type', 'immutable', 'apiVersion', 'kind'].includes(first.name)
  );
}

function fieldItem(
  group: 'images' | 'values',
  {source, target}: Pair,
  path: FieldPath,
  between: Between,
): PromotionItem {
  const subject = formatIdentity(identityOf(target.object));
  return {
    id: `${group}:${subject}:${formatPath(path)}`,
    group,
    subject,
    application: commonName(target, between.target),
    what: '',
    now: null,
    wanted: null,
    source: source.locate(path) ?? source.location,
    target: target.locate(path) ?? null,
    own: null,
    refused: null,
    notes: [],
    byDefault: false,
  };
}

function addWish(resource: DesiredResource, between: Between): PromotionWish {
  const places = ownPlaces(resource.object, between);
  const shown =
    places.length > 3 ? `${places.slice(0, 3).join(', ')} and ${places.length - 3} more` : places.join(', ');
  return {
    item: {
      ...objectItem(resource, between.source),
      wanted: kindOf(resource),
      source: resource.location,
      own: places.length === 0 ? null : `${shown} may be ${between.source.environment}'s`,
    },
    change: {kind: 'add', source: resource},
  };
}

function removeWish(resource: DesiredResource, between: Between): PromotionWish {
  return {
    item: {
      ...objectItem(resource, between.target),
      now: kindOf(resource),
      target: resource.location,
      // What only the target has may be there for a reason: a group takes nothing away.
      own: `${between.source.environment} has none: it would be deleted`,
    },
    change: {kind: 'remove', target: resource},
  };
}

function objectItem(resource: DesiredResource, names: OwnNames): PromotionItem {
  const subject = formatIdentity(identityOf(resource.object));
  return {
    id: `objects:${subject}`,
    group: 'objects',
    subject,
    application: commonName(resource, names),
    what: '',
    now: null,
    wanted: null,
    source: null,
    target: null,
    own: null,
    refused: isSecretKind(resource.object) ? 'Secrets are not promoted: make it by hand' : null,
    notes: [],
    byDefault: false,
  };
}

function kindOf({object}: DesiredResource): string {
  return stringAt(object, 'kind') ?? '';
}

/** A value on one line. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** What in a new object is likely the source's own, but for what is made the target's where it is added. */
function ownPlaces(object: JsonObject, {source, target}: Between): string[] {
  const found: string[] = [];
  const environments = {source: source.environment, target: target.environment};
  const look = (value: Json, path: FieldPath) => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) look(item, [...path, {type: 'index', index}]);
    } else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) look(item, [...path, {type: 'field', name}]);
    } else if (!isNameOf(path)) {
      const where = formatPath(path);
      if (where === 'metadata.namespace' && source.namespaces.some(name => name === value)) return;
      const own = where === 'metadata.name' ? withoutAffixes(value, source) : value;
      if (ownReason(path, {source: own, target: undefined}, environments) !== undefined) found.push(where);
    }
  };
  if (!isSecretKind(object)) look(object, []);
  return found;
}

// What the kustomization of an environment puts around each name is the target's own after all.
function withoutAffixes(name: Json, {prefix, suffix}: OwnNames): Json {
  if (typeof name !== 'string' || !name.startsWith(prefix) || !name.endsWith(suffix)) return name;
  return name.slice(prefix.length, name.length - suffix.length);
}

// The API of a kind looks like an address, and is none.
function isNameOf(path: FieldPath): boolean {
  const [first] = path;
  return (
    path.length === 1 && first?.type === 'field' && (first.name === 'apiVersion' || first.name === 'kind')
  );
}
