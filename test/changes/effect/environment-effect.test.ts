import assert from 'node:assert/strict';
import {test} from 'node:test';
import {environmentEffect} from '../../../source/changes/effect/environment-effect.ts';
import {Renderings} from '../../../source/changes/effect/renderings.ts';
import type {Engine, PreviewRequest} from '../../../source/engines/types.ts';
import {openRepository} from '../../../source/repository/open.ts';
import {KnownSecrets} from '../../../source/secrets/known.ts';
import {createMask} from '../../../source/secrets/mask.ts';
import {newRepository, temporaryFolder} from '../../repository/git-folder.ts';
import {environment} from '../context.ts';

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
const silent: Pick<Engine, 'preview'> = {
  preview: (_request, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
};

/** Two commits: one ConfigMap stays, one comes, one goes. */
async function changed(context: Parameters<typeof temporaryFolder>[0]) {
  const folder = await newRepository(temporaryFolder(context));
  const from = await folder.commit('first', {
    'envs/staging/kept.yaml': map('kept'),
    'envs/staging/old.yaml': map('old'),
  });
  const to = await folder.commit('second', {
    'envs/staging/old.yaml': null,
    'envs/staging/new.yaml': map('new'),
  });
  const renderings = new Renderings(await openRepository(folder.root));
  const ask = (
    engine: Pick<Engine, 'preview'> | null,
    more: {change?: {from: string; to: string}; limitMs?: number; signal?: AbortSignal} = {},
  ) => {
    const {change = {from, to}, signal = new AbortController().signal, ...rest} = more;
    return environmentEffect(environment('staging'), renderings, change, {
      mask: createMask(),
      engine,
      signal,
      ...rest,
    });
  };
  return {from, to, ask};
}

test('an engine is asked about what the change reaches, with all of both sides', async context => {
  const {from, ask} = await changed(context);
  const asked: PreviewRequest[] = [];
  const {cluster} = await ask({
    preview: async request => {
      asked.push(request);
      return {resources: new Map(), problems: []};
    },
  });
  const [request] = asked;
  const names = (resources: Iterable<{location: {file: string}}> = []) =>
    [...resources].map(({location}) => location.file.replace('envs/staging/', ''));
  assert.deepEqual(names(request?.about), ['new.yaml', 'old.yaml']);
  assert.deepEqual(names(request?.wanted), ['kept.yaml', 'new.yaml']);
  assert.deepEqual(names(request?.before.wanted), ['kept.yaml', 'old.yaml']);
  assert.deepEqual([request?.before.revision, request?.complete], [from, true]);
  // What it does not answer is unknown, never taken for unchanged.
  assert.ok(cluster !== null && 'objects' in cluster);
  assert.deepEqual(
    cluster.objects.map(({outcome, reason}) => [outcome, reason]),
    [
      ['unknown', 'it was not compared'],
      ['unknown', 'it was not compared'],
    ],
  );
});

test('no cluster is asked about a change that changes nothing, or where nobody wants to', async context => {
  const {from, ask} = await changed(context);
  const never: Pick<Engine, 'preview'> = {preview: () => assert.fail('asked')};
  const {cluster} = await ask(never, {change: {from, to: from}});
  assert.deepEqual(cluster, {objects: [], problems: []});
  assert.equal((await ask(null)).cluster, null);
});

test('a cluster that takes too long is unknown; what git says is there', async context => {
  const {ask} = await changed(context);
  const {rendered, cluster} = await ask(silent, {limitMs: 1});
  assert.equal(rendered.objects.length, 2);
  assert.deepEqual(cluster, {unknown: 'the cluster took longer than 0.001 s'});
});

test('an abort ends it all the same', async context => {
  const {ask} = await changed(context);
  const controller = new AbortController();
  const asking = ask(
    {
      preview: async (_request, signal) => {
        controller.abort(new Error('enough'));
        signal.throwIfAborted();
        return {resources: new Map(), problems: []};
      },
    },
    {signal: controller.signal},
  );
  await assert.rejects(asking, /enough/);
});

test('the Secrets of both sides are known when the answer comes, whatever was rendered meanwhile', async context => {
  const folder = await newRepository(temporaryFolder(context));
  const secret = (value: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {x: ${value}-horse-battery}\n`;
  const from = await folder.commit('first', {'envs/staging/a.yaml': secret('old')});
  const to = await folder.commit('second', {'envs/staging/a.yaml': secret('new')});
  const later = await folder.commit('third', {'envs/staging/a.yaml': secret('later')});
  const known = new KnownSecrets();
  const renderings = new Renderings(await openRepository(folder.root), known, {
    renderings: 2,
    resources: 100,
  });
  const options = {mask: createMask(), signal: new AbortController().signal};
  const engine: Pick<Engine, 'preview'> = {
    async preview() {
      const change = {from: to, to: later};
      await environmentEffect(environment('staging'), renderings, change, {...options, engine: null});
      assert.equal(known.redact('old-horse-battery'), 'old-horse-battery');
      return {resources: new Map(), problems: []};
    },
  };
  await environmentEffect(environment('staging'), renderings, {from, to}, {...options, engine});
  assert.equal(known.redact('old-horse-battery or new-horse-battery'), '*** or ***');
});
