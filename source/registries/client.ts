import {createHash} from 'node:crypto';
import * as v from 'valibot';
import {Gate} from '../cluster/gate.ts';
import {parseJson} from '../resources/json.ts';
import {KnownSecrets} from '../secrets/known.ts';
import {plainLine} from '../text/plain.ts';
import {type Authorization, authorize} from './authorize.ts';
import {nextLink, parseChallenges} from './challenge.ts';
import {CredentialsError, findCredentials, type RegistryCredentials} from './credentials.ts';
import {RegistryError} from './error.ts';
import {dockerHub} from './reference.ts';
import {refusal} from './refusal.ts';
import {ask, isLoopback, type RegistryAnswer, type TransportOptions} from './transport.ts';

/** A repository of a registry. */
export interface Place {
  registry: string;
  repository: string;
}

/** An image's tags; not all of them where there are more than anybody looks at. */
export interface Tags {
  tags: readonly string[];
  complete: boolean;
}

/** What an image says of its making. */
export interface BuildFacts {
  /** ISO 8601; null where it says none, or one of those that reproducible builds write (the epoch). */
  created: string | null;
  /** `org.opencontainers.image.revision`: the commit of the application that it was built from. */
  revision: string | null;
  /** `org.opencontainers.image.source`. */
  source: string | null;
}

export interface RegistryClientOptions extends TransportOptions {
  /** Whose credentials for a registry; default: docker's and Podman's. */
  credentials?: (place: Place, signal?: AbortSignal) => Promise<RegistryCredentials | null>;
  /** Is told each password that it sends, to be taken out of whatever is shown. */
  onSecret?: (value: string) => void;
  /** Registries (`host:port`) that are spoken to without TLS; this machine's own may always be. */
  plainHttp?: readonly string[];
}

// https://github.com/opencontainers/image-spec/blob/main/media-types.md, and Docker's own before it.
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const mostManifestBytes = 4 * 1024 * 1024;
const mostListBytes = 16 * 1024 * 1024;
const pageSize = 1000;
const mostTags = 20_000;
const mostPages = 200;
// A registry counts requests, and Docker Hub counts closely.
const atOnce = (registry: string) => (registry === dockerHub ? 2 : 4);

const tagsSchema = v.object({tags: v.nullish(v.array(v.string()))});
const descriptorSchema = v.object({
  digest: v.string(),
  mediaType: v.optional(v.string()),
  platform: v.optional(v.object({os: v.optional(v.string()), architecture: v.optional(v.string())})),
});
const indexSchema = v.object({manifests: v.array(descriptorSchema)});
const manifestSchema = v.object({config: descriptorSchema});
const labels = v.nullish(v.record(v.string(), v.unknown()));
const configSchema = v.object({
  created: v.nullish(v.string()),
  config: v.nullish(v.object({Labels: labels})),
});

/**
 * Reads registries by the OCI distribution specification
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md): tags, digests, and what an image says of its
 * making. One client is one user's session: it keeps tokens, and who is not to be asked again before a rate limit ends.
 * All throws RegistryError, or what the signal holds.
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #gates = new Map<string, Gate>();
  readonly #roots = new Map<string, Promise<URL>>();
  readonly #credentials = new Map<string, Promise<RegistryCredentials | null>>();
  readonly #authorizations = new Map<string, Authorization & {from: string | null}>();
  readonly #limited = new Map<string, RegistryError>();

  constructor(options: RegistryClientOptions = {}) {
    this.#options = options;
  }

  /** All tags of a repository, in no particular order: none is promised. */
  async tags(place: Place, signal?: AbortSignal): Promise<Tags> {
    const tags = new Set<string>();
    let next: string | null = `/v2/${place.repository}/tags/list?n=${pageSize}`;
    for (let page = 0; next !== null; page++) {
      if (page >= mostPages || tags.size >= mostTags) return {tags: [...tags], complete: false};
      const answer: RegistryAnswer = await this.#get(place, next, {mostBytes: mostListBytes}, signal);
      const list = parsed(tagsSchema, answer.body, place);
      const before = tags.size;
      for (const tag of list.tags ?? []) if (/^\w[\w.-]{0,127}$/.test(tag)) tags.add(tag);
      const link = nextLink(answer.headers.get('link'));
      // A page that brings nothing new would lead on without end.
      next = link === null || tags.size === before ? null : samePlace(link, answer.url);
    }
    return {tags: [...tags], complete: true};
  }

  /** The digest that a tag stands for now, of the index where there is one: the same for every platform. */
  async digest(place: Place, tag: string, signal?: AbortSignal): Promise<string> {
    const path = `/v2/${place.repository}/manifests/${tag}`;
    const how = {headers: {accept: manifestTypes}, mostBytes: mostManifestBytes};
    const head = await this.#get(place, path, {...how, method: 'HEAD'}, signal);
    const told = head.headers.get('docker-content-digest');
    if (told !== null && /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(told)) return told;
    // Some leave it out of a HEAD; the bytes say it too.
    const {body} = await this.#get(place, path, how, signal);
    return `sha256:${createHash('sha256').update(body).digest('hex')}`;
  }

  /** What the image at a tag or digest says of its making: of its first platform, as builds write the same for all. */
  async facts(place: Place, reference: string, signal?: AbortSignal): Promise<BuildFacts> {
    const manifest = async (name: string) => {
      const path = `/v2/${place.repository}/manifests/${name}`;
      const how = {headers: {accept: manifestTypes}, mostBytes: mostManifestBytes};
      return this.#get(place, path, how, signal);
    };
    let answer = await manifest(reference);
    const index = v.safeParse(indexSchema, jsonOf(answer.body));
    if (index.success) {
      const images = index.output.manifests.filter(({platform}) => platform?.os !== 'unknown');
      const [first] = images;
      const usual = images.find(({platform}) => platform?.architecture === 'amd64') ?? first;
      if (usual === undefined) return {created: null, revision: null, source: null};
      answer = await manifest(checkedDigest(usual.digest, place));
    }
    const {config} = parsed(manifestSchema, answer.body, place);
    const digest = checkedDigest(config.digest, place);
    const blob = await this.#get(
      place,
      `/v2/${place.repository}/blobs/${digest}`,
      {mostBytes: mostManifestBytes},
      signal,
    );
    if (
      digest.startsWith('sha256:') &&
      `sha256:${createHash('sha256').update(blob.body).digest('hex')}` !== digest
    )
      throw new RegistryError('broken', `${place.registry} gave another content than ${digest}`);
    const {created, config: inner} = parsed(configSchema, blob.body, place);
    const label = (name: string) => {
      const value = inner?.Labels?.[`org.opencontainers.image.${name}`];
      return typeof value === 'string' && value !== '' ? plainLine(value).slice(0, 200) : null;
    };
    return {
      created: timeOf(created ?? null) ?? timeOf(label('created')),
      revision: label('revision'),
      source: label('source'),
    };
  }

  async #get(
    place: Place,
    path: string,
    how: {method?: 'GET' | 'HEAD'; headers?: Record<string, string>; mostBytes: number},
    signal: AbortSignal | undefined,
  ): Promise<RegistryAnswer> {
    const gate = this.#gates.get(place.registry) ?? new Gate(atOnce(place.registry));
    this.#gates.set(place.registry, gate);
    // A registry, or a proxy before it, may say what it was sent.
    const sent = new KnownSecrets();
    try {
      return await gate.enter(() => this.#ask(place, path, how, signal, sent), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CredentialsError) throw new RegistryError('unauthorized', error.message);
      if (!(error instanceof RegistryError)) throw error;
      if (error.retryAt !== null) this.#limited.set(place.registry, error);
      throw new RegistryError(error.reason, sent.redact(error.message), error.status, error.retryAt);
    }
  }

  async #ask(
    place: Place,
    path: string,
    how: {method?: 'GET' | 'HEAD'; headers?: Record<string, string>; mostBytes: number},
    signal: AbortSignal | undefined,
    sent: KnownSecrets,
  ): Promise<RegistryAnswer> {
    const limited = this.#limited.get(place.registry);
    if (limited?.retryAt && limited.retryAt.getTime() > Date.now()) throw limited;
    const root = await this.#root(place.registry, signal);
    const scope = `repository:${place.repository}:pull`;
    const key = `${place.registry} ${scope}`;
    const remembered = this.#authorizations.get(key);
    const valid = remembered !== undefined && remembered.expires > Date.now() ? remembered : undefined;
    const request = {url: new URL(path, root), ...how};
    sent.addAuthorization(valid?.value);
    let from = valid?.from ?? null;
    let answer = await ask({...request, authorization: valid?.value}, signal, this.#options);
    for (let attempt = 0; attempt < 2 && answer.status === 401; attempt++) {
      const challenges = parseChallenges(answer.headers.get('www-authenticate'));
      // A token that was just given is not asked for again; but a proxy in front may ask for Basic once it passed.
      if (challenges.length === 0 || (attempt > 0 && challenges.some(({scheme}) => scheme === 'bearer')))
        break;
      const credentials = await this.#credentialsFor(place, signal);
      for (const secret of secretsOf(credentials)) sent.add(secret);
      from = credentials?.from ?? null;
      const asked = {...place, from, scope};
      const given = await authorize(challenges, root, credentials, asked, signal, this.#options);
      sent.addAuthorization(given.value);
      this.#authorizations.set(key, {...given, from});
      answer = await ask({...request, authorization: given.value}, signal, this.#options);
    }
    if (answer.status === 200) return answer;
    if (answer.status === 401) this.#authorizations.delete(key);
    throw refusal(answer, {...place, from});
  }

  /** Where a registry's API is: over TLS, but for this machine's own, and those that the user says, that have none. */
  #root(registry: string, signal: AbortSignal | undefined): Promise<URL> {
    const known = this.#roots.get(registry);
    if (known !== undefined) return known;
    const found = this.#findRoot(registry, signal);
    this.#roots.set(registry, found);
    found.catch(() => this.#roots.delete(registry));
    return found;
  }

  async #findRoot(registry: string, signal: AbortSignal | undefined): Promise<URL> {
    const host = registry === dockerHub ? 'registry-1.docker.io' : registry;
    const secure = new URL(`https://${host}`);
    if (this.#options.plainHttp?.includes(registry)) return new URL(`http://${host}`);
    if (!isLoopback(secure.hostname)) return secure;
    try {
      await ask({url: new URL('/v2/', secure), mostBytes: mostManifestBytes}, signal, this.#options);
      return secure;
    } catch (error) {
      // As docker does; one that has a certificate, though none to trust, does speak TLS.
      if (!(error instanceof RegistryError) || error.reason !== 'unreachable') throw error;
      return new URL(`http://${host}`);
    }
  }

  #credentialsFor(place: Place, signal: AbortSignal | undefined): Promise<RegistryCredentials | null> {
    // A file may hold different ones for parts of a registry; helpers are asked once for each repository at most.
    const key = `${place.registry}/${place.repository}`;
    const known = this.#credentials.get(key);
    if (known !== undefined) return known;
    const find = this.#options.credentials ?? findOwn;
    const found = find(place, signal).then(credentials => {
      for (const secret of secretsOf(credentials)) this.#options.onSecret?.(secret);
      return credentials;
    });
    this.#credentials.set(key, found);
    found.catch(() => this.#credentials.delete(key));
    return found;
  }
}

/** What of a login is to be shown to nobody. */
function secretsOf(credentials: RegistryCredentials | null): string[] {
  const login = credentials?.login;
  if (login === undefined) return [];
  return 'user' in login ? [login.password] : Object.values(login);
}

function findOwn(place: Place, signal?: AbortSignal): Promise<RegistryCredentials | null> {
  return findCredentials(place, {signal});
}

/** Path and query of a further page; a token belongs to its own registry only. */
function samePlace(link: string, from: URL): string {
  if (!URL.canParse(link, from.href)) throw new RegistryError('broken', 'the next page has no address');
  const url = new URL(link, from);
  // Behind a proxy that ends TLS, registries write http.
  if (url.host !== from.host)
    throw new RegistryError('insecure', `${from.host} has its further tags on ${plainLine(url.host)}`);
  return `${url.pathname}${url.search}`;
}

function checkedDigest(digest: string, {registry}: Place): string {
  if (/^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(digest)) return digest;
  throw new RegistryError('not-a-registry', `${registry} names a content by what is no digest`);
}

// Before 1990 there were no images: such times are written for reproducible builds.
function timeOf(text: string | null): string | null {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) || time < Date.UTC(1990, 0) ? null : new Date(time).toISOString();
}

function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  body: Buffer,
  {registry}: Place,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, jsonOf(body));
  if (result.success) return result.output;
  throw new RegistryError('not-a-registry', `the answer of ${registry} is not what a registry gives`);
}
