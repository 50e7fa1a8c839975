import type {Json} from '../../resources/json.ts';
import {isObject} from '../../resources/json.ts';
import {type EditResult, removeValue, setValue} from '../../sources/edit/edit.ts';
import {readYaml} from '../../sources/yaml.ts';

/** What of a kustomization is an environment's own: where its objects go, and what is put around their names. */
const ownKeys = ['namespace', 'namePrefix', 'nameSuffix'] as const;

/**
 * A kustomization as another environment has it, but with what is the target's own kept as it was. Where that can't be
 * written, the target's file is taken over as it is, and a note says so.
 */
export function ownKept(
  file: string,
  source: Buffer,
  target: Buffer,
): {content: string | Uint8Array; notes: readonly string[]} {
  const [theirs, ours] = [mappingOf(source, file), mappingOf(target, file)];
  let text = source.toString('utf8');
  const kept: string[] = [];
  for (const key of ownKeys) {
    if (theirs[key] === ours[key]) continue;
    const result = withKey({path: file, text}, key, ours[key]);
    if ('refusal' in result) {
      return {content: source, notes: [`its ${key} would become the source's: ${result.refusal}`]};
    }
    ({text} = result);
    kept.push(key);
  }
  if (kept.length === 0) return {content: source, notes: []};
  return {content: text, notes: [`${kept.join(', ')} stays as it is`]};
}

function withKey(file: {path: string; text: string}, key: string, value: Json | undefined): EditResult {
  const path = [{type: 'field', name: key}] as const;
  return value === undefined ? removeValue(file, 0, path) : setValue(file, 0, path, value);
}

function mappingOf(bytes: Buffer, file: string): Record<string, Json> {
  const value = readYaml(bytes, file).documents[0]?.value;
  return isObject(value) ? value : {};
}
