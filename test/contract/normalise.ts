import {isObject, type Json, type JsonObject, stringAt} from '../../source/resources/json.ts';

const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * An answer without what two servers can't agree on: uids, times, revisions, addresses, and the namespace's name.
 * Entries of managedFields are sorted without their times.
 */
export function normalise(value: Json, namespace: string): Json {
  if (typeof value === 'string') {
    return (
      value
        .replaceAll(namespace, '{ns}')
        .replace(time, 'TIME')
        .replace(uid, 'UID')
        // The whole object that a patch would make, in the order of Go's fields.
        .replace(/Invalid value: "\{.*\}": /, 'Invalid value: OBJECT: ')
        .replace(/ResourceVersion in record \(\d+\)/, 'ResourceVersion in record (RV)')
    );
  }
  if (Array.isArray(value)) return value.map(item => normalise(item, namespace));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === 'resourceVersion') result[name] = 'RV';
    else if (name === 'continue') result[name] = 'TOKEN';
    else if (name === 'clusterIP' && item !== 'None') result[name] = 'IP';
    else if (name === 'clusterIPs' && !(Array.isArray(item) && item[0] === 'None')) result[name] = ['IP'];
    else if (name === 'nodePort') result[name] = 'PORT';
    else if (name === 'managedFields' && Array.isArray(item)) {
      result[name] = normalise(
        item.toSorted((a, b) => (managerKey(a) < managerKey(b) ? -1 : 1)),
        namespace,
      );
    } else result[name] = normalise(item, namespace);
  }
  return result;
}

function managerKey(entry: Json): string {
  return `${stringAt(entry, 'operation')} ${stringAt(entry, 'manager')} ${stringAt(entry, 'subresource')}`;
}
