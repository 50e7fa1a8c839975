// Reads from Kubernetes' Go sources what OpenAPI doesn't tell: which fields are pointers, and which are left out when empty.
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

interface GoField {
  /** The JSON name, or '' where the field's type is written inline. */
  json: string;
  type: string;
  pointer: boolean;
  omitEmpty: boolean;
  omitZero: boolean;
  /** The field's number in protobuf, 0 for none. */
  number: number;
}

/** Package and type name (`k8s.io/api/apps/v1.Deployment`) to its fields. */
export type GoTypes = (name: string) => GoField[] | undefined;

/** Schemas are named after Go packages; `folderOf` gives the folder of a module's sources. */
export function readGoTypes(folderOf: (module: string) => string): GoTypes {
  const packages = new Map<string, Map<string, GoField[]>>();
  return schemaName => {
    const place = placeOf(schemaName);
    if (place === undefined) return undefined;
    const folder = path.join(folderOf(place.module), place.folder);
    let types = packages.get(folder);
    if (types === undefined) {
      types = readPackage(folder);
      packages.set(folder, types);
    }
    return types.get(place.type);
  };
}

/**
 * How a Go type writes its fields, where that is not the common case (a value, left out when empty): letters to names.
 * p: a pointer, left out when nil; P: a pointer, null when nil; V: a value, always written; z: left out when zero.
 * Undefined where the sources have no such struct.
 */
export function shapeOf(
  types: GoTypes,
  schemaName: string,
  properties: readonly string[],
): Record<string, string[]> | undefined {
  const fields = allFields(types, schemaName);
  if (fields === undefined) return undefined;
  const shape: Record<string, string[]> = {};
  for (const property of properties) {
    const field = fields.find(candidate => candidate.json === property);
    if (field === undefined) throw new Error(`${schemaName} has no Go field for ${property}`);
    const letter = field.omitZero
      ? 'z'
      : field.pointer
        ? field.omitEmpty
          ? 'p'
          : 'P'
        : field.omitEmpty
          ? undefined
          : 'V';
    if (letter !== undefined) shape[letter] = [...(shape[letter] ?? []), property];
  }
  return shape;
}

/**
 * Numbers of a Go type's fields in protobuf; of a field that is written inline in JSON, the number of the message that
 * holds it, then its own. Undefined where the sources have no such struct.
 */
export function numbersOf(types: GoTypes, schemaName: string): Record<string, number[]> | undefined {
  const fields = types(schemaName);
  if (fields === undefined) return undefined;
  const numbers: Record<string, number[]> = {};
  for (const field of fields) {
    if (field.json !== '') {
      if (field.number > 0) numbers[field.json] = [field.number];
      continue;
    }
    const inline = inlineType(schemaName, field);
    const nested = inline === undefined ? undefined : numbersOf(types, inline);
    for (const [name, path] of Object.entries(nested ?? {})) {
      if (field.number > 0) numbers[name] = [field.number, ...path];
    }
  }
  return numbers;
}

function inlineType(schemaName: string, field: GoField): string | undefined {
  const prefix = schemaName.slice(0, schemaName.lastIndexOf('.'));
  return field.type.includes('.') ? importedType(field.type) : `${prefix}.${field.type}`;
}

function allFields(types: GoTypes, schemaName: string): GoField[] | undefined {
  return types(schemaName)?.flatMap(field => {
    if (field.json !== '') return [field];
    const inline = inlineType(schemaName, field);
    return (inline === undefined ? undefined : allFields(types, inline)) ?? [];
  });
}

/** The only packages that the API types import for inline fields. */
function importedType(type: string): string | undefined {
  const [alias, name] = type.split('.');
  if (alias === 'metav1') {
    return name === 'TypeMeta'
      ? 'io.k8s.apimachinery.pkg.apis.meta.v1.TypeMeta'
      : `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`;
  }
  return alias === 'v1' ? `io.k8s.api.core.v1.${name}` : undefined;
}

function placeOf(schemaName: string): {module: string; folder: string; type: string} | undefined {
  const parts = schemaName.split('.');
  const type = parts.pop() ?? '';
  const [, , module, ...rest] = parts;
  if (module === undefined) return undefined;
  return {module: `k8s.io/${module}`, folder: rest.join('/'), type};
}

function readPackage(folder: string): Map<string, GoField[]> {
  const types = new Map<string, GoField[]>();
  for (const file of readdirSync(folder)) {
    if (!/^types.*\.go$/.test(file) || file.includes('swagger')) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      if (name === undefined || body === undefined) continue;
      const fields = body.split('\n').flatMap(line => readField(line) ?? []);
      types.set(name, fields);
    }
  }
  return types;
}

function readField(line: string): GoField | undefined {
  const match = /^\t(?:\w+\s+)?(\*?)((?:\[\]|map\[[^\]]*\]|\*)*[\w.]+)\s+`json:"([^"]*)"/.exec(line);
  if (match === null) return undefined;
  const [json = '', ...options] = (match[3] ?? '').split(',');
  if (json === '-') return undefined;
  return {
    json: options.includes('inline') ? '' : json,
    type: match[2] ?? '',
    pointer: match[1] === '*',
    omitEmpty: options.includes('omitempty'),
    omitZero: options.includes('omitzero'),
    number: Number(/protobuf:"[a-z0-9]+,(\d+),/.exec(line)?.[1] ?? 0),
  };
}
