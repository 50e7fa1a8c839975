import type {JsonPatchOperation} from '../cluster/types.ts';
import {type FieldPath, indexOfElement, type PathElement} from '../resources/field-path.ts';
import {isObject, type Json, type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import type {RemovalCandidate} from './removals.ts';

/**
 * A JSON patch that takes the candidates out of a live object, and fails where the object has moved on. A dry run of it
 * shows which of them the server fills in by itself: those come back.
 */
export function removalPatch(
  live: JsonObject,
  candidates: readonly Pick<RemovalCandidate, 'elements'>[],
): JsonPatchOperation[] {
  const pointers = new Map<string, (string | number)[]>();
  for (const {elements} of candidates) {
    for (const path of [elements, ...twinOf(elements)]) {
      const tokens = tokensOf(live, path);
      if (tokens !== undefined) pointers.set(pointerOf(tokens), tokens);
    }
  }
  const roots = [...pointers.entries()].filter(
    ([pointer]) => ![...pointers.keys()].some(other => pointer !== other && pointer.startsWith(`${other}/`)),
  );
  // From the end, so that no removal moves what another one points to.
  roots.sort(([, a], [, b]) => compareTokens(b, a));
  const operations: JsonPatchOperation[] = [];
  const resourceVersion = stringAt(objectAt(live, 'metadata'), 'resourceVersion');
  if (resourceVersion !== undefined) {
    operations.push({op: 'test', path: '/metadata/resourceVersion', value: resourceVersion});
  }
  return [...operations, ...roots.map(([path]) => ({op: 'remove' as const, path}))];
}

// The server fills a service account's name in from the old spelling beside it: they go together or not at all.
function twinOf(path: FieldPath): FieldPath[] {
  const last = path.at(-1);
  return last?.type === 'field' && last.name === 'serviceAccountName'
    ? [[...path.slice(0, -1), {type: 'field', name: 'serviceAccount'}]]
    : [];
}

/** Where a path is in an object, as the steps of a JSON pointer; undefined where nothing is there. */
export function tokensOf(root: Json, path: FieldPath): (string | number)[] | undefined {
  const tokens: (string | number)[] = [];
  let value: Json | undefined = root;
  for (const element of path) {
    const token = tokenOf(value, element);
    if (token === undefined) return undefined;
    tokens.push(token);
    value = Array.isArray(value) ? value[Number(token)] : isObject(value) ? value[token] : undefined;
  }
  return value === undefined ? undefined : tokens;
}

function tokenOf(value: Json | undefined, element: PathElement): string | number | undefined {
  if (element.type === 'field') return isObject(value) ? element.name : undefined;
  if (!Array.isArray(value)) return undefined;
  const index = indexOfElement(value, element);
  return index < 0 ? undefined : index;
}

/** A JSON pointer (RFC 6901) of steps. */
export function pointerOf(tokens: readonly (string | number)[]): string {
  return tokens.map(token => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function compareTokens(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, token] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (token === other) continue;
    if (typeof token === 'number' && typeof other === 'number') return token - other;
    return String(token) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}
