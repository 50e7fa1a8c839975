import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Deployment} from '../../types.ts';

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The deployments that an Application of Argo CD remembers, newest first: it keeps the last ten. `isOwn` tells which of its
 * sources is the environment's. https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/ (status.history)
 */
export function argocdDeployments(
  application: JsonObject,
  isOwn: (source: JsonObject) => boolean,
): Deployment[] {
  const found = listAt(objectAt(application, 'status'), 'history')
    .filter(isObject)
    .flatMap((entry): Deployment[] => {
      const sources = listAt(entry, 'sources').filter(isObject);
      const several = sources.findIndex(isOwn);
      const revision = several < 0 ? stringAt(entry, 'revision') : listAt(entry, 'revisions')[several];
      // The source may have been another one by then.
      const isOurs = several >= 0 || (sources.length === 0 && isOwn(objectAt(entry, 'source')));
      const time = stringAt(entry, 'deployedAt');
      if (!isOurs || typeof revision !== 'string' || !commit.test(revision) || !isTime(time)) return [];
      const initiated = objectAt(entry, 'initiatedBy');
      const person = stringAt(initiated, 'username') ?? '';
      const started = stringAt(entry, 'deployStartedAt');
      return [
        {
          revision,
          time,
          by: person === '' || initiated['automated'] === true ? 'Argo CD' : `${person} (Argo CD)`,
          tool: 'Argo CD',
          pruned: null,
          tookSeconds: isTime(started) ? Math.max(0, (Date.parse(time) - Date.parse(started)) / 1000) : null,
        },
      ];
    });
  return found.sort(byTime);
}

/**
 * The deployments that a Kustomization of Flux remembers, newest first: since Flux 2.7 it keeps the last five states, and
 * when each was there first. https://fluxcd.io/flux/components/kustomize/kustomizations/#history
 */
export function fluxDeployments(kustomization: JsonObject): Deployment[] {
  const found = listAt(objectAt(kustomization, 'status'), 'history')
    .filter(isObject)
    .flatMap((entry): Deployment[] => {
      const revision = /(?:^|@)sha(?:1|256):([0-9a-f]+)$/.exec(
        stringAt(objectAt(entry, 'metadata'), 'revision') ?? '',
      )?.[1];
      const time = stringAt(entry, 'firstReconciled');
      const isDone = stringAt(entry, 'lastReconciledStatus') === 'ReconciliationSucceeded';
      if (!isDone || revision === undefined || !commit.test(revision) || !isTime(time)) return [];
      return [{revision, time, by: 'Flux', tool: 'Flux', pruned: null, tookSeconds: null}];
    });
  return found.sort(byTime);
}

/** Newest first. */
export function byTime(a: Deployment, b: Deployment): number {
  return Date.parse(b.time) - Date.parse(a.time);
}

function isTime(text: string | undefined): text is string {
  return text !== undefined && Number.isFinite(Date.parse(text));
}
