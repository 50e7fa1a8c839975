import {begin, endingOf, endingOfStatus} from '../journal/journal.ts';
import type {ForgeKind} from './types.ts';

const timeoutMs = 5_000;
const mostBytes = 64 * 1024;

interface Probe {
  forge: ForgeKind;
  path: string;
  is(status: number, headers: Headers, body: string): boolean;
}

/** What each forge answers to anybody, with or without an account. */
const probes: readonly Probe[] = [
  {
    forge: 'gitlab',
    path: '/api/v4/version',
    is: (status, headers, body) =>
      headers.has('x-gitlab-meta') ||
      ((status === 401 || status === 403) && /"message":\s*"40[13] (?:Unauthorized|Forbidden)/.test(body)),
  },
  {
    forge: 'gitea',
    path: '/api/v1/version',
    // With REQUIRE_SIGNIN_VIEW it does not tell its version.
    is: (status, _, body) =>
      (status === 200 && /^\s*\{\s*"version"\s*:\s*"\d/.test(body)) ||
      ((status === 401 || status === 403) && /only signed in user|\/api\/swagger/i.test(body)),
  },
  {
    forge: 'github',
    path: '/api/v3/meta',
    is: (status, headers, body) =>
      headers.has('x-github-enterprise-version') ||
      (status === 200 && body.includes('"verifiable_password_authentication"')) ||
      (status === 401 && headers.has('x-github-request-id')),
  },
  {
    forge: 'bitbucket-data-center',
    path: '/rest/api/latest/application-properties',
    is: (status, headers, body) =>
      (status === 200 && /"displayName"\s*:\s*"(?:Bitbucket|Stash)/.test(body)) ||
      (status === 401 && headers.has('x-arequestid')),
  },
];

/** Hosts asked before, by origin: asked once in a process. */
const asked = new Map<string, Promise<ForgeKind | null>>();

/**
 * Which forge a host is, asked without any token at each forge's own address; null where none answers like one. Nothing of
 * the user's is sent, and redirects are not followed. Throws only when aborted.
 */
export function probeForge(
  origin: string,
  options: {fetch?: typeof globalThis.fetch | undefined; signal?: AbortSignal | undefined} = {},
): Promise<ForgeKind | null> {
  options.signal?.throwIfAborted();
  const before = asked.get(origin);
  if (before !== undefined) return before;
  const answer = ask(origin, options);
  asked.set(origin, answer);
  // An abort says nothing of the host.
  answer.catch(() => asked.delete(origin));
  return answer;
}

async function ask(
  origin: string,
  {
    fetch = globalThis.fetch,
    signal,
  }: {fetch?: typeof globalThis.fetch | undefined; signal?: AbortSignal | undefined},
): Promise<ForgeKind | null> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const answers = await Promise.all(
    probes.map(async probe => {
      const url = `${origin}${probe.path}`;
      const end = begin(() => ({kind: 'request', to: 'forge', method: 'GET', url, context: null}));
      try {
        const response = await fetch(url, {
          redirect: 'manual',
          signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
          headers: {accept: 'application/json', 'user-agent': 'gitops-tui'},
        });
        const body = await beginning(response);
        end?.(endingOfStatus(response.status, body.length));
        return probe.is(response.status, response.headers, body) ? probe.forge : null;
      } catch (error) {
        end?.(endingOf(error, signal?.aborted ?? false));
        signal?.throwIfAborted();
        return null;
      }
    }),
  );
  return answers.find(forge => forge !== null) ?? null;
}

async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, {stream: true});
    if (text.length > mostBytes) break;
  }
  return text;
}
