import * as v from 'valibot';
import {parseJson} from '../resources/json.ts';
import type {Challenge} from './challenge.ts';
import type {RegistryCredentials} from './credentials.ts';
import {RegistryError} from './error.ts';
import {type Asked, refusal} from './refusal.ts';
import {ask, isLoopback, type TransportOptions} from './transport.ts';

/** An Authorization header's value, and until when it holds (milliseconds of the epoch). */
export interface Authorization {
  value: string;
  expires: number;
}

const tokenSchema = v.object({
  token: v.optional(v.string()),
  access_token: v.optional(v.string()),
  expires_in: v.optional(v.number()),
});

const clientId = 'gitops-tui';
const mostBytes = 1024 * 1024;
// The specification's own minimum, where a server says nothing.
const defaultSeconds = 60;
// A token is asked for anew a little before its end.
const reserveMs = 10_000;

/**
 * Answers a registry's challenge: Basic with the user's name and password, Bearer with a token of the server that it names
 * (https://distribution.github.io/distribution/spec/auth/token/, …/oauth/ for identity tokens). Without credentials the
 * token server is asked all the same: public images are given to everybody.
 *
 * The token server may be on another host: Docker Hub's and GitLab's are. Credentials go to the one that the registry
 * they are for names, as from docker: whoever answers as that registry, over TLS, may have them anyway. It must be https,
 * but for a registry of this machine, and no service of this machine where the registry is none.
 */
export async function authorize(
  challenges: readonly Challenge[],
  registry: URL,
  credentials: RegistryCredentials | null,
  asked: Asked & {scope: string},
  signal: AbortSignal | undefined,
  transport: TransportOptions,
): Promise<Authorization> {
  const bearer = challenges.find(({scheme}) => scheme === 'bearer');
  const login = credentials?.login;
  if (bearer !== undefined) {
    if (login !== undefined && 'registryToken' in login)
      return {value: `Bearer ${login.registryToken}`, expires: Number.POSITIVE_INFINITY};
    return token(bearer, registry, login, asked, signal, transport);
  }
  const basic = challenges.some(({scheme}) => scheme === 'basic');
  if (basic && login !== undefined && 'user' in login)
    return {value: basicHeader(login.user, login.password), expires: Number.POSITIVE_INFINITY};
  if (basic) {
    const headers = new Headers();
    throw refusal({status: 401, headers, body: Buffer.alloc(0), url: registry}, {...asked, from: null});
  }
  throw new RegistryError('not-a-registry', `${asked.registry} asks for a login of a kind that is not known`);
}

/** The header of HTTP's Basic authentication. */
export function basicHeader(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function token(
  {parameters}: Challenge,
  registry: URL,
  login: RegistryCredentials['login'] | undefined,
  asked: Asked & {scope: string},
  signal: AbortSignal | undefined,
  transport: TransportOptions,
): Promise<Authorization> {
  const realm = realmOf(parameters.get('realm'), registry);
  const service = parameters.get('service');
  // What is asked for is what is needed here, whatever else the challenge would grant.
  const wanted = new URLSearchParams({...(service === undefined ? {} : {service}), scope: asked.scope});
  const answer =
    login !== undefined && 'identityToken' in login
      ? await ask(
          {
            url: realm,
            method: 'POST',
            headers: {'content-type': 'application/x-www-form-urlencoded', accept: 'application/json'},
            body: new URLSearchParams({
              ...Object.fromEntries(wanted),
              grant_type: 'refresh_token',
              refresh_token: login.identityToken,
              client_id: clientId,
            }).toString(),
            mostBytes,
          },
          signal,
          transport,
        )
      : await ask(
          {
            url: withQuery(realm, wanted),
            headers: {accept: 'application/json'},
            mostBytes,
            ...(login !== undefined && 'user' in login
              ? {authorization: basicHeader(login.user, login.password)}
              : {}),
          },
          signal,
          transport,
        );
  if (answer.status !== 200) throw refusal(answer, asked);
  const parsed = v.safeParse(tokenSchema, jsonOf(answer.body));
  const value = parsed.success ? parsed.output.token || parsed.output.access_token : undefined;
  if (!parsed.success || value === undefined || !/^[\x21-\x7e]+$/.test(value))
    throw new RegistryError('not-a-registry', `${realm.host} gave no token for ${asked.registry}`);
  const seconds = Math.max(parsed.output.expires_in ?? defaultSeconds, defaultSeconds);
  return {value: `Bearer ${value}`, expires: Date.now() + seconds * 1000 - reserveMs};
}

function realmOf(realm: string | undefined, registry: URL): URL {
  const url = realm !== undefined && URL.canParse(realm) ? new URL(realm) : null;
  const isOwn = isLoopback(registry.hostname);
  const isSafe =
    url !== null &&
    url.username === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && registry.protocol === 'http:')) &&
    (isOwn || !isLoopback(url.hostname));
  if (url === null || !isSafe)
    throw new RegistryError('insecure', `${registry.host} names a token server that is not safe to ask`);
  return url;
}

function withQuery(realm: URL, wanted: URLSearchParams): URL {
  const url = new URL(realm);
  for (const [name, value] of wanted) url.searchParams.set(name, value);
  return url;
}

function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
