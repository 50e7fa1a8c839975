import assert from 'node:assert/strict';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {startApiServer} from '../../../source/demo/api-server/server.ts';
import {ProcessError, run} from '../../../source/process/run.ts';
import {isClusterRequired} from '../../cluster/required.ts';

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
`;

type Kubectl = (args: readonly string[], expected?: number) => Promise<string>;

/** The machine's kubectl on an embedded server of the test's own. Skips, or fails in CI, where there is none. */
async function useKubectl(t: TestContext): Promise<{kubectl: Kubectl; file: string} | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-kubectl-'));
  const server = await startApiServer({readyAfterMs: 50});
  t.after(async () => {
    await server.stop();
    await rm(folder, {recursive: true, force: true});
  });
  const file = path.join(folder, 'manifest.yaml');
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(file, manifest);
  await writeFile(kubeconfig, server.kubeconfig('demo', 'shop'), {mode: 0o600});
  const kubectl: Kubectl = async (args, expected = 0) => {
    const result = await run('kubectl', [
      `--kubeconfig=${kubeconfig}`,
      `--cache-dir=${path.join(folder, 'cache')}`,
      ...args,
    ]);
    assert.equal(result.exitCode, expected, `kubectl ${args.join(' ')}\n${result.stdout}\n${result.stderr}`);
    return result.stdout + result.stderr;
  };
  try {
    await kubectl(['version']);
  } catch (error) {
    if (!(error instanceof ProcessError) || isClusterRequired()) throw error;
    t.skip('there is no kubectl on PATH');
    return undefined;
  }
  await kubectl(['apply', '--server-side', '-f', await namespaceFile(folder)]);
  return {kubectl, file};
}

async function namespaceFile(folder: string): Promise<string> {
  const file = path.join(folder, 'namespace.yaml');
  await writeFile(file, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
  return file;
}

test('kubectl makes drift, sees it and takes it back', {timeout: 120_000}, async t => {
  const used = await useKubectl(t);
  if (used === undefined) return;
  const {kubectl, file} = used;
  assert.match(
    await kubectl(['apply', '--server-side', '-f', file]),
    /deployment.apps\/web serverside-applied/,
  );
  await kubectl(['diff', '--server-side', '-f', file]);
  await kubectl(['rollout', 'status', 'deployment/web', '--timeout=30s']);
  assert.match(await kubectl(['get', 'deployments']), /^NAME +READY .*\nweb +2\/2 /);
  await kubectl(['scale', 'deployment/web', '--replicas=5']);
  const diff = await kubectl(['diff', '--server-side', '--force-conflicts', '-f', file], 1);
  assert.match(diff, /- {2}replicas: 5\n\+ {2}replicas: 2/);
  const refused = await kubectl(['apply', '--server-side', '-f', file], 1);
  assert.match(refused, /conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/);
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', file]);
  await kubectl(['label', 'deployment', 'web', 'by=hand']);
  await kubectl(['annotate', 'configmap', 'settings', 'by=hand']);
  await kubectl(['patch', 'deployment', 'web', '--type=merge', '-p', '{"spec":{"paused":true}}']);
  const yaml = await kubectl(['get', '-o', 'yaml', '--show-managed-fields', 'deployment', 'web']);
  for (const owner of ['kubectl-label', 'kubectl-patch'])
    assert.match(yaml, new RegExp(`manager: ${owner}\n`));
  assert.match(await kubectl(['delete', '-f', file]), /deployment.apps "web" deleted/);
  assert.match(await kubectl(['get', 'all']), /No resources found/);
});

test('kubectl refuses what the schema hasn’t', {timeout: 120_000}, async t => {
  const used = await useKubectl(t);
  if (used === undefined) return;
  await writeFile(used.file, manifest.replace('replicas: 2', 'replica: 2'));
  assert.match(await used.kubectl(['create', '-f', used.file], 1), /unknown field "spec\.replica"/);
});

test('kubectl creates things, which it sends as protobuf', {timeout: 120_000}, async t => {
  const used = await useKubectl(t);
  if (used === undefined) return;
  const {kubectl} = used;
  await kubectl(['create', 'secret', 'generic', 'credentials', '--from-literal=password=geheim']);
  assert.equal(
    await kubectl(['get', 'secret', 'credentials', '-o', 'jsonpath={.data.password}']),
    'Z2VoZWlt',
  );
  await kubectl(['create', 'configmap', 'settings', '--from-literal=a=1']);
  await kubectl(['create', 'deployment', 'web', '--image=nginx:1.27', '--replicas=3', '--port=8080']);
  const template = 'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].ports[0].containerPort}';
  assert.equal(await kubectl(['get', 'deployment', 'web', '-o', template]), '3 8080');
  await kubectl(['create', 'service', 'clusterip', 'web', '--tcp=80:http']);
  assert.equal(
    await kubectl(['get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].targetPort}']),
    'http',
  );
  await kubectl(['create', 'role', 'read', '--verb=get', '--resource=pods']);
  await kubectl(['create', 'namespace', 'more']);
  assert.match(await kubectl(['auth', 'can-i', 'delete', 'deployments']), /^yes/);
  assert.match(
    await kubectl(['--context', 'demo-reader', 'auth', 'can-i', 'delete', 'deployments'], 1),
    /^no/,
  );
  assert.match(await kubectl(['auth', 'whoami']), /Username +demo/);
});
