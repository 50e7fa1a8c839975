import type {FieldPath} from '../resources/field-path.ts';
import {isObject, type Json, type JsonObject, objectAt} from '../resources/json.ts';
import {isSecretKind, secretTexts} from '../secrets/known.ts';
import type {Mask} from '../secrets/mask.ts';
import {lastApplied} from './normalise.ts';

/** What maps of values of a Secret are called. */
const valueMaps = ['data', 'stringData', 'binaryData'];

/** A value of an object as it may be shown: what a Secret keeps secret is masked. */
export function maskedValue(object: JsonObject, path: FieldPath, value: Json, mask: Mask): Json {
  if (!isSecretKind(object)) return value;
  const names = path.map(element => (element.type === 'field' ? element.name : ''));
  const [first = ''] = names;
  if (valueMaps.includes(first)) return path.length === 1 ? maskedMap(value, mask) : mask(value);
  if (first !== 'metadata' || names[1] !== 'annotations') return value;
  if (path.length === 2) return maskedAnnotations(object, value, mask);
  return maskedAnnotation(object, names[2] ?? '', value, mask);
}

/** An object as it may be shown: without managedFields, and with a Secret's values masked. */
export function shownObject(object: JsonObject, mask: Mask): JsonObject {
  const {managedFields: _, ...metadata} = objectAt(object, 'metadata');
  const shown: JsonObject = {...object, metadata};
  if (!isSecretKind(object)) return shown;
  for (const name of valueMaps) {
    const value = shown[name];
    if (value !== undefined) shown[name] = maskedMap(value, mask);
  }
  const {annotations} = metadata;
  if (annotations !== undefined) metadata['annotations'] = maskedAnnotations(object, annotations, mask);
  return shown;
}

function maskedMap(value: Json, mask: Mask): Json {
  if (!isObject(value)) return mask(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
}

function maskedAnnotations(object: JsonObject, value: Json, mask: Mask): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, maskedAnnotation(object, name, item, mask)]),
  );
}

/**
 * An annotation of a Secret: masked where it holds an object, as kubectl, kapp and Rancher (gzipped) keep there what they
 * applied, perhaps with values of yesterday; and where a value of today is in it.
 */
function maskedAnnotation(object: JsonObject, name: string, value: Json, mask: Mask): Json {
  if (typeof value !== 'string' || name === lastApplied) return mask(value);
  const isObjectText = /^\s*[{[]|^H4sI/.test(value);
  return isObjectText || secretTexts(object).some(text => text.length >= shortest && value.includes(text))
    ? mask(value)
    : value;
}

/** Shorter values are in every other word. */
const shortest = 4;
