// Reads from the sources of GitLab's own Go client which requests its REST API takes and what it answers.
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {Json, JsonObject} from '../source/resources/json.ts';

/** The client's methods for what source/forges asks of GitLab. */
const methods = [
  'MergeRequestsService.ListProjectMergeRequests',
  'MergeRequestsService.GetMergeRequest',
  'MergeRequestsService.CreateMergeRequest',
  'MergeRequestsService.UpdateMergeRequest',
  'MergeRequestsService.AcceptMergeRequest',
  'MergeRequestsService.ListMergeRequestDiffs',
  'MergeRequestsService.GetMergeRequestReviewers',
  'MergeRequestApprovalsService.GetConfiguration',
  'NotesService.ListMergeRequestNotes',
  'CommitsService.GetCommitStatuses',
  'CommitsService.ListMergeRequestsByCommit',
  'ProtectedBranchesService.GetProtectedBranch',
  'BranchesService.GetBranch',
  'ProjectsService.GetProject',
  'UsersService.ListUsers',
];

interface Field {
  /** '' where the field's struct is written inline. */
  name: string;
  query: string;
  type: string;
}

/** The operations and schemas in the form that the tests read; throws where the client has changed its manner. */
export function readGitLabClient(folder: string): {operations: JsonObject; schemas: JsonObject} {
  const source = readdirSync(folder)
    .filter(name => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map(name => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
  const structs = new Map<string, Field[]>();
  for (const [, name = '', body = ''] of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm))
    structs.set(name, fieldsOf(body));
  const schemas: JsonObject = {};
  const operations: JsonObject = {};
  for (const method of methods) {
    const [service = '', name = ''] = method.split('.');
    const found = new RegExp(
      `^func \\(s \\*${service}\\) ${name}\\((.*)\\) \\((.*)\\) \\{\\n([\\s\\S]*?)^\\}`,
      'm',
    ).exec(source);
    const [, parameters = '', results = '', body = ''] = found ?? [];
    const route = /withPath\("([^"]+)"/.exec(body)?.[1];
    const answer = /^\[\]\*(\w+)|^\*(\w+)/.exec(results);
    if (route === undefined || answer === null) throw new Error(`can't read the client's ${method}`);
    const verb = /withMethod\(http\.Method(\w+)\)/.exec(body)?.[1]?.toUpperCase() ?? 'GET';
    const options = structs.get(/opt \*(\w+)/.exec(parameters)?.[1] ?? '') ?? [];
    const inQuery = verb === 'GET';
    const entries = allFields(options);
    const item = answer[1] ?? answer[2] ?? '';
    const schema = reference(item);
    let index = 0;
    operations[`${verb} /api/v4/${route.replace(/%[sdv]/g, () => `{${++index}}`)}`] = {
      query: inQuery ? Object.fromEntries(entries.map(field => [field.query, schemaOf(field.type)])) : {},
      required: [],
      body: inQuery
        ? null
        : {
            type: 'object',
            properties: Object.fromEntries(entries.map(field => [field.name, schemaOf(field.type)])),
          },
      answers: {[verb === 'POST' ? '201' : '200']: answer[1] ? {type: 'array', items: schema} : schema},
    };
  }
  return {operations, schemas};

  function allFields(fields: readonly Field[]): Field[] {
    return fields.flatMap(field =>
      field.name === '' ? allFields(structs.get(field.type.replace(/^\*/, '')) ?? []) : [field],
    );
  }

  function reference(name: string): Json {
    const fields = structs.get(name);
    // Aliases and types with a reader of their own: anything.
    if (fields === undefined) return {};
    if (schemas[name] === undefined) {
      schemas[name] = {};
      const properties = allFields(fields).map(field => [field.name, schemaOf(field.type)]);
      schemas[name] = {type: 'object', properties: Object.fromEntries(properties)};
    }
    return {$ref: `#/schemas/${name}`};
  }

  /** What encoding/json reads into a Go type; null goes into every one. */
  function schemaOf(type: string): Json {
    const bare = type.replace(/^\*/, '');
    if (bare.startsWith('[]')) return orNull({type: 'array', items: schemaOf(bare.slice(2))});
    if (bare.startsWith('map[')) return orNull({type: 'object'});
    if (bare === 'string') return orNull({type: 'string'});
    if (bare === 'bool') return orNull({type: 'boolean'});
    if (/^u?int(?:64|32)?$/.test(bare)) return orNull({type: 'integer'});
    if (/^float(?:64|32)$/.test(bare)) return orNull({type: 'number'});
    if (bare === 'time.Time') return orNull({type: 'string'});
    return orNull(reference(bare));
  }
}

function orNull(schema: Json): Json {
  return {anyOf: [schema, {type: 'null'}]};
}

function fieldsOf(body: string): Field[] {
  const fields: Field[] = [];
  for (const line of body.split('\n')) {
    const embedded = /^\t(\*?\w+)$/.exec(line);
    if (embedded?.[1] !== undefined) fields.push({name: '', query: '', type: embedded[1]});
    const [, type = '', tags = ''] = /^\t\w+\s+(\S.*?)\s+`([^`]*)`/.exec(line) ?? [];
    const name = /json:"([^",]+)/.exec(tags)?.[1];
    if (name === undefined || name === '-') continue;
    fields.push({name, query: /url:"([^",]+)/.exec(tags)?.[1] ?? name, type});
  }
  return fields;
}
