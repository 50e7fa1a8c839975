import {type Cluster, ClusterError, type JsonPatchOperation} from '../../../cluster/types.ts';
import {isBlamed} from '../../../drift/dry-run-error.ts';
import type {LocalComparison} from '../../../drift/local.ts';
import {isWithin} from '../../../drift/lookup.ts';
import {pointerOf, removalPatch, tokensOf} from '../../../drift/removal-patch.ts';
import {type FieldPath, fields, formatPath, indexOfElement, valueAt} from '../../../resources/field-path.ts';
import {cloneJson, isObject, type Json, type JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Examined} from '../inspection.ts';
import {attempt} from '../live/live.ts';
import {fieldManager} from './manager.ts';

/** What leaves a live object in the same write as what git sets comes in. */
export interface RoomMade {
  /** What is taken out. */
  left: readonly FieldPath[];
  /** What git sets and live has otherwise. */
  set: readonly FieldPath[];
  /** Told in the plan. */
  reason: string;
}

/**
 * Of a union the server takes one member: git's new one (httpGet, emptyDir, Recreate) is refused beside the old one
 * (exec, hostPath, rollingUpdate) where another manager owns that, as no apply takes it out. Tries, as a dry run, one
 * JSON patch that does both. Gives undefined where there is nothing to take out or the server refuses that as well.
 * Throws only when aborted.
 */
export async function makeRoom(
  cluster: Cluster,
  kind: Kind,
  item: Examined,
  body: JsonObject,
  refusal: ClusterError,
  signal: AbortSignal,
): Promise<RoomMade | undefined> {
  const {drift, live, local, target} = item;
  if (drift.status !== 'Modified' || live === null || local === null) return undefined;
  const drifted = new Set(drift.fields.filter(({change}) => change === 'added').map(({path}) => path));
  const found = local.removalCandidates.filter(({path}) => drifted.has(path)).map(({elements}) => elements);
  const silent = [...blamedPaths(item, live, body, refusal), ...defaultsBeside(local, live, body, refusal)];
  const blamed = silent.filter(path => !found.some(other => isWithin(path, other)));
  const left = [...found, ...blamed];
  if (left.length === 0) return undefined;
  const set = local.differences.filter(({change}) => change !== 'added').map(({elements}) => elements);
  const {namespace, name} = target.id;
  const patch = roomPatch(live, body, {left, set});
  const options = {fieldManager, dryRun: true, signal};
  const answer = await attempt(() => cluster.jsonPatch(kind, namespace, name, patch, options), signal);
  if (answer === null || answer instanceof ClusterError) return undefined;
  const gone = blamed.filter(path => valueAt(answer, path) === undefined).map(path => formatPath(path));
  const words = 'old and new are swapped in one write, as the server refuses both at once';
  return {left, set, reason: gone.length === 0 ? words : `${words}; takes out ${gone.join(', ')}`};
}

/**
 * The JSON patch that takes out what is left and sets what git declares; it fails where the object has moved on. What git
 * has no value for is not set.
 */
export function roomPatch(
  live: JsonObject,
  body: JsonObject,
  {left, set}: Pick<RoomMade, 'left' | 'set'>,
): JsonPatchOperation[] {
  const operations = removalPatch(
    live,
    left.map(elements => ({elements})),
  );
  const result = cloneJson(live);
  // From the end, as the patch does: no removal moves what another one points to.
  for (const {op, path} of operations) if (op === 'remove') removeAt(result, path);
  for (const path of set) {
    const operation = setAt(result, body, path);
    if (operation !== undefined) operations.push(operation);
  }
  return operations;
}

/**
 * What the server names in its refusal although git is silent about it: a default of before (`rollingUpdate`, owned by
 * nobody). Only paths without lists: the server counts items of a merged list that nobody here has seen.
 */
function blamedPaths(item: Examined, live: JsonObject, body: JsonObject, refusal: ClusterError): FieldPath[] {
  const owners = (item.local?.owners ?? []).filter(owner => owner.class === 'controller');
  const ignored = item.local?.ignored ?? [];
  const paths = new Map<string, FieldPath>();
  for (const {field} of refusal.causes) {
    if (!/^spec(?:\.[A-Za-z0-9]+)+$/.test(field)) continue;
    const path = fields(...field.split('.'));
    if (valueAt(live, path) === undefined || valueAt(body, path) !== undefined) continue;
    if (owners.some(({entry}) => entry.fields.at(path) !== undefined)) continue;
    if (ignored.some(({elements}) => isWithin(elements, path) || isWithin(path, elements))) continue;
    paths.set(field, path);
  }
  return [...paths.values()];
}

/** What counts as a default (`emptyDir: {}`) until git sets another member beside it. Real defaults come back by themselves. */
function defaultsBeside(
  {differences, hidden}: LocalComparison,
  live: JsonObject,
  body: JsonObject,
  refusal: ClusterError,
): FieldPath[] {
  const defaults = new Set(hidden.filter(({reason}) => reason === 'defaulted').map(({path}) => path));
  return differences.flatMap(({elements, change}) => {
    if (change !== 'removed' || !isBlamed(formatPath(elements), refusal.causes)) return [];
    const above = elements.slice(0, -1);
    const beside = valueAt(live, above);
    const wanted = valueAt(body, above);
    if (!isObject(beside) || !isObject(wanted)) return [];
    return Object.keys(beside)
      .filter(name => wanted[name] === undefined)
      .map((name): FieldPath => [...above, {type: 'field', name}])
      .filter(path => defaults.has(formatPath(path)));
  });
}

function removeAt(root: JsonObject, pointer: string): void {
  const tokens = pointer
    .slice(1)
    .split('/')
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = tokens.pop();
  let parent: Json | undefined = root;
  for (const token of tokens) {
    parent = Array.isArray(parent) ? parent[Number(token)] : isObject(parent) ? parent[token] : undefined;
  }
  if (last === undefined) return;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) delete parent[last];
}

/** Sets, here and by the operation that it gives, as much of git's value as live has nothing for. */
function setAt(root: JsonObject, body: JsonObject, path: FieldPath): JsonPatchOperation | undefined {
  for (let length = 1; length <= path.length; length++) {
    const there = path.slice(0, length);
    const value = valueAt(body, there);
    if (value === undefined) return undefined;
    const isThere = valueAt(root, there) !== undefined;
    if (isThere && length < path.length) continue;
    const above = path.slice(0, length - 1);
    const parent = valueAt(root, above);
    const tokens = tokensOf(root, above);
    const element = there.at(-1);
    if (tokens === undefined || element === undefined) return undefined;
    if (Array.isArray(parent)) {
      const index = indexOfElement(parent, element);
      if (index < 0) parent.push(cloneJson(value));
      else parent[index] = cloneJson(value);
      return index < 0
        ? {op: 'add', path: pointerOf([...tokens, '-']), value}
        : {op: 'replace', path: pointerOf([...tokens, index]), value};
    }
    if (!isObject(parent) || element.type !== 'field') return undefined;
    parent[element.name] = cloneJson(value);
    return {op: isThere ? 'replace' : 'add', path: pointerOf([...tokens, element.name]), value};
  }
  return undefined;
}
