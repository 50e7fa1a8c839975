import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {useCluster} from '../../cluster/shared.ts';
import {configMap, container, deployment, text} from './manifests.ts';
import {type Answer, isDryRun, type Passing, refusal, startProxy} from './proxy.ts';
import {type Scenario, scenario} from './scenario.ts';
import {startWebhook, webhookName} from './webhook.ts';

const changed = {change: 'changed', desired: '1', live: '2', manager: 'kubectl-patch'} as const;

function maps(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({length: count}, (_, index) => [`map-${index}.yaml`, configMap(`map-${index}`, {a: '1'})]),
  );
}

const byHand = (scene: Scenario, name: string) =>
  scene.kubectl('patch', 'configmap', name, '--patch={"data":{"a":"2"}}');

/** A refusal of the first so many requests that fit; the rest goes to the API server. */
function first(
  count: number,
  fits: (request: Passing) => boolean,
  answer: Answer,
): {react: (request: Passing) => Answer | undefined; readonly refused: number} {
  let refused = 0;
  return {
    react: request => {
      if (!fits(request) || refused >= count) return undefined;
      refused++;
      return answer;
    },
    get refused() {
      return refused;
    },
  };
}

const isList = ({method, url}: Passing) => method === 'GET' && url.pathname.endsWith('/configmaps');

describe('trouble with the server', {concurrency: 3}, () => {
  test('trap 55: a list that expires between its pages begins anew, and half a list is never taken for all', async t => {
    const cluster = await useCluster(t);
    if (!cluster) return;
    const gone = refusal(410, 'Expired', 'The provided continue parameter is too old');
    let pages = 0;
    let mode: 'pass' | 'once' | 'always' = 'pass';
    const {kubeconfig} = await startProxy(t, cluster, request => {
      if (!isList(request) || !request.url.searchParams.has('limit')) return undefined;
      // Pages of two, by the real server.
      request.url.searchParams.set('limit', '2');
      if (!request.url.searchParams.has('continue')) return undefined;
      pages++;
      if (mode === 'pass') return undefined;
      if (mode === 'once') mode = 'pass';
      return gone;
    });
    const scene = await scenario(t, maps(7), {cluster, kubeconfig});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0, count: 7});
    assert.ok(pages >= 3, `there were ${pages} more pages`);
    mode = 'once';
    await scene.expect({exit: 0, count: 7});
    await byHand(scene, 'map-6');
    await scene.kubectl('delete', 'configmap', 'map-5');
    mode = 'once';
    await scene.expect({
      exit: 1,
      count: 7,
      resources: {
        'ConfigMap/map-5': {status: 'Missing'},
        'ConfigMap/map-6': {status: 'Modified', fields: {'data.a': changed}},
      },
    });
    mode = 'always';
    const unknown = {status: 'Unknown', error: /too old/} as const;
    await scene.expect({
      exit: 2,
      count: 7,
      resources: Object.fromEntries(
        Array.from({length: 7}, (_, index) => [`ConfigMap/map-${index}`, unknown]),
      ),
    });
  });

  test('trap 56: a 409 in a dry run has it read again: the verdict is on what is live then', async t => {
    const cluster = await useCluster(t);
    if (!cluster) return;
    const moved = refusal(
      409,
      'Conflict',
      'the object has been modified; please apply your changes to the latest version',
    );
    let onDryRun: ((request: Passing) => Promise<Answer | undefined>) | undefined;
    const {kubeconfig} = await startProxy(t, cluster, request =>
      isDryRun(request) ? onDryRun?.(request) : undefined,
    );
    const scene = await scenario(t, maps(2), {cluster, kubeconfig, adminOnly: true});
    if (!scene) return;
    await scene.applyGit();
    await byHand(scene, 'map-0');
    await scene.expect({
      exit: 1,
      resources: {'ConfigMap/map-0': {status: 'Modified', fields: {'data.a': changed}}},
    });
    // Somebody repairs it while it is compared.
    onDryRun = async () => {
      await scene.kubectl('patch', 'configmap', 'map-0', '--patch={"data":{"a":"1"}}');
      return moved;
    };
    await scene.expect({exit: 0, count: 2});
    // Somebody breaks it in another way.
    await byHand(scene, 'map-0');
    onDryRun = async () => {
      onDryRun = undefined;
      await scene.kubectl('patch', 'configmap', 'map-0', '--patch={"data":{"a":"3"}}');
      return moved;
    };
    await scene.expect({
      exit: 1,
      resources: {'ConfigMap/map-0': {status: 'Modified', fields: {'data.a': {...changed, live: '3'}}}},
    });
    onDryRun = async () => moved;
    await scene.expect({
      exit: 2,
      resources: {'ConfigMap/map-0': {status: 'Unknown', error: /keeps changing/}},
    });
  });

  test('trap 57: where a webhook refuses dry runs what differs is compared here, and the verdict says so', async t => {
    const cluster = await useCluster(t);
    if (!cluster) return;
    // The words of the API server for a webhook with side effects, which it accepts no new ones of.
    const refused = refusal(
      400,
      'BadRequest',
      'admission webhook "audit.example.com" does not support dry run',
    );
    const {kubeconfig} = await startProxy(t, cluster, request => (isDryRun(request) ? refused : undefined));
    const scene = await scenario(
      t,
      {...maps(2), 'web.yaml': deployment({spec: {replicas: 2}})},
      {cluster, kubeconfig},
    );
    if (!scene) return;
    await scene.applyGit('--server-side');
    await scene.expect({exit: 0, count: 3});
    await byHand(scene, 'map-0');
    await scene.kubectl('scale', 'deployment', 'web', '--replicas=4');
    const notes = [/refuses dry runs: compared here only/];
    const verdict = await scene.expect({
      exit: 1,
      count: 3,
      resources: {
        'ConfigMap/map-0': {status: 'Modified', fields: {'data.a': changed}, notes},
        'Deployment/web': {
          status: 'Modified',
          fields: {'spec.replicas': {change: 'changed', desired: 2, live: 4}},
          notes,
        },
      },
    });
    for (const {status, verdict: by} of verdict.resources)
      if (status === 'Modified') assert.equal(by, 'local');
  });

  test('trap 57: a webhook that denies dry runs in words of its own', async t => {
    const scene = await scenario(t, maps(2));
    if (!scene) return;
    await scene.applyGit();
    await startWebhook(t, scene, '/v1/configmaps', (_object, request) =>
      request['dryRun'] === true ? {refuse: 'this webhook writes to a ledger'} : [],
    );
    await scene.expect({exit: 0, count: 2});
    await byHand(scene, 'map-0');
    await scene.expect({
      exit: 1,
      count: 2,
      resources: {
        'ConfigMap/map-0': {status: 'Modified', fields: {'data.a': changed}, notes: [/writes to a ledger/]},
      },
    });
  });

  test('trap 58: a webhook that does not answer: Unknown for what needs asking, the rest is told', async t => {
    const scene = await scenario(t, {...maps(2), 'web.yaml': deployment()});
    if (!scene) return;
    await scene.applyGit();
    let isGone = false;
    await startWebhook(t, scene, '/v1/configmaps', () => (isGone ? 'hang' : []));
    await scene.expect({exit: 0, count: 3});
    await byHand(scene, 'map-0');
    await scene.kubectl('set', 'image', 'deployment/web', 'web=web:2');
    const web = {
      status: 'Modified',
      fields: {[`${container}.image`]: {change: 'changed', live: 'web:2', manager: 'kubectl-set'}},
    } as const;
    const map = {status: 'Modified', fields: {'data.a': changed}} as const;
    await scene.expect({exit: 1, count: 3, resources: {'ConfigMap/map-0': map, 'Deployment/web': web}});
    isGone = true;
    // Until the API server knows that it need not wait so long, it does.
    await scene.kubectl(
      'patch',
      'mutatingwebhookconfiguration',
      webhookName(scene),
      '--type=json',
      '--patch=[{"op": "replace", "path": "/webhooks/0/timeoutSeconds", "value": 1}]',
    );
    await scene.expect({
      exit: 2,
      count: 3,
      resources: {
        'ConfigMap/map-0': {status: 'Unknown', error: /mutate\.trap\.example\.com/},
        'Deployment/web': web,
      },
    });
  });

  const busy = refusal(429, 'TooManyRequests', 'too many requests, please try again later', {
    'retry-after': '1',
  });
  const down = refusal(503, 'ServiceUnavailable', 'etcdserver: leader changed');
  for (const [name, answer] of [
    ['429 with Retry-After', busy],
    ['503', down],
    ['500', refusal(500, 'InternalError', 'etcdserver: request timed out')],
  ] as const) {
    test(`trap 58: ${name} is tried again, and for good it is Unknown`, async t => {
      const cluster = await useCluster(t);
      if (!cluster) return;
      let script: ReturnType<typeof first> | undefined;
      const {kubeconfig, requests} = await startProxy(t, cluster, request => script?.react(request));
      const scene = await scenario(t, maps(6), {cluster, kubeconfig});
      if (!scene) return;
      await scene.applyGit();
      await byHand(scene, 'map-0');
      const drifted = {'ConfigMap/map-0': {status: 'Modified', fields: {'data.a': changed}}} as const;
      // Both who look are refused: one list each, and the dry run of the one who may.
      script = first(2, isList, answer);
      await scene.expect({exit: 1, count: 6, resources: drifted});
      assert.equal(script.refused, 2);
      script = first(1, isDryRun, answer);
      await scene.expect({exit: 1, count: 6, resources: drifted});
      assert.equal(script.refused, 1);
      // More than anybody would try.
      script = first(Number.POSITIVE_INFINITY, isDryRun, answer);
      const before = requests.filter(isDryRun).length;
      await scene.expect({
        exit: 2,
        count: 6,
        resources: {
          'ConfigMap/map-0': {status: 'Unknown', error: new RegExp(String(answer.json['message']))},
        },
      });
      assert.ok(requests.filter(isDryRun).length > before + 1, 'it was tried again');
      script = first(Number.POSITIVE_INFINITY, isList, answer);
      const unknown = {status: 'Unknown', error: new RegExp(String(answer.json['message']))} as const;
      await scene.expect({
        exit: 2,
        count: 6,
        resources: Object.fromEntries(
          Array.from({length: 6}, (_, index) => [`ConfigMap/map-${index}`, unknown]),
        ),
      });
    });
  }

  test('trap 59: raw JSON is compared: times to the last digit, and fields that no typed client knows', async t => {
    const lease = (time: string) =>
      text({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {name: 'turn'},
        spec: {holderIdentity: 'a', acquireTime: time},
      });
    const definition = (rule: string, keys: string[]) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      spec: {
        scope: 'Namespaced',
        names: {kind: 'Turn', plural: 'turns', singular: 'turn', listKind: 'TurnList'},
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    'x-kubernetes-validations': [{rule, message: 'no'}],
                    properties: {
                      at: {type: 'string'},
                      list: {
                        type: 'array',
                        'x-kubernetes-list-type': 'map',
                        'x-kubernetes-list-map-keys': keys,
                        items: {
                          type: 'object',
                          required: ['a', 'b'],
                          properties: {a: {type: 'string'}, b: {type: 'string'}},
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        ],
      },
    });
    const named = (namespace: string, object: ReturnType<typeof definition>) => {
      const group = `${namespace}.example.com`;
      return text({
        ...object,
        metadata: {name: `turns.${group}`},
        spec: {group, ...object.spec},
      });
    };
    const scene = await scenario(t, place => ({
      'lease.yaml': lease('2026-01-02T03:04:05.123456Z'),
      'turns.yaml': named(place.namespace, definition('self.at != ""', ['a', 'b'])),
      'dates.yaml': configMap('dates', {day: '2001-12-14', time: '2001-12-14T21:59:43.10-05:00'}),
    }));
    if (!scene) return;
    const name = `turns.${scene.namespace}.example.com`;
    t.after(() => scene.cluster.kubectl(['delete', 'crd', '--ignore-not-found', '--wait=false', name]));
    await scene.applyGit();
    await scene.expect({exit: 0, count: 3});
    await scene.kubectl(
      'patch',
      'lease',
      'turn',
      '--type=merge',
      '--patch={"spec":{"acquireTime":"2026-01-02T03:04:05.123457Z"}}',
    );
    await scene.git({'turns.yaml': named(scene.namespace, definition('self.at != "never"', ['a']))});
    const schema = 'spec.versions';
    const verdict = await scene.expect({
      exit: 1,
      count: 3,
      resources: {
        'Lease/turn': {
          status: 'Modified',
          fields: {
            'spec.acquireTime': {
              change: 'changed',
              desired: '2026-01-02T03:04:05.123456Z',
              live: '2026-01-02T03:04:05.123457Z',
            },
          },
        },
        [`CustomResourceDefinition/${name}`]: {status: 'Modified', fields: {[schema]: 'changed'}},
      },
    });
    assert.match(JSON.stringify(verdict.resources), /x-kubernetes-list-map-keys/);
  });
});
