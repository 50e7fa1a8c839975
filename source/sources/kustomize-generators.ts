import path from 'node:path/posix';
import type {FieldPath} from '../resources/field-path.ts';
import {identityOf} from '../resources/identity.ts';
import {type JsonObject, listAt, stringAt} from '../resources/json.ts';
import type {SourceLocation} from '../resources/problem.ts';
import type {Kustomization, KustomizeFiles} from './kustomize-files.ts';
import {lineAndColumn} from './yaml-positions.ts';

/** An entry of a generator that made, or added to, a ConfigMap or Secret. */
export interface GeneratorEntry {
  kustomization: Kustomization;
  list: 'configMapGenerator' | 'secretGenerator';
  index: number;
}

// `name-` and the ten characters of kustomize's hash.
const hashed = /^(.+)-[bcdfghkmt2456789]{10}$/;

/** The entries that a rendered object may come from, the outermost kustomization's first: prefixes surround their names. */
export function generatorEntries(
  object: JsonObject,
  kustomizations: readonly Kustomization[],
): GeneratorEntry[] {
  const {kind, group, name} = identityOf(object);
  if (group !== '' || (kind !== 'ConfigMap' && kind !== 'Secret')) return [];
  const list = kind === 'ConfigMap' ? 'configMapGenerator' : 'secretGenerator';
  const base = unhashedName(name) ?? name;
  const found = kustomizations.flatMap(kustomization =>
    listAt(kustomization.document?.value, list).flatMap((entry, index) => {
      const own = stringAt(entry, 'name') ?? '';
      return own !== '' && base.includes(own) ? [{kustomization, list, index, own} as const] : [];
    }),
  );
  const longest = Math.max(0, ...found.map(({own}) => own.length));
  return found.filter(({own}) => own.length === longest);
}

/** A name without kustomize's hash; undefined where it has none. */
export function unhashedName(name: string): string | undefined {
  return hashed.exec(name)?.[1];
}

/** Where a generator's entry stands. */
export function entryLocation({kustomization, list, index}: GeneratorEntry): SourceLocation | undefined {
  return kustomization.document?.locate([
    {type: 'field', name: list},
    {type: 'index', index},
  ]);
}

/** The literal, the line of an env file or the file that a key of generated data comes from. */
export function locateGenerated(
  field: FieldPath,
  entries: readonly GeneratorEntry[],
  contents: KustomizeFiles['contents'],
): SourceLocation | undefined {
  const [section, key] = field;
  if (section?.type !== 'field' || (section.name !== 'data' && section.name !== 'binaryData'))
    return undefined;
  if (key?.type !== 'field') return undefined;
  for (const entry of entries) {
    const place = inEntry(key.name, entry, contents);
    if (place !== undefined) return place;
  }
  return undefined;
}

function inEntry(
  key: string,
  {kustomization, list, index}: GeneratorEntry,
  contents: KustomizeFiles['contents'],
): SourceLocation | undefined {
  const entry = listAt(kustomization.document?.value, list)[index];
  const texts = (name: string): string[] =>
    listAt(entry, name).map(item => (typeof item === 'string' ? item : ''));
  const literal = texts('literals').findLastIndex(text => text.startsWith(`${key}=`));
  if (literal >= 0) {
    return kustomization.document?.locate([
      {type: 'field', name: list},
      {type: 'index', index},
      {type: 'field', name: 'literals'},
      {type: 'index', index: literal},
    ]);
  }
  for (const text of texts('files')) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? path.basename(text) : text.slice(0, equals);
    if (name === key) return {file: path.join(kustomization.folder, text.slice(equals + 1)), line: 1};
  }
  for (const text of [...texts('envs'), stringAt(entry, 'env') ?? '']) {
    const file = path.join(kustomization.folder, text);
    const content = text === '' ? undefined : contents.get(file)?.toString('utf8');
    const start = content === undefined ? -1 : `\n${content}`.lastIndexOf(`\n${key}=`);
    if (content !== undefined && start >= 0) return {file, ...lineAndColumn(content, start)};
  }
  return undefined;
}
