import {formatPath, valueAt} from '../resources/field-path.ts';
import {equalJson, type JsonObject} from '../resources/json.ts';
import type {Difference} from './compare.ts';
import type {LocalComparison} from './local.ts';
import {lookup} from './lookup.ts';
import {appliedLast} from './normalise.ts';
import type {HiddenField} from './types.ts';
import {isOfKubectlApply, type Subject} from './witnesses.ts';

/** What is known of an object that may have been rewritten. */
export interface Rewriting extends Subject {
  desired: JsonObject;
  former: readonly JsonObject[];
  isKnown: boolean;
}

/**
 * The comparison where no dry run may be made and an admission webhook or policy may have rewritten what git's applier set
 * (drift trap 34): where the note of `kubectl apply` shows that it sent git's value, it was rewritten; where a webhook is
 * known (`isKnown`), and neither the note nor an earlier commit says that git ever said anything else, nobody can tell.
 * `desired` is git's object, prepared; `former` what earlier commits said.
 */
export function heardOfRewriting(
  local: LocalComparison,
  {live, schema, desired, former, isKnown}: Rewriting,
): LocalComparison {
  const differences: Difference[] = [];
  const hidden: HiddenField[] = [...local.hidden];
  const notes = [...local.notes];
  const sent = appliedLast(live);
  for (const difference of local.differences) {
    const {elements, change, certain} = difference;
    const owners = local.owners.filter(owner => owner.entry.fields.at(elements) !== undefined);
    const isOfGit = owners.length > 0 && owners.every(owner => owner.class === 'git');
    if (!certain || change !== 'changed' || !isOfGit) {
      differences.push(difference);
      continue;
    }
    const wanted = lookup(desired, schema, elements);
    if (sent !== undefined && isOfKubectlApply(local.owners, elements)) {
      if (!equalJson(lookup(sent, schema, elements), wanted)) {
        differences.push(difference);
        continue;
      }
      const path = formatPath(elements);
      const there = valueAt(live, elements);
      const field: HiddenField = {path, reason: 'mutated', because: 'rewritten by the server or a webhook'};
      hidden.push(there === undefined ? field : {...field, live: there});
      notes.push(`mutated: ${path} is rewritten by the server or a webhook`);
      continue;
    }
    // A commit that changed the field may not have been applied yet.
    const isNew = former.some(object => !equalJson(lookup(object, schema, elements), wanted));
    differences.push(isNew || !isKnown ? difference : {...difference, certain: false});
  }
  return {...local, differences, hidden, notes};
}
