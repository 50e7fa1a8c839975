// `gitops-tui adopt` as a shell runs it: a real cluster, a real remote, an untidy checkout that stays as it is.
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {run} from '../../source/process/run.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {identify, isolated, temporaryFolder, untidy, withRemote} from '../repository/git-folder.ts';

const cli = fileURLToPath(new URL('../../source/cli.ts', import.meta.url));

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3 # for the sale
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "shop/web:1"}
`;

async function estate(t: TestContext, more = 'protected: false', manifest = web) {
  const cluster = await sharedCluster(t);
  if (cluster === undefined) return undefined;
  const namespace = await cluster.namespace('adopt-command');
  const {checkout, remote} = await withRemote(temporaryFolder(t), {
    'prod/web.yaml': manifest,
    'staged.txt': '1\n',
    '.gitops-tui.yaml': `environments:\n- {name: prod, path: prod, context: admin, namespace: ${namespace}, ${more}}\n`,
  });
  await identify(checkout);
  await cluster.kubectl(['apply', '--server-side', '-n', namespace, '-f', '-'], {input: manifest});
  const env = {...process.env, ...isolated, KUBECONFIG: cluster.kubeconfig};
  const adopt = async (...args: string[]) => {
    const options = ['-C', checkout.root];
    const command = ['--import', 'tsx', cli, 'adopt', ...args, ...options];
    const {exitCode, stdout, stderr} = await run(process.execPath, command, {env});
    return {exit: exitCode, out: stdout.replaceAll(namespace, 'NS'), complaint: stderr};
  };
  const kubectl = (...args: string[]) => cluster.kubectl([...args, '-n', namespace]);
  return {checkout, remote, adopt, kubectl};
}

test('a live value goes to the remote at the line that sets it, and the checkout stays', async t => {
  const all = await estate(t);
  if (all === undefined) return;
  const {checkout, remote, adopt, kubectl} = all;
  await kubectl('scale', 'deployment/web', '--replicas=5');
  await untidy(checkout, 'staged.txt');
  const before = fingerprint(checkout.root);

  const planned = await adopt('prod', 'Deployment/web', 'spec.replicas', '--dry-run');
  assert.equal(planned.exit, 1, planned.complaint);
  assert.match(
    planned.out,
    /^Adopt what is live in prod:\n {2}Deployment\/NS\/web spec\.replicas: 3 → 5 \(kubectl/,
  );
  assert.match(planned.out, /\n {4}prod\/web\.yaml:6, its manifest\n/);
  assert.match(planned.out, /\nChecked on the cluster: git then says just what is live there\.\n/);
  assert.match(planned.out, /\n- {2}replicas: 3 # for the sale\n\+ {2}replicas: 5 # for the sale\n/);

  const made = await adopt('prod', 'deployment/web', '--yes');
  assert.equal(made.exit, 0, made.out + made.complaint);
  assert.match(made.out, /pushed [0-9a-f]{7} to origin\/main/);
  assert.equal(
    await remote.git('show', 'main:prod/web.yaml'),
    web.replace('replicas: 3', 'replicas: 5').trimEnd(),
  );
  assert.match(
    await remote.git('log', '-1', '--format=%B', 'main'),
    /^Adopt spec\.replicas of Deployment\/\S+\/web as it is live in prod\n/,
  );
  assert.deepEqual(fingerprint(checkout.root), before);

  // What is compared is the local branch, which is behind: the plan is made on the remote's tip all the same.
  const again = await adopt('prod', '--all');
  assert.equal(again.exit, 0, again.out + again.complaint);
  assert.match(again.out, /git says what is live already\nNothing to do: git says so already\.\n/);
});

test('what is protected, unknown, misspelt or not to be had is refused, each in its own words', async t => {
  const all = await estate(t, 'protected: true');
  if (all === undefined) return;
  const {adopt, kubectl} = all;
  await kubectl('scale', 'deployment/web', '--replicas=5');
  const blocked = await adopt('prod', 'Deployment/web', '--yes');
  assert.equal(blocked.exit, 2);
  assert.match(blocked.out, /Blocked: prod is protected/);
  const unknown = await adopt('prod', 'Deployment/api');
  assert.equal(unknown.exit, 2);
  assert.match(
    unknown.complaint,
    /there is no resource "Deployment\/api" here; these drifted: Deployment\/\S+\/web/,
  );
  const nothing = await adopt('prod');
  assert.equal(nothing.exit, 2);
  assert.match(nothing.complaint, /adopt takes a resource \(KIND\/NAME or KIND\/NAMESPACE\/NAME\), or --all/);
  const field = await adopt('prod', 'Deployment/web', 'spec.paused');
  assert.match(field.out, /not adopted: Deployment\/NS\/web spec\.paused: it differs no more/);
  const readOnly = await adopt('prod', 'Deployment/web', '--yes', '--pull-request', '--read-only');
  assert.equal(readOnly.exit, 2);
  assert.match(readOnly.complaint, /read-only/);
});

test('replicas that an autoscaler holds are not offered', async t => {
  const all = await estate(t, 'protected: false', web.replace(/^ +replicas.*\n/m, ''));
  if (all === undefined) return;
  const {adopt, kubectl} = all;
  await kubectl('autoscale', 'deployment/web', '--min=2', '--max=9');
  await kubectl('scale', 'deployment/web', '--replicas=5');
  const {exit, out} = await adopt('prod', 'Deployment/web', 'spec.replicas');
  assert.equal(exit, 0, out);
  assert.match(
    out,
    /not adopted: Deployment\/NS\/web spec\.replicas: it is no drift \(.*autoscaler.*\): git need not follow it/,
  );
});
