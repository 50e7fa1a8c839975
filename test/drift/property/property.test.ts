import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import fc from 'fast-check';
import type {ResourceDrift} from '../../../source/drift/types.ts';
import {isObject, type JsonObject, objectAt, stringifyJson} from '../../../source/resources/json.ts';
import {useCluster} from '../../cluster/shared.ts';
import {canonical, withKeptZeros} from './canonical.ts';
import {anyChange, type Change, changed} from './changes.ts';
import {anySample, gadgets, type Sample} from './objects.ts';
import {type Verdicts, World} from './world.ts';

// Long: GITOPS_TUI_PROPERTY_SECONDS=600. Replay: GITOPS_TUI_PROPERTY_SEED and, of a shrunk case, GITOPS_TUI_PROPERTY_PATH.
const seconds = Number(process.env['GITOPS_TUI_PROPERTY_SECONDS'] ?? 0);
const seed = Number(process.env['GITOPS_TUI_PROPERTY_SEED'] ?? (seconds > 0 ? Date.now() % 2 ** 31 : 47));
const path = process.env['GITOPS_TUI_PROPERTY_PATH'];

/** Why a reader's verdict may be Unknown: what only the server knows, or nobody. */
const explained = [
  /was set by .*, who may have brought it from git or be a controller/,
  /may be the same to the server, which could not be asked/,
  /may be defaults or left by .*: only the server can tell, and it could not be asked/,
];

const ways = {
  'kubectl apply': 'kubectl-client-side-apply',
  'kubectl create': 'kubectl-create',
  'kubectl apply --server-side': 'kubectl',
  'gitops-tui': 'gitops-tui',
  'Argo CD': 'argocd-controller',
  'a tool that nobody knows': 'deployer',
} as const;

interface Case {
  sample: Sample;
  way: keyof typeof ways;
  git: Change[];
  live: {by: 'kubectl-edit' | 'kubectl-patch' | 'some-controller'; change: Change}[];
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  sample: anySample,
  way: fc.constantFrom(...(Object.keys(ways) as Case['way'][])),
  git: fc.array(anyChange, {maxLength: 2}),
  live: fc.array(
    fc.record({
      by: fc.constantFrom('kubectl-edit' as const, 'kubectl-patch' as const, 'some-controller' as const),
      change: anyChange,
    }),
    {maxLength: 1},
  ),
});

test('property: the local verdict, the server’s and the truth agree', async t => {
  const cluster = await useCluster(t);
  if (cluster === undefined) return;
  const world = new World(cluster, await cluster.namespace('property'));
  const counts = {cases: 0, refused: 0, synced: 0, modified: 0, unknown: 0, localUnknown: 0};
  try {
    await define(world);
    await fc.assert(
      fc.asyncProperty(anyCase, one => run(world, one, counts)),
      {
        seed,
        ...(path === undefined ? {} : {path}),
        ...(seconds > 0
          ? {numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000}
          : {numRuns: 300, interruptAfterTimeLimit: 50_000}),
        markInterruptAsFailure: false,
      },
    );
    if (path === undefined) {
      assert.ok(counts.synced > 0 && counts.modified > 0, 'cases of both kinds were judged');
    }
  } finally {
    t.diagnostic(`seed ${seed}: ${stringifyJson(counts)}`);
    world.close();
  }
});

type Counts = Record<'cases' | 'refused' | 'synced' | 'modified' | 'unknown' | 'localUnknown', number>;

let serial = 0;

async function run(world: World, {sample, way, git, live: edits}: Case, counts: Counts): Promise<void> {
  const name = `case-${++serial}`;
  const collection = sample.collection.replace('*', world.namespace);
  const place = `${collection}/${name}`;
  const named = (object: JsonObject): JsonObject => ({
    ...object,
    metadata: {...objectAt(object, 'metadata'), name, namespace: world.namespace},
  });
  const first = named(sample.object);
  try {
    const made = await bring(world, first, way, collection, place);
    if (made === undefined) {
      counts.refused++;
      return;
    }
    counts.cases++;
    const start = await world.judge(first, made, place);
    agree(start, 'before any change');
    assert.equal(start.server.status, 'Synced', `before any change: ${inWords(start.server)}`);

    const desired = named(git.reduce(changed, sample.object));
    let byController = false;
    for (const {by, change} of edits) {
      const now = await get(world, place);
      const answer = await world.ask('PUT', `${place}?fieldManager=${by}`, changed(now, change));
      byController ||= by === 'some-controller' && answer.status < 300;
    }
    const live = await get(world, place);
    const verdicts = await world.judge(desired, live, place);
    agree(verdicts, 'after the change');
    const {local, server} = verdicts;
    if (server.status === 'Synced') counts.synced++;
    else if (server.status === 'Modified') counts.modified++;
    else counts.unknown++;
    if (local.status === 'Unknown') counts.localUnknown++;
    // What a controller set while git is silent is its own.
    if (byController || server.status === 'Unknown') return;
    const kept = withKeptZeros(desired, live);
    assert.ok(isObject(kept));
    const truth = await world.fresh(kept, collection);
    if (truth === undefined) return;
    const expected = canonical(truth) === canonical(live) ? 'Synced' : 'Modified';
    if (server.status !== expected) {
      assert.equal(
        canonical(live),
        canonical(truth),
        `${server.status}, truly ${expected}: ${inWords(server)}`,
      );
      assert.equal(server.status, expected, inWords(server));
    }
  } finally {
    await world.ask('DELETE', place);
  }
}

function agree({local, server}: Verdicts, when: string): void {
  const both = `${when}: local ${inWords(local)}; server ${inWords(server)}`;
  // That git's manifest is refused only the server can know; the two differ all the same.
  if (local.status === 'Modified' && server.status === 'Unknown') return;
  if (local.status !== 'Unknown') assert.equal(local.status, server.status, both);
  else if (server.status !== 'Unknown') {
    for (const reason of (local.error ?? '').split('; ')) {
      assert.ok(
        explained.some(pattern => pattern.test(reason)),
        `no explained reason: ${both}`,
      );
    }
  }
}

async function bring(
  world: World,
  object: JsonObject,
  way: Case['way'],
  collection: string,
  place: string,
): Promise<JsonObject | undefined> {
  const manager = ways[way];
  const isUpdate = way === 'kubectl apply' || way === 'kubectl create';
  const noted = way === 'kubectl apply' ? withLastApplied(object) : object;
  const answer = isUpdate
    ? await world.ask('POST', `${collection}?fieldManager=${manager}`, noted)
    : await world.ask(
        'PATCH',
        `${place}?fieldManager=${manager}&force=true`,
        noted,
        'application/apply-patch+yaml',
      );
  return answer.status < 300 && isObject(answer.body) ? answer.body : undefined;
}

function withLastApplied(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const annotations = {
    ...objectAt(metadata, 'annotations'),
    'kubectl.kubernetes.io/last-applied-configuration': stringifyJson(object),
  };
  return {...object, metadata: {...metadata, annotations}};
}

async function get(world: World, place: string): Promise<JsonObject> {
  const {status, body} = await world.ask('GET', place);
  assert.ok(status === 200 && isObject(body), `GET ${place}: ${status}`);
  return body;
}

async function define(world: World): Promise<void> {
  await world.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', gadgets);
  for (let attempt = 0; attempt < 100; attempt++) {
    const {status, body} = await world.ask('GET', '/openapi/v3/apis/property.example.com/v1');
    if (status === 200 && stringifyJson(body).includes('.Gadget"')) return;
    await sleep(100);
  }
  throw new Error('the definition of Gadget is not served');
}

function inWords({status, error, fields, notes}: ResourceDrift): string {
  const told = fields.map(field => `${field.change} ${field.path}`);
  return [status, error ?? '', ...told, ...notes].filter(text => text !== '').join(' · ');
}
