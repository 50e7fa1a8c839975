import type {Session} from '../../source/app/session.ts';
import type {SyncStep} from '../../source/engines/types.ts';
import {syncPlan} from './fake-data.ts';

const never = () => new Promise<never>(() => {});

const step = {version: 'v1', reason: null, trouble: null, conflicts: [], fields: 1} as const;

function of(kind: string, name: string, more: Partial<SyncStep> = {}): SyncStep {
  const group = kind === 'Deployment' ? 'apps' : '';
  return {
    ...step,
    id: {group, kind, namespace: kind === 'Namespace' ? '' : 'shop', name},
    action: 'apply',
    ...more,
  };
}

const steps: readonly SyncStep[] = [
  of('Namespace', 'shop', {wave: -1, action: 'create'}),
  of('Job', 'migrate', {wave: -1}),
  ...Array.from({length: 14}, (_, index) => of('ConfigMap', `settings-${index + 1}`)),
  of('Deployment', 'checkout-api'),
  of('Deployment', 'web'),
  of('Deployment', 'gateway', {wave: 5}),
  of('ConfigMap', 'old-flags', {action: 'delete'}),
];

const planned: Partial<Session> = {
  async planSync(name, options) {
    return syncPlan(name, {options, steps: [...steps]});
  },
};

/** A sync in three waves, which waits for the second one's health. */
export const inWaves: Partial<Session> = {
  ...planned,
  async sync({steps}, _confirmed, _signal, onEvent) {
    for (const [index, {wave = 0, action, id}] of steps.entries()) {
      if (wave > 0 || action === 'delete') break;
      onEvent({type: 'step', index, state: 'running', message: null});
      onEvent({type: 'step', index, state: 'done', message: null});
      if (id.kind !== 'Deployment') onEvent({type: 'health', id, health: 'Healthy', message: ''});
    }
    const [api, web] = [steps[16], steps[17]];
    if (api === undefined || web === undefined) throw new Error('no such steps');
    const message = '2 of 3 replicas are ready, 1 pod: ImagePullBackOff';
    onEvent({type: 'health', id: api.id, health: 'Progressing', message});
    onEvent({type: 'health', id: web.id, health: 'Healthy', message: ''});
    onEvent({type: 'waiting', healthy: 15, total: 16});
    return never();
  },
};

/** The API server dies once all is written, before that is recorded. */
export const unrecorded: Partial<Session> = {
  ...planned,
  async sync({steps}, _confirmed, _signal, onEvent) {
    for (const [index, {action}] of steps.entries())
      if (action !== 'skip') onEvent({type: 'step', index, state: 'done', message: null});
    return {
      outcome: 'partial',
      done: 20,
      failed: [],
      unhealthy: [],
      message:
        '20 of 20 steps done, but it could not be recorded: https://10.0.0.1:6443: the connection broke (ECONNRESET)',
    };
  },
};

/** The API server dies in the middle. */
export const died: Partial<Session> = {
  ...planned,
  async sync({steps}, _confirmed, _signal, onEvent) {
    const message =
      'no answer: it may or may not have been done (https://10.0.0.1:6443: the connection broke (ECONNRESET))';
    for (const index of steps.keys()) {
      if (index > 4) break;
      onEvent({type: 'step', index, state: 'running', message: null});
      if (index < 3) onEvent({type: 'step', index, state: 'done', message: null});
      else onEvent({type: 'step', index, state: 'unknown', message});
    }
    return {
      outcome: 'partial',
      done: 3,
      failed: steps.slice(3, 5).map(({id}) => ({id, message, unknown: true})),
      unhealthy: [],
      message: '3 of 20 steps done, 2 of unknown outcome, 15 not begun; a new sync does the rest',
    };
  },
};
