import path from 'node:path/posix';
import {identityKey, identityOf} from '../../resources/identity.ts';
import {equalJson, isObject, type Json, listAt} from '../../resources/json.ts';
import {addItem, type EditResult, removeValue, setValue, type TextFile} from '../../sources/edit/edit.ts';
import {isBelow} from '../../sources/folder.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {readYaml} from '../../sources/yaml.ts';
import {documentText, withDocument, withoutDocument} from './document-text.ts';
import type {FileEdits} from './file-edits.ts';
import type {LoadedSide} from './sides.ts';

/** Why an edit can't be made; undefined where it was. */
export type Refusal = string | undefined;

/** Adds an object to the target as the source's file has it: to the file of the same path, made where there is none. */
export async function addObject(
  edits: FileEdits,
  source: LoadedSide,
  target: LoadedSide,
  resource: DesiredResource,
  signal?: AbortSignal,
): Promise<Refusal> {
  const {file} = resource.location;
  if (!isBelow(file, source.environment.path))
    return `it comes from ${file}, which is not ${source.environment.name}'s alone: add it to ${target.environment.name} by hand`;
  if (source.kustomization !== null && target.kustomization === null)
    return `${source.environment.name} renders it with a kustomization, which ${target.environment.name} has not`;
  const text = (await source.texts.read(file, signal)) ?? '';
  const index = documentOf(text, file, resource);
  const document = index === undefined ? undefined : documentText(text, file, index);
  if (document === undefined) return `${file} does not hold it as a document of its own: add it by hand`;
  const own = withTargetNamespace(document, file, source, target);
  if ('refusal' in own) return own.refusal;
  const relative = path.relative(source.environment.path, file);
  if (source.kustomization !== null && !(await isListed(source, relative, signal)))
    return `${source.environment.name} has it by way of another kustomization: add it by hand`;
  const place = path.join(target.environment.path, relative);
  const known = await edits.read(place, signal);
  if (known === undefined && (await edits.has(place, signal)))
    return `${place} is not a file that can be edited`;
  edits.write(place, withDocument(known, own.text));
  return target.kustomization === null
    ? undefined
    : listResource(edits, target.kustomization, relative, signal);
}

/** Takes an object out of the target: its document, or its file where nothing else is in it. */
export async function removeObject(
  edits: FileEdits,
  target: LoadedSide,
  resource: DesiredResource,
  signal?: AbortSignal,
): Promise<Refusal> {
  const {file} = resource.location;
  if (!isBelow(file, target.environment.path))
    return `it comes from ${file}, which is not ${target.environment.name}'s alone: take it out by hand`;
  const [before, text] = [await target.texts.read(file, signal), await edits.read(file, signal)];
  const index =
    before === undefined || text === undefined ? undefined : documentNow(before, text, file, resource);
  if (text === undefined || index === undefined)
    return `${file} does not hold it as a document of its own: take it out by hand`;
  const result = withoutDocument(text, file, index);
  if ('refusal' in result) return result.refusal;
  edits.write(file, result.text);
  if (target.kustomization === null || result.text !== null) return undefined;
  return unlistResource(edits, target.kustomization, path.relative(target.environment.path, file), signal);
}

/** The document of a file that is the object, or that it was rendered from: the one that starts at its line. */
function documentOf(text: string, file: string, {location}: DesiredResource): number | undefined {
  const {documents} = readYaml(text, file);
  const index = documents.findIndex(document => document.location.line === location.line);
  const value = documents[index]?.value;
  // A list of objects starts where its first key stands, too.
  return index < 0 || !isObject(value) || Array.isArray(value['items']) ? undefined : index;
}

/** The same document after other edits of the file: the one that states the same identity. */
function documentNow(
  before: string,
  now: string,
  file: string,
  resource: DesiredResource,
): number | undefined {
  const index = documentOf(before, file, resource);
  const value = index === undefined ? undefined : readYaml(before, file).documents[index]?.value;
  if (!isObject(value)) return undefined;
  const key = identityKey(identityOf(value));
  const found = readYaml(now, file).documents.flatMap((document, at) =>
    isObject(document.value) && identityKey(identityOf(document.value)) === key ? [at] : [],
  );
  return found.length === 1 ? found[0] : undefined;
}

function withTargetNamespace(
  document: string,
  file: string,
  source: LoadedSide,
  target: LoadedSide,
): {text: string} | {refusal: string} {
  const value = readYaml(document, file).documents[0]?.value;
  const namespace = isObject(value) ? identityOf(value).namespace : '';
  const {namespaces} = target.names;
  if (namespace === '' || !source.names.namespaces.includes(namespace) || namespaces.includes(namespace))
    return {text: document};
  const [own] = namespaces;
  if (own === undefined)
    return {refusal: `it states ${source.environment.name}'s namespace ${namespace}: add it by hand`};
  const at = [{type: 'field', name: 'metadata'} as const, {type: 'field', name: 'namespace'} as const];
  return setValue({path: file, text: document}, 0, at, own);
}

const resources = [{type: 'field', name: 'resources'} as const];

async function isListed(
  side: LoadedSide,
  relative: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const file = side.kustomization ?? '';
  const text = await side.texts.read(file, signal);
  const value = text === undefined ? undefined : readYaml(text, file).documents[0]?.value;
  return listAt(value, 'resources').some(item => isPath(item, relative));
}

async function listResource(
  edits: FileEdits,
  kustomization: string,
  relative: string,
  signal: AbortSignal | undefined,
): Promise<Refusal> {
  return editListing(edits, kustomization, signal, (file, listed) =>
    listed.some(item => isPath(item, relative)) ? undefined : addItem(file, 0, resources, relative),
  );
}

async function unlistResource(
  edits: FileEdits,
  kustomization: string,
  relative: string,
  signal: AbortSignal | undefined,
): Promise<Refusal> {
  return editListing(edits, kustomization, signal, (file, listed) => {
    const index = listed.findIndex(item => isPath(item, relative));
    if (index < 0) return {refusal: `${kustomization} does not list ${relative}: take it out by hand`};
    return removeValue(file, 0, [...resources, {type: 'index', index}]);
  });
}

/** Edits a kustomization by what its `resources` list; nothing is written where the edit gives undefined. */
async function editListing(
  edits: FileEdits,
  kustomization: string,
  signal: AbortSignal | undefined,
  edit: (file: TextFile, listed: readonly Json[]) => EditResult | undefined,
): Promise<Refusal> {
  const text = await edits.read(kustomization, signal);
  if (text === undefined) return `${kustomization} can't be read`;
  const value = readYaml(text, kustomization).documents[0]?.value;
  const result = edit({path: kustomization, text}, listAt(value, 'resources'));
  if (result === undefined) return undefined;
  if ('refusal' in result) return result.refusal;
  edits.write(kustomization, result.text);
  return undefined;
}

function isPath(item: Json, relative: string): boolean {
  return typeof item === 'string' && equalJson(path.normalize(item), relative);
}
