import {createHash} from 'node:crypto';
import {type Cluster, ClusterError} from '../../../cluster/types.ts';
import {hasMoved} from '../../../drift/dry-run-error.ts';
import type {LocalComparison} from '../../../drift/local.ts';
import type {PreparedDesired} from '../../../drift/normalise.ts';
import {removalPatch} from '../../../drift/removal-patch.ts';
import type {DryRun} from '../../../drift/verdict.ts';
import {identityKey} from '../../../resources/identity.ts';
import {type JsonObject, objectAt, stringAt, stringifyJson} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {fieldManager} from '../apply/manager.ts';
import {fingerprint} from '../history/fingerprint.ts';
import {attempt} from '../live/live.ts';
import type {Target} from './targets.ts';

/** What the dry runs of one resource answered. Undefined: none was needed, or we may not ask. */
export interface DryRuns {
  applied: DryRun | undefined;
  stripped: DryRun | undefined;
}

/** What is asked about. */
export interface Question {
  target: Target & {kind: Kind};
  prepared: PreparedDesired;
  live: JsonObject;
  local: LocalComparison;
}

/** How the server is asked about one object. */
export type Asks = Pick<Cluster, 'get' | 'apply' | 'jsonPatch' | 'allowed'>;

/**
 * Asks the server what it makes of a resource, and remembers the answer: where neither git nor the live object moved (its
 * status aside), a refresh asks nothing.
 */
export class DryRunner {
  /** The last answers of each resource, by identityKey. */
  readonly #answers = new Map<string, {key: string; answers: DryRuns}>();

  /** Forgets all but these resources (identityKey). */
  keep(wanted: ReadonlySet<string>): void {
    for (const id of this.#answers.keys()) if (!wanted.has(id)) this.#answers.delete(id);
  }

  /** True where the server has to be asked for a verdict. */
  static isNeeded(local: LocalComparison): boolean {
    return local.error === null && (!local.equal || local.removalCandidates.length > 0);
  }

  /** The answers; 'moved' where the live object is not what the server has any more. Throws only when aborted. */
  async ask(cluster: Asks, question: Question, signal: AbortSignal): Promise<DryRuns | 'moved'> {
    const {target, prepared, live, local} = question;
    const key = `${fingerprint(live)} ${digest(prepared.object)}`;
    const {kind, id} = target;
    const known = this.#answers.get(identityKey(id));
    if (known?.key === key) return known.answers;
    const may = await attempt(
      () =>
        cluster.allowed(
          {verb: 'patch', group: kind.group, resource: kind.plural, namespace: id.namespace},
          signal,
        ),
      signal,
    );
    // Where even that can't be asked, the dry run itself will tell.
    if (may === false) return {applied: undefined, stripped: undefined};
    const dryRun = {fieldManager, dryRun: true, signal};
    const [applied, stripped] = await Promise.all([
      local.equal
        ? undefined
        : attempt(() => cluster.apply(kind, prepared.object, {...dryRun, force: true}), signal),
      local.removalCandidates.length === 0
        ? undefined
        : attempt(
            () =>
              cluster.jsonPatch(
                kind,
                id.namespace,
                id.name,
                removalPatch(live, local.removalCandidates),
                dryRun,
              ),
            signal,
          ),
    ]);
    if (isMoved(applied) || isMoved(stripped)) return 'moved';
    if (isOfAnother(applied, live) || isOfAnother(stripped, live)) {
      const now = await attempt(() => cluster.get(kind, id.namespace, id.name, signal), signal);
      // A status that moved changes no answer.
      if (now === null || now instanceof ClusterError || fingerprint(now) !== fingerprint(live))
        return 'moved';
    }
    const answers = {applied: answerOf(applied), stripped: answerOf(stripped)};
    // A refusal may be gone the next time.
    if (!(applied instanceof ClusterError) && !(stripped instanceof ClusterError))
      this.#answers.set(identityKey(id), {key, answers});
    return answers;
  }
}

/** True where live moved on since it was read (drift trap 56): it is to be read again. */
function isMoved(answer: unknown): boolean {
  return answer instanceof ClusterError && hasMoved(answer);
}

/** True where the server answered about another version of the object than the one that was read. */
function isOfAnother(answer: JsonObject | null | ClusterError | undefined, live: JsonObject): boolean {
  if (answer === undefined || answer === null || answer instanceof ClusterError) return false;
  return versionOf(answer) !== versionOf(live);
}

function versionOf(object: JsonObject): string | undefined {
  return stringAt(objectAt(object, 'metadata'), 'resourceVersion');
}

function answerOf(answer: JsonObject | null | ClusterError | undefined): DryRun | undefined {
  if (answer === undefined || answer === null) return undefined;
  return answer instanceof ClusterError ? {error: answer} : {object: answer};
}

function digest(object: JsonObject): string {
  return createHash('sha256').update(stringifyJson(object)).digest('base64');
}
