import {elementKey, itemElement} from './field-set.ts';
import {isObject, type Json, stringifyJson} from './json.ts';
import {isKeyed} from './merge-values.ts';
import type {SchemaNode} from './schema.ts';

/**
 * What server-side apply refuses in an object, in the server's words: fields that the schema hasn't, values of another
 * type, items of keyed lists without their keys and, unless they are allowed, two with the same.
 * Source: structured-merge-diff, typed/validate.go.
 */
export function validateTyped(
  value: Json,
  schema: SchemaNode | undefined,
  allowDuplicates = false,
): string[] {
  const errors: string[] = [];
  validate(value, schema, '', allowDuplicates, errors);
  return errors;
}

/** One error as it is, several one a line. */
export function formatErrors(errors: readonly string[]): string {
  return errors.length === 1
    ? (errors[0] ?? '')
    : ['errors:', ...errors.map(error => `  ${error}`)].join('\n');
}

function validate(
  value: Json,
  schema: SchemaNode | undefined,
  path: string,
  allowDuplicates: boolean,
  errors: string[],
): void {
  if (schema === undefined || value === null) return;
  const wrong = mismatch(value, schema);
  if (wrong !== undefined) {
    errors.push(`${path}: ${wrong}`);
    return;
  }
  if (Array.isArray(value)) {
    const seen = new Set<string>();
    value.forEach((item, index) => {
      let at = `${path}[${index}]`;
      if (isKeyed(schema)) {
        const element = itemElement(item, schema);
        if (element === undefined) {
          errors.push(
            `${path}: element ${index}: associative list with keys has an element that omits all key fields ${JSON.stringify(schema.listMapKeys).replaceAll(',', ' ')} (and doesn't have default values for any key fields)`,
          );
          return;
        }
        const key = elementKey(element);
        at = `${path}${formatElement(element)}`;
        if (seen.has(key) && !allowDuplicates) {
          errors.push(`${path}: duplicate entries for key ${formatElement(element)}`);
        }
        seen.add(key);
      }
      validate(item, schema.items(), at, allowDuplicates, errors);
    });
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const child = schema.property(name);
      if (child === undefined && !schema.preservesUnknown && schema.propertyNames().length > 0) {
        errors.push(`${path}.${name}: field not declared in schema`);
        // The server stops here too: the rest of this object is not looked at.
        return;
      }
      validate(item, child, `${path}.${name}`, allowDuplicates, errors);
    }
  }
}

/** A step as the server writes it in messages: `.spec`, `[name="web"]`, `[="a"]`. */
export function formatElement(element: NonNullable<ReturnType<typeof itemElement>>): string {
  switch (element.type) {
    case 'field':
      return `.${element.name}`;
    case 'keys':
      return `[${Object.keys(element.keys)
        .sort()
        .map(name => `${name}=${formatScalar(element.keys[name])}`)
        .join(',')}]`;
    case 'value':
      return `[=${formatScalar(element.value)}]`;
    case 'index':
      return `[${element.index}]`;
  }
}

function formatScalar(value: Json | undefined): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function mismatch(value: Json, schema: SchemaNode): string | undefined {
  switch (schema.type) {
    case 'object':
      return isObject(value) ? undefined : `expected map, got ${describe(value)}`;
    case 'array':
      return Array.isArray(value) ? undefined : `expected list, got ${describe(value)}`;
    case 'string':
      if (schema.format !== undefined && schema.format !== 'byte') break;
      return typeof value === 'string' ? undefined : `expected string, got ${describe(value)}`;
    case 'integer':
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint'
        ? undefined
        : `expected numeric (int or float), got ${goType(value)}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${describe(value)}`;
    case 'any':
      return undefined;
    default:
  }
  return typeof value === 'object' ? `expected any scalar, got ${describe(value)}` : undefined;
}

// Go prints its own wrapper of the value.
function describe(value: Json): string {
  return `&value.valueUnstructured{Value:${typeof value === 'object' ? goType(value) : stringifyJson(value)}}`;
}

function goType(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
