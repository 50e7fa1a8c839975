import type {IncomingHttpHeaders} from 'node:http';
import {isObject, type Json, listAt, objectAt, parseJson, stringAt} from '../resources/json.ts';
import {plain, plainLine} from '../text/plain.ts';
import type {ApiRequest} from './request.ts';
import {TimeoutError, type WireAnswer} from './transport.ts';
import {ClusterError, type ClusterErrorReason} from './types.ts';

/** A failed try. */
export interface Failure {
  error: ClusterError;
  /** How many tries such a failure is worth in all. */
  tries: number;
  /** How long the server wants us to wait. */
  afterMs: number | undefined;
  /** True where the request certainly had no effect: then even a write may go again. */
  untouched: boolean;
}

const allTries = 4;

/** What an answer that is no success means. `fix` is what to do about refused credentials. */
export function failureOfAnswer(
  server: string,
  request: ApiRequest,
  answer: WireAnswer,
  fix: string,
): Failure {
  const status = statusObject(answer.body);
  const said = plain(stringAt(status, 'message') ?? '').trim();
  // The server answers 500 where an object doesn't fit its schema, and means the object.
  const misfit =
    answer.status === 500 &&
    /failed to (?:create|convert).* typed (?:patch|live|new) object|field not declared in schema/.test(said);
  const reason = misfit ? 'invalid' : reasonOf(answer.status);
  const serverReason = stringAt(status, 'reason');
  const message =
    said === '' ? unexplained(server, answer) : reason === 'unauthorized' ? refusedBy(server, said) : said;
  const error = new ClusterError(reason, message, {
    status: answer.status,
    serverReason,
    objectName: stringAt(objectAt(status, 'details'), 'name'),
    fix: fixOf(reason, answer, said, request, fix),
    causes: listAt(objectAt(status, 'details'), 'causes').map(cause => ({
      field: plainLine(stringAt(cause, 'field') ?? ''),
      message: plain(stringAt(cause, 'message') ?? ''),
      reason: plainLine(stringAt(cause, 'reason') ?? ''),
    })),
  });
  return {
    error,
    tries: misfit ? 1 : triesOf(answer.status, said, request, error),
    afterMs: retryAfter(answer.headers),
    // Turned away at the door: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
    untouched: answer.status === 429,
  };
}

/** What it means that no answer came, or none that could be read. */
export function failureOfException(server: string, thrown: unknown): Failure {
  if (thrown instanceof ClusterError) return {error: thrown, tries: 1, afterMs: undefined, untouched: false};
  if (thrown instanceof TimeoutError) {
    const connecting = thrown.phase === 'connect';
    const error = new ClusterError(connecting ? 'unreachable' : 'timeout', `${server}: ${thrown.message}`, {
      fix: connecting
        ? 'check the network, the VPN and the address in the kubeconfig'
        : 'the server is slow: try again',
      cause: thrown,
    });
    return {error, tries: connecting ? 1 : 2, afterMs: undefined, untouched: connecting};
  }
  const code =
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const message = thrown instanceof Error ? plainLine(thrown.message) : String(thrown);
  const known = connectionTroubles.find(([pattern]) => pattern.test(code || message));
  const error = new ClusterError(
    'unreachable',
    `${server}: ${known?.[1] ?? message}${known === undefined ? '' : ` (${code || message})`}`,
    {
      fix: known?.[2] ?? 'check the network, and the address and proxy in the kubeconfig',
      cause: thrown,
    },
  );
  const untouched = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  return {error, tries: known?.[3] ?? allTries, afterMs: undefined, untouched};
}

/** An answer that should have been JSON and isn't. */
export function notJson(server: string, answer: WireAnswer): ClusterError {
  const type = plainLine(String(answer.headers['content-type'] ?? 'no content type'));
  return new ClusterError('server', `${server} answers with ${type}, not with JSON`, {
    status: answer.status,
    fix: 'check that the address in the kubeconfig is that of an API server',
  });
}

type Trouble = readonly [pattern: RegExp, says: string, fix: string, tries: number];

const connectionTroubles: readonly Trouble[] = [
  [
    /^ECONNREFUSED$/,
    'the connection was refused',
    'check that the cluster runs and that its address in the kubeconfig is right',
    allTries,
  ],
  [
    /^(?:ENOTFOUND|EAI_AGAIN)$/,
    'the name is not known',
    'check the network, the VPN and the address in the kubeconfig',
    2,
  ],
  [/^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/, 'there is no way there', 'check the network and the VPN', 2],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED)$/, 'the connection broke', 'try again', allTries],
  [
    /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?)$/,
    "the server's certificate comes from an authority that is not trusted",
    'set certificate-authority-data of the cluster in the kubeconfig',
    1,
  ],
  [/^CERT_HAS_EXPIRED$/, "the server's certificate has expired", 'it must be renewed on the server', 1],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "the server's certificate is for another name",
    'correct the address, or set tls-server-name of the cluster in the kubeconfig',
    1,
  ],
  [
    /^(?:EPROTO|ERR_SSL_)/,
    'the TLS handshake failed',
    'check the client certificate, and that the address is that of an API server',
    1,
  ],
  [
    /^Bad response: \d+$/,
    'the proxy refused the connection',
    'check proxy-url in the kubeconfig (or HTTPS_PROXY) and its credentials',
    1,
  ],
];

function statusObject(body: string): Json | undefined {
  try {
    const value = parseJson(body);
    return isObject(value) && value['kind'] === 'Status' ? value : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(status: number): ClusterErrorReason {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 410:
      return 'expired';
    case 429:
      return 'too-many-requests';
    case 408:
    case 504:
      return 'timeout';
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'server';
  }
}

function refusedBy(server: string, said: string): string {
  return `${server} does not accept the credentials${said === 'Unauthorized' ? '' : `: ${said}`}`;
}

function unexplained(server: string, answer: WireAnswer): string {
  const location = answer.headers.location;
  if (location !== undefined)
    return `${server} answers ${answer.status} and points to ${plainLine(location)}`;
  const html = /html/.test(String(answer.headers['content-type']));
  const text = html ? '' : plainLine(answer.body).slice(0, 300);
  return `${server} answers ${answer.status}${text === '' ? '' : `: ${text}`}`;
}

function fixOf(
  reason: ClusterErrorReason,
  answer: WireAnswer,
  said: string,
  {access}: ApiRequest,
  credentialsFix: string,
): string | undefined {
  switch (reason) {
    case 'unauthorized':
      return credentialsFix;
    case 'forbidden':
      // Admission and quotas answer 403 too: no role helps against them.
      if (access === undefined || !/ cannot [a-z]+ /.test(said)) return undefined;
      return `ask for the ${access.verb} verb on ${access.resource}${access.namespace ? ` in namespace ${access.namespace}` : ''}`;
    case 'too-many-requests':
      return 'the server is busy: try again later';
    case 'timeout':
      return 'the server is slow: try again';
    case 'server':
      if (answer.headers.location !== undefined)
        return 'check the address in the kubeconfig, or log in there';
      if (/calling webhook/.test(said)) return 'the admission webhook that it names must answer';
      return 'try again; if it stays, the logs of the API server tell more';
    default:
      return undefined;
  }
}

function triesOf(status: number, said: string, request: ApiRequest, error: ClusterError): number {
  if (status === 429 || status === 408 || (status >= 502 && status <= 504)) return allTries;
  // A webhook that is down takes its whole time-out at each try.
  if (status >= 500) return /calling webhook/.test(said) ? 2 : allTries;
  // Drift trap 56: the object moved while the dry run ran. Conflicts of ownership do not go away.
  const moved = status === 409 && error.serverReason === 'Conflict' && error.causes.length === 0;
  return moved && request.dryRun === true ? 3 : 1;
}

function retryAfter(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
