import {createHash} from 'node:crypto';
import {objectAt, stringAt} from '../resources/json.ts';
import type {Kind} from '../resources/kind.ts';
import {SchemaDocument, type SchemaNode} from '../resources/schema.ts';
import type {Client} from './client.ts';
import {type SchemaCache, schemasOnly} from './schema-cache.ts';
import {Shared} from './shared.ts';
import {ClusterError} from './types.ts';

/** The server's schemas: one document a group and version, each read at most once a connection. */
export class Schemas {
  readonly #client: Client;
  readonly #cache: SchemaCache | undefined;
  readonly #index: Shared<ReadonlyMap<string, string>>;
  readonly #documents = new Map<string, Shared<SchemaDocument>>();

  constructor(client: Client, cache: SchemaCache | undefined) {
    this.#client = client;
    this.#cache = cache;
    this.#index = new Shared(() => this.#readIndex());
  }

  /** The schema of a kind, or undefined where the server publishes none. Throws ClusterError. */
  async of(kind: Kind, signal: AbortSignal | undefined): Promise<SchemaNode | undefined> {
    const part = kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`;
    const url = (await this.#index.get(signal)).get(part);
    if (url === undefined) return undefined;
    let document = this.#documents.get(url);
    if (document === undefined) {
      document = new Shared(() => this.#readDocument(url));
      this.#documents.set(url, document);
    }
    return (await document.get(signal)).kind(kind.group, kind.version, kind.kind);
  }

  /** Asks for the index again: a CustomResourceDefinition has changed what there is. */
  async refresh(): Promise<void> {
    await this.#index.get(undefined, true);
  }

  // https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
  async #readIndex(): Promise<ReadonlyMap<string, string>> {
    const index = new Map<string, string>();
    try {
      const answer = await this.#client.json({method: 'GET', path: '/openapi/v3'});
      for (const [part, item] of Object.entries(objectAt(answer, 'paths'))) {
        const url = stringAt(item, 'serverRelativeURL');
        if (url !== undefined) index.set(part, url);
      }
    } catch (error) {
      // Older than 1.24, or a server of another make: there are no schemas to be had.
      if (!(error instanceof ClusterError && (error.status === 404 || error.status === 406))) throw error;
    }
    return index;
  }

  async #readDocument(url: string): Promise<SchemaDocument> {
    const {pathname, searchParams} = new URL(url, 'https://server.invalid');
    const hash = searchParams.get('hash') ?? '';
    const keys = hash === '' ? [] : [`${pathname}\n${hash}`, `${this.#client.server}\n${pathname}\n${hash}`];
    for (const key of keys) {
      const kept = await this.#cache?.read(key);
      if (kept !== undefined) return kept;
    }
    const {json, text, redirectedTo} = await this.#client.answer({
      method: 'GET',
      path: pathname,
      query: Object.fromEntries(searchParams),
      redirect: true,
    });
    const document = schemasOnly(json);
    // What the server says is the hash may be wrong, by fault or by intent: only a true one is shared between servers.
    // A redirect means that the index is older than the document: it is not what the hash stands for.
    const key = redirectedTo !== undefined ? undefined : isHashOf(hash, text) ? keys[0] : keys[1];
    if (key === undefined || this.#cache === undefined) return new SchemaDocument(document);
    return this.#cache.write(key, document);
  }
}

function isHashOf(hash: string, text: string): boolean {
  return createHash('sha512').update(text).digest('hex').toUpperCase() === hash.toUpperCase();
}
