import {setTimeout as sleep} from 'node:timers/promises';
import {ClusterError} from '../../../cluster/types.ts';
import {formatPath} from '../../../resources/field-path.ts';
import {identityKey} from '../../../resources/identity.ts';
import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {SyncEvent, SyncPlan, SyncResult} from '../../types.ts';
import {inPool} from '../pool.ts';
import {type ApplySet, trimmed, widened} from './apply-set.ts';
import {type RecordedDeployment, recorded} from './history.ts';
import {fieldManager} from './manager.ts';
import type {Planned, PlannedStep} from './plan.ts';
import {untilServed, writeApplySet} from './record.ts';
import {refusalText} from './refusal.ts';
import {removeLeftOver} from './removal.ts';
import {isUnanswered} from './unanswered.ts';
import {roomPatch} from './union-move.ts';
import {waitForHealth} from './wait.ts';

/** What a run needs beside the plan. */
export interface RunSetting {
  plan: SyncPlan;
  planned: Planned;
  /** Which repository the set is of. */
  source: string;
  /** Who syncs, for the record. */
  by: string;
  waitSeconds: number;
  signal: AbortSignal;
  onEvent: (event: SyncEvent) => void;
}

const parallel = 8;

/**
 * Runs a plan step by step: waves in order, within a wave kind by kind, the objects of a kind side by side. A failure
 * lets the rest of its kind end and then stops the sync. Writes are not cancelled half-way and never tried again.
 */
export async function runPlan(setting: RunSetting): Promise<SyncResult> {
  const run = new Run(setting);
  try {
    return await run.all();
  } catch (error) {
    if (!setting.signal.aborted) throw error;
    return run.result('stopped');
  }
}

type End = 'finished' | 'failed' | 'stopped' | 'unrecorded';

class Run {
  readonly #setting: RunSetting;
  readonly #started = Date.now();
  readonly #done = new Set<PlannedStep>();
  readonly #failed: SyncResult['failed'][number][] = [];
  #unhealthy: SyncResult['unhealthy'] = [];
  /** Kinds that were not served when the plan was made. */
  readonly #kinds = new Map<PlannedStep, Kind>();
  #recordTrouble: string | undefined;
  #applySet: ApplySet;

  constructor(setting: RunSetting) {
    this.#setting = setting;
    this.#applySet = setting.planned.view.applySet;
  }

  async all(): Promise<SyncResult> {
    const {planned} = this.#setting;
    const work = planned.steps.filter(({step}) => step.action !== 'skip');
    const applies = work.filter(({step}) => step.action !== 'delete');
    const deletions = work.filter(({step}) => step.action === 'delete');

    // The parent comes before its members (KEP-3659), but for the namespace that it lives in.
    const home = applies.find(
      ({step: {id}}) => id.kind === 'Namespace' && id.name === this.#applySet.parent.namespace,
    );
    if (home !== undefined && !(await this.#each([home]))) return this.result('failed');
    try {
      await this.#record(widened(this.#applySet, planned.members));
    } catch (error) {
      this.#recordTrouble = messageOf(error);
      return this.result('unrecorded');
    }

    const waves = [
      ...Map.groupBy(
        applies.filter(step => step !== home),
        ({wave}) => wave,
      ),
    ];
    for (const [index, [, wave]] of waves.entries()) {
      for (const group of Map.groupBy(wave, ({rank}) => rank).values()) {
        if (!(await this.#each(group))) return this.result('failed');
        if (this.#setting.signal.aborted) return this.result('stopped');
      }
      // A wave stands before the next one starts; the last one is waited for when all is recorded.
      if (index < waves.length - 1) {
        await this.#wait(wave);
        if (this.#unhealthy.length > 0) return this.result('failed');
      }
    }
    for (const step of deletions) {
      if (!(await this.#each([step]))) return this.result('failed');
    }
    await this.#recordDeployment();
    if (this.#recordTrouble !== undefined) return this.result('unrecorded');
    await this.#wait(applies);
    return this.result('finished');
  }

  /** Runs steps side by side; false where one of them failed. */
  async #each(group: readonly PlannedStep[]): Promise<boolean> {
    const {signal, onEvent, planned} = this.#setting;
    const results = await inPool(group, parallel, async planned_ => {
      // Between two writes is where a sync may be stopped: not in the middle of one.
      if (signal.aborted) return true;
      const index = planned.steps.indexOf(planned_);
      onEvent({type: 'step', index, state: 'running', message: null});
      try {
        const message =
          planned_.body === null ? await this.#delete(planned_) : await this.#apply(planned_, planned_.body);
        this.#done.add(planned_);
        onEvent({type: 'step', index, state: 'done', message});
        return true;
      } catch (error) {
        const {id} = planned_.step;
        if (isUnanswered(error)) {
          const message = `no answer: it may or may not have been done (${messageOf(error)})`;
          this.#failed.push({id, message, unknown: true});
          onEvent({type: 'step', index, state: 'unknown', message});
          return false;
        }
        const message = messageOf(error);
        this.#failed.push({id, message});
        onEvent({type: 'step', index, state: 'failed', message});
        return false;
      }
    });
    signal.throwIfAborted();
    return results.every(Boolean);
  }

  async #apply(planned: PlannedStep, body: JsonObject): Promise<string | null> {
    const {cluster} = this.#setting.planned.view;
    const kind = planned.kind ?? (await this.#servedKind(planned));
    const {id} = planned.step;
    let moved: string | null = null;
    if (planned.room !== undefined && planned.live !== null) {
      // The live object as it is now: only its status may have moved since the dry run.
      const patch = roomPatch(planned.live, body, planned.room);
      await cluster.jsonPatch(kind, id.namespace, id.name, patch, {fieldManager});
      moved = `removed ${planned.room.left.map(path => formatPath(path)).join(', ')}`;
    }
    const applied = await cluster.apply(kind, withUid(body, planned.live), {
      fieldManager,
      force: planned.force,
    });
    if (planned.examined === undefined) return moved;
    const removed = await removeLeftOver(cluster, kind, applied, planned.examined);
    return removed ?? moved;
  }

  async #delete({kind, live, step: {id}}: PlannedStep): Promise<string | null> {
    const {cluster} = this.#setting.planned.view;
    if (kind === undefined || live === null) return null;
    const metadata = objectAt(live, 'metadata');
    const uid = stringAt(metadata, 'uid');
    const resourceVersion = stringAt(metadata, 'resourceVersion');
    try {
      await cluster.delete(kind, id.namespace, id.name, {
        ...(uid === undefined ? {} : {uid}),
        ...(resourceVersion === undefined ? {} : {resourceVersion}),
        propagationPolicy: 'Background',
      });
    } catch (error) {
      if (error instanceof ClusterError && error.reason === 'not-found') return 'it was gone already';
      throw error;
    }
    return null;
  }

  async #servedKind(planned: PlannedStep): Promise<Kind> {
    const {step} = planned;
    const {cluster} = this.#setting.planned.view;
    const kind = await untilServed(
      cluster,
      catalog => catalog.find(step.id.group, step.version, step.id.kind),
      this.#setting.signal,
      signal => sleep(500, undefined, {signal}),
    );
    if (kind !== undefined) {
      this.#kinds.set(planned, kind);
      return kind;
    }
    throw new Error(
      `the cluster does not serve ${step.id.kind} although its CustomResourceDefinition was applied`,
    );
  }

  async #record(set: ApplySet): Promise<void> {
    await writeApplySet(this.#setting.planned.view.cluster, set, this.#setting.source);
    this.#applySet = set;
  }

  /** The revision counts as deployed when all of it was applied: not after a sync of single resources or with skips. */
  async #recordDeployment(): Promise<void> {
    const {plan, planned, by, onEvent} = this.#setting;
    const whole = plan.options.only === undefined && planned.steps.every(({step}) => step.trouble === null);
    // Nothing to do and nothing new to say: the record would only fill up.
    const again = this.#done.size === 0 && this.#applySet.history[0]?.revision === plan.revision;
    if (!whole || again) return;
    const deployment: RecordedDeployment = {
      revision: plan.revision,
      time: new Date().toISOString(),
      by,
      pruned: plan.options.prune,
      tookSeconds: Math.round((Date.now() - this.#started) / 100) / 10,
    };
    const gone = new Set(
      planned.steps.filter(({step}) => step.action === 'delete').map(({step}) => identityKey(step.id)),
    );
    const left = planned.members.filter(id => !gone.has(identityKey(id)));
    const {extrasUnknown} = planned.view;
    const set = extrasUnknown === null ? trimmed(this.#applySet, left) : this.#applySet;
    try {
      await this.#record({...set, history: recorded(this.#applySet.history, deployment)});
      onEvent({type: 'recorded', deployment});
    } catch (error) {
      this.#recordTrouble = messageOf(error);
    }
  }

  async #wait(steps: readonly PlannedStep[]): Promise<void> {
    const {planned, waitSeconds, signal, onEvent} = this.#setting;
    const objects = steps.flatMap(step => {
      const kind = this.#kinds.get(step) ?? step.kind;
      return this.#done.has(step) && kind !== undefined ? [{kind, id: step.step.id}] : [];
    });
    const {cluster, told} = planned.view;
    this.#unhealthy = await waitForHealth(cluster, objects, told.healthOf, waitSeconds, signal, onEvent);
  }

  /** What was done, told for people. */
  result(end: End): SyncResult {
    const {plan, planned} = this.#setting;
    const total = planned.steps.filter(({step}) => step.action !== 'skip').length;
    const troubled = planned.steps.filter(({step}) => step.trouble !== null).length;
    const done = this.#done.size;
    const unhealthy = this.#unhealthy;
    const left = total - done - this.#failed.length;
    const unknown = this.#failed.filter(failure => failure.unknown === true).length;
    const failures = [
      ...(this.#failed.length > unknown || unknown === 0 ? [`${this.#failed.length - unknown} failed`] : []),
      ...(unknown > 0 ? [`${unknown} of unknown outcome`] : []),
    ].join(', ');
    const what = `${done} of ${total} steps done`;
    const base = {done, failed: this.#failed, unhealthy};
    const partial = done === 0 && unknown === 0 ? ('failed' as const) : ('partial' as const);
    switch (end) {
      case 'stopped':
        return left === 0
          ? {...base, outcome: 'partial', message: `${what}; the wait for health was stopped`}
          : {
              ...base,
              outcome: 'partial',
              message: `stopped: ${what}, ${left} not begun; a new sync does the rest`,
            };
      case 'failed':
        return {
          ...base,
          outcome: partial,
          message: `${what}, ${failures}, ${left} not begun${unhealthy.length > 0 ? `; ${unhealthy.length} of the wave not healthy` : ''}; a new sync does the rest`,
        };
      case 'unrecorded':
        return {
          ...base,
          outcome: partial,
          message: `${what}, but it could not be recorded: ${this.#recordTrouble ?? ''}`,
        };
      case 'finished': {
        const skipped = troubled === 0 ? '' : `${total === 0 ? '' : '; '}${troubled} skipped, see the plan`;
        const health = unhealthy.length > 0 ? `; ${unhealthy.length} not healthy` : '';
        const steps = total > 0 ? what : troubled > 0 ? 'nothing was changed: ' : 'nothing to do';
        const message = `${steps}${skipped}${health}`;
        return {
          ...base,
          outcome: troubled === 0 ? 'done' : 'partial',
          message: `${plan.environment}: ${message}`,
        };
      }
    }
  }
}

/** The object with the live one's uid: the server then refuses to make anew what was deleted since the plan. */
function withUid(body: JsonObject, live: JsonObject | null): JsonObject {
  const uid = stringAt(objectAt(live ?? {}, 'metadata'), 'uid');
  return uid === undefined ? body : {...body, metadata: {...objectAt(body, 'metadata'), uid}};
}

function messageOf(error: unknown): string {
  if (error instanceof ClusterError) return refusalText(error);
  return error instanceof Error ? error.message : String(error);
}
