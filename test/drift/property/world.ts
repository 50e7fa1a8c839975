import {readFileSync} from 'node:fs';
import {Agent, request} from 'node:https';
import {DefaultsLearned} from '../../../source/drift/defaults.ts';
import {compareLocal} from '../../../source/drift/local.ts';
import {prepareDesired} from '../../../source/drift/normalise.ts';
import {removalPatch} from '../../../source/drift/removal-patch.ts';
import type {ResourceDrift} from '../../../source/drift/types.ts';
import {type DryRun, verdict} from '../../../source/drift/verdict.ts';
import {heardAll, heardHistory} from '../../../source/drift/witnesses.ts';
import {argoHealth} from '../../../source/health/argo-cd.ts';
import {identityOf} from '../../../source/resources/identity.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  parseJson,
  stringifyJson,
} from '../../../source/resources/json.ts';
import type {SchemaNode} from '../../../source/resources/schema.ts';
import type {Cluster} from '../../cluster/cluster.ts';
import {Server} from '../ask-server.ts';

export interface Answer {
  status: number;
  body: Json;
}

/** The verdicts on one object. */
export interface Verdicts {
  /** Of who may not ask the server. */
  local: ResourceDrift;
  /** Of who may not, but sees that nothing changes objects on their way in. */
  untouched: ResourceDrift;
  server: ResourceDrift;
}

type Mode = keyof Verdicts;

interface Question {
  desired: JsonObject;
  live: JsonObject;
  schema: SchemaNode | undefined;
  path: string;
}

/** The server by connections that stay open: a property asks it some thousand times. */
class KeptServer extends Server {
  readonly #agent = new Agent({keepAlive: true, scheduling: 'lifo', timeout: 20_000});
  readonly #url: string;
  readonly #ca: Buffer;
  readonly #token: string;

  constructor(cluster: Cluster) {
    super(cluster);
    this.#url = cluster.url;
    this.#ca = readFileSync(cluster.caFile);
    this.#token = cluster.adminToken;
  }

  override ask(method: string, path: string, body?: Json, type = 'application/json'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, this.#url), {
        method,
        ca: this.#ca,
        agent: this.#agent,
        signal: AbortSignal.timeout(30_000),
        headers: {authorization: `Bearer ${this.#token}`, accept: 'application/json', 'content-type': type},
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection in the moment that it was used again.
        if (error.code === 'ECONNRESET' && outgoing.reusedSocket)
          this.ask(method, path, body, type).then(resolve, reject);
        else reject(error);
      });
      outgoing.on('response', incoming => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({status: incoming.statusCode ?? 0, body: text.startsWith('{') ? parseJson(text) : text});
        });
      });
      outgoing.end(body === undefined ? undefined : stringifyJson(body));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A namespace of a real server, asked over raw HTTP as the engine asks it. */
export class World {
  readonly namespace: string;
  readonly #server: KeptServer;

  constructor(cluster: Cluster, namespace: string) {
    this.namespace = namespace;
    this.#server = new KeptServer(cluster);
  }

  ask(method: string, path: string, body?: Json, type?: string): Promise<Answer> {
    return this.#server.ask(method, path, body, type);
  }

  /** All verdicts on a live object. `former` is what earlier commits said of it, where git's history is heard. */
  async judge(
    desired: JsonObject,
    live: JsonObject,
    path: string,
    former: readonly JsonObject[] = [],
  ): Promise<Verdicts> {
    const schema = await this.#server.schema(desired);
    const question = {desired, live, schema, path, former};
    return {
      local: await this.#verdict(question, 'local'),
      untouched: await this.#verdict(question, 'untouched'),
      server: await this.#verdict(question, 'server'),
    };
  }

  async #verdict(
    {desired, live, schema, path, former}: Question & {former: readonly JsonObject[]},
    mode: Mode,
  ): Promise<ResourceDrift> {
    const id = identityOf(desired);
    const prepared = prepareDesired(desired, schema);
    const learned = new DefaultsLearned();
    const compared = compareLocal({id, prepared, live, schema, ignore: [], learned, autoscaled: false});
    const witnesses = {id, live, schema};
    const heard = heardHistory(compared, {
      ...witnesses,
      former: former.map(object => prepareDesired(object, schema).object),
    });
    const isUntouched = mode === 'untouched';
    const local = mode === 'server' ? heard : heardAll(heard, {...witnesses, isUntouched});
    let applied: DryRun | undefined;
    let stripped: DryRun | undefined;
    if (mode === 'server' && local.error === null) {
      if (!local.equal) applied = await this.#server.dryApply(path, prepared.object);
      if (local.removalCandidates.length > 0) {
        stripped = await this.#server.dryPatch(path, removalPatch(live, local.removalCandidates));
      }
    }
    return verdict({
      id,
      version: String(desired['apiVersion']),
      source: null,
      healthOf: argoHealth,
      prepared,
      live,
      schema,
      local,
      mask: value => `***${String(value).length}`,
      learned,
      applied,
      stripped,
    });
  }

  /** What a server that never saw the object would make of git's: the truth. Undefined where it refuses. */
  async fresh(desired: JsonObject, collection: string): Promise<JsonObject | undefined> {
    const metadata = {...objectAt(desired, 'metadata'), name: 'fresh'};
    const answer = await this.ask('POST', `${collection}?dryRun=All`, {...desired, metadata});
    return answer.status < 300 && isObject(answer.body) ? answer.body : undefined;
  }

  close(): void {
    this.#server.close();
  }
}
