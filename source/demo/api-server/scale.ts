import {type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {mergePatch} from './json-patch.ts';
import {apiVersionOf} from './registry.ts';
import {badRequest, invalid} from './status.ts';
import type {Write, Writer} from './writer.ts';

/** The Scale of a Deployment, StatefulSet or ReplicaSet. */
export function scaleOf(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const kept: JsonObject = {};
  for (const name of ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp']) {
    const value = metadata[name];
    if (value !== undefined) kept[name] = value;
  }
  const spec = objectAt(object, 'spec');
  const replicas = Number(spec['replicas'] ?? 0);
  const selector = formatSelector(objectAt(spec, 'selector'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: kept,
    spec: replicas === 0 ? {} : {replicas},
    status: {
      replicas: Number(objectAt(object, 'status')['replicas'] ?? 0),
      ...(selector === '' ? {} : {selector}),
    },
  };
}

/** PUT of a Scale: writes spec.replicas of the scaled object, owned by the manager's `scale` entry. */
export function replaceScale(body: Json, write: Write, writer: Writer): JsonObject {
  const live = writer.live(write);
  return scaleOf(writeReplicas(body, live, write, writer));
}

/** Merge or JSON patch of a Scale. */
export function patchScale(
  patch: (scale: JsonObject) => JsonObject,
  write: Write,
  writer: Writer,
): JsonObject {
  const live = writer.live(write);
  return scaleOf(writeReplicas(patch(scaleOf(live)), live, write, writer));
}

/** Server-side apply of a Scale: an apply of spec.replicas alone. */
export function applyScale(body: Json, write: Write, force: boolean, writer: Writer): JsonObject {
  writer.live(write);
  const applied: JsonObject = {
    apiVersion: apiVersionOf(write.served),
    kind: write.served.resource.kind,
    metadata: {name: write.name},
    spec: {replicas: replicasOf(body)},
  };
  return scaleOf(writer.apply(applied, write, force).object);
}

function writeReplicas(scale: Json, live: JsonObject, write: Write, writer: Writer): JsonObject {
  const replicas = replicasOf(scale);
  if (replicas < 0) {
    throw invalid({group: 'autoscaling', plural: 'scales', kind: 'Scale'}, write.name, [
      {
        type: 'invalid',
        field: 'spec.replicas',
        message: `${replicas}: must be greater than or equal to 0`,
      },
    ]);
  }
  const metadata = objectAt(scale, 'metadata');
  const change: JsonObject = {spec: {replicas}};
  for (const name of ['uid', 'resourceVersion', 'name']) {
    const value = metadata[name];
    if (typeof value === 'string' && value !== '') {
      change['metadata'] = {...objectAt(change, 'metadata'), [name]: value};
    }
  }
  return writer.patch(() => {
    const patched = mergePatch(live, change);
    return objectAt({patched}, 'patched');
  }, write);
}

function replicasOf(scale: Json): number {
  const replicas = objectAt(scale, 'spec')['replicas'] ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest(
      'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32',
    );
  }
  return replicas;
}

/** A label selector object as text: `app=web,tier in (a,b)`. */
export function formatSelector(selector: JsonObject): string {
  const parts = Object.entries(objectAt(selector, 'matchLabels')).map(([key, value]): [string, string] => [
    key,
    `${key}=${String(value)}`,
  ]);
  for (const expression of listAt(selector, 'matchExpressions')) {
    const key = stringAt(expression, 'key') ?? '';
    const values = listAt(expression, 'values').map(String).sort().join(',');
    const operator = stringAt(expression, 'operator');
    const text =
      operator === 'Exists'
        ? key
        : operator === 'DoesNotExist'
          ? `!${key}`
          : `${key} ${operator === 'In' ? 'in' : 'notin'} (${values})`;
    parts.push([key, text]);
  }
  return parts
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(',');
}
