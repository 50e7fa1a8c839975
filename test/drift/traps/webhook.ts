import {readFile} from 'node:fs/promises';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import type {JsonPatchOperation} from '../../../source/cluster/types.ts';
import {
  isObject,
  type JsonObject,
  objectAt,
  parseJson,
  stringAt,
  stringifyJson,
} from '../../../source/resources/json.ts';
import type {Scenario} from './scenario.ts';

/** What a webhook does with an object: the patch that it makes, or nothing; it may refuse, or not answer at all. */
export type Admission = (
  object: JsonObject,
  request: JsonObject,
) => readonly JsonPatchOperation[] | {refuse: string} | 'hang';

const settledWithinMs = 20_000;

/** The name of a scenario's registration. */
export function webhookName({namespace}: Pick<Scenario, 'namespace'>): string {
  return `trap-${namespace}`;
}

/**
 * Registers a mutating admission webhook for one resource (`apps/v1/deployments`) in the scenario's namespace: an HTTPS
 * server of this process, which ends with the test. Resolves once the API server calls it.
 */
export async function startWebhook(
  t: TestContext,
  scene: Pick<Scenario, 'cluster' | 'namespace' | 'feed'>,
  resource: string,
  admit: Admission,
): Promise<void> {
  // The API server's own certificate is for 127.0.0.1 too: nothing needs to be made.
  const certificate = await readFile(scene.cluster.caFile, 'utf8');
  const key = await readFile(scene.cluster.caFile.replace(/\.crt$/, '.key'), 'utf8');
  let calls = 0;
  const server = createServer({key, cert: certificate}, (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      calls++;
      const answer = review(text, admit);
      if (answer === 'hang') return;
      response.setHeader('content-type', 'application/json');
      response.end(stringifyJson(answer));
    });
  });
  // The API server keeps its connections: one that is closed here just as it asks again is an error to it.
  server.keepAliveTimeout = 0;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });

  const name = webhookName(scene);
  const [group = '', version = '', plural = ''] = resource.split('/');
  t.after(() =>
    scene.cluster.kubectl(['delete', 'mutatingwebhookconfiguration', '--ignore-not-found', name]),
  );
  const rule = (apiGroup: string, apiVersion: string, resources: string) => ({
    apiGroups: [apiGroup],
    apiVersions: [apiVersion],
    resources: [resources],
    operations: ['CREATE', 'UPDATE'],
  });
  const registration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {name},
    webhooks: [
      {
        name: 'mutate.trap.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        // As long as may be: nobody waits for it but a machine that is busy.
        timeoutSeconds: 30,
        clientConfig: {
          url: `https://127.0.0.1:${port}/`,
          caBundle: Buffer.from(certificate).toString('base64'),
        },
        namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': scene.namespace}},
        // Leases are only there to be asked about: their dry run tells when the registration is in force.
        rules: [rule(group, version, plural), rule('coordination.k8s.io', 'v1', 'leases')],
      },
    ],
  };
  await scene.feed(JSON.stringify(registration), 'create', '-f', '-');
  const probe = JSON.stringify({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {name: 'probe'},
  });
  const deadline = Date.now() + settledWithinMs;
  while (calls === 0) {
    if (Date.now() > deadline) throw new Error('the API server does not call the webhook');
    await scene.feed(probe, 'create', '--dry-run=server', '-f', '-');
    if (calls === 0) await sleep(50);
  }
}

function review(text: string, admit: Admission): JsonObject | 'hang' {
  const request = objectAt(parseJson(text), 'request');
  const {object} = request;
  const decision = isObject(object) && object['kind'] !== 'Lease' ? admit(object, request) : [];
  if (decision === 'hang') return decision;
  const response: JsonObject = {uid: stringAt(request, 'uid') ?? '', allowed: !('refuse' in decision)};
  if ('refuse' in decision) response['status'] = {message: decision.refuse};
  else if (decision.length > 0) {
    response['patchType'] = 'JSONPatch';
    response['patch'] = Buffer.from(JSON.stringify(decision)).toString('base64');
  }
  return {apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response};
}
