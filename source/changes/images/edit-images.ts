import path from 'node:path/posix';
import {type ImageReference, parseImage} from '../../registries/reference.ts';
import {containerImages} from '../../resources/container-images.ts';
import {type FieldPath, fields} from '../../resources/field-path.ts';
import {identityOf} from '../../resources/identity.ts';
import {isObject, type Json, listAt, stringAt} from '../../resources/json.ts';
import {addItem, type EditResult, removeValue, setValue, type TextFile} from '../../sources/edit/edit.ts';
import {isBelow, kustomizationNames} from '../../sources/folder.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {readYaml} from '../../sources/yaml.ts';
import type {PlacedMarker} from './marked.ts';

/** An image and what it is to become. */
export interface ImageChange {
  from: ImageReference;
  to: ImageReference;
}

/** Texts of files, as they are so far. */
export type Texts = Map<string, string>;

/** Reads a file's text; undefined where there is none. */
export type ReadText = (file: string) => Promise<string | undefined>;

/**
 * Sets what a Flux marker marks: the whole image, its name, tag or digest. Only the scalar changes, quotes and comment stay.
 * Null where it stands differently by now.
 */
export function editMarker(text: string, marker: PlacedMarker, {from, to}: ImageChange): string | null {
  const [before, after] = {
    image: [from.written, to.written],
    name: [from.name, to.name],
    tag: [from.tag, to.tag],
    digest: [from.digest, to.digest],
  }[marker.sets];
  if (before !== marker.value || after === null || after === undefined) return null;
  const lines = text.split('\n');
  const line = lines[marker.line - 1];
  if (line?.slice(marker.start, marker.end) !== before) return null;
  lines[marker.line - 1] = line.slice(0, marker.start) + after + line.slice(marker.end);
  return lines.join('\n');
}

/** Where an image of a resource is set, and how. */
export interface EditPlace {
  folder: string;
  /** True where a kustomization makes the environment. */
  isKustomize: boolean;
  read: ReadText;
  texts: Texts;
}

/**
 * Changes one image of a resource at the line of the environment's own files that sets it: a container's `image` in a manifest
 * or a patch, or an entry of a kustomization's `images`. Gives why it could not, null where it could; undefined where no line
 * of its own files sets it.
 */
export async function editAtSetter(
  resource: DesiredResource,
  field: FieldPath,
  change: ImageChange,
  {folder, isKustomize, ...place}: EditPlace,
): Promise<string | null | undefined> {
  const location = resource.locate(field);
  if (location === undefined || (isKustomize && !isBelow(location.file, folder))) return undefined;
  const text = await textOf(location.file, place);
  if (text === undefined) return `${location.file} can't be read`;
  const result = editAtLine({path: location.file, text}, location.line, change);
  if ('refusal' in result) return result.refusal;
  place.texts.set(location.file, result.text);
  return null;
}

/**
 * Gives the environment's own kustomization an entry for an image that a base sets, which others share: the change is this
 * environment's. Gives why it could not, null where it could.
 */
export async function overrideImage(change: ImageChange, place: EditPlace): Promise<string | null> {
  const own = place.isKustomize ? await ownKustomization(place) : undefined;
  if (own === undefined) return 'it can’t be told which line sets it';
  const result = editEntry(own, change);
  if ('refusal' in result) return result.refusal;
  place.texts.set(own.path, result.text);
  return null;
}

async function textOf(
  file: string,
  {read, texts}: Pick<EditPlace, 'read' | 'texts'>,
): Promise<string | undefined> {
  return texts.get(file) ?? read(file);
}

async function ownKustomization(place: EditPlace): Promise<TextFile | undefined> {
  for (const name of kustomizationNames) {
    const file = path.join(place.folder, name);
    const text = await textOf(file, place);
    if (text !== undefined) return {path: file, text};
  }
  return undefined;
}

/** The scalar on a line that says the image, or the entry of a kustomization that does. */
function editAtLine(file: TextFile, line: number, change: ImageChange): EditResult {
  const {documents} = readYaml(file.text, file.path);
  for (const [index, document] of documents.entries()) {
    const scalar = scalarPaths(document.value, change.from.written).find(
      found => document.locate(found)?.line === line,
    );
    if (scalar !== undefined) return setValue(file, index, scalar, change.to.written);
    const entries = listAt(document.value, 'images');
    const entry = entries.findIndex((_, item) => isOnLine(document, item, line));
    if (entry >= 0) return setEntry(file, index, entry, entries[entry] ?? null, change);
  }
  return {refusal: `${file.path}:${line} is written in a way that can't be edited safely`};
}

function isOnLine(
  document: {locate(path: FieldPath): {line: number} | undefined},
  item: number,
  line: number,
): boolean {
  return ['digest', 'newTag', 'newName'].some(key => document.locate(entryField(item, key))?.line === line);
}

/** Every place in a value where a text stands. */
function scalarPaths(value: Json, wanted: string, here: FieldPath = []): FieldPath[] {
  if (value === wanted) return [here];
  if (Array.isArray(value))
    return value.flatMap((item, index) => scalarPaths(item, wanted, [...here, {type: 'index', index}]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    scalarPaths(item, wanted, [...here, {type: 'field', name}]),
  );
}

function entryField(item: number, key: string): FieldPath {
  return [
    {type: 'field', name: 'images'},
    {type: 'index', index: item},
    {type: 'field', name: key},
  ];
}

/** Gives an entry of `images` the new tag and digest; the keys that it has stay where they are. */
function setEntry(
  file: TextFile,
  document: number,
  item: number,
  entry: Json,
  {to}: ImageChange,
): EditResult {
  let current = file;
  for (const [key, value] of [
    ['newTag', to.tag],
    ['digest', to.digest],
  ] as const) {
    const isThere = stringAt(entry, key) !== undefined;
    if (value === null && !isThere) continue;
    const result =
      value === null
        ? removeValue(current, document, entryField(item, key))
        : setValue(current, document, entryField(item, key), value);
    if ('refusal' in result) return result;
    current = {...current, text: result.text};
  }
  return current;
}

/** The entry of the environment's own kustomization for an image: its own one, else a new one at the end. */
function editEntry(file: TextFile, change: ImageChange): EditResult {
  const {from, to} = change;
  const {documents} = readYaml(file.text, file.path);
  const entries = listAt(documents[0]?.value, 'images');
  const index = entries.findIndex(
    entry => (stringAt(entry, 'newName') ?? stringAt(entry, 'name')) === from.name,
  );
  if (index >= 0) return setEntry(file, 0, index, entries[index] ?? null, change);
  const entry = {
    name: from.name,
    ...(to.tag === null ? {} : {newTag: to.tag}),
    ...(to.digest === null ? {} : {digest: to.digest}),
  };
  return addItem(file, 0, fields('images'), entry);
}

/** A change that was made of files. */
export interface MadeChange extends ImageChange {
  /** True where only some of those who have the image are to get the other one. */
  isPartial: boolean;
}

/** Two states of an environment, and the changes that are to be all their difference. */
export interface Rendered {
  before: readonly DesiredResource[];
  after: readonly DesiredResource[];
  changes: readonly MadeChange[];
}

/**
 * What a change of files does besides what it is for, in words; null where it does just that: every container with one of the
 * images has the new one, and nothing else in any object differs, but for scalars that markers set.
 */
export function otherEffect({before, after, changes}: Rendered): string | null {
  const later = new Map(after.map(({object}) => [keyOf(object), object]));
  if (later.size !== new Set(before.map(({object}) => keyOf(object))).size)
    return 'there would be other objects than before';
  for (const {object} of before) {
    const key = keyOf(object);
    const now = later.get(key);
    if (now === undefined) return `${key} would be another one`;
    if (!differsJustIn(object, now, changes)) return `${key} would differ in more than its images`;
  }
  const whole = new Set(changes.filter(({isPartial}) => !isPartial).map(({from}) => from.written));
  const left = after.find(({object}) => containerImages(object).some(({image}) => whole.has(image)));
  return left === undefined ? null : `${keyOf(left.object)} would still have the old one`;
}

function keyOf(object: Parameters<typeof identityOf>[0]): string {
  const {kind, namespace, name} = identityOf(object);
  return [kind, namespace, name].filter(Boolean).join('/');
}

function differsJustIn(before: Json, after: Json, changes: readonly ImageChange[]): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return (
      before.length === after.length &&
      before.every((item, index) => differsJustIn(item, after[index] ?? null, changes))
    );
  }
  if (isObject(before) && isObject(after)) {
    const names = Object.keys(before);
    return (
      names.length === Object.keys(after).length &&
      names.every(name => name in after && differsJustIn(before[name] ?? null, after[name] ?? null, changes))
    );
  }
  return before === after || changes.some(change => isThis(before, after, change));
}

function isThis(before: Json, after: Json, {from, to}: ImageChange): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  if (before === from.tag && after === to.tag) return true;
  if (before === from.digest && after === to.digest) return true;
  const [old, now] = [before === from.written, parseImage(after)];
  if (!old || now === null || now.name !== to.name) return false;
  // Where it writes a digest, kustomize may leave the tag out.
  return now.digest === to.digest && (now.tag === to.tag || (now.tag === null && to.digest !== null));
}
