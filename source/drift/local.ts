import {type FieldPath, formatPath, valueAt} from '../resources/field-path.ts';
import {fieldsOf} from '../resources/field-set.ts';
import type {ResourceId} from '../resources/identity.ts';
import {type Json, type JsonObject, objectAt} from '../resources/json.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {compareObjects, type Difference} from './compare.ts';
import type {DefaultsLearned} from './defaults.ts';
import {type FieldRule, type Ignored, ignoredOf} from './field-rules.ts';
import {hiddenPlaces, type IgnoredPlace, ignoredPlaces, neutralise} from './ignore.ts';
import {lookup, schemaAt} from './lookup.ts';
import {appliedLast, type PreparedDesired} from './normalise.ts';
import {type Owner, ownerOfAll, ownersOf} from './owners.ts';
import {findRemovals, type RemovalCandidate} from './removals.ts';
import {placeholderFor} from './server-filled.ts';
import type {HiddenField} from './types.ts';

export interface CompareInput {
  id: ResourceId;
  prepared: PreparedDesired;
  /** The whole live object as listed, managedFields included, at the version that git uses. */
  live: JsonObject;
  schema: SchemaNode | undefined;
  ignore: readonly FieldRule[];
  learned: DefaultsLearned;
  /**
   * Whether an autoscaler targets the object (see autoscaledTargets); 'unknown' where autoscalers could not be listed.
   * Scaling leaves no owner behind where nobody owned the count before.
   */
  autoscaled: boolean | 'unknown';
}

/** What can be said of a resource without asking the server. Values in it are not masked: it stays in this room. */
export interface LocalComparison {
  /** True where every field that git sets equals live: no apply dry run is needed. */
  equal: boolean;
  differences: readonly Difference[];
  /** Live and not in git: a removal dry run tells which of them are defaults. Empty: none is needed. */
  removalCandidates: readonly RemovalCandidate[];
  hidden: readonly HiddenField[];
  notes: readonly string[];
  /** Why the resource can't be compared at all; null where it can. */
  error: string | null;
  /** What nothing here can decide, in words; empty where all is decided. */
  undecided: readonly string[];
  owners: readonly Owner[];
  ignored: readonly IgnoredPlace[];
}

/**
 * Compares what git sets with what is live by the server's own schema, and finds what is live and not in git but was set
 * by an earlier applier of git or by hand. Equal here is equal for the server as well: it needs no dry run.
 */
export function compareLocal(input: CompareInput): LocalComparison {
  const {id, prepared, live, schema} = input;
  const nothing = {
    equal: false,
    differences: [],
    removalCandidates: [],
    hidden: [],
    notes: [],
    undecided: [],
    owners: [],
    ignored: [],
  };
  if (prepared.error !== null) return {...nothing, error: prepared.error};
  const subject = {git: prepared.object, live};
  let rules: Ignored | undefined;
  try {
    rules = ignoredOf(id, input.ignore, subject);
  } catch (error) {
    return {...nothing, error: error instanceof Error ? error.message : String(error)};
  }

  const {places: ignored, notes: stopped} =
    rules === undefined ? {places: [], notes: []} : ignoredPlaces(subject, schema, rules);

  const wanted = declaredPart(prepared.object);
  const desired = ignored.length === 0 ? wanted : neutralise(wanted, live, schema, ignored);
  const noted = ownersOf(live, desired, schema);
  const owners = noted.length > 0 ? noted : [ownerOfAll(fieldsOf(declaredPart(live), schema))];
  const {differences, reordered, duplicated} = compareObjects(desired, live, {
    id,
    schema,
    mode: 'desired',
    ownsAbsent: path => appliedAbsent(owners, path),
  });
  const hidden = hiddenPlaces(ignored, {git: wanted, live}, schema);
  const kept = differences.filter(difference => {
    const by = placeholderFor(id, difference.elements, lookup(desired, schema, difference.elements), live);
    if (by !== null) {
      hidden.push({
        path: formatPath(difference.elements),
        reason: 'controller',
        because: `filled in by ${by}`,
      });
    }
    return by === null;
  });

  const removals = findRemovals({id, desired, live, schema, owners});
  hidden.push(...removals.hidden);
  const undecided: string[] = [];
  const candidates: RemovalCandidate[] = [];
  const hint = appliedLast(live);
  for (const candidate of removals.candidates) {
    const by = allowedBy(candidate, rules);
    if (by !== undefined) {
      const live = valueAt(input.live, candidate.elements);
      hidden.push({
        path: candidate.path,
        reason: 'ignored',
        because: `ignored by ${by}`,
        ...(live === undefined ? {} : {live}),
      });
      continue;
    }
    const answer = explain(candidate, input, hint);
    if (answer === 'unknown')
      undecided.push('spec.replicas: nobody owns it, and autoscalers could not be listed');
    else if (typeof answer === 'object') hidden.push(answer);
    else candidates.push(answer === 'set' ? {...candidate, certain: true} : candidate);
  }
  return {
    equal: kept.length === 0,
    differences: kept,
    removalCandidates: candidates,
    hidden,
    notes: [
      ...kept.filter(difference => isUnknown(difference, schema)).map(unknownField),
      ...reordered.map(path => `order only: ${formatPath(path)} has the same items in another order`),
      ...duplicated.map(path => `live holds ${formatPath(path)} more than once`),
      ...(kept.length + candidates.length > 0 ? [...(rules?.notes ?? []), ...stopped] : []),
    ],
    error: null,
    undecided,
    owners,
    ignored,
  };
}

// A typo, mostly: the server drops it, or refuses the manifest.
function isUnknown({change, elements}: Difference, schema: SchemaNode | undefined): boolean {
  const last = elements.at(-1);
  const around = schemaAt(schema, elements.slice(0, -1));
  if (change !== 'removed' || last?.type !== 'field' || around === undefined) return false;
  const isStruct = around.propertyNames().length > 0 && !around.preservesUnknown;
  return isStruct && around.property(last.name) === undefined;
}

function unknownField({elements}: Difference): string {
  return `unknown field: the server's schema has no ${formatPath(elements)}`;
}

/**
 * The part of an object that is compared: not its identity (paired already) and not its status. managedFields and what
 * else only the server writes is left out too.
 */
export function declaredPart(object: JsonObject): JsonObject {
  const {apiVersion: _apiVersion, kind: _kind, status: _status, metadata: _metadata, ...rest} = object;
  const {name: _name, namespace: _namespace, ...metadata} = objectAt(object, 'metadata');
  return {...rest, metadata};
}

// Server-side apply keeps owning a zero that the Go type leaves out of the live object (trap 3).
function appliedAbsent(owners: readonly Owner[], path: FieldPath): boolean {
  return owners.some(owner => owner.entry.operation === 'Apply' && owner.entry.fields.has(path));
}

/** The rule that lets stay what its owner added; undefined where none does. */
function allowedBy(candidate: RemovalCandidate, rules: Ignored | undefined): string | undefined {
  const trusted = rules?.managers.find(({name}) => name === candidate.manager);
  if (trusted !== undefined) return trusted.by;
  return candidate.class === 'dropped' ? undefined : (rules?.added ?? undefined);
}

// Says why a candidate is no drift; 'set' where somebody set it for sure, 'open' where the server must say.
function explain(
  candidate: RemovalCandidate,
  input: CompareInput,
  hint: Json | undefined,
): HiddenField | 'set' | 'open' | 'unknown' {
  const {path, elements} = candidate;
  const live = valueAt(input.live, elements);
  if (live === undefined) return 'open';
  if (path === 'spec.replicas') {
    if (input.autoscaled === true) return {path, reason: 'controller', because: 'set by an autoscaler', live};
    if (candidate.manager === undefined) return input.autoscaled === 'unknown' ? 'unknown' : 'set';
  }
  // `a: null` is absent in git; the server keeps it where its schema is open, and makes an empty text of a map's (trap 4).
  if ((live === '' || live === null) && input.prepared.nulls.some(place => formatPath(place) === path)) {
    return {path, reason: 'server', because: 'git says null, the server keeps it empty', live};
  }
  if (hint === undefined || candidate.manager !== 'kubectl-client-side-apply') return 'open';
  if (lookup(hint, input.schema, elements) !== undefined) return 'set';
  // The annotation is a hint only (trap 39): it counts where this server has shown the same value to be a default.
  return input.learned.has(input.id, elements, live)
    ? {path, reason: 'defaulted', because: "the server's default", live}
    : 'open';
}
