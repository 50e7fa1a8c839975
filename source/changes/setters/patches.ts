import path from 'node:path/posix';
import type {FieldPath, PathElement} from '../../resources/field-path.ts';
import {identityOf} from '../../resources/identity.ts';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {valueAtPath} from '../../sources/edit/change.ts';
import type {Kustomization} from '../../sources/kustomize-files.ts';
import {readYaml} from '../../sources/yaml.ts';
import {itemIndex} from '../../sources/yaml-positions.ts';
import {
  type Candidate,
  documentsOf,
  editCandidate,
  innerCandidate,
  type Search,
  wishAt,
} from './candidate.ts';

/** A patch of a kustomization: a file, or a text in the kustomization itself. */
interface Patch {
  file: string;
  /** Where in the kustomization it stands, for one that has no file of its own. */
  inner?: {place: FieldPath; text: string};
  documents: Json[];
}

/**
 * Patches of a kustomization that set a field, edited where they do; the last one first, as it has the last word. With
 * `add`, patches of the same object that say nothing of the field yet, which then is added to them.
 */
export function patchCandidates(search: Search, kustomization: Kustomization, add = false): Candidate[] {
  return patchesOf(search, kustomization)
    .reverse()
    .flatMap(patch =>
      patch.documents.flatMap((document, index) =>
        (Array.isArray(document)
          ? operationEdits(search, document)
          : isObject(document)
            ? mergeEdits(search, document, add)
            : []
        ).flatMap(edit =>
          patch.inner === undefined
            ? editCandidate(search, patch.file, index, edit, 'its patch')
            : innerCandidate(
                search,
                patch.file,
                patch.inner.place,
                patch.inner.text,
                index,
                edit,
                'its patch',
              ),
        ),
      ),
    );
}

/** New patches at the end of a kustomization's: a strategic merge, else the operation of a JSON patch. */
export function newPatchCandidates(
  search: Search,
  {file}: Kustomization,
  write: (value: JsonObject | Json[]) => string,
): Candidate[] {
  const {resource} = search;
  const insert = (entry: JsonObject): Candidate[] =>
    editCandidate(
      search,
      file,
      0,
      {type: 'insert', path: [{type: 'field', name: 'patches'}], value: entry},
      'a new patch',
    );
  const {apiVersion = '', kind = ''} = resource.object;
  const merges = namesOf(search).flatMap(({name, namespace}) => {
    const metadata: JsonObject = {name, ...(namespace === '' ? {} : {namespace})};
    const merged = mergePatch(search, {apiVersion, kind, metadata});
    return merged === undefined ? [] : insert({patch: write(merged)});
  });
  const operations = operationFor(search);
  if (operations === undefined) return merges;
  const targets = namesOf(search).map(({name}) => ({kind, name}));
  return [...merges, ...targets.flatMap(target => insert({target, patch: write(operations)}))];
}

function patchesOf(search: Search, {file, folder, document}: Kustomization): Patch[] {
  const value = document?.value;
  const inline = (place: FieldPath, text: string): Patch => ({
    file,
    inner: {place, text},
    documents: readYaml(text, file).documents.map(inner => inner.value),
  });
  const ofFile = (name: string): Patch => {
    const target = path.join(folder, name);
    return {file: target, documents: documentsOf(search, target)};
  };
  const patches: Patch[] = [];
  for (const [index, entry] of listAt(value, 'patchesStrategicMerge').entries()) {
    if (typeof entry !== 'string') continue;
    const place: FieldPath = [
      {type: 'field', name: 'patchesStrategicMerge'},
      {type: 'index', index},
    ];
    patches.push(entry.includes('\n') ? inline(place, entry) : ofFile(entry));
  }
  for (const list of ['patches', 'patchesJson6902']) {
    for (const [index, entry] of listAt(value, list).entries()) {
      const [name, text] = [stringAt(entry, 'path'), stringAt(entry, 'patch')];
      const place: FieldPath = [
        {type: 'field', name: list},
        {type: 'index', index},
        {type: 'field', name: 'patch'},
      ];
      if (text !== undefined) patches.push(inline(place, text));
      else if (name !== undefined) patches.push(ofFile(name));
    }
  }
  return patches;
}

/** How a strategic merge patch of the object is edited. */
function mergeEdits(search: Search, patch: JsonObject, add: boolean) {
  const {resource, path: field, value} = search;
  const [id, wanted] = [identityOf(patch), identityOf(resource.object)];
  // By a target a patch may be for objects of another name: what it does then only the rendering tells.
  if (id.kind !== '' && id.kind !== wanted.kind) return [];
  const isSet = valueAtPath(patch, field) !== undefined;
  if (isSet) return [wishAt(field, value)];
  const isSame = id.kind === wanted.kind && id.name !== '' && wanted.name.includes(id.name);
  if (!add || !isSame) return [];
  if (value !== undefined) return [wishAt(field, value)];
  return field.at(-1)?.type === 'field' ? [{type: 'set', path: field, value: null} as const] : [];
}

/** How the operations of a JSON patch are edited: one at the field's own pointer, or above it with the field in its value. */
function operationEdits(search: Search, operations: readonly Json[]) {
  const {resource, path: field, value} = search;
  const steps = pointerSteps(resource.object, field);
  return operations
    .flatMap((operation, index) => {
      const pointer = stringAt(operation, 'path');
      if (pointer === undefined || !isObject(operation) || operation['op'] === 'remove') return [];
      const parts = pointer.split('/').slice(1).map(unescaped);
      const isAbove = parts.length <= field.length && parts.every((part, depth) => part === steps[depth]);
      if (!isAbove) return [];
      const rest = field.slice(parts.length);
      const place: FieldPath = [{type: 'index', index}];
      if (rest.length === 0 && value === undefined) return [wishAt(place, undefined)];
      return [wishAt([...place, {type: 'field', name: 'value'}, ...rest], value)];
    })
    .reverse();
}

function mergePatch({path: field, value}: Search, start: JsonObject): JsonObject | undefined {
  const patch: JsonObject = {...start};
  const last = field.at(-1);
  if (last === undefined) return undefined;
  let leaf: Json | undefined = value;
  if (value === undefined) {
    if (last.type === 'field') leaf = null;
    else if (last.type === 'keys') leaf = {...last.keys, $patch: 'delete'};
    else return undefined;
  }
  if (leaf === undefined) return undefined;
  const around = (rest: FieldPath): Json | undefined => {
    const [element, ...more] = rest;
    if (element === undefined) return leaf;
    const inner = around(more);
    if (inner === undefined) return undefined;
    if (element.type === 'field') return {[element.name]: inner};
    if (element.type === 'value') return [element.value];
    if (element.type === 'index' || !isObject(inner)) return undefined;
    return [{...element.keys, ...inner}];
  };
  const inner = around(field);
  if (!isObject(inner)) return undefined;
  for (const [name, item] of Object.entries(inner)) {
    patch[name] = name === 'metadata' && isObject(item) ? {...objectAt(patch, name), ...item} : item;
  }
  return patch;
}

function operationFor({resource, path: field, value}: Search): Json[] | undefined {
  const steps = pointerSteps(resource.object, field);
  const isThere = valueAtPath(resource.object, field) !== undefined;
  if (steps.some(step => step === undefined)) {
    // A new item of a list that is there goes to its end.
    const parent = field.slice(0, -1);
    const list = valueAtPath(resource.object, parent);
    if (!Array.isArray(list) || value === undefined) return undefined;
    return [{op: 'add', path: `${pointerOf(pointerSteps(resource.object, parent))}/-`, value}];
  }
  const pointer = pointerOf(steps);
  if (value === undefined) return isThere ? [{op: 'remove', path: pointer}] : undefined;
  return [{op: isThere ? 'replace' : 'add', path: pointer, value}];
}

/** The names and namespaces that a patch may know the object by: as its manifest states them, else as it is rendered. */
function namesOf(search: Search): {name: string; namespace: string}[] {
  const rendered = identityOf(search.resource.object);
  const stated = documentsOf(search, search.resource.location.file)
    .filter(isObject)
    .map(identityOf)
    .find(id => id.kind === rendered.kind && id.name !== '' && rendered.name.includes(id.name));
  const found = [stated, rendered, {...rendered, namespace: ''}].flatMap(id =>
    id === undefined ? [] : [{name: id.name, namespace: id.namespace}],
  );
  return found.filter(
    (one, index) =>
      found.findIndex(({name, namespace}) => name === one.name && namespace === one.namespace) === index,
  );
}

/** A path as the steps of a JSON pointer; undefined for an item that is not there. */
function pointerSteps(root: Json, field: FieldPath): (string | undefined)[] {
  let value: Json | undefined = root;
  return field.map((element): string | undefined => {
    const step = stepOf(value, element);
    value =
      element.type === 'field'
        ? isObject(value)
          ? value[element.name]
          : undefined
        : Array.isArray(value) && step !== undefined
          ? value[Number(step)]
          : undefined;
    return step;
  });
}

function stepOf(value: Json | undefined, element: PathElement): string | undefined {
  if (element.type === 'field') return element.name;
  const index = Array.isArray(value) ? itemIndex(value, element) : -1;
  return index < 0 ? undefined : String(index);
}

function pointerOf(steps: readonly (string | undefined)[]): string {
  return steps.map(step => `/${(step ?? '').replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
