import * as v from 'valibot';
import {parseJson} from '../resources/json.ts';
import {RegistryError} from './error.ts';
import {refusal} from './refusal.ts';
import {ask, type TransportOptions} from './transport.ts';

const root = 'https://hub.docker.com';
const mostBytes = 8 * 1024 * 1024;

const tagSchema = v.object({
  name: v.string(),
  tag_last_pushed: v.nullish(v.string()),
  last_updated: v.nullish(v.string()),
});
const pageSchema = v.object({results: v.array(tagSchema)});

/** The time of a tag's last push; null where the Hub does not say it. */
export interface PushedTag {
  tag: string;
  pushed: string | null;
}

/**
 * Docker Hub's own API (https://docs.docker.com/reference/api/hub/latest/): when tags were pushed, which no registry's API
 * tells without a pull, and pulls are what Docker Hub counts. It is asked without credentials, so it knows public images
 * only. Throws RegistryError.
 */
export class DockerHub {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions = {}) {
    this.#options = options;
  }

  /** The hundred tags of a repository that were pushed last, newest first. */
  async lastPushed(repository: string, signal?: AbortSignal): Promise<PushedTag[]> {
    const page = await this.#get(repository, '?page_size=100&ordering=last_updated', pageSchema, signal);
    return page.results.map(pushedTag);
  }

  /** When a tag was pushed. */
  async pushed(repository: string, tag: string, signal?: AbortSignal): Promise<string | null> {
    return pushedTag(await this.#get(repository, `/${encodeURIComponent(tag)}`, tagSchema, signal)).pushed;
  }

  async #get<Schema extends v.GenericSchema>(
    repository: string,
    path: string,
    schema: Schema,
    signal: AbortSignal | undefined,
  ): Promise<v.InferOutput<Schema>> {
    const [namespace = '', ...rest] = repository.split('/').map(encodeURIComponent);
    const url = new URL(`/v2/namespaces/${namespace}/repositories/${rest.join('/')}/tags${path}`, root);
    const answer = await ask({url, headers: {accept: 'application/json'}, mostBytes}, signal, this.#options);
    const asked = {registry: 'docker.io', repository, from: null};
    if (answer.status !== 200) throw refusal(answer, asked);
    const parsed = v.safeParse(schema, jsonOf(answer.body));
    if (parsed.success) return parsed.output;
    throw new RegistryError('not-a-registry', 'the answer of hub.docker.com is not what Docker Hub gives');
  }
}

function pushedTag({name, tag_last_pushed, last_updated}: v.InferOutput<typeof tagSchema>): PushedTag {
  const time = Date.parse(tag_last_pushed ?? last_updated ?? '');
  return {tag: name, pushed: Number.isNaN(time) ? null : new Date(time).toISOString()};
}

function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
