import type {ForgeFetch} from './transport.ts';

type Values = Readonly<Record<string, unknown>>;

interface RequestOptions {
  searchParams?: Values | undefined;
  body?: Values | FormData | undefined;
}

/**
 * What Gitbeaker's resources send their requests with. Its own requester follows redirects with the token, and repeats
 * what was refused for a rate limit up to ten times: this one asks once.
 */
export function gitbeakerRequester(fetch: ForgeFetch, signal: AbortSignal | undefined) {
  return ({url}: {url: string}) => {
    const send =
      (method: string) =>
      async (endpoint: string, options: RequestOptions = {}) => {
        const target = new URL(endpoint, url.endsWith('/') ? url : `${url}/`);
        for (const [name, value] of Object.entries(options.searchParams ?? {}))
          if (value !== undefined) target.searchParams.append(snakeCase(name), String(value));
        const hasBody = options.body !== undefined && method !== 'GET' && method !== 'DELETE';
        const response = await fetch(target, {
          method,
          signal: signal ?? null,
          headers: {accept: 'application/json', ...(hasBody ? {'content-type': 'application/json'} : {})},
          body: hasBody ? JSON.stringify(withSnakeCase(options.body)) : null,
        });
        const text = await response.text();
        const body = text === '' ? null : JSON.parse(text);
        return {body, headers: Object.fromEntries(response.headers), status: response.status};
      };
    return {
      get: send('GET'),
      post: send('POST'),
      put: send('PUT'),
      patch: send('PATCH'),
      delete: send('DELETE'),
    };
  };
}

/** The first level is Gitbeaker's parameters; what lies deeper is data. */
function withSnakeCase(body: Values | FormData | undefined): unknown {
  if (body === undefined || body instanceof FormData) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [snakeCase(name), value]));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
