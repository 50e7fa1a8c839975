import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, type TestContext, test} from 'node:test';
import {startApiServer} from '../../source/demo/api-server/server.ts';
import {isObject, type Json, type JsonObject, objectAt, stringAt} from '../../source/resources/json.ts';
import {useCluster} from '../cluster/shared.ts';
import {type Answer, type Ask, ask, type Target} from './client.ts';
import {contract} from './contract.ts';
import {customTranscripts} from './custom.ts';
import {immutableTranscripts} from './immutable.ts';
import {kindTranscripts} from './kinds.ts';
import {normalise} from './normalise.ts';
import {transcripts} from './transcripts.ts';

async function realTarget(t: TestContext): Promise<Target | undefined> {
  // biome-ignore lint/correctness/useHookAtTopLevel: it is no React hook.
  const cluster = await useCluster(t);
  if (cluster === undefined) return undefined;
  const namespace = await cluster.namespace('contract');
  return {url: cluster.url, ca: readFileSync(cluster.caFile, 'utf8'), token: cluster.adminToken, namespace};
}

describe('a real API server', () => {
  for (const {name, run} of contract) {
    test(name, {timeout: 180_000}, async t => {
      const target = await realTarget(t);
      if (target !== undefined) await run(target);
    });
  }
});

describe('the embedded API server answers as a real one', () => {
  const all = {...transcripts, ...immutableTranscripts, ...kindTranscripts, ...customTranscripts};
  for (const [name, transcript] of Object.entries(all)) {
    test(name, {timeout: 180_000}, async t => {
      const real = await realTarget(t);
      if (real === undefined) return;
      const server = await startApiServer({controllers: false});
      t.after(() => server.stop());
      const {namespace} = real;
      const embedded = {url: server.url, ca: server.caPem, token: server.token, namespace};
      await ask(embedded, {method: 'POST', path: '/api/v1/namespaces', body: {metadata: {name: namespace}}});
      for (const step of transcript) {
        const [theirs, ours]: [Answer, Answer] = await Promise.all([ask(real, step), ask(embedded, step)]);
        assert.deepEqual(comparable(ours, namespace), comparable(theirs, namespace), describeStep(step));
      }
    });
  }

  test('with the same schemas', {timeout: 180_000}, async t => {
    const real = await realTarget(t);
    if (real === undefined) return;
    const server = await startApiServer({controllers: false});
    t.after(() => server.stop());
    const embedded = {...real, url: server.url, ca: server.caPem, token: server.token};
    const index = await ask(embedded, {method: 'GET', path: '/openapi/v3'});
    const places = Object.keys(objectAt(index.body, 'paths'));
    assert.ok(places.length > 5);
    for (const place of places) {
      const path = `/openapi/v3/${place}`;
      const [theirs, ours]: [Answer, Answer] = await Promise.all([
        ask(real, {method: 'GET', path}),
        ask(embedded, {method: 'GET', path}),
      ]);
      const expected = objectAt(objectAt(theirs.body, 'components'), 'schemas');
      for (const [name, schema] of Object.entries(objectAt(objectAt(ours.body, 'components'), 'schemas'))) {
        assert.deepEqual(schema, bare(expected[name] ?? null), `${name}: run scripts/cut-openapi.ts`);
      }
    }
  });
});

function comparable({status, warnings, body}: Answer, namespace: string): JsonObject {
  return {status, warnings: [...warnings], body: normalise(body, namespace)};
}

function describeStep({method, path, body}: Ask): string {
  return `${method} ${path} ${JSON.stringify(body) ?? ''}`;
}

/** A schema without what the cut leaves out. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === 'properties' && isObject(item)) {
      result[name] = Object.fromEntries(Object.entries(item).map(([field, schema]) => [field, bare(schema)]));
    } else if (name === 'description' && stringAt(value, name) !== undefined) {
      // Left out.
    } else if (name !== 'x-kubernetes-patch-strategy' && name !== 'x-kubernetes-patch-merge-key') {
      result[name] = bare(item);
    }
  }
  return result;
}
