import {createHash} from 'node:crypto';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
  stringifyJson,
} from '../../../resources/json.ts';

/**
 * A hash of an object that stays the same while only its status moves: without status, resourceVersion, and the times
 * in managedFields. Who owns which field counts, as a verdict hangs on it. '' for no object.
 */
export function fingerprint(object: JsonObject | null): string {
  if (object === null) return '';
  const {status: _status, metadata: _metadata, ...rest} = object;
  const {resourceVersion: _version, managedFields: _fields, ...metadata} = objectAt(object, 'metadata');
  const owners = listAt(objectAt(object, 'metadata'), 'managedFields').flatMap(entry => {
    if (!isObject(entry) || stringAt(entry, 'subresource') === 'status') return [];
    const {time: _time, ...owner} = entry;
    return [owner];
  });
  return createHash('sha256')
    .update(stringifyJson(sorted([rest, metadata, owners])))
    .digest('base64');
}

// Servers promise no order of keys.
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key] ?? null)]),
  );
}
