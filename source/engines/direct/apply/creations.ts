import {identityKey, identityOf} from '../../../resources/identity.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import type {ClusterView, Examined} from '../inspection.ts';
import {attempt} from '../live/live.ts';
import {inPool} from '../pool.ts';
import {asMember} from './apply-set.ts';
import {rehearse} from './rehearsal.ts';

const parallel = 16;
const noPromises = {namespaces: new Set<string>(), kinds: new Set<string>()};

/**
 * Dry-runs the creation of what is not live, as a plan does, and gives what the server has against it, in words. Nothing
 * of what may not be asked, nor of what waits for a kind or a namespace that `wanted` brings. Throws only when aborted.
 */
export async function refusedCreations(
  {cluster, applySet}: Pick<ClusterView, 'cluster' | 'applySet'>,
  missing: readonly Examined[],
  wanted: readonly DesiredResource[],
  signal: AbortSignal,
): Promise<Map<Examined, string>> {
  const refused = new Map<Examined, string>();
  const keys = new Set(wanted.map(({object}) => identityKey(identityOf(object))));
  const setting = {cluster, setId: applySet.id, promised: noPromises, force: false, signal};
  await inPool(missing, parallel, async item => {
    const {kind, id} = item.target;
    if (kind === undefined || item.prepared.error !== null) return;
    const {group, plural: resource} = kind;
    const right = {verb: 'patch', group, resource, namespace: id.namespace};
    if ((await attempt(() => cluster.allowed(right, signal), signal)) === false) return;
    const {trouble, reason} = await rehearse(setting, item, asMember(item.prepared.object, applySet.id));
    const isPromised = keys.has(
      identityKey({group: '', kind: 'Namespace', namespace: '', name: id.namespace}),
    );
    if (trouble === null || reason === null) return;
    if (isPromised && /namespaces? "[^"]*" not found/.test(reason)) return;
    refused.set(item, reason);
  });
  return refused;
}
