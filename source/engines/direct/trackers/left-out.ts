import type {LeftOut} from '../../../drift/types.ts';
import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import type {Target} from '../compare/targets.ts';
import {fluxLeavesAlone} from './flux-ignore.ts';

/** What decides about leaving something out. */
export interface Deployers {
  /** True where a Flux Kustomization applies the folder: to Flux, Argo CD's and Helm's hooks are ordinary objects. */
  byFlux: boolean;
}

/**
 * Why a resource of git is neither compared nor applied, nor missed where it is not live; null for most. Hooks run while
 * Argo CD or Helm deploys, and may be gone afterwards: whoever applied them along with the rest would run them each time.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks
 */
export function leftOutReason(object: JsonObject, {byFlux}: Deployers): string | null {
  if (byFlux) {
    const why = fluxLeavesAlone(object);
    return why === null ? null : `${why}: Flux doesn't apply it`;
  }
  const annotations = objectAt(objectAt(object, 'metadata'), 'annotations');
  const hook = stringAt(annotations, 'argocd.argoproj.io/hook');
  if (hook !== undefined) return `a hook of Argo CD (${hook}): it runs in a sync of Argo CD, not in this one`;
  const ofHelm = stringAt(annotations, 'helm.sh/hook');
  // Helm 2 made CustomResourceDefinitions by that mark: they are no hooks.
  if (ofHelm === undefined || ofHelm === 'crd-install') return null;
  return `a hook of Helm (${ofHelm}): it runs when Helm or Argo CD deploys, not in this sync`;
}

/** Parts the resources of git in those that are compared and those that are left out. */
export function leaveOut(
  targets: readonly Target[],
  deployers: Deployers,
): {targets: Target[]; leftOut: LeftOut[]} {
  const kept: Target[] = [];
  const leftOut: LeftOut[] = [];
  for (const target of targets) {
    const reason = leftOutReason(target.object, deployers);
    if (reason === null) kept.push(target);
    else leftOut.push({id: target.id, source: target.desired.location, reason});
  }
  return {targets: kept, leftOut};
}
