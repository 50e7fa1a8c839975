import {readFile} from 'node:fs/promises';
import https from 'node:https';
import {type Json, objectAt, parseJson, stringAt} from '../resources/json.ts';
import {plainLine} from '../text/plain.ts';
import {systemAuthorities} from './authorities.ts';
import {exchange, type WireAnswer} from './transport.ts';

// A token that ends while the request is under way is of no use.
const leewayMs = 10_000;
const limitMs = 30_000;

/** When an ID token ends, in milliseconds since the epoch; undefined for what can't be read as one. */
export function oidcExpiry(config: Record<string, string>): number | undefined {
  const payload = config['id-token']?.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const {exp} = objectAt({claims: parseJson(Buffer.from(payload, 'base64url').toString('utf8'))}, 'claims');
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Renews the tokens of an `oidc` auth provider where the ID token has ended, and puts them into its configuration. The
 * library's own refresh (2.0.1) fails before its first request. The new tokens are not written to the kubeconfig. Throws
 * Error with what the issuer said.
 * https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens
 */
export async function refreshOidc(config: Record<string, string>): Promise<void> {
  const end = oidcExpiry(config);
  if (end !== undefined && end - leewayMs > Date.now()) return;
  const {'refresh-token': refreshToken, 'client-id': clientId, 'idp-issuer-url': issuer} = config;
  if (!refreshToken || !clientId || !issuer) {
    throw new Error(
      'its ID token has ended, and there is no refresh-token, client-id and idp-issuer-url to renew it',
    );
  }
  const agent = issuer.startsWith('http:')
    ? new (await import('node:http')).Agent()
    : new https.Agent({ca: await authorities(config)});
  const ask = async (url: string, form?: URLSearchParams, headers = {}): Promise<Json> => {
    const answer = await exchange({
      url: new URL(url),
      agent,
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        Accept: 'application/json',
        ...(form === undefined ? {} : {'Content-Type': 'application/x-www-form-urlencoded'}),
        ...headers,
      },
      body: form?.toString(),
      timeoutMs: limitMs,
      connectMs: limitMs,
      signals: [],
    });
    return readAnswer(url, answer);
  };
  const found = await ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const endpoint = stringAt(found, 'token_endpoint');
  if (endpoint === undefined || URL.parse(endpoint) === null)
    throw new Error(`${issuer} names no token_endpoint`);
  const form = new URLSearchParams({grant_type: 'refresh_token', refresh_token: refreshToken});
  const secret = config['client-secret'];
  const headers: Record<string, string> = {};
  if (secret && !takesSecretInFormOnly(found)) {
    const pair = [clientId, secret].map(encodeURIComponent).join(':');
    headers['Authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  } else {
    form.set('client_id', clientId);
    if (secret) form.set('client_secret', secret);
  }
  const tokens = await ask(endpoint, form, headers);
  const idToken = stringAt(tokens, 'id_token');
  if (idToken === undefined) throw new Error(`${issuer} gave no ID token`);
  config['id-token'] = idToken;
  config['refresh-token'] = stringAt(tokens, 'refresh_token') ?? refreshToken;
}

function takesSecretInFormOnly(found: Json): boolean {
  const methods = objectAt({found}, 'found')['token_endpoint_auth_methods_supported'];
  return (
    Array.isArray(methods) &&
    methods.includes('client_secret_post') &&
    !methods.includes('client_secret_basic')
  );
}

async function authorities(config: Record<string, string>): Promise<string[] | Buffer | undefined> {
  const data = config['idp-certificate-authority-data'];
  if (data) return Buffer.from(data, 'base64');
  const file = config['idp-certificate-authority'];
  return file ? readFile(file) : systemAuthorities();
}

function readAnswer(url: string, {status, body}: WireAnswer): Json {
  let value: Json = null;
  try {
    value = parseJson(body);
  } catch {
    // Told below: what is no JSON is no answer.
  }
  if (status === 200 && value !== null) return value;
  const why = stringAt(value, 'error_description') ?? stringAt(value, 'error');
  throw new Error(`${url} answers ${status}${why === undefined ? '' : `: ${plainLine(why)}`}`);
}
