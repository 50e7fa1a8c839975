import {isObject, type Json, type JsonObject, parseJson} from '../../resources/json.ts';
import {ApiError, badRequest} from './status.ts';

const limit = 3 * 1024 * 1024;

/** Reads a request's body; 413 beyond 3 MiB, as the real server. */
export async function readBody(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limit) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Parses JSON, or YAML where the content type is YAML or allows it (apply patches). */
export async function parseBody(text: string, mediaType: string): Promise<Json> {
  try {
    return parseJson(text);
  } catch (error) {
    if (!mediaType.includes('yaml')) {
      throw badRequest(
        `the object provided is unrecognized (must be of type ${mediaType}): ${message(error)}`,
      );
    }
  }
  const {load} = await import('js-yaml');
  try {
    // Through JSON text, so that only JSON values come out.
    return parseJson(JSON.stringify(load(text) ?? null));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${message(error)}`);
  }
}

/** The options of a DELETE, from its body and its URL. */
export function deleteOptions(body: Json, parameters: URLSearchParams): JsonObject {
  const options: JsonObject = isObject(body) ? {...body} : {};
  const policy = parameters.get('propagationPolicy');
  if (policy !== null && options['propagationPolicy'] === undefined) options['propagationPolicy'] = policy;
  return options;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
