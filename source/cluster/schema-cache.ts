import {createHash, randomBytes} from 'node:crypto';
import {mkdir, readdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {userCacheFolder} from '../process/cache-folder.ts';
import {isObject, type Json, type JsonObject, objectAt, parseJson, stringifyJson} from '../resources/json.ts';
import {SchemaDocument} from '../resources/schema.ts';

const keepMs = 30 * 24 * 60 * 60 * 1000;

/** The folder of the schemas that are kept on disk. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return userCacheFolder('schemas', env, platform);
}

/**
 * Schema documents on disk, and in memory while somebody uses them: clusters of one version have the same ones. Any number
 * of processes may use one folder; whatever is wrong with it costs time, not an error.
 */
export class SchemaCache {
  readonly #folder: string;
  readonly #used = new Map<string, WeakRef<SchemaDocument>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The document kept under a key, undefined where there is none that can be read. */
  async read(key: string): Promise<SchemaDocument | undefined> {
    const used = this.#used.get(key)?.deref();
    if (used !== undefined) return used;
    try {
      const document = parseJson(await readFile(this.#file(key), 'utf8'));
      return isObject(document) && isObject(document['components']) ? this.#use(key, document) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a document, and gives it. */
  async write(key: string, document: Json): Promise<SchemaDocument> {
    const made = this.#use(key, document);
    const file = this.#file(key);
    const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(this.#folder, {recursive: true, mode: 0o700});
      await writeFile(temporary, stringifyJson(document), {mode: 0o600, flag: 'wx'});
      await rename(temporary, file);
      await this.#sweep();
    } catch {
      await rm(temporary, {force: true}).catch(() => {});
    }
    return made;
  }

  /** The document, or the one that another cluster has read meanwhile. */
  #use(key: string, document: Json): SchemaDocument {
    const used = this.#used.get(key)?.deref();
    if (used !== undefined) return used;
    const made = new SchemaDocument(document);
    this.#used.set(key, new WeakRef(made));
    return made;
  }

  // Clusters and their custom resources change, and so do the keys: what is a month old goes.
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      const {mtimeMs} = await stat(file);
      if (Date.now() - mtimeMs > keepMs) await rm(file, {force: true});
    }
  }

  #file(key: string): string {
    return path.join(this.#folder, `${createHash('sha256').update(`2\n${key}`).digest('hex')}.json`);
  }
}

/** What of an OpenAPI document says how to merge and compare: its schemas, without their descriptions. */
export function schemasOnly(document: Json): Json {
  const schemas = objectAt(isObject(document) ? document['components'] : undefined, 'schemas');
  const kept: JsonObject = {};
  for (const [name, schema] of Object.entries(schemas)) kept[name] = withoutDescriptions(schema);
  return {components: {schemas: kept}};
}

// `properties` holds names, of which "description" may be one; `default`, `enum` and the like hold values.
function withoutDescriptions(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withoutDescriptions);
  if (!isObject(schema)) return schema;
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' || key === 'example' || key === 'externalDocs') continue;
    if (key === 'properties' && isObject(value)) {
      kept[key] = Object.fromEntries(
        Object.entries(value).map(([name, property]) => [name, withoutDescriptions(property)]),
      );
    } else if (key === 'items' || key === 'additionalProperties' || key === 'allOf') {
      kept[key] = withoutDescriptions(value);
    } else {
      kept[key] = value;
    }
  }
  return kept;
}
