// What an operator does most, from the overview, in at most six keys; typing a name aside.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {test} from 'node:test';
import {realGitea} from '../gitea/gitea.ts';
import {httpsFront} from '../gitea/https.ts';
import {inSixKeys, place, web} from './operator.ts';

test('finds a drift, and sees who did it', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.cluster.kubectl(['-n', at.namespaces.staging, 'scale', 'deployment/web', '--replicas=5']);
  await using operator = await at.operator();
  await operator.sees(/staging .*~ drift/, /production .*✓ in sync/);

  await operator.presses('enter');
  await operator.sees(/spec\.replicas +2 → 5/, /Changed by +kubectl/, /Last commit .*web: release v1/);
  inSixKeys(operator);
});

test('syncs it', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.cluster.kubectl(['-n', at.namespaces.staging, 'scale', 'deployment/web', '--replicas=5']);
  await using operator = await at.operator();
  await operator.sees(/staging .*~ drift/);

  await operator.presses('s');
  await operator.dialog('Dry run ok');
  // Nothing runs pods here: without kubelets a deployment never becomes healthy.
  await operator.presses('w', 'tab', 'enter');
  await operator.sees('1 of 1 steps done');
  inSixKeys(operator);
  assert.equal(await at.live('staging', '.spec.replicas'), '2');
});

test('syncs what is protected, after typing its name', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.cluster.kubectl(['-n', at.namespaces.production, 'scale', 'deployment/web', '--replicas=5']);
  await using operator = await at.operator();
  await operator.sees(/production .*~ drift/);

  await operator.presses('j', 's');
  await operator.dialog('Dry run ok');
  await operator.presses('w', 'tab', 'enter');
  await operator.sees(/type production/);
  await operator.types('production');
  await operator.presses('enter');
  await operator.sees('1 of 1 steps done');
  inSixKeys(operator);
  assert.equal(await at.live('production', '.spec.replicas'), '2');
});

test('reverts a release', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await using operator = await at.operator();

  await operator.presses('L');
  await operator.sees('web: release v1');
  await operator.presses('j', 'R');
  await operator.dialog('Onto');
  await operator.presses('p', 'tab', 'enter');
  await operator.sees(/pushed [0-9a-f]{7}/);
  inSixKeys(operator);
  await at.checkout.git('fetch', '--quiet');
  const file = await at.checkout.git('show', 'origin/main:staging/web.yaml');
  assert.match(file, /image: web:v1/);
});

test('opens a pull request of what is committed here', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.checkout.commit('web: three replicas', {'staging/web.yaml': web(3, 'web:v2')});
  await using operator = await at.operator();

  await operator.presses('P');
  await operator.dialog('web: three replicas');
  await operator.presses('tab', 'enter');
  await operator.sees(/pushed [0-9a-f]{7}/);
  inSixKeys(operator);
  assert.match(await at.checkout.git('ls-remote', '--heads', 'origin'), /refs\/heads\/gitops-tui\//);
});

test('opens a pull request of a revert, on a real forge', async t => {
  const gitea = await realGitea(t);
  if (gitea === undefined) return;
  const name = `six-keys-${randomBytes(4).toString('hex')}`;
  await gitea.api('ada', 'POST', '/user/repos', {name, default_branch: 'main'});
  const {host, authority} = await httpsFront(t, gitea.url);
  const at = await place(t, {
    remote: `https://ada:${gitea.tokens.ada}@${host}/ada/${name}.git`,
    authority,
    env: {NODE_EXTRA_CA_CERTS: authority, GITEA_SERVER_URL: `https://${host}`, GITEA_TOKEN: gitea.tokens.ada},
  });
  if (at === undefined) return;
  await using operator = await at.operator();

  await operator.presses('L');
  await operator.sees('web: release v1');
  await operator.presses('j', 'R');
  await operator.dialog('Onto');
  await operator.presses('P', 'tab', 'enter');
  await operator.sees(/#1\b/);
  inSixKeys(operator);
  const [opened] = (await gitea.api('ada', 'GET', `/repos/ada/${name}/pulls`)) as {title: string}[];
  assert.match(opened?.title ?? '', /^Revert staging to [0-9a-f]{7}/);
});
