import type {FieldPath} from '../resources/field-path.ts';
import {isObject, type Json, type JsonObject, objectAt} from '../resources/json.ts';
import type {Mask} from '../secrets/mask.ts';
import {isSecret, lastApplied} from './normalise.ts';

/** A value of an object as it may be shown: what a Secret keeps secret is masked. */
export function maskedValue(object: JsonObject, path: FieldPath, value: Json, mask: Mask): Json {
  if (!isSecret(object)) return value;
  const [first] = path;
  if (first?.type !== 'field') return value;
  if (first.name === 'data' || first.name === 'stringData') {
    return path.length === 1 ? maskedMap(value, mask) : mask(value);
  }
  const last = path.at(-1);
  return last?.type === 'field' && last.name === lastApplied ? mask(value) : value;
}

/** An object as it may be shown: without managedFields, and with a Secret's values masked. */
export function shownObject(object: JsonObject, mask: Mask): JsonObject {
  const {managedFields: _, ...metadata} = objectAt(object, 'metadata');
  const shown: JsonObject = {...object, metadata};
  if (!isSecret(object)) return shown;
  for (const name of ['data', 'stringData']) {
    const value = shown[name];
    if (value !== undefined) shown[name] = maskedMap(value, mask);
  }
  const annotations = metadata['annotations'];
  if (isObject(annotations) && annotations[lastApplied] !== undefined) {
    metadata['annotations'] = {...annotations, [lastApplied]: mask(annotations[lastApplied])};
  }
  return shown;
}

function maskedMap(value: Json, mask: Mask): Json {
  if (!isObject(value)) return mask(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
}
