import {type FieldPath, fields, valueAt} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../resources/json.ts';
import {equalQuantity} from '../resources/quantity.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {isBuiltIn} from './kinds.ts';
import type {LocalComparison} from './local.ts';
import {lookup} from './lookup.ts';
import {appliedLast, lastApplied} from './normalise.ts';
import type {Owner} from './owners.ts';
import type {RemovalCandidate} from './removals.ts';

/** The object that others than the server are heard about. */
export interface Subject {
  id: ResourceId;
  live: JsonObject;
  schema: SchemaNode | undefined;
}

/** True where what is left over hangs on more than the comparison: its owner may have got it as a default, or be anybody. */
export function isOpen(candidate: RemovalCandidate): boolean {
  return !candidate.certain || !isClear(candidate);
}

/**
 * The comparison after git's history was heard: a live field that an earlier commit set, with the same value, and that git
 * has no more was dropped (drift trap 29), whoever owns it. `former` is what earlier commits said of the object, prepared.
 */
export function heardHistory(
  local: LocalComparison,
  {former, live, schema}: Subject & {former: readonly JsonObject[]},
): LocalComparison {
  if (former.length === 0 || !local.removalCandidates.some(isOpen)) return local;
  const removalCandidates = local.removalCandidates.map((candidate): RemovalCandidate => {
    if (!isOpen(candidate)) return candidate;
    const there = valueAt(live, candidate.elements);
    const isDropped = former.some(object => isPart(lookup(object, schema, candidate.elements), there));
    if (!isDropped) return candidate;
    return {...candidate, certain: true, class: isClear(candidate) ? candidate.class : 'dropped'};
  });
  return {...local, removalCandidates};
}

/**
 * The comparison where no dry run may be made: what `kubectl apply` noted is heard, and that the server's own defaults are
 * known, where nothing else changes objects on their way in (`isUntouched`: no admission webhook or policy does). What the
 * note is silent about stays open: the note may be younger than the field, which then an apply before it left behind.
 */
export function heardAll(
  local: LocalComparison,
  witnesses: Subject & {isUntouched: boolean},
): LocalComparison {
  const removalCandidates = local.removalCandidates.map((candidate): RemovalCandidate => {
    if (candidate.certain) return candidate;
    const said = noted(candidate, local, witnesses);
    const isSet =
      witnesses.isUntouched && said === 'nothing' && isNeverFilled(witnesses.id, candidate.elements);
    return {...candidate, certain: said === 'set' || isSet};
  });
  return {...local, removalCandidates};
}

function isClear(candidate: RemovalCandidate): boolean {
  return candidate.class === 'dropped' || candidate.class === 'by-hand';
}

const note = fields('metadata', 'annotations', lastApplied);

// A note that somebody else may have written proves nothing (drift trap 39): an export is often created or replaced with
// the one that it came with. What it names was set all the same.
function noted(
  {elements}: RemovalCandidate,
  {owners}: LocalComparison,
  {live, schema}: Subject,
): 'set' | 'silent' | 'nothing' {
  const said = appliedLast(live);
  if (said === undefined) return 'nothing';
  if (lookup(said, schema, elements) !== undefined || saidOfSecret(said, elements)) return 'set';
  return isOfKubectlApply(owners, elements) ? 'silent' : 'nothing';
}

/** True where `kubectl apply` alone owns the field and the note that it left of what it applied. */
export function isOfKubectlApply(owners: readonly Owner[], elements: FieldPath): boolean {
  const isWriter = ({entry}: Owner) =>
    entry.manager === 'kubectl-client-side-apply' && entry.operation === 'Update';
  // The server itself writes the note anew when server-side apply is kubectl's: then it says nothing of what was before.
  if (owners.some(({entry}) => entry.manager === 'kubectl' && entry.operation === 'Apply')) return false;
  return [note, elements].every(path => {
    const those = owners.filter(owner => owner.entry.fields.at(path) !== undefined);
    return those.length > 0 && those.every(isWriter);
  });
}

// What a Secret's stringData set lives on in its data.
function saidOfSecret(said: JsonObject, [first, second]: FieldPath): boolean {
  const {kind, apiVersion, stringData} = said;
  if (kind !== 'Secret' || apiVersion !== 'v1' || !isObject(stringData)) return false;
  if (first?.type !== 'field' || first.name !== 'data' || second?.type !== 'field') return false;
  return stringData[second.name] !== undefined;
}

// True where live has all that git said there; the server may have filled in more beside it.
function isPart(said: Json | undefined, live: Json | undefined): boolean {
  if (said === undefined || live === undefined) return false;
  if (isObject(said)) {
    return isObject(live) && Object.entries(said).every(([name, value]) => isPart(value, live[name]));
  }
  if (Array.isArray(said)) {
    return (
      Array.isArray(live) &&
      said.length === live.length &&
      said.every((item, index) => isPart(item, live[index]))
    );
  }
  return (
    equalJson(said, live) || (typeof said !== 'object' && typeof live === 'string' && isAmount(said, live))
  );
}

function isAmount(said: Json, live: string): boolean {
  return (typeof said === 'string' || typeof said === 'number') && equalQuantity(said, live);
}

/** Kinds into which the server's own admission writes more than defaults: tolerations, a class, a volume's labels. */
const filledByAdmission = new Set(['/Pod', '/PersistentVolumeClaim', '/PersistentVolume', '/Node']);

// The defaults of built-in kinds are known; those of others may be set by what serves them, but nobody defaults metadata.
function isNeverFilled({group, kind}: ResourceId, elements: FieldPath): boolean {
  if (filledByAdmission.has(`${group}/${kind}`)) return false;
  const [first, second] = elements;
  const name = first?.type === 'field' ? first.name : undefined;
  const below = second?.type === 'field' ? second.name : undefined;
  if (name === 'metadata') return below === 'labels' || below === 'annotations';
  return isBuiltIn(group) && !(kind === 'Ingress' && below === 'ingressClassName');
}
