import path from 'node:path/posix';
import {type FieldPath, valueAt} from '../resources/field-path.ts';
import {identityOf} from '../resources/identity.ts';
import {
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
} from '../resources/json.ts';
import type {SourceLocation} from '../resources/problem.ts';
import type {Kustomization, KustomizeFiles} from './kustomize-files.ts';
import {entryLocation, generatorEntries, locateGenerated, unhashedName} from './kustomize-generators.ts';
import {resourcesOf} from './manifests.ts';
import type {DesiredResource} from './types.ts';
import {readYaml, type YamlDocument} from './yaml.ts';

const originKey = 'config.kubernetes.io/origin';

/**
 * Gives the rendered resources of a kustomization their place in the repository: the file that each came from, and the
 * line of a base, a patch or a kustomization that sets a field. kustomize's origin annotation, asked for by the build, is
 * taken away again.
 */
export function sourceMap(
  folder: string,
  files: KustomizeFiles,
): (resource: DesiredResource) => DesiredResource {
  const read = new Map<string, readonly YamlDocument[]>();
  const documentsOf = (file: string): readonly YamlDocument[] => {
    let documents = read.get(file);
    if (documents === undefined) {
      const bytes = files.contents.get(file);
      documents = bytes === undefined ? [] : readYaml(bytes, file).documents;
      read.set(file, documents);
    }
    return documents;
  };
  const [own] = files.kustomizations;
  const keepsOrigins = listAt(own?.document?.value, 'buildMetadata').includes('originAnnotations');
  const fallback: SourceLocation = {file: own?.file ?? folder, line: 1};
  return resource => {
    const origin = originOf(resource.object);
    const object = keepsOrigins ? resource.object : withoutOrigin(resource.object);
    const file = origin?.path ?? origin?.configuredIn;
    const base =
      origin?.path === undefined ? undefined : baseOf(object, documentsOf(path.join(folder, origin.path)));
    const entries = origin?.path === undefined ? generatorEntries(object, files.kustomizations) : [];
    const maker = entries.findLast(
      ({kustomization}) => file === undefined || kustomization.file === path.join(folder, file),
    );
    const generatedFrom = entries.length === 0 ? undefined : unhashedName(identityOf(object).name);
    return {
      object,
      location:
        base?.location ??
        (maker === undefined ? undefined : entryLocation(maker)) ??
        (file === undefined ? fallback : {file: path.join(folder, file), line: 1}),
      locate: field =>
        locateGenerated(field, entries, files.contents) ??
        locateRendered(object, field, base, files.kustomizations, documentsOf),
      ...(generatedFrom === undefined ? {} : {generatedFrom}),
    };
  };
}

function originOf(object: JsonObject): {path?: string; configuredIn?: string} | undefined {
  const text = stringAt(objectAt(objectAt(object, 'metadata'), 'annotations'), originKey);
  if (text === undefined) return undefined;
  const value = readYaml(text, '').documents[0]?.value;
  // A remote origin has a path in another repository.
  if (stringAt(value, 'repo') !== undefined) return undefined;
  const [file, configuredIn] = [stringAt(value, 'path'), stringAt(value, 'configuredIn')];
  return {
    ...(file === undefined ? {} : {path: file}),
    ...(configuredIn === undefined ? {} : {configuredIn}),
  };
}

function withoutOrigin(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  if (stringAt(objectAt(metadata, 'annotations'), originKey) === undefined) return object;
  const {[originKey]: _, ...annotations} = objectAt(metadata, 'annotations');
  const {annotations: __, ...rest} = metadata;
  return {
    ...object,
    metadata: Object.keys(annotations).length === 0 ? rest : {...rest, annotations},
  };
}

/** The object of a file that a rendered one was made of: the same kind, and a name that prefixes and suffixes leave in it. */
function baseOf(rendered: JsonObject, documents: readonly YamlDocument[]): DesiredResource | undefined {
  const wanted = identityOf(rendered);
  const candidates = documents
    .flatMap(document => resourcesOf(document).resources)
    .filter(({object}) => {
      const id = identityOf(object);
      return id.kind === wanted.kind && id.group === wanted.group && wanted.name.includes(id.name);
    });
  candidates.sort((a, b) => identityOf(b.object).name.length - identityOf(a.object).name.length);
  return candidates[0];
}

type DocumentsOf = (file: string) => readonly YamlDocument[];

/** The line that gave a field its value: only a place with that very value is one. */
function locateRendered(
  object: JsonObject,
  field: FieldPath,
  base: DesiredResource | undefined,
  kustomizations: readonly Kustomization[],
  documentsOf: DocumentsOf,
): SourceLocation | undefined {
  const value = valueAt(object, field);
  if (value === undefined) return undefined;
  // The outermost kustomization has the last word.
  for (const kustomization of kustomizations) {
    const place =
      inPatches(object, field, value, kustomization, documentsOf) ??
      inFields(object, field, value, kustomization);
    if (place !== undefined) return place;
  }
  if (base === undefined) return undefined;
  const original = valueAt(base.object, field);
  return original !== undefined && (equalJson(original, value) || isCollection(value))
    ? base.locate(field)
    : undefined;
}

function inPatches(
  object: JsonObject,
  field: FieldPath,
  value: Json,
  {document, file, folder}: Kustomization,
  documentsOf: DocumentsOf,
): SourceLocation | undefined {
  const {kind, name} = identityOf(object);
  const patches = [
    ...listAt(document?.value, 'patches').map(patch => stringAt(patch, 'path')),
    ...listAt(document?.value, 'patchesJson6902').map(patch => stringAt(patch, 'path')),
    ...listAt(document?.value, 'patchesStrategicMerge').map(patch =>
      typeof patch === 'string' ? patch : undefined,
    ),
  ];
  for (const patch of patches.reverse()) {
    if (patch === undefined || patch.includes('\n')) continue;
    for (const candidate of documentsOf(path.join(folder, patch))) {
      if (Array.isArray(candidate.value)) {
        const place = inJsonPatch(candidate, field, value);
        if (place !== undefined) return place;
      } else if (isObject(candidate.value)) {
        const id = identityOf(candidate.value);
        if (id.kind !== kind || (id.name !== '' && !name.includes(id.name))) continue;
        if (equalJson(valueAt(candidate.value, field), value)) return candidate.locate(field);
      }
    }
  }
  return inInlinePatches(field, value, {document, file});
}

// An inline patch has the line of its entry: lines inside of a block of text can't be told reliably.
function inInlinePatches(
  field: FieldPath,
  value: Json,
  {document, file}: Pick<Kustomization, 'document' | 'file'>,
): SourceLocation | undefined {
  for (const [index, patch] of listAt(document?.value, 'patches').entries()) {
    const text = stringAt(patch, 'patch');
    if (text === undefined) continue;
    const sets = readYaml(text, file).documents.some(inner =>
      Array.isArray(inner.value)
        ? inJsonPatch(inner, field, value) !== undefined
        : equalJson(valueAt(inner.value, field), value),
    );
    if (!sets) continue;
    return document?.locate([
      {type: 'field', name: 'patches'},
      {type: 'index', index},
      {type: 'field', name: 'patch'},
    ]);
  }
  return undefined;
}

function inJsonPatch(document: YamlDocument, field: FieldPath, value: Json): SourceLocation | undefined {
  if (!Array.isArray(document.value)) return undefined;
  const last = field.at(-1);
  const index = document.value.findLastIndex(operation => {
    const pointer = stringAt(operation, 'path')?.split('/') ?? [];
    const name = (pointer.at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
    const sameDepth = pointer.length - 1 === field.length && pointer[1] === fieldName(field[0]);
    const sameEnd = last?.type === 'field' ? name === last.name : true;
    return sameDepth && sameEnd && isObject(operation) && equalJson(operation['value'], value);
  });
  return index < 0 ? undefined : document.locate([{type: 'index', index}]);
}

/** The entries of a kustomization that set single fields: images, replicas, namespace. */
function inFields(
  object: JsonObject,
  field: FieldPath,
  value: Json,
  {document}: Kustomization,
): SourceLocation | undefined {
  const names = field.map(fieldName).join('.');
  if (names === 'metadata.namespace' && stringAt(document?.value, 'namespace') === value) {
    return document?.locate([{type: 'field', name: 'namespace'}]);
  }
  if (names === 'spec.replicas') {
    const index = listAt(document?.value, 'replicas').findIndex(
      entry =>
        isObject(entry) &&
        identityOf(object).name.includes(stringAt(entry, 'name') ?? '\0') &&
        equalJson(entry['count'], value),
    );
    return index < 0 ? undefined : entryPlace(document, 'replicas', index, ['count']);
  }
  if (fieldName(field.at(-1)) !== 'image' || typeof value !== 'string') return undefined;
  const index = listAt(document?.value, 'images').findIndex(entry => {
    const [newName, tag, digest] = ['newName', 'newTag', 'digest'].map(key => stringAt(entry, key));
    const image = newName ?? stringAt(entry, 'name') ?? '\0';
    if (digest !== undefined) return value === `${image}@${digest}`;
    return tag !== undefined
      ? value === `${image}:${tag}`
      : newName !== undefined && value.startsWith(newName);
  });
  return index < 0 ? undefined : entryPlace(document, 'images', index, ['digest', 'newTag', 'newName']);
}

function entryPlace(
  document: YamlDocument | undefined,
  list: string,
  index: number,
  keys: readonly string[],
): SourceLocation | undefined {
  for (const key of keys) {
    const place = document?.locate([
      {type: 'field', name: list},
      {type: 'index', index},
      {type: 'field', name: key},
    ]);
    if (place !== undefined) return place;
  }
  return undefined;
}

function fieldName(element: FieldPath[number] | undefined): string {
  return element?.type === 'field' ? element.name : '';
}

function isCollection(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}
