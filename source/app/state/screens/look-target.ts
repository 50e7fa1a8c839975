import type {ResourceDrift} from '../../../drift/types.ts';
import type {LookTarget} from '../../../looks/types.ts';
import type {ResourceId} from '../../../resources/identity.ts';
import {objectAt, stringAt} from '../../../resources/json.ts';
import {type AppState, currentEnvironment, currentScreen, resourcesOf} from '../state.ts';
import {chosenRow} from './environment-screen.ts';
import type {TreeRow} from './tree.ts';

/** The row that is chosen in an environment's tree; undefined elsewhere. */
export function lookedRow(state: AppState): TreeRow | undefined {
  const screen = currentScreen(state);
  return screen.id === 'environment' ? chosenRow(state, screen) : undefined;
}

/** The resource that is chosen; undefined where none is. */
export function lookedResource(state: AppState): ResourceDrift | undefined {
  const row = lookedRow(state);
  return row === undefined || row.kind === 'namespace' ? undefined : row.resource;
}

/** A resource as the cluster has it: by the name that it has there. */
export function liveTarget({id, version, live}: ResourceDrift): {id: ResourceId; version: string} {
  const name = live === null ? undefined : stringAt(objectAt(live, 'metadata'), 'name');
  return {id: {...id, name: name ?? id.name}, version};
}

/** What events are of here: the chosen resource, the chosen namespace, else all namespaces of the environment. */
export function eventsTarget(state: AppState): LookTarget {
  const row = lookedRow(state);
  if (row?.kind === 'namespace' && row.namespace !== '')
    return {of: 'namespaces', namespaces: [row.namespace]};
  const resource = lookedResource(state);
  if (resource !== undefined) return {of: 'resource', ...liveTarget(resource)};
  const known = currentEnvironment(state);
  const named = resourcesOf(known).map(({id}) => id.namespace);
  const own = known?.environment.namespace ?? '';
  const namespaces = [...new Set([own, ...named])].filter(name => name !== '').sort();
  return {of: 'namespaces', namespaces: namespaces.length === 0 ? ['default'] : namespaces};
}

const workloads: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
  '/Pod',
  '/ReplicationController',
]);

/** Kinds of Kubernetes itself that have no pods of their own; of kinds of somebody's own nobody knows. */
export function hasPods({group, kind}: ResourceId): boolean {
  if (workloads.has(`${group}/${kind}`)) return true;
  return group !== '' && group.includes('.') && !group.endsWith('.k8s.io');
}
