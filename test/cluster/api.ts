import {request} from 'node:https';

/** Where a cluster is and how its admin gets in. */
export type Access = {url: string; ca: string; token: string};

export type Answer = {status: number; body: string};

/**
 * One request to the API server, by nothing but Node: what the tests stand on is not what they test.
 * Rejects when there is no answer; an answer that refuses is an answer.
 */
export function ask(access: Access, method: string, path: string, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, access.url), {
      method,
      ca: access.ca,
      agent: false,
      signal: AbortSignal.timeout(30_000),
      headers: {
        authorization: `Bearer ${access.token}`,
        accept: 'application/json',
        ...(body && {'content-type': 'application/json'}),
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', incoming => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8')}),
      );
    });
    outgoing.end(body && JSON.stringify(body));
  });
}

/** Creates an object; one that exists already is fine. */
export async function create(access: Access, path: string, body: object): Promise<void> {
  const answer = await ask(access, 'POST', path, body);
  if (answer.status < 300 || answer.status === 409) return;
  throw new Error(`POST ${path}: ${answer.status} ${answer.body}`);
}

/** Whether a user may do something to config maps in any namespace, which stands for the whole grant. */
export async function isAllowed(access: Access, user: string, verb: string): Promise<boolean> {
  const spec = {
    user,
    groups: ['testers', 'system:authenticated'],
    resourceAttributes: {verb, resource: 'configmaps'},
  };
  const answer = await ask(access, 'POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {spec});
  if (answer.status >= 300) throw new Error(`subjectaccessreviews: ${answer.status} ${answer.body}`);
  const review: {status?: {allowed?: boolean}} = JSON.parse(answer.body);
  return review.status?.allowed === true;
}
