import type {FieldPath} from './field-path.ts';
import {isObject, type Json, type JsonObject} from './json.ts';

/** An image that an object names, and where. */
export interface ContainerImage {
  path: FieldPath;
  container: string;
  image: string;
}

/** The fields of a pod that are lists of its containers. */
export const containerLists: ReadonlySet<string> = new Set([
  'containers',
  'initContainers',
  'ephemeralContainers',
]);
const deepest = 40;

/**
 * The images of an object's containers: of pods, of every workload's pod template, and of whatever custom kind has lists of
 * containers in it. Containers are found by their names, as in a patch.
 */
export function containerImages(object: JsonObject): ContainerImage[] {
  const found: ContainerImage[] = [];
  // What a schema or a text says of containers is no container.
  if (object['kind'] === 'CustomResourceDefinition' || object['kind'] === 'ConfigMap') return found;
  collect(object, [], found);
  return found;
}

function collect(value: Json, path: FieldPath, found: ContainerImage[]): void {
  if (path.length > deepest) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      collect(item, [...path, {type: 'index', index}], found);
    });
    return;
  }
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const here: FieldPath = [...path, {type: 'field', name}];
    if (!containerLists.has(name) || !Array.isArray(inner)) {
      collect(inner, here, found);
      continue;
    }
    inner.forEach((item, index) => {
      if (!isObject(item)) return;
      const {name: container, image} = item;
      const isNamed = typeof container === 'string';
      const element = isNamed
        ? ({type: 'keys', keys: {name: container}} as const)
        : ({type: 'index', index} as const);
      if (typeof image === 'string' && image !== '') {
        const at: FieldPath = [...here, element, {type: 'field', name: 'image'}];
        found.push({path: at, container: isNamed ? container : String(index), image});
      }
    });
  }
}
