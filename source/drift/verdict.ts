// The order in which an engine asks this room about one resource:
//   1. prepareDesired(object, schema)                    normalise.ts   what git wants; also what is applied and dry-run
//   2. no live object: missing(); a list that failed: unknown()          answers.ts
//   3. compareLocal({id, prepared, live, schema, …})      local.ts
//   4. with the `patch` verb, in parallel:
//        unless local.equal or local.error: a dry run of apply(prepared.object), manager gitops-tui, force  -> applied
//        if local.removalCandidates: a dry run of jsonPatch(removalPatch(live, candidates))                  -> stripped
//      A conflict (409) of either means that live has moved on: read it again and go back to 3.
//      hasMoved() of dry-run-error.ts tells.
//   5. verdict({…, local, applied, stripped})             here; teaches `learned` what the dry runs showed
//   6. extras(…) for what the ApplySet holds and git no longer has       pairing.ts, then extra() in answers.ts
import type {ClusterErrorReason} from '../cluster/types.ts';
import type {HealthRule} from '../health/health.ts';
import {formatPath, valueAt} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import {ownerOf} from '../resources/managed-fields.ts';
import type {SourceLocation} from '../resources/problem.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {isSecretKind} from '../secrets/known.ts';
import type {Mask} from '../secrets/mask.ts';
import {compareObjects, type Difference} from './compare.ts';
import type {DefaultsLearned} from './defaults.ts';
import {isBlamed, isRefusedDryRun, readDryRunError} from './dry-run-error.ts';
import {neutralise} from './ignore.ts';
import {declaredPart, type LocalComparison} from './local.ts';
import {isWithin, lookup} from './lookup.ts';
import type {PreparedDesired} from './normalise.ts';
import type {RemovalCandidate} from './removals.ts';
import {maskedValue, shownObject} from './secrets.ts';
import {filledBy, placeholderFor} from './server-filled.ts';
import type {FieldChange, HiddenField, ResourceDrift} from './types.ts';

/** What a dry run answered: the object that would be, or why not. A ClusterError fits `error`. */
export type DryRun =
  | {object: JsonObject}
  | {
      error: {
        reason: ClusterErrorReason;
        message: string;
        causes: readonly {field: string; message: string; reason: string}[];
      };
    };

export interface VerdictInput {
  id: ResourceId;
  version: string;
  source: SourceLocation | null;
  healthOf: HealthRule;
  prepared: PreparedDesired;
  live: JsonObject;
  schema: SchemaNode | undefined;
  local: LocalComparison;
  mask: Mask;
  learned: DefaultsLearned;
  /** Result of the apply dry run; undefined where none was made. */
  applied?: DryRun | undefined;
  /** Result of the removal dry run; undefined where none was made. */
  stripped?: DryRun | undefined;
  /**
   * The live object's name where it is not git's: the predecessor of a generated ConfigMap or Secret (trap 45). No dry run
   * is made for it.
   */
  renamedFrom?: string;
  /** What the engine has to add. */
  notes?: readonly string[];
}

/**
 * The verdict on a resource that is in git and live. `Synced` only where every field that git sets is live and nothing
 * is live that an earlier applier or a person left; what can't be decided is Unknown, with the reason.
 */
export function verdict(input: VerdictInput): ResourceDrift {
  return new Judge(input).judge();
}

class Judge {
  readonly #input: VerdictInput;
  readonly #fields = new Map<string, FieldChange>();
  readonly #hidden: HiddenField[];
  readonly #notes: string[];
  readonly #undecided: string[];
  #error: string | null;
  #byServer = true;
  #replaced = false;
  #certain = 0;
  /** Why the server refused the apply. */
  #refusal: string | null = null;

  constructor(input: VerdictInput) {
    this.#input = input;
    this.#hidden = [...input.local.hidden];
    this.#notes = [...input.local.notes, ...(input.notes ?? [])];
    this.#undecided = [...input.local.undecided];
    this.#error = input.local.error;
  }

  judge(): ResourceDrift {
    const {local, live, prepared, id, version, source, mask, healthOf} = this.#input;
    const {renamedFrom} = this.#input;
    if (this.#error === null && renamedFrom !== undefined) this.#renamed(renamedFrom);
    else if (this.#error === null) {
      this.#declared();
      this.#leftOver();
      // What was left by others may be why; that git and live differ is certain all the same.
      if (this.#refusal !== null) {
        if (this.#certain > 0)
          this.#notes.push(`the server refuses what git says as it is: ${this.#refusal}`);
        else this.#error = this.#refusal;
      }
    }
    const since = stringAt(objectAt(live, 'metadata'), 'deletionTimestamp');
    if (since !== undefined) this.#notes.push(`terminating since ${since}`);
    const asked = local.differences.length > 0 || local.removalCandidates.length > 0;
    const {status: healthStatus, message} = healthOf(live);
    const status = this.#status(since !== undefined);
    if (status === 'Unknown' && this.#error === null) this.#error = this.#undecided.join('; ');
    return {
      id,
      version,
      status,
      health: healthStatus,
      healthMessage: message,
      verdict: asked && this.#byServer && this.#error === null ? 'server' : 'local',
      source,
      fields: [...this.#fields.values()],
      hidden: this.#hidden.map(field => this.#shownHidden(field)),
      notes: this.#notes,
      error: this.#error,
      desired: shownObject(prepared.object, mask),
      live: shownObject(live, mask),
    };
  }

  #status(isTerminating: boolean): ResourceDrift['status'] {
    if (this.#error !== null) return 'Unknown';
    // What is on its way out is not what git wants, and drift that is certain is drift, whatever else is open.
    if (isTerminating || this.#replaced) return 'Modified';
    const open = this.#undecided.length > 0;
    if (this.#certain > 0) {
      if (open) this.#notes.push(...this.#undecided.map(reason => `undecided: ${reason}`));
      return 'Modified';
    }
    return open ? 'Unknown' : 'Synced';
  }

  // Another name is another object: all that differs is certain, and the old one stays until it is pruned.
  #renamed(from: string): void {
    const {local, id} = this.#input;
    this.#replaced = true;
    for (const difference of local.differences) this.#differs(difference);
    for (const candidate of local.removalCandidates) this.#isLeft(candidate);
    this.#notes.push(`${from} is live: a sync makes ${id.name} beside it`);
  }

  // What git sets: the server's word where there is one, else what is certain here.
  #declared(): void {
    const {local, applied} = this.#input;
    if (local.differences.length === 0) return;
    if (applied === undefined) {
      this.#byServer = false;
      this.#localDifferences();
    } else if ('object' in applied) this.#againstApplied(applied.object);
    else this.#refused(applied.error);
  }

  #localDifferences(): void {
    for (const difference of this.#input.local.differences) {
      this.#differs(difference);
      if (difference.certain) this.#certain++;
      else {
        this.#undecided.push(
          `${formatPath(difference.elements)} may be the same to the server, which could not be asked`,
        );
      }
    }
  }

  #againstApplied(applied: JsonObject): void {
    const {local, live, schema, id, prepared} = this.#input;
    const left = declaredPart(withoutServerMetadata(applied));
    const right = declaredPart(withoutServerMetadata(live));
    const {differences} = compareObjects(
      local.ignored.length === 0 ? left : neutralise(left, live, schema, local.ignored),
      right,
      {id, schema, mode: 'whole'},
    );
    const real: Difference[] = [];
    for (const difference of differences) {
      const git = lookup(prepared.object, schema, difference.elements);
      const by =
        git === undefined
          ? filledBy(id, difference.elements, live)
          : placeholderFor(id, difference.elements, git, live);
      if (by !== null) continue;
      if (git !== undefined) {
        // Git's zero is one that the server leaves out.
        this.#differs(difference.change === 'added' ? {...difference, change: 'changed'} : difference);
        this.#certain++;
        real.push(difference);
      } else if (difference.change === 'removed') {
        this.#hidden.push({
          path: formatPath(difference.elements),
          reason: 'defaulted',
          because: 'filled in by the server beside what git sets',
        });
      } else {
        // Git dropped a field that gitops-tui applied: the dry run gives it up.
        this.#differs({...difference, change: 'added'});
        this.#certain++;
      }
    }
    for (const difference of local.differences) {
      const isReal = real.some(
        other =>
          isWithin(other.elements, difference.elements) || isWithin(difference.elements, other.elements),
      );
      if (!isReal) this.#mutated(difference);
    }
  }

  // Git and live differ, and yet an apply would change nothing (traps 3 and 34).
  #mutated(difference: Difference): void {
    const path = formatPath(difference.elements);
    const live = valueAt(this.#input.live, difference.elements);
    if (difference.change === 'removed') {
      this.#hidden.push({path, reason: 'server', because: 'the server leaves it out'});
      return;
    }
    const hidden: HiddenField = difference.certain
      ? {path, reason: 'mutated', because: 'rewritten by the server or a webhook'}
      : {path, reason: 'server', because: 'the same to the server'};
    if (live !== undefined) hidden.live = live;
    this.#hidden.push(hidden);
    if (difference.certain) this.#notes.push(`mutated: ${path} is rewritten by the server or a webhook`);
  }

  #refused(error: Extract<DryRun, {error: unknown}>['error']): void {
    const read = readDryRunError(error);
    this.#byServer = false;
    switch (read.kind) {
      case 'immutable':
        this.#replaced = true;
        this.#byServer = true;
        for (const difference of this.#input.local.differences) this.#differs(difference);
        this.#notes.push(`needs replace: ${read.message}`);
        return;
      case 'no-dry-run':
        this.#notes.push('an admission webhook refuses dry runs: compared here only');
        this.#localDifferences();
        return;
      case 'not-allowed':
        this.#notes.push('no right to patch: compared here only');
        this.#localDifferences();
        return;
      case 'denied':
        this.#notes.push(`a sync would be refused: ${read.message}`);
        this.#localDifferences();
        return;
      case 'invalid':
      case 'failed':
        for (const difference of this.#input.local.differences) {
          this.#differs(difference);
          // A manifest that is refused is not what is live; no answer at all says nothing.
          if (read.kind === 'invalid' && difference.certain) this.#certain++;
        }
        this.#refusal = read.message;
    }
  }

  // What is live and not in git, and was set by an earlier applier or by hand.
  #leftOver(): void {
    const {local, stripped} = this.#input;
    if (local.removalCandidates.length === 0) return;
    if (stripped !== undefined && 'object' in stripped) {
      for (const candidate of local.removalCandidates) this.#afterRemoval(candidate, stripped.object);
      return;
    }
    const error = stripped?.error;
    const read = error === undefined ? undefined : readDryRunError(error);
    this.#byServer = false;
    if (read?.kind === 'immutable' || read?.kind === 'invalid') {
      // A default comes back and is never refused: something of it was set.
      this.#byServer = true;
      const words = read.kind === 'immutable' ? 'needs replace' : 'the server refuses to remove it';
      this.#notes.push(`${words}: ${read.message}`);
      const blamed = local.removalCandidates.filter(candidate =>
        isBlamed(candidate.path, error?.causes ?? []),
      );
      for (const candidate of blamed.length > 0 ? blamed : local.removalCandidates) {
        if (candidate.class === 'unclear') this.#isUnclear(candidate);
        else this.#isLeft(candidate);
      }
      return;
    }
    if (error !== undefined && isRefusedDryRun(error)) {
      this.#notes.push('an admission webhook refuses dry runs: compared here only');
    } else if (read?.kind === 'failed') this.#undecided.push(read.message);
    const open: RemovalCandidate[] = [];
    for (const candidate of local.removalCandidates) {
      if (candidate.class === 'unclear') this.#isUnclear(candidate);
      else if (candidate.certain) this.#isLeft(candidate);
      else open.push(candidate);
    }
    if (open.length === 0) return;
    const [first] = open;
    this.#undecided.push(
      `${first?.path ?? ''}${open.length > 1 ? ` and ${open.length - 1} more` : ''}, live and not in git, may be ` +
        `defaults or left by ${first?.manager ?? 'somebody'}: only the server can tell, and it could not be asked`,
    );
  }

  #afterRemoval(candidate: RemovalCandidate, stripped: JsonObject): void {
    const {live, learned, id} = this.#input;
    const before = valueAt(live, candidate.elements);
    if (before === undefined) return;
    if (equalJson(valueAt(stripped, candidate.elements), before) && !this.#isCrowdedOut(candidate)) {
      learned.add(id, candidate.elements, before);
      this.#hidden.push({
        path: candidate.path,
        reason: 'defaulted',
        because: "the server's default",
        live: before,
      });
    } else if (candidate.class === 'unclear') this.#isUnclear(candidate);
    else this.#isLeft(candidate);
  }

  // Neither drift nor Synced: nothing tells a job that applies git from a controller of a name like that.
  #isUnclear({path, manager}: RemovalCandidate): void {
    this.#undecided.push(
      `${path}, live and not in git, was set by ${manager ?? 'somebody'}, who may have brought it from git or ` +
        'be a controller: an ignore rule for it says that it may stay',
    );
  }

  // The server gives a volume an emptyDir where nobody gives it a source: here git gives it another.
  #isCrowdedOut({elements}: RemovalCandidate): boolean {
    const last = elements.at(-1);
    if (last?.type !== 'field' || last.name !== 'emptyDir') return false;
    const {prepared, live, schema} = this.#input;
    const volume = elements.slice(0, -1);
    const git = lookup(prepared.object, schema, volume);
    const there = valueAt(live, volume);
    return isObject(git) && isObject(there) && Object.keys(git).some(name => there[name] === undefined);
  }

  #isLeft(candidate: RemovalCandidate): void {
    const live = valueAt(this.#input.live, candidate.elements);
    if (live === undefined) return;
    const change: FieldChange = {
      path: candidate.path,
      elements: candidate.elements,
      change: 'added',
      live: this.#masked(candidate, live),
    };
    if (candidate.manager !== undefined) change.manager = candidate.manager;
    if (candidate.time !== undefined) change.changedAt = candidate.time;
    for (const [path, other] of this.#fields) {
      // The apply's dry run gave it up already.
      if (other.change !== 'added' || path === candidate.path) continue;
      if (isWithin(candidate.elements, other.elements)) return;
      if (isWithin(other.elements, candidate.elements)) this.#fields.delete(path);
    }
    this.#fields.set(candidate.path, change);
    this.#certain++;
  }

  #differs(difference: Pick<Difference, 'elements' | 'change'>): void {
    const {prepared, live, schema, local} = this.#input;
    const {elements, change} = difference;
    const path = formatPath(elements);
    const field: FieldChange = {path, elements, change};
    const isOrder = elements.at(-1)?.type === 'field' && path.endsWith('initContainers');
    const desired = lookup(prepared.object, schema, elements);
    const there = lookup(live, schema, elements);
    if (desired !== undefined) {
      const shown = isOrder ? namesOf(desired) : desired;
      field.desired = maskedValue(prepared.object, elements, shown, this.#input.mask);
    }
    if (there !== undefined) {
      field.live = this.#masked(field, isOrder ? namesOf(there) : there);
      const owner = ownerOf(
        local.owners.map(({entry}) => entry),
        elements,
      );
      if (owner !== undefined) {
        if (owner.manager !== '') field.manager = owner.manager;
        if (owner.time !== undefined) field.changedAt = owner.time;
      }
    }
    this.#fields.set(path, field);
  }

  #masked({elements}: Pick<FieldChange, 'elements'>, value: Json): Json {
    return maskedValue(this.#input.live, elements, value, this.#input.mask);
  }

  // Hidden fields were found with their values as they are; of a Secret only labels and the like are worth showing.
  #shownHidden(field: HiddenField): HiddenField {
    if (!isSecretKind(this.#input.live)) return field;
    const shown = {...field};
    if (field.desired !== undefined) shown.desired = this.#input.mask(field.desired);
    if (field.live !== undefined) shown.live = this.#input.mask(field.live);
    return shown;
  }
}

function withoutServerMetadata(object: JsonObject): JsonObject {
  const {
    managedFields: _managedFields,
    resourceVersion: _resourceVersion,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _creationTimestamp,
    ...metadata
  } = objectAt(object, 'metadata');
  return {...object, metadata};
}

function namesOf(list: Json): Json {
  return Array.isArray(list) ? list.map(item => stringAt(item, 'name') ?? null) : list;
}
