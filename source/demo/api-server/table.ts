import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {Served} from './registry.ts';

interface Column {
  name: string;
  type: string;
  cell(object: JsonObject): Json;
}

const replicas = (object: JsonObject, name: string): number => Number(objectAt(object, 'status')[name] ?? 0);
const wanted = (object: JsonObject): number => Number(objectAt(object, 'spec')['replicas'] ?? 0);
const ready = (object: JsonObject): string => `${replicas(object, 'readyReplicas')}/${wanted(object)}`;
const column = (name: string, type: string, cell: Column['cell']): Column => ({name, type, cell});

const columnsOf: Record<string, readonly Column[]> = {
  Deployment: [
    column('Ready', 'string', ready),
    column('Up-to-date', 'string', object => replicas(object, 'updatedReplicas')),
    column('Available', 'string', object => replicas(object, 'availableReplicas')),
  ],
  StatefulSet: [column('Ready', 'string', ready)],
  ReplicaSet: [
    column('Desired', 'integer', wanted),
    column('Current', 'integer', object => replicas(object, 'replicas')),
    column('Ready', 'integer', object => replicas(object, 'readyReplicas')),
  ],
  ConfigMap: [
    column(
      'Data',
      'string',
      object =>
        Object.keys(objectAt(object, 'data')).length + Object.keys(objectAt(object, 'binaryData')).length,
    ),
  ],
  Secret: [
    column('Type', 'string', object => stringAt(object, 'type') ?? ''),
    column('Data', 'string', object => Object.keys(objectAt(object, 'data')).length),
  ],
  Namespace: [column('Status', 'string', object => stringAt(objectAt(object, 'status'), 'phase') ?? '')],
  Service: [
    column('Type', 'string', object => stringAt(objectAt(object, 'spec'), 'type') ?? ''),
    column('Cluster-IP', 'string', object => stringAt(objectAt(object, 'spec'), 'clusterIP') ?? '<none>'),
    column('External-IP', 'string', () => '<none>'),
    column('Port(s)', 'string', object =>
      listAt(objectAt(object, 'spec'), 'ports')
        .filter(isObject)
        .map(
          port =>
            `${String(port['port'])}${port['nodePort'] === undefined ? '' : `:${String(port['nodePort'])}`}/${String(port['protocol'])}`,
        )
        .join(','),
    ),
  ],
};

/** A Table of objects, as kubectl asks for it. Source: kubernetes, pkg/printers/internalversion. */
export function table(
  objects: readonly JsonObject[],
  served: Served,
  metadata: JsonObject,
  include: string | null,
  now: Date,
): JsonObject {
  const columns = [...(columnsOf[served.resource.kind] ?? []), ...customColumns(served)];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [
      {name: 'Name', type: 'string', format: 'name', description: '', priority: 0},
      ...columns.map(({name, type}) => ({name, type, format: '', description: '', priority: 0})),
      {name: 'Age', type: 'string', format: '', description: '', priority: 0},
    ],
    rows: objects.map(object => {
      const own = objectAt(object, 'metadata');
      return {
        cells: [
          stringAt(own, 'name') ?? '',
          ...columns.map(({cell}) => cell(object)),
          age(stringAt(own, 'creationTimestamp'), now),
        ],
        object: include === 'Object' ? object : include === 'None' ? null : partial(object),
      };
    }),
  };
}

/** An object's metadata alone. */
export function partial(object: JsonObject): JsonObject {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: objectAt(object, 'metadata'),
  };
}

/** The metadata of objects alone. */
export function partialList(objects: readonly JsonObject[], metadata: JsonObject): JsonObject {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    items: objects.map(partial),
  };
}

// Only plain paths: `.spec.replicas`.
function customColumns(served: Served): Column[] {
  return served.version.columns.filter(isObject).flatMap(definition => {
    const path = stringAt(definition, 'jsonPath') ?? '';
    const name = stringAt(definition, 'name') ?? '';
    if (!/^(\.[A-Za-z0-9_-]+)+$/.test(path) || name === 'Age' || Number(definition['priority'] ?? 0) > 0)
      return [];
    return column(name, stringAt(definition, 'type') ?? 'string', object => {
      let value: Json | undefined = object;
      for (const step of path.split('.').slice(1)) value = isObject(value) ? value[step] : undefined;
      return value ?? null;
    });
  });
}

/** `12s`, `5m`, `3h10m`, `2d`: how old something is, as kubectl writes it. */
function age(created: string | undefined, now: Date): string {
  if (created === undefined) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(created)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  return days < 8 && hours % 24 !== 0 ? `${days}d${hours % 24}h` : `${days}d`;
}
