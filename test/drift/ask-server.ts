import {readFileSync} from 'node:fs';
import {request} from 'node:https';
import type {JsonPatchOperation} from '../../source/cluster/types.ts';
import {autoscaledTargets} from '../../source/drift/autoscalers.ts';
import {DefaultsLearned} from '../../source/drift/defaults.ts';
import {compareLocal} from '../../source/drift/local.ts';
import {prepareDesired} from '../../source/drift/normalise.ts';
import {removalPatch} from '../../source/drift/removal-patch.ts';
import type {ResourceDrift} from '../../source/drift/types.ts';
import {type DryRun, verdict} from '../../source/drift/verdict.ts';
import type {IgnoreRule} from '../../source/environments/types.ts';
import {argoHealth} from '../../source/health/argo-cd.ts';
import {identityKey, identityOf, splitApiVersion} from '../../source/resources/identity.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  parseJson,
  stringAt,
} from '../../source/resources/json.ts';
import {SchemaDocument, type SchemaNode} from '../../source/resources/schema.ts';

/** Where a server is, and a token for it. */
export interface Place {
  url: string;
  caFile: string;
  adminToken: string;
}

interface Answer {
  status: number;
  body: Json;
}

/** What a test may change about how the verdict is reached. */
export interface Ways {
  /** 'local': no dry runs, as without the patch verb. */
  mode?: 'server' | 'local';
  ignore?: IgnoreRule[];
  learned?: DefaultsLearned;
}

/** A server, and the engine's order of calls about one resource, by nothing but Node and source/drift. */
export class Server {
  readonly #place: Place;
  readonly #documents = new Map<string, SchemaDocument>();
  /** How many dry runs were made. */
  dryRuns = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  async judge(desired: JsonObject, ways: Ways = {}): Promise<ResourceDrift> {
    const id = identityOf(desired);
    const {group, version} = splitApiVersion(stringAt(desired, 'apiVersion') ?? '');
    const path = await this.pathOf(desired);
    const live = await this.ask('GET', path);
    if (live.status !== 200 || !isObject(live.body)) throw new Error(`GET ${path}: ${live.status}`);
    const schema = await this.schema(desired);
    const prepared = prepareDesired(desired, schema);
    const learned = ways.learned ?? new DefaultsLearned();
    const scalers = await this.ask('GET', '/apis/autoscaling/v2/horizontalpodautoscalers');
    const autoscaled = autoscaledTargets(listAt(scalers.body, 'items').filter(isObject)).has(identityKey(id));
    const local = compareLocal({
      id,
      prepared,
      live: live.body,
      schema,
      ignore: ways.ignore ?? [],
      learned,
      autoscaled,
    });
    const asks = ways.mode !== 'local' && local.error === null;
    const applied = asks && !local.equal ? await this.dryApply(path, prepared.object) : undefined;
    const stripped =
      asks && local.removalCandidates.length > 0
        ? await this.dryPatch(path, removalPatch(live.body, local.removalCandidates))
        : undefined;
    return verdict({
      id,
      version: group === '' ? version : `${group}/${version}`,
      source: null,
      healthOf: argoHealth,
      prepared,
      live: live.body,
      schema,
      local,
      mask: value => `***${String(value).length}`,
      learned,
      applied,
      stripped,
    });
  }

  dryApply(path: string, object: JsonObject): Promise<DryRun> {
    return this.#dryRun(
      `${path}?dryRun=All&fieldManager=gitops-tui&force=true`,
      object,
      'application/apply-patch+yaml',
    );
  }

  dryPatch(path: string, operations: JsonPatchOperation[]): Promise<DryRun> {
    const body = operations.map(operation => ({...operation}) as JsonObject);
    return this.#dryRun(`${path}?dryRun=All&fieldManager=gitops-tui`, body, 'application/json-patch+json');
  }

  async #dryRun(path: string, body: Json, type: string): Promise<DryRun> {
    this.dryRuns++;
    const answer = await this.ask('PATCH', path, body, type);
    if (answer.status < 300 && isObject(answer.body)) return {object: answer.body};
    const reasons = {
      403: 'forbidden',
      409: 'conflict',
      422: 'invalid',
      400: 'invalid',
      404: 'not-found',
    } as const;
    const reason =
      Object.entries(reasons).find(([status]) => Number(status) === answer.status)?.[1] ?? 'server';
    return {
      error: {
        reason,
        message: stringAt(answer.body, 'message') ?? '',
        causes: listAt(objectAt(answer.body, 'details'), 'causes').map(cause => ({
          field: stringAt(cause, 'field') ?? '',
          message: stringAt(cause, 'message') ?? '',
          reason: stringAt(cause, 'reason') ?? '',
        })),
      },
    };
  }

  async schema(object: JsonObject): Promise<SchemaNode | undefined> {
    const {group, version} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
    const path = group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`;
    let document = this.#documents.get(path);
    if (document === undefined) {
      const answer = await this.ask('GET', path);
      document = new SchemaDocument(answer.body);
      // A new kind's document takes the server a moment.
      if (answer.status === 200) this.#documents.set(path, document);
    }
    return document.kind(group, version, stringAt(object, 'kind') ?? '');
  }

  async pathOf(object: JsonObject): Promise<string> {
    const {group, version} = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const resources = listAt((await this.ask('GET', root)).body, 'resources');
    const resource = resources.find(
      item => stringAt(item, 'kind') === object['kind'] && !(stringAt(item, 'name') ?? '').includes('/'),
    );
    const {namespace, name} = identityOf(object);
    const place = isObject(resource) && resource['namespaced'] === true ? `/namespaces/${namespace}` : '';
    return `${root}${place}/${stringAt(resource, 'name') ?? ''}/${name}`;
  }

  ask(method: string, path: string, body?: Json, type = 'application/json'): Promise<Answer> {
    const {url, caFile, adminToken} = this.#place;
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, url), {
        method,
        ca: readFileSync(caFile),
        agent: false,
        signal: AbortSignal.timeout(30_000),
        headers: {
          authorization: `Bearer ${adminToken}`,
          accept: 'application/json',
          ...(body === undefined ? {} : {'content-type': type}),
        },
      });
      outgoing.on('error', reject);
      outgoing.on('response', incoming => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({status: incoming.statusCode ?? 0, body: text.startsWith('{') ? parseJson(text) : text});
        });
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
