// Cuts the forges' published API descriptions down to the operations that source/forges uses, for the tests that hold its
// requests and answers to them. Run it after an update of a forge's client, or of test/gitea's Gitea:
//   node --import tsx scripts/cut-forges.ts
// GitHub's description is @octokit/openapi's (MIT), Gitea's (MIT) is what the real one serves. GitLab's is in no package: what it
// says is noted in gitlab-published.ts, and what it leaves unsaid is read from the Go client that GitLab publishes (Apache
// License 2.0).
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../source/resources/json.ts';
import {startGitea} from '../test/gitea/gitea.ts';
import {readGitLabClient} from './gitlab-client.ts';
import {withPublished} from './gitlab-description.ts';
import {source as publishedSource} from './gitlab-published.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.join(root, 'test/forges/fixtures');
const githubVersion = '23.0.2';
const gitlabVersion = 'v1.46.0';

const github = [
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/pulls',
  'POST /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/rules/branches/{branch}',
  'GET /repos/{owner}/{repo}/branches/{branch}',
  'GET /repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews',
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
];

const gitea = [
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/pulls',
  'POST /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{base}/{head}',
  'GET /repos/{owner}/{repo}/pulls/{index}',
  'PATCH /repos/{owner}/{repo}/pulls/{index}',
  'GET /repos/{owner}/{repo}/pulls/{index}/files',
  'GET /repos/{owner}/{repo}/pulls/{index}/reviews',
  'GET /repos/{owner}/{repo}/pulls/{index}/reviews/{id}/comments',
  'POST /repos/{owner}/{repo}/pulls/{index}/requested_reviewers',
  'POST /repos/{owner}/{repo}/pulls/{index}/merge',
  'GET /repos/{owner}/{repo}/issues/{index}/comments',
  'POST /repos/{owner}/{repo}/issues/{index}/labels',
  'GET /repos/{owner}/{repo}/labels',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/branches/{branch}',
];

/** What describes and does not bind. */
const words = new Set([
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'deprecated',
  'xml',
  'default',
  'discriminator',
]);

mkdirSync(target, {recursive: true});
write('github', `@octokit/openapi ${githubVersion}, MIT License`, fromOpenApi(githubDescription(), github));
const server = await startGitea();
if (server === undefined) throw new Error('there is no Gitea to ask');
try {
  const description = (await (await fetch(`${server.url}/swagger.v1.json`)).json()) as JsonObject;
  const {version} = (await server.api('ada', 'GET', '/version')) as {version: string};
  write('gitea', `Gitea ${version}, MIT License`, fromOpenApi(description, gitea));
} finally {
  await server.stop();
}
write(
  'gitlab',
  `${publishedSource}; for what that leaves unsaid gitlab.com/gitlab-org/api/client-go ${gitlabVersion}, Apache License 2.0`,
  withPublished(readGitLabClient(goModule(`gitlab.com/gitlab-org/api/client-go@${gitlabVersion}`))),
);

interface Cut {
  operations: JsonObject;
  schemas: JsonObject;
}

function write(name: string, source: string, {operations, schemas}: Cut): void {
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify({source, operations, schemas: sorted})}\n`;
  writeFileSync(path.join(target, `${name}.json`), text);
  process.stdout.write(`${name}: ${Object.keys(operations).length} operations, ${text.length} bytes\n`);
}

function githubDescription(): JsonObject {
  const folder = mkdtempSync(path.join(tmpdir(), 'gitops-tui-openapi-'));
  try {
    const run = (file: string, ...args: string[]) =>
      execFileSync(file, args, {cwd: folder, encoding: 'utf8'});
    const packed = run('npm', 'pack', '--silent', `@octokit/openapi@${githubVersion}`).trim();
    const file = 'package/generated/api.github.com.json';
    run('tar', '-xzf', packed, file);
    return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as JsonObject;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function goModule(name: string): string {
  const output = execFileSync('go', ['mod', 'download', '-json', name], {cwd: tmpdir(), encoding: 'utf8'});
  const folder = stringAt(JSON.parse(output) as JsonObject, 'Dir');
  if (folder === undefined) throw new Error(`Go gives no folder for ${name}`);
  return folder;
}

/** OpenAPI 3.0's and Swagger 2.0's operations in one form: JSON schemas of the query, the body, and each answer. */
function fromOpenApi(description: JsonObject, wanted: readonly string[]): Cut {
  const operations: JsonObject = {};
  const schemas: JsonObject = {};
  for (const name of wanted) {
    const [method = '', route = ''] = name.split(' ');
    // GitHub writes `{+ref}`-like paths plainly; both forms are looked for.
    const found = objectAt(objectAt(objectAt(description, 'paths'), route), method.toLowerCase());
    if (Object.keys(found).length === 0) throw new Error(`no operation ${name}`);
    const query: JsonObject = {};
    const required: string[] = [];
    let body: Json = null;
    for (const item of listAt(found, 'parameters')) {
      const parameter = resolve(description, item);
      const key = stringAt(parameter, 'name') ?? '';
      if (parameter['in'] === 'query') {
        query[key] = keep(parameter['schema'] ?? typeOf(parameter));
        if (parameter['required'] === true) required.push(key);
      }
      if (parameter['in'] === 'body') body = keep(parameter['schema'] ?? {});
    }
    const content = objectAt(
      objectAt(resolve(description, found['requestBody'] ?? {}), 'content'),
      'application/json',
    );
    if (content['schema'] !== undefined) body = keep(content['schema']);
    const answers: JsonObject = {};
    for (const [status, item] of Object.entries(objectAt(found, 'responses'))) {
      if (!status.startsWith('2')) continue;
      const response = resolve(description, item);
      const schema =
        objectAt(objectAt(response, 'content'), 'application/json')['schema'] ?? response['schema'];
      answers[status] = schema === undefined ? null : keep(schema);
    }
    operations[name] = {query, required, body, answers};
  }
  return {operations, schemas};

  /** A schema without words, in JSON Schema's own terms, with all that it refers to taken over. */
  function keep(schema: Json): Json {
    const bare = strip(schema);
    for (const [, name] of JSON.stringify(bare).matchAll(/"#\/schemas\/([^"]+)"/g)) {
      if (name === undefined || schemas[name] !== undefined) continue;
      const definition =
        objectAt(objectAt(description, 'components'), 'schemas')[name] ??
        objectAt(description, 'definitions')[name];
      if (definition === undefined) throw new Error(`no schema ${name}`);
      schemas[name] = {};
      schemas[name] = keep(definition);
    }
    return bare;
  }
}

function resolve(description: JsonObject, item: Json): JsonObject {
  if (!isObject(item)) return {};
  const reference = stringAt(item, '$ref');
  if (reference === undefined) return item;
  return reference
    .slice(2)
    .split('/')
    .reduce<JsonObject>((at, key) => objectAt(at, key), description);
}

function typeOf(parameter: JsonObject): JsonObject {
  const {type, items, enum: values} = parameter;
  return {
    ...(type === undefined ? {} : {type}),
    ...(items === undefined ? {} : {items}),
    ...(values === undefined ? {} : {enum: values}),
  };
}

/** Properties may be called `description`: they stay. OpenAPI 3.0's `nullable` becomes a type. */
function strip(value: Json): Json {
  if (Array.isArray(value)) return value.map(strip);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'properties' && isObject(item)) {
      result[key] = Object.fromEntries(Object.entries(item).map(([name, schema]) => [name, strip(schema)]));
    } else if (key === '$ref' && typeof item === 'string') {
      result[key] = item.replace(/^#\/(?:components\/schemas|definitions)\//, '#/schemas/');
    } else if (key === 'enum' || key === 'required') {
      result[key] = item;
    } else if (!words.has(key) && !key.startsWith('x-') && key !== 'nullable') {
      result[key] = strip(item);
    }
  }
  return value['nullable'] === true ? {anyOf: [result, {type: 'null'}]} : result;
}
