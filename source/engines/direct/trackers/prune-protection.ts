import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import {fluxKeeps} from './flux-ignore.ts';

const syncOptions = 'argocd.argoproj.io/sync-options';
const resourcePolicy = 'helm.sh/resource-policy';

/**
 * The mark by which a live object asks not to be deleted, in words; null where there is none. Whoever's mark it is, a sync
 * obeys it: what Argo CD would ask about first is not deleted without that question either.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources
 * https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource
 */
export function protectedBy(live: JsonObject): string | null {
  const annotations = objectAt(objectAt(live, 'metadata'), 'annotations');
  const listed = (name: string) => (stringAt(annotations, name) ?? '').split(',').map(item => item.trim());
  const option = listed(syncOptions).find(each => /^(?:Prune|Delete)=(?:false|confirm)$/.test(each));
  if (option !== undefined) return `${syncOptions} is ${option}`;
  if (listed(resourcePolicy).includes('keep')) return `${resourcePolicy} is keep`;
  return fluxKeeps(live);
}
