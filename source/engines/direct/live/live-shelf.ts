import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';

/** Live objects of one kind, by namespace and name. */
export class LiveShelf {
  readonly #objects = new Map<string, JsonObject>();
  /** What was asked for since the last change, by namespace: many environments ask for the same. */
  readonly #lists = new Map<string | undefined, readonly JsonObject[]>();

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string, name: string): JsonObject | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  /** The object that stands where this one would. */
  like(object: JsonObject): JsonObject | undefined {
    return this.#objects.get(keyOf(object));
  }

  set(object: JsonObject): void {
    this.#objects.set(keyOf(object), object);
    this.#lists.clear();
  }

  /** True where there was one. */
  delete(object: JsonObject): boolean {
    this.#lists.clear();
    return this.#objects.delete(keyOf(object));
  }

  /** The objects of a namespace, or (undefined) of all: as they are now, whatever changes later. */
  in(namespace: string | undefined): readonly JsonObject[] {
    let items = this.#lists.get(namespace);
    if (items === undefined) {
      if (namespace === undefined) this.#lists.set(undefined, [...this.#objects.values()]);
      else
        for (const [name, group] of Map.groupBy(this.#objects.values(), namespaceOf))
          this.#lists.set(name, group);
      items = this.#lists.get(namespace) ?? [];
    }
    return items;
  }

  /** True where both hold the very same objects. */
  equals(other: LiveShelf): boolean {
    if (this.size !== other.size) return false;
    for (const [key, object] of this.#objects) if (other.#objects.get(key) !== object) return false;
    return true;
  }
}

/** The version of an object. */
export function versionOf(object: JsonObject): string | undefined {
  return stringAt(objectAt(object, 'metadata'), 'resourceVersion');
}

/** True where two objects are the same one at the same version. */
export function isSameVersion(one: JsonObject, other: JsonObject): boolean {
  const [a, b] = [objectAt(one, 'metadata'), objectAt(other, 'metadata')];
  return (
    a['resourceVersion'] !== undefined &&
    a['resourceVersion'] === b['resourceVersion'] &&
    a['uid'] === b['uid']
  );
}

/** The namespace of an object, '' for none. */
export function namespaceOf(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'namespace') ?? '';
}

function keyOf(object: JsonObject): string {
  return `${namespaceOf(object)}/${stringAt(objectAt(object, 'metadata'), 'name') ?? ''}`;
}
