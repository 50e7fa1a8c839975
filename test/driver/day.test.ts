// A day of an operator's: what they press, and what they see.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {place, web} from './operator.ts';

test('narrows the list, and comes back to where they were', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.cluster.kubectl(['-n', at.namespaces.production, 'scale', 'deployment/web', '--replicas=5']);
  {
    await using operator = await at.operator();
    await operator.sees(/production .*~ drift/);
    await operator.presses('/');
    await operator.types('prod');
    await operator.presses('enter', 'enter');
    await operator.sees(/PROTECTED/, /> +spec\.replicas +2 → 5/);
    await operator.presses('ctrl-c');
    assert.equal((await operator.terminal.ended()).exitCode, 0);
  }
  await using again = at.start();
  await again.sees(/PROTECTED/, /> +spec\.replicas +2 → 5/);
  await again.presses('q');
  await again.sees(/\/prod/, /> production .*~ drift/);
});

test('finds a command by a part of its name', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await using operator = await at.operator();

  await operator.presses(':');
  await operator.types('revisions pro');
  await operator.presses('tab', 'enter');
  await operator.sees('Revisions production', 'web: release v1');
});

test('syncs only what is marked', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.checkout.commit('Two more', {
    'staging/one.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: "1"}\n',
    'staging/two.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\ndata: {a: "1"}\n',
  });
  await using operator = await at.operator();
  await operator.sees(/staging .*~ drift/);

  await operator.presses('enter');
  await operator.sees(/> +\+ ConfigMap\/one/);
  await operator.presses('space', 's');
  await operator.dialog('Dry run ok');
  await operator.presses('w', 'tab', 'enter');
  await operator.sees('1 of 1 steps done');
  const there = await at.cluster.kubectl(['-n', at.namespaces.staging, 'get', 'configmaps', '-o', 'name']);
  assert.match(there, /configmap\/one\b/);
  assert.doesNotMatch(there, /configmap\/two\b/);
});

test('is refused what would change anything in a read-only session, by key and by name', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.cluster.kubectl(['-n', at.namespaces.staging, 'scale', 'deployment/web', '--replicas=5']);
  await using operator = await at.operator({args: ['--read-only']});
  await operator.sees(/staging .*~ drift/, / RO /);

  await operator.presses('s');
  await operator.sees('this session is read-only');
  await operator.presses(':');
  await operator.types('sync');
  await operator.presses('enter');
  await operator.sees('this session is read-only');
  assert.equal(await at.live('staging', '.spec.replicas'), '5');
});

test('loses the cluster, is told nothing that is not known, and gets it back', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await using operator = await at.operator();
  await operator.sees(/staging .*✓ in sync/, /production .*✓ in sync/);

  at.line.pull();
  await operator.presses('r');
  // Which of the two depends on the request that broke.
  await operator.sees(/staging .*(x failed|\? unknown)/, /production .*(x failed|\? unknown)/);
  assert.doesNotMatch(operator.terminal.screen(), /✓ in sync/);
  at.line.plug();
  await operator.presses('r');
  await operator.sees(/staging .*✓ in sync/, /production .*✓ in sync/);
});

test('makes the window smaller while a dialog is open, and applies what it said', async t => {
  const at = await place(t);
  if (at === undefined) return;
  await at.checkout.commit('web: three', {'staging/web.yaml': web(3, 'web:v2')});
  await using operator = await at.operator();
  await operator.sees(/staging .*~ drift/);

  await operator.presses('s');
  await operator.dialog('Dry run ok');
  operator.terminal.resize(60, 15);
  await operator.sees(/Deployment\/.*web/, 'Apply');
  operator.terminal.resize(30, 8);
  await operator.sees('too small');
  operator.terminal.resize(80, 24);
  await operator.sees('Dry run ok', 'Apply');
  await operator.presses('w', 'tab', 'enter');
  await operator.sees('1 of 1 steps done');
  assert.equal(await at.live('staging', '.spec.replicas'), '3');
});
