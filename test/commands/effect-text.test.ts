import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Session} from '../../source/app/session.ts';
import {asciiStyle} from '../../source/changes/effect/words.ts';
import {effectText} from '../../source/commands/effect-text.ts';
import {revertPreview} from '../app/fake-data.ts';
import {effectOf, onCluster} from '../app/fake-effect.ts';

const preview = revertPreview('staging', {alsoAffects: ['production']});
const signal = new AbortController().signal;
const told = (effect: Session['effect'], askCluster = true) =>
  effectText({effect}, preview, {askCluster, style: asciiStyle}, signal);

test('what a change does is printed object by object, of whom else it reaches in a line', async () => {
  const text = await told(async (name, change, {cluster}) =>
    effectOf(name, change, cluster === 'ask' ? onCluster : null),
  );
  const summary =
    '1 changed (Deployment/web web 1.4.2 -> 1.4.1, replicas 6 -> 4), 1 new (Service/web), 1 gone (ConfigMap/banner)';
  assert.equal(
    text,
    `In staging: ${summary}
  ~ Deployment/shop/web changes (environments/production/web.yaml:1)
    spec.replicas: 6 -> 4
    spec.template.spec.containers[name=web].image: registry.example/shop/web:1.4.2 -> registry.example/shop/web:1.4.1
  + Service/shop/web is new (environments/production/web.yaml:1)
  - ConfigMap/shop/banner is gone (environments/production/banner.yaml:1)
On its cluster: 1 changed (Deployment/web), 1 created (Service/web), 1 no longer in git and kept (ConfigMap/banner), 1 with drift of their own besides (Deployment/web)
  ~ Deployment/shop/web would change
    spec.replicas: 6 -> 4
    spec.template.spec.containers[name=web].image: registry.example/shop/web:1.4.2 -> registry.example/shop/web:1.4.1
    metadata.labels.tier: front -> none (drift, not of this change)
  + Service/shop/web would be created
  = ConfigMap/shop/banner would no longer be in git, and stay: no ApplySet records it: delete it by hand where it is not needed
Also production: ${summary}
`,
  );
});

test('no cluster is asked where the change is made at once', async () => {
  const asked: string[] = [];
  await told(async (name, change, {cluster}) => {
    asked.push(`${name} ${cluster}`);
    return effectOf(name, change, null);
  }, false);
  assert.deepEqual(asked, ['staging no', 'production no']);
});

test('a cluster that does not answer is said, and so is git that fails', async () => {
  const text = await told(async (name, change) => {
    if (name === 'production') throw new Error('git fell over\u001B[31m');
    return effectOf(name, change, {unknown: 'nobody is there'});
  });
  assert.match(text, /^On its cluster: not known: nobody is there$/m);
  assert.match(text, /^What it does to production is not known: git fell over$/m);
});
