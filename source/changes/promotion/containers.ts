import {type ImageReference, parseImage} from '../../registries/reference.ts';
import type {FieldPath, PathElement} from '../../resources/field-path.ts';
import {identityOf} from '../../resources/identity.ts';
import {isObject, type Json, type JsonObject, stringAt} from '../../resources/json.ts';

/** An image that an object runs. */
export interface ContainerImage {
  path: FieldPath;
  /** The container's name, or the field that holds the image where it has none. */
  container: string;
  /** True for a container that runs before the others. */
  isInit: boolean;
  text: string;
  image: ImageReference;
}

// Kinds in which a field of the name `image` is no container's: schemas, disks, somebody's configuration.
const without = new Set([
  'CustomResourceDefinition',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'StorageClass',
]);
// The disks of a pod (`rbd.image`), and what controllers say of it.
const skipped = new Set(['metadata', 'status', 'volumes', 'volumeClaimTemplates']);

/**
 * The images of an object: of a pod template wherever it stands (a CronJob's, a Rollout's), init containers too, and the
 * `image` fields of other custom resources, in the order of the object.
 */
export function containerImages(object: JsonObject): ContainerImage[] {
  const found: ContainerImage[] = [];
  if (without.has(identityOf(object).kind)) return found;
  walk(object, [], found);
  return found;
}

function walk(value: Json, path: FieldPath, found: ContainerImage[]): void {
  if (Array.isArray(value)) {
    const elements = elementsOf(value);
    for (const [index, item] of value.entries()) {
      const element = elements[index];
      if (element !== undefined) walk(item, [...path, element], found);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    if (skipped.has(name)) continue;
    const inner: FieldPath = [...path, {type: 'field', name}];
    const image = name === 'image' && typeof item === 'string' ? parseImage(item) : null;
    if (image === null || typeof item !== 'string') walk(item, inner, found);
    else {
      const parent = path.findLast(element => element.type === 'field');
      found.push({
        path: inner,
        container: stringAt(value, 'name') ?? (parent?.type === 'field' ? parent.name : 'image'),
        isInit: parent?.type === 'field' && parent.name === 'initContainers',
        text: item,
        image,
      });
    }
  }
}

/** How the items of a list are addressed: by their names where these tell all of them apart, else by their place. */
function elementsOf(items: readonly Json[]): PathElement[] {
  const names = items.map(item => stringAt(item, 'name'));
  const isNamed = !names.includes(undefined) && new Set(names).size === names.length;
  return names.map((name, index) =>
    isNamed && name !== undefined ? {type: 'keys', keys: {name}} : {type: 'index', index},
  );
}
