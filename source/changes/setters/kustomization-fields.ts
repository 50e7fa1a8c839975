import path from 'node:path/posix';
import type {FieldPath} from '../../resources/field-path.ts';
import {identityOf} from '../../resources/identity.ts';
import {isObject, type Json, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {valueAtPath} from '../../sources/edit/change.ts';
import type {Kustomization} from '../../sources/kustomize-files.ts';
import {generatorEntries} from '../../sources/kustomize-generators.ts';
import {type Candidate, editCandidate, type Search, textCandidate, wishAt} from './candidate.ts';

/** Entries of a kustomization that set single fields: images, replicas, labels and annotations, and what it generates. */
export function entryCandidates(search: Search, kustomization: Kustomization): Candidate[] {
  const names = search.path.map(element => (element.type === 'field' ? element.name : '[]'));
  const last = names.at(-1);
  return [
    ...(last === 'image' ? imageCandidates(search, kustomization) : []),
    ...(names.join('.') === 'spec.replicas' ? replicasCandidates(search, kustomization) : []),
    ...(names[0] === 'metadata' && names.length === 3 ? labelCandidates(search, kustomization, names) : []),
    ...(names[0] === 'data' && names.length === 2 ? generatorCandidates(search, kustomization) : []),
  ];
}

/** New entries of a kustomization that set what such entries are for. */
export function newEntryCandidates(search: Search, kustomization: Kustomization): Candidate[] {
  const {path: field, value, resource} = search;
  const names = field.map(element => (element.type === 'field' ? element.name : '[]'));
  if (names.at(-1) === 'image' && typeof value === 'string') {
    const old = valueAtPath(resource.object, field);
    if (typeof old !== 'string') return [];
    const [was, is] = [imageParts(old), imageParts(value)];
    const entry: Record<string, Json> = {name: was.name};
    if (is.name !== was.name) entry['newName'] = is.name;
    if (is.tag !== undefined) entry['newTag'] = is.tag;
    if (is.digest !== undefined) entry['digest'] = is.digest;
    if (is.tag === undefined && is.digest === undefined) return [];
    return inserted(search, kustomization, 'images', entry);
  }
  if (names.join('.') === 'spec.replicas' && typeof value === 'number') {
    if (listAt(kustomization.document?.value, 'replicas').length === 0) return [];
    return inserted(search, kustomization, 'replicas', {
      name: identityOf(resource.object).name,
      count: value,
    });
  }
  return [];
}

/** The parts of an image: `registry:5000/name`, tag, digest. */
export function imageParts(image: string): {name: string; tag?: string; digest?: string} {
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const rest = at < 0 ? image : image.slice(0, at);
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  return {
    name: hasTag ? rest.slice(0, colon) : rest,
    ...(hasTag ? {tag: rest.slice(colon + 1)} : {}),
    ...(digest === undefined ? {} : {digest}),
  };
}

function inserted(search: Search, {file}: Kustomization, list: string, entry: Json): Candidate[] {
  const edit = {type: 'insert', path: [{type: 'field', name: list}], value: entry} as const;
  return editCandidate(search, file, 0, edit, `a new entry in ${list}`);
}

function imageCandidates(search: Search, {document, file}: Kustomization): Candidate[] {
  const {resource, path: field, value} = search;
  const old = valueAtPath(resource.object, field);
  if (typeof old !== 'string' || typeof value !== 'string') return [];
  const [was, is] = [imageParts(old), imageParts(value)];
  return listAt(document?.value, 'images').flatMap((entry, index) => {
    const name = stringAt(entry, 'name');
    if (!isObject(entry) || (stringAt(entry, 'newName') ?? name) !== was.name) return [];
    // A copy with what changed; the order of the other keys stays.
    const wanted: Record<string, Json> = {...entry};
    if (is.name !== was.name || stringAt(entry, 'newName') !== undefined) wanted['newName'] = is.name;
    setOrDrop(wanted, 'newTag', is.tag);
    setOrDrop(wanted, 'digest', is.digest);
    const place: FieldPath = [
      {type: 'field', name: 'images'},
      {type: 'index', index},
    ];
    return editCandidate(search, file, 0, {type: 'set', path: place, value: wanted}, 'its images');
  });
}

function setOrDrop(entry: Record<string, Json>, name: string, value: string | undefined): void {
  if (value === undefined) delete entry[name];
  else entry[name] = value;
}

function replicasCandidates(search: Search, {document, file}: Kustomization): Candidate[] {
  const rendered = identityOf(search.resource.object).name;
  return listAt(document?.value, 'replicas').flatMap((entry, index) => {
    if (!rendered.includes(stringAt(entry, 'name') ?? '\0')) return [];
    const place: FieldPath = [
      {type: 'field', name: 'replicas'},
      {type: 'index', index},
    ];
    const edit =
      search.value === undefined
        ? wishAt(place, undefined)
        : wishAt([...place, {type: 'field', name: 'count'}], search.value);
    return editCandidate(search, file, 0, edit, 'its replicas');
  });
}

function labelCandidates(search: Search, {document, file}: Kustomization, names: string[]): Candidate[] {
  const [, map = '', key = ''] = names;
  const value = document?.value;
  const places: FieldPath[] = [];
  const common = map === 'labels' ? 'commonLabels' : map === 'annotations' ? 'commonAnnotations' : '';
  if (key in objectAt(value, common)) {
    places.push([
      {type: 'field', name: common},
      {type: 'field', name: key},
    ]);
  }
  for (const [index, entry] of (map === 'labels' ? listAt(value, 'labels') : []).entries()) {
    if (!(key in objectAt(entry, 'pairs'))) continue;
    places.push([
      {type: 'field', name: 'labels'},
      {type: 'index', index},
      {type: 'field', name: 'pairs'},
      {type: 'field', name: key},
    ]);
  }
  return places.flatMap(place => editCandidate(search, file, 0, wishAt(place, search.value), `its ${map}`));
}

/** A literal, the line of an env file, or the file that a key of a generated ConfigMap comes from. */
function generatorCandidates(search: Search, kustomization: Kustomization): Candidate[] {
  const {resource, path: field, value} = search;
  const last = field.at(-1);
  if (last?.type !== 'field' || identityOf(resource.object).kind !== 'ConfigMap') return [];
  if (value !== undefined && typeof value !== 'string') return [];
  const key = last.name;
  return generatorEntries(resource.object, [kustomization]).flatMap(({list, index}) => {
    const entry = listAt(kustomization.document?.value, list)[index];
    const base: FieldPath = [
      {type: 'field', name: list},
      {type: 'index', index},
    ];
    return [
      ...literalCandidates(search, kustomization, {entry, base, key, value}),
      ...fileCandidates(search, kustomization, {entry, base, key, value}),
    ];
  });
}

interface Generated {
  entry: Json | undefined;
  base: FieldPath;
  key: string;
  value: string | undefined;
}

function literalCandidates(
  search: Search,
  {file}: Kustomization,
  {entry, base, key, value}: Generated,
): Candidate[] {
  const literals = listAt(entry, 'literals');
  const index = literals.findLastIndex(text => typeof text === 'string' && text.startsWith(`${key}=`));
  const list: FieldPath = [...base, {type: 'field', name: 'literals'}];
  const how = 'a literal of its generator';
  if (index >= 0) {
    const place: FieldPath = [...list, {type: 'index', index}];
    return editCandidate(
      search,
      file,
      0,
      wishAt(place, value === undefined ? undefined : `${key}=${value}`),
      how,
    );
  }
  const isNew = valueAtPath(search.resource.object, search.path) === undefined;
  if (!isNew || value === undefined) return [];
  return editCandidate(search, file, 0, {type: 'insert', path: list, value: `${key}=${value}`}, how);
}

function fileCandidates(
  search: Search,
  {folder}: Kustomization,
  {entry, key, value}: Generated,
): Candidate[] {
  if (value === undefined) return [];
  const texts = (name: string): string[] => listAt(entry, name).filter(item => typeof item === 'string');
  const found = texts('files').flatMap(text => {
    const equals = text.indexOf('=');
    const name = equals < 0 ? path.basename(text) : text.slice(0, equals);
    if (name !== key) return [];
    const file = path.join(folder, text.slice(equals + 1));
    return textCandidate(search, file, value, 'the file of its generator');
  });
  const envs = [...texts('envs'), stringAt(entry, 'env') ?? ''].flatMap(text => {
    const file = path.join(folder, text);
    const content = text === '' ? undefined : search.textOf(file);
    if (content === undefined || /[\r\n]/.test(value)) return [];
    const lines = content.split('\n');
    const line = lines.findLastIndex(candidate => candidate.trimStart().startsWith(`${key}=`));
    if (line < 0) return [];
    const old = lines[line] ?? '';
    const written = `${old.slice(0, old.indexOf('=') + 1)}${value}${old.endsWith('\r') ? '\r' : ''}`;
    return textCandidate(search, file, lines.with(line, written).join('\n'), 'the env file of its generator');
  });
  return [...found, ...envs];
}
