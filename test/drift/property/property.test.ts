import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import fc from 'fast-check';
import type {ResourceDrift} from '../../../source/drift/types.ts';
import {isObject, type JsonObject, objectAt, stringifyJson} from '../../../source/resources/json.ts';
import {useCluster} from '../../cluster/shared.ts';
import {canonical, withKeptZeros, withLostDefault} from './canonical.ts';
import {anyChange, type Change, changed} from './changes.ts';
import {blobs, gadgets} from './custom.ts';
import {anySample} from './objects.ts';
import type {Sample} from './parts.ts';
import {anyStep, anyWay, bring, edit, type Spot, type Step, type Way} from './steps.ts';
import {type Verdicts, World} from './world.ts';

// Long: GITOPS_TUI_PROPERTY_SECONDS=600. Replay: GITOPS_TUI_PROPERTY_SEED and, of a shrunk case, GITOPS_TUI_PROPERTY_PATH.
const seconds = Number(process.env['GITOPS_TUI_PROPERTY_SECONDS'] ?? 0);
const seed = Number(process.env['GITOPS_TUI_PROPERTY_SEED'] ?? (seconds > 0 ? Date.now() % 2 ** 31 : 47));
const path = process.env['GITOPS_TUI_PROPERTY_PATH'];
// One kind alone, where a mend is tried out.
const only = process.env['GITOPS_TUI_PROPERTY_KIND'];

/** Why a reader's verdict may be Unknown: what only the server knows, or nobody. */
const explained = [
  /was set by .*, who may have brought it from git or be a controller/,
  /may be the same to the server, which could not be asked/,
  /may be defaults or left by .*: only the server can tell, and it could not be asked/,
];

interface Case {
  sample: Sample;
  way: Way;
  steps: Step[];
  /** What git has become in the end, without anybody having brought it. */
  git: Change[];
  /** Whether git then names the other version of the API, where there is one. */
  moves: boolean;
  /** Whether its history is at hand. */
  remembers: boolean;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  sample: only === undefined ? anySample : anySample.filter(({kind}) => kind === only),
  way: anyWay,
  steps: fc.array(anyStep, {maxLength: 3}),
  git: fc.array(anyChange, {maxLength: 2}),
  moves: fc.boolean(),
  remembers: fc.boolean(),
});

test('property: the local verdict, the server’s and the truth agree', async t => {
  const cluster = await useCluster(t);
  if (cluster === undefined) return;
  const world = new World(cluster, await cluster.namespace('property'));
  const counts = {
    cases: 0,
    changes: 0,
    refused: 0,
    synced: 0,
    modified: 0,
    unknown: 0,
    localUnknown: 0,
    untouchedUnknown: 0,
  };
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

type Counts = Record<
  'cases' | 'changes' | 'refused' | 'synced' | 'modified' | 'unknown' | 'localUnknown' | 'untouchedUnknown',
  number
>;

let serial = 0;

async function run(
  world: World,
  {sample, way, steps, git, moves, remembers}: Case,
  counts: Counts,
): Promise<void> {
  const name = `case-${process.pid}-${++serial}`;
  const collection = sample.collection.replace('*', world.namespace);
  const place = `${collection}/${name}`;
  const spot: Spot = {collection, place, ask: (...request) => world.ask(...request)};
  const isNamespaced = collection !== sample.collection;
  const named = (object: JsonObject): JsonObject => {
    const metadata = {...objectAt(object, 'metadata'), name};
    return {...object, metadata: isNamespaced ? {...metadata, namespace: world.namespace} : metadata};
  };
  try {
    const made = await bring(spot, named(sample.object), way);
    if (made === undefined) {
      counts.refused++;
      return;
    }
    counts.cases++;
    const start = await world.judge(named(sample.object), made, place);
    agree(start, 'before any change');
    assert.equal(start.server.status, 'Synced', `before any change: ${inWords(start.server)}`);

    let manifest = sample.object;
    const former = [manifest];
    let byController = false;
    for (const step of steps) {
      counts.changes++;
      if (step.what === 'git') {
        const next = changed(manifest, step.change);
        const by = step.way === 'as before' ? way : step.way;
        if ((await bring(spot, named(next), by, named(manifest))) !== undefined) {
          manifest = next;
          former.unshift(next);
        }
      } else {
        const by = await edit(spot, step);
        byController ||= by === 'some-controller' || by === 'kube-controller-manager';
      }
    }
    counts.changes += git.length;
    const final = git.reduce(changed, manifest);
    const other = moves ? sample.also : undefined;
    const desired = named(other === undefined ? final : {...final, apiVersion: other.apiVersion});
    const there = (other?.collection ?? sample.collection).replace('*', world.namespace);
    const live = await get(world, `${there}/${name}`);
    const verdicts = await world.judge(desired, live, `${there}/${name}`, remembers ? former : []);
    agree(verdicts, 'after the change');
    const {local, untouched, server} = verdicts;
    if (server.status === 'Synced') counts.synced++;
    else if (server.status === 'Modified') counts.modified++;
    else counts.unknown++;
    if (local.status === 'Unknown') counts.localUnknown++;
    if (untouched.status === 'Unknown') counts.untouchedUnknown++;
    // What a controller set while git is silent is its own.
    if (byController || server.status === 'Unknown') return;
    const kept = withKeptZeros(desired, live);
    assert.ok(isObject(kept));
    const truth = await world.fresh(kept, there);
    if (truth === undefined) return;
    const meant = canonical(withLostDefault(live, kept));
    const expected = canonical(truth) === meant ? 'Synced' : 'Modified';
    if (server.status !== expected) {
      assert.equal(meant, canonical(truth), `${server.status}, truly ${expected}: ${inWords(server)}`);
      assert.equal(server.status, expected, inWords(server));
    }
  } finally {
    await world.ask('DELETE', place);
  }
}

function agree({local, untouched, server}: Verdicts, when: string): void {
  for (const [who, reader] of Object.entries({local, untouched})) {
    const both = `${when}: ${who} ${inWords(reader)}; server ${inWords(server)}`;
    // That git's manifest is refused only the server can know; the two differ all the same.
    if (reader.status === 'Modified' && server.status === 'Unknown') continue;
    if (reader.status !== 'Unknown') assert.equal(reader.status, server.status, both);
    else if (server.status !== 'Unknown') {
      for (const reason of (reader.error ?? '').split('; ')) {
        assert.ok(
          explained.some(pattern => pattern.test(reason)),
          `no explained reason: ${both}`,
        );
      }
    }
  }
}

async function get(world: World, place: string): Promise<JsonObject> {
  const {status, body} = await world.ask('GET', place);
  assert.ok(status === 200 && isObject(body), `GET ${place}: ${status}`);
  return body;
}

async function define(world: World): Promise<void> {
  for (const definition of [gadgets, blobs]) {
    await world.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  }
  const served = [
    ['v1', '.Gadget"'],
    ['v1', '.Blob"'],
    ['v1beta1', '.Gadget"'],
  ] as const;
  for (const [version, kind] of served) {
    for (let attempt = 0; ; attempt++) {
      const {status, body} = await world.ask('GET', `/openapi/v3/apis/property.example.com/${version}`);
      if (status === 200 && stringifyJson(body).includes(kind)) break;
      if (attempt > 600) throw new Error(`${version} of ${kind} is not served`);
      await sleep(100);
    }
  }
}

function inWords({status, error, fields, notes}: ResourceDrift): string {
  const told = fields.map(field => `${field.change} ${field.path}`);
  return [status, error ?? '', ...told, ...notes].filter(text => text !== '').join(' · ');
}
