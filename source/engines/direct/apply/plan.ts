import {neutralise} from '../../../drift/ignore.ts';
import type {ResourceDrift} from '../../../drift/types.ts';
import {identityKey, type ResourceId} from '../../../resources/identity.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {formatProblem} from '../../../resources/problem.ts';
import type {SyncOptions, SyncPlan, SyncStep} from '../../types.ts';
import type {ClusterView, Examined, ExtraObject, Inspection} from '../inspection.ts';
import {inPool} from '../pool.ts';
import {fluxSkips} from '../trackers/flux-ignore.ts';
import {type ApplySet, asMember, membership, parentObject, widened} from './apply-set.ts';
import {keptFrom} from './kept.ts';
import {inOrder} from './order.ts';
import {refusedParent} from './record.ts';
import {type Promised, promises, rehearse} from './rehearsal.ts';
import type {RoomMade} from './union-move.ts';

/** A step with what it takes to run it: never shown, as it holds secrets unmasked. */
export interface PlannedStep {
  step: SyncStep;
  wave: number;
  rank: number;
  /** Undefined until the plan has created the kind's definition. */
  kind: Kind | undefined;
  /** What will be applied; null for a deletion. */
  body: JsonObject | null;
  force: boolean;
  /** What leaves in the same write as what git sets comes in, before the apply. */
  room?: RoomMade;
  examined: Examined | undefined;
  /** The live object that the plan was made for. */
  live: JsonObject | null;
}

/** A plan's private side. */
export interface Planned {
  steps: readonly PlannedStep[];
  view: ClusterView;
  /** What the ApplySet has to cover while the plan runs. */
  members: readonly ResourceId[];
}

const parallel = 16;

/**
 * Makes the plan of an inspection: every write is dry-run first, in parallel; what can't be dry-run says so. Changes
 * nothing. Gives a plan without a private side where the cluster is out of reach. Throws only when aborted.
 */
export async function makePlan(
  inspection: Inspection,
  options: SyncOptions,
  source: string,
  signal: AbortSignal,
): Promise<{plan: SyncPlan; planned: Planned | undefined}> {
  const started = performance.now();
  const {report, view} = inspection;
  const plan: SyncPlan = {
    environment: report.environment,
    context: report.context ?? '',
    revision: report.desiredRevision ?? '',
    options,
    steps: [],
    prunable: 0,
    conflicts: 0,
    blockers: [],
    problems: [...report.errors],
    dryRunSeconds: 0,
  };
  if (view === undefined) {
    const errors = report.errors.filter(({severity}) => severity === 'error');
    plan.blockers = errors.map(formatProblem);
    return {plan, planned: undefined};
  }

  const examined = view.examined.filter(item => isWork(item, view.applySet, options));
  const promised = promises(examined);
  const ordered = inOrder(
    examined.map(item => ({id: item.target.id, object: item.target.object, examined: item})),
  );
  const applied = await inPool(ordered, parallel, async ({item, wave, rank}): Promise<PlannedStep> => {
    const body = asMember(bodyOf(item.examined), view.applySet.id);
    const {target, drift, live, prepared} = item.examined;
    const why = view.deployers.byFlux ? fluxSkips(prepared.object, live) : null;
    if (why !== null) return leftAlone(item.examined, wave, rank, `left alone: ${why}`);
    const rehearsed = await rehearse(
      {cluster: view.cluster, setId: view.applySet.id, promised, force: options.force, signal},
      item.examined,
      body,
    );
    const {force, room, ...told} = rehearsed;
    const reason = told.action === 'apply' ? withRemovals(told.reason, drift) : told.reason;
    const step: SyncStep = {
      id: target.id,
      version: target.version,
      fields: drift.fields.length,
      ...told,
      ...inWave(wave),
      reason,
    };
    const made = room === undefined ? {} : {room};
    return {step, wave, rank, kind: target.kind, body, force, ...made, examined: item.examined, live};
  });
  const chosenExtras = view.extras.filter(({drift}) => isChosen(drift.id, options));
  const deletions = plannedDeletions(chosenExtras, options.prune && view.extrasUnknown === null);
  const steps = [...applied, ...deletions];
  const extras = view.extras.filter(({recorded}) => recorded);
  const members = [...view.examined, ...extras].map(({drift}) => drift.id);
  const parent = parentObject(widened(view.applySet, members), source);

  plan.steps = steps.map(({step}) => step);
  plan.prunable = chosenExtras.filter(each => keptFrom(each) === null).length;
  plan.conflicts = steps.reduce((count, {step}) => count + step.conflicts.length, 0);
  plan.blockers = await blockersOf(inspection, view, options, parent, promised, signal);
  plan.dryRunSeconds = (performance.now() - started) / 1000;
  return {plan, planned: {steps, view, members}};
}

/** A step that does nothing, for what somebody asked to be left alone. */
function leftAlone(examined: Examined, wave: number, rank: number, reason: string): PlannedStep {
  const {target, live} = examined;
  const step: SyncStep = {
    id: target.id,
    version: target.version,
    action: 'skip',
    ...inWave(wave),
    fields: 0,
    reason,
    trouble: null,
    conflicts: [],
  };
  return {step, wave, rank, kind: target.kind, body: null, force: false, examined, live};
}

function inWave(wave: number): {wave?: number} {
  return wave === 0 ? {} : {wave};
}

/** The reason of an apply, with what it takes out of the live object: a removal is not to come as a surprise. */
function withRemovals(reason: string | null, {fields}: ResourceDrift): string | null {
  const removed = fields.filter(({change}) => change === 'added').map(({path}) => path);
  if (removed.length === 0) return reason;
  const removes = `removes ${removed.join(', ')}`;
  return reason === null ? removes : `${reason}; ${removes}`;
}

/** What is applied: git's object, with live's values where a rule says that they are nobody's business here. */
function bodyOf({prepared, live, schema, local}: Examined): JsonObject {
  if (live === null || local === null || local.ignored.length === 0) return prepared.object;
  return neutralise(prepared.object, live, schema, local.ignored);
}

/** All that drifted; and, in a sync of everything, what is in sync but not marked as applied from git. */
function isWork({target, drift, live}: Examined, applySet: ApplySet, options: SyncOptions): boolean {
  if (!isChosen(target.id, options)) return false;
  if (drift.status !== 'Synced') return true;
  return options.only === undefined && membership(live) !== applySet.id;
}

function isChosen(id: ResourceId, {only}: SyncOptions): boolean {
  return only === undefined || only.includes(identityKey(id));
}

/** Deletions, in the reverse of the order in which the objects were made; shown as skipped where prune is off. */
function plannedDeletions(extras: readonly ExtraObject[], prune: boolean): PlannedStep[] {
  const ordered = inOrder(extras.map(extra => ({id: extra.drift.id, object: extra.live, extra}))).reverse();
  return ordered.map(({item: {extra}, wave, rank}) => {
    const {drift, kind, live} = extra;
    const kept = keptFrom(extra);
    const emptied = drift.id.kind === 'Namespace' ? 'deletes everything in the namespace' : null;
    const step: SyncStep = {
      id: drift.id,
      version: drift.version,
      action: prune && kept === null ? 'delete' : 'skip',
      fields: 0,
      reason: kept ?? (prune ? emptied : 'prune off'),
      trouble: null,
      conflicts: [],
    };
    return {step, wave, rank, kind, body: null, force: false, examined: undefined, live};
  });
}

async function blockersOf(
  inspection: Inspection,
  view: ClusterView,
  options: SyncOptions,
  parent: JsonObject,
  promised: Promised,
  signal: AbortSignal,
): Promise<string[]> {
  const blockers: string[] = [];
  if (view.foreign !== null) {
    blockers.push(`${view.foreign.message}: ${view.foreign.fix}`);
  } else if (!promised.namespaces.has(view.applySet.parent.namespace)) {
    const refused = await refusedParent(view.cluster, parent, signal);
    if (refused !== null) blockers.push(refused);
  }
  if (!inspection.complete && options.only === undefined) {
    blockers.push('git could not be read in full: repair it, or choose single resources to sync');
  }
  // As Argo CD refuses it without allowEmpty: a folder that moved away must not take its environment with it.
  if (options.prune && view.examined.length === 0 && view.extras.length > 0) {
    blockers.push('git has nothing left here, and all of it is not pruned at once: delete it by hand');
  }
  if (options.prune && view.extrasUnknown !== null) {
    blockers.push(`what to prune is not known (${view.extrasUnknown}): sync without prune`);
  }
  return blockers;
}
