import fc from 'fast-check';
import {isObject, type Json, type JsonObject} from '../../../source/resources/json.ts';

/** One change: what is done, and which of the places where it can be done (modulo their number) it is done at. */
export interface Change {
  what: keyof typeof changers;
  where: number;
}

interface Place {
  holder: JsonObject | Json[];
  key: string | number;
  value: Json;
  path: string;
}

const equalAmounts: Record<string, string> = {
  '1': '1000m',
  '1000m': '1',
  '500m': '0.5',
  '0.5': '500m',
  '1Gi': '1024Mi',
  '1024Mi': '1Gi',
  '2000m': '2',
  '1G': '1000M',
  '500M': '0.5G',
};

const zeros: Record<string, JsonObject> = {
  metadata: {labels: {}, creationTimestamp: null},
  spec: {
    paused: false,
    minReadySeconds: 0,
    suspend: false,
    publishNotReadyAddresses: false,
    hostNetwork: false,
  },
  livenessProbe: {initialDelaySeconds: 0, periodSeconds: 0},
  container: {resources: {}, env: [], tty: false, securityContext: {}},
};

/** Each gives false where it cannot be done at the place. */
const changers = {
  remove: ({holder, key}: Place) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return true;
  },
  change: ({holder, key, value}: Place) => {
    const other = another(value);
    if (other === undefined) return false;
    put(holder, key, other);
    return true;
  },
  respell: ({holder, key, value, path}: Place) => {
    const other = typeof value === 'string' ? equalAmounts[value] : undefined;
    if (other === undefined || !/(limits|requests)\.\w+$/.test(path)) return false;
    put(holder, key, other);
    return true;
  },
  null: ({holder, key}: Place) => {
    if (Array.isArray(holder)) return false;
    holder[key] = null;
    return true;
  },
  reorder: ({value}: Place) => {
    if (!Array.isArray(value) || value.length < 2) return false;
    value.reverse();
    return true;
  },
  zero: ({value, key, path}: Place) => {
    if (!isObject(value)) return false;
    const more = zeros[/ontainers\.\d+$/.test(path) ? 'container' : String(key)];
    if (more === undefined) return false;
    for (const [name, zero] of Object.entries(more)) value[name] ??= zero;
    return true;
  },
  add: ({value, key, path}: Place) => {
    if (Array.isArray(value) && key === 'env') value.push({name: 'ADDED', value: 'new'});
    else if (Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'string'))
      value.push('added');
    else if (isObject(value) && /(labels|annotations|ata|nodeSelector|free)$/.test(path))
      value['added'] = 'YWRk';
    else return false;
    return true;
  },
};

const repertoire = Object.keys(changers) as (keyof typeof changers)[];

/** Any change. */
export const anyChange: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom(...repertoire),
  where: fc.nat(1000),
});

/** Does a change to a copy of an object; the object itself where there is no place for it. */
export function changed(object: JsonObject, {what, where}: Change): JsonObject {
  const copy = structuredClone(object);
  const all = [...places(copy)];
  for (let index = 0; index < all.length; index++) {
    const place = all[(where + index) % all.length];
    if (place !== undefined && changers[what](place)) return copy;
  }
  return object;
}

// Names, selectors and what only the server writes are not changed: another name is another object.
const kept =
  /^(apiVersion|kind|status|metadata\.(name|namespace|uid|resourceVersion|generation|creationTimestamp|managedFields|annotations\.kubectl)|spec\.selector)|template\.metadata\.labels/;

function* places(holder: JsonObject | Json[], above = ''): Generator<Place> {
  const entries: [string | number, Json][] = Array.isArray(holder)
    ? [...holder.entries()]
    : Object.entries(holder);
  for (const [key, value] of entries) {
    const path = above === '' ? String(key) : `${above}.${key}`;
    if (kept.test(path)) continue;
    if (path !== 'metadata' && path !== 'spec') yield {holder, key, value, path};
    if (Array.isArray(value) || isObject(value)) yield* places(value, path);
  }
}

function put(holder: JsonObject | Json[], key: string | number, value: Json): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else holder[key] = value;
}

function another(value: Json): Json | undefined {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return undefined;
  const choices = ['alpha', 'beta', '2', '2Gi', 'IfNotPresent', 'Always', 'UDP', 'Recreate', 'YmV0YQ=='];
  return choices[(choices.indexOf(value) + value.length + 1) % choices.length] ?? 'alpha';
}
