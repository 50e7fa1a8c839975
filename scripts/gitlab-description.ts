// Puts together what GitLab's OpenAPI description says and, for what it leaves unsaid, what GitLab's Go client does.
import {isObject, type Json, type JsonObject, listAt, objectAt} from '../source/resources/json.ts';
import {entities, type Fields, missing, operations, type Type} from './gitlab-published.ts';

interface Cut {
  operations: JsonObject;
  schemas: JsonObject;
}

/**
 * The operations as the description has them. Three things it does not say, and they are the client's: whether an answer is a
 * list, whether a field may be null, and the types of fields that nobody gave one. Each operation's `client` names the
 * lists and the types that are not as the description has them. Throws where the client lacks an operation.
 */
export function withPublished(client: Cut): Cut {
  const schemas: JsonObject = {};
  const made = Object.entries(operations).map(([name, operation]): [string, Json] => {
    const {query = {}, body, required = [], answer} = operation;
    let index = 0;
    const known = objectAt(
      client.operations,
      name.replace(/\{\w+\}/g, () => `{${++index}}`),
    );
    const [status, answered] = Object.entries(objectAt(known, 'answers'))[0] ?? [];
    if (status === undefined || !isObject(answered)) throw new Error(`the client has no ${name}`);
    const list = answered['type'] === 'array';
    const unsaid = entity(answer, list ? (answered['items'] ?? {}) : answered);
    const schema = {$ref: `#/schemas/${answer}`};
    return [
      name,
      {
        query: schemasOf(query),
        required: [],
        body:
          body === undefined ? null : {type: 'object', properties: schemasOf(body), required: [...required]},
        answers: {[status]: list ? {type: 'array', items: schema} : schema},
        client: [...(list ? ['that it is a list'] : []), ...unsaid],
      },
    ];
  });
  return {operations: Object.fromEntries(made), schemas};

  /** Makes an entity's schema, and gives the names of its fields that are the client's. */
  function entity(name: string, ofClient: Json): string[] {
    const theirs = objectAt(resolved(ofClient), 'properties');
    const unsaid: string[] = [...(missing[name] ?? [])];
    const properties: JsonObject = {};
    for (const field of unsaid) properties[field] = taken(theirs[field] ?? {});
    for (const [field, type] of Object.entries(entities[name] ?? {})) {
      const their = resolved(theirs[field] ?? {});
      if (typeof type === 'string' && type.startsWith('@')) {
        const inner = type.slice(1);
        const list = their['type'] === 'array';
        unsaid.push(...entity(inner, list ? (their['items'] ?? {}) : their).map(each => `${field}.${each}`));
        const schema = {$ref: `#/schemas/${inner}`};
        if (list) unsaid.push(`${field}: a list`);
        properties[field] = orNull(list ? {type: 'array', items: schema} : schema);
      } else if (type === 'unsaid' && their['type'] !== 'string') {
        unsaid.push(field);
        properties[field] = taken(theirs[field] ?? {});
      } else {
        properties[field] = orNull(schemaOf(type));
      }
    }
    schemas[name] = {type: 'object', properties};
    return unsaid;
  }

  /** A schema of the client's, behind its name and its null. */
  function resolved(schema: Json): JsonObject {
    if (!isObject(schema)) return {};
    const reference = schema['$ref'];
    if (typeof reference === 'string')
      return resolved(client.schemas[reference.replace('#/schemas/', '')] ?? {});
    const [first] = listAt(schema, 'anyOf');
    return first === undefined ? schema : resolved(first);
  }

  /** A schema of the client's with all that it refers to. */
  function taken(schema: Json): Json {
    for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/schemas\/([^"]+)"/g)) {
      if (schemas[name] !== undefined) continue;
      schemas[name] = client.schemas[name] ?? {};
      taken(schemas[name] ?? {});
    }
    return schema;
  }
}

function schemasOf(fields: Fields): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, schemaOf(type)]));
}

function schemaOf(type: Type): Json {
  if (typeof type !== 'string') return {type: 'string', enum: [...type]};
  if (type === 'names') return {anyOf: [schemaOf('string[]'), schemaOf('string')]};
  if (type.includes('|')) return {anyOf: type.split('|').map(schemaOf)};
  if (type.endsWith('[]')) return {type: 'array', items: schemaOf(type.slice(0, -2))};
  return {type: type === 'time' || type === 'unsaid' ? 'string' : type};
}

function orNull(schema: Json): Json {
  return {anyOf: [schema, {type: 'null'}]};
}
