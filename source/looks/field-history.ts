import {lookup} from '../drift/lookup.ts';
import {prepareDesired} from '../drift/normalise.ts';
import {unhashedName} from '../drift/pairing.ts';
import type {Commit} from '../repository/types.ts';
import type {FieldPath} from '../resources/field-path.ts';
import {identityOf, type ResourceId} from '../resources/identity.ts';
import {equalJson, type Json} from '../resources/json.ts';
import type {SchemaNode} from '../resources/schema.ts';
import type {DesiredResource} from '../sources/types.ts';

/** What an environment wanted at a commit; null where it can't be rendered there. */
export type WantedAt = (sha: string) => Promise<readonly DesiredResource[] | null>;

/** Which field of which resource. */
export interface FieldPlace {
  id: ResourceId;
  elements: FieldPath;
  /** Of resources that name none; null where it is not known. */
  namespace: string | null;
  /** The server's, where it is known: items of lists are found by it where git leaves a key out. */
  schema: SchemaNode | undefined;
}

/** A commit, and what stood at the field before and after it. */
export interface ValueChange {
  commit: Commit;
  before: Json | undefined;
  after: Json | undefined;
}

/**
 * Tells, newest first, the commits among these that changed what git wants at a path of a resource, rendered: each against
 * its first parent. A commit that can't be rendered is told of nobody; the next one that can is against the last one that
 * could.
 */
export async function walkField(
  commits: readonly Commit[],
  field: FieldPlace,
  wantedAt: WantedAt,
  tell: (change: ValueChange) => void,
): Promise<void> {
  // Equal files are rendered once: `wantedAt` remembers, and the parent of one is mostly the next one's own state.
  const valueAt = async (sha: string) => {
    const wanted = await wantedAt(sha);
    return wanted === null ? null : {value: fieldValue(wanted, field)};
  };
  // Between it and the last one that could be rendered others may have had their part: it is the first to show it.
  const earlier = async (index: number) => {
    for (const {sha} of commits.slice(index + 1)) {
      const found = await valueAt(sha);
      if (found !== null) return found;
    }
    return {value: undefined};
  };
  for (const [index, commit] of commits.entries()) {
    const [parent] = commit.parents;
    const after = await valueAt(commit.sha);
    if (after === null) continue;
    const before =
      parent === undefined ? {value: undefined} : ((await valueAt(parent)) ?? (await earlier(index)));
    if (equalJson(before.value, after.value)) continue;
    tell({commit, before: before.value, after: after.value});
  }
}

/** What git wants at a path of a resource; undefined for nothing. */
export function fieldValue(
  wanted: readonly DesiredResource[],
  {id, elements, namespace, schema}: FieldPlace,
): Json | undefined {
  const found = desiredOf(wanted, id, namespace);
  if (found === undefined) return undefined;
  return lookup(prepareDesired(found.object, schema).object, schema, elements);
}

/** The resource of this identity in what git wants: by its name, else by the one that a generator gave it a hash for. */
export function desiredOf(
  wanted: readonly DesiredResource[],
  id: ResourceId,
  namespace: string | null,
): DesiredResource | undefined {
  const same = wanted.filter(({object}) => {
    const own = identityOf(object);
    const place = own.namespace || (namespace ?? '');
    return own.group === id.group && own.kind === id.kind && (place === id.namespace || own.namespace === '');
  });
  return (
    same.find(({object}) => identityOf(object).name === id.name) ??
    same.find(({object}) => bareName(identityOf(object)) === bareName(id))
  );
}

function bareName(id: ResourceId): string {
  return unhashedName(id) ?? id.name;
}
