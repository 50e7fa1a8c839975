import {splitApiVersion} from '../../resources/identity.ts';
import {isObject, type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import {mergePatch} from './json-patch.ts';
import type {Registry} from './registry.ts';
import type {Store} from './store.ts';
import {type Write, Writer} from './writer.ts';

/** Who wrote a seeded object, how and when. */
export interface Seed {
  /** The field manager: `gitops-tui`, `kubectl-edit`. */
  manager: string;
  /**
   * `Apply`: a forced server-side apply of exactly this. `Update`: creates the object or, where it is there, merges
   * this into it, as an edit does.
   */
  operation: 'Apply' | 'Update';
  /** RFC 3339: creationTimestamp of a new object and the time of the owner's entry. */
  time: string;
  /** Which part is written: default the object itself. Its status is never written that way. */
  subresource?: 'status' | 'scale';
}

/** Writes one object past authentication; gives it as it is then. Throws ApiError, and Error for a kind that isn't served. */
export function seedObject(object: JsonObject, by: Seed, registry: Registry, store: Store): JsonObject {
  const {group, version} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
  const kind = stringAt(object, 'kind') ?? '';
  const resource = registry.byKind(group, kind);
  const at = resource?.versions.find(served => served.version === version);
  if (resource === undefined || at === undefined) {
    throw new Error(
      `the embedded API server has no ${kind} of ${stringAt(object, 'apiVersion') ?? 'no apiVersion'}`,
    );
  }
  const metadata = objectAt(object, 'metadata');
  const writer = new Writer(registry, store, () => new Date(by.time));
  const write: Write = {
    served: {resource, version: at},
    namespace: resource.namespaced ? (stringAt(metadata, 'namespace') ?? 'default') : '',
    name: stringAt(metadata, 'name') ?? '',
    subresource: by.subresource ?? '',
    manager: by.manager,
    dryRun: false,
    fieldValidation: 'Strict',
    warn: () => undefined,
  };
  if (by.operation === 'Apply') return writer.apply(object, write, true).object;
  if (writer.find(write) === undefined) return writer.create(object, write);
  return writer.patch(live => {
    const merged = mergePatch(live, object);
    return isObject(merged) ? merged : live;
  }, write);
}
