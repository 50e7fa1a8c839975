import {ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {attempt, type CompleteList, type Reads} from '../live/live.ts';
import {inPool} from '../pool.ts';
import {type ApplySet, membership, parseGroupKind, partOfLabel} from './apply-set.ts';

/** The live members of a set. */
export interface Members {
  members: readonly {kind: Kind; object: JsonObject}[];
  /** What could not be listed, and why; empty where these are all members. */
  unknown: readonly string[];
}

const parallel = 16;

/**
 * Finds every live member of the ApplySet: the kinds that its parent names, in the namespaces that it names. Lists that
 * were read for the comparison serve again. A kind that can't be listed is told, as is a group whose discovery failed;
 * a kind that is served no more has no objects. Throws only when aborted.
 */
export async function findMembers(
  cluster: Reads,
  catalog: KindCatalog,
  set: ApplySet,
  lists: readonly CompleteList[],
  signal: AbortSignal,
): Promise<Members> {
  const unknown: string[] = [];
  const places: {kind: Kind; namespace: string | undefined}[] = [];
  for (const text of set.groupKinds) {
    const {group, kind: name} = parseGroupKind(text);
    const failure = catalog.failures.get(group);
    const listed = lists.find(({kind}) => kind.group === group && kind.kind === name)?.kind;
    const kind = listed ?? catalog.preferred(group, name);
    if (kind === undefined) {
      if (failure !== undefined) unknown.push(`${text}: ${failure}`);
      continue;
    }
    const namespaces = kind.namespaced ? [set.parent.namespace, ...set.namespaces] : [undefined];
    for (const namespace of namespaces) places.push({kind, namespace});
  }

  const found = await inPool(places, parallel, async ({kind, namespace}) => {
    const known = coveringList(lists, kind, namespace);
    if (known !== undefined) return known.map(object => ({kind, object}));
    const labelSelector = `${partOfLabel}=${set.id}`;
    const answer = await attempt(
      () => cluster.list(kind, {...(namespace === undefined ? {} : {namespace}), labelSelector, signal}),
      signal,
    );
    if (answer instanceof ClusterError) {
      const where = namespace === undefined ? '' : ` in ${namespace}`;
      unknown.push(`${kind.plural}${where} can't be listed: ${answer.message}`);
      return [];
    }
    return (answer?.items ?? []).map(object => ({kind, object}));
  });
  // Some aggregated APIs ignore selectors (drift trap 54).
  return {members: found.flat().filter(({object}) => membership(object) === set.id), unknown};
}

function coveringList(
  lists: readonly CompleteList[],
  kind: Kind,
  namespace: string | undefined,
): readonly JsonObject[] | undefined {
  const same = lists.filter(list => list.kind.group === kind.group && list.kind.kind === kind.kind);
  const exact = same.find(list => list.namespace === namespace);
  if (exact !== undefined) return exact.items;
  const everywhere = same.find(list => list.namespace === undefined);
  return everywhere?.items.filter(item => stringAt(objectAt(item, 'metadata'), 'namespace') === namespace);
}
