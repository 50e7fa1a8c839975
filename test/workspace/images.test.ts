// The images part of the session, with a real registry: what the cluster has of policies and runs, and whose password it is.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {ImageEvent} from '../../source/app/session.ts';
import type {ConnectedCluster} from '../../source/cluster/types.ts';
import type {ResourceDrift} from '../../source/drift/types.ts';
import {openRepository} from '../../source/repository/open.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {KnownSecrets} from '../../source/secrets/known.ts';
import {imagesPart} from '../../source/workspace/images.ts';
import type {Workshop} from '../../source/workspace/parts.ts';
import {report} from '../app/fake-data.ts';
import {environment} from '../changes/context.ts';
import {FakeCluster, kindOf, usualKinds} from '../engines/fake-cluster.ts';
import {realRegistry, user} from '../registry/registry.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

const {signal} = new AbortController();

const deployment = (image: string): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'shop'},
  spec: {template: {spec: {containers: [{name: 'web', image}]}}},
});

const compared = (status: ResourceDrift['status'], live: JsonObject | null): ResourceDrift => ({
  id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'},
  version: 'v1',
  status,
  health: 'Healthy',
  healthMessage: '',
  verdict: 'server',
  source: null,
  fields: [],
  hidden: [],
  notes: [],
  error: null,
  desired: null,
  live,
});

/** A cluster with Flux's policy for an image. */
async function clusterOf(image: string): Promise<FakeCluster> {
  const version = 'image.toolkit.fluxcd.io/v1';
  const cluster = new FakeCluster([
    ...usualKinds,
    kindOf(version, 'ImagePolicy'),
    kindOf(version, 'ImageRepository'),
  ]);
  const metadata = {name: 'web', namespace: 'flux-system'};
  const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'flux-system'}};
  await cluster.create(kindOf('v1', 'Namespace', false), namespace);
  const policy = {imageRepositoryRef: {name: 'web'}, policy: {semver: {range: '1.x'}}};
  await cluster.create(kindOf(version, 'ImagePolicy'), {
    apiVersion: version,
    kind: 'ImagePolicy',
    metadata,
    spec: policy,
  });
  await cluster.create(kindOf(version, 'ImageRepository'), {
    apiVersion: version,
    kind: 'ImageRepository',
    metadata,
    spec: {image},
  });
  return cluster;
}

/** The part on a repository with one image, and what it is given of the rest. */
async function partOf(
  t: TestContext,
  image: string,
  cluster: FakeCluster,
  resources: ResourceDrift[] | null,
) {
  const folder = await newRepository(temporaryFolder(t));
  await folder.commit('Start', {
    'envs/one/web.json': JSON.stringify(deployment(image)),
    'envs/one/values.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: marked\ndata:\n  image: ${image} # {"$imagepolicy": "flux-system:web"}\n`,
  });
  const repository = await openRepository(folder.root);
  const known = new KnownSecrets();
  const one = environment('one');
  let connected = 0;
  const shop: Partial<Workshop> = {
    worktree: false,
    plainHttp: [],
    known,
    reports: new Map(resources === null ? [] : [['one', report('one', {resources})]]),
    repository: () => repository,
    environment: () => one,
    imageRules: () => [],
    learnSecrets: async () => {},
    connect: () => {
      connected++;
      return cluster as unknown as ConnectedCluster;
    },
  };
  return {part: imagesPart(shop as Workshop), known, connections: () => connected};
}

test('the cluster’s policies and what runs are told, and the password that was sent is known as a secret', async t => {
  const registry = await realRegistry(t, 'password');
  if (registry === undefined) return;
  for (const tag of ['1.0.0', '1.3.0', '2.0.0']) await registry.push('shop/web', tag);
  const config = temporaryFolder(t);
  const auth = Buffer.from(`${user.name}:${user.password}`).toString('base64');
  await writeFile(path.join(config, 'config.json'), JSON.stringify({auths: {[registry.host]: {auth}}}));
  const before = process.env['DOCKER_CONFIG'];
  process.env['DOCKER_CONFIG'] = config;
  t.after(() => {
    if (before === undefined) delete process.env['DOCKER_CONFIG'];
    else process.env['DOCKER_CONFIG'] = before;
  });
  const name = `${registry.host}/shop/web`;
  const live = compared('Modified', deployment(`${name}:0.9.0`));
  const {part, known} = await partOf(t, `${name}:1.0.0`, await clusterOf(name), [live]);
  const events: ImageEvent[] = [];
  const {images} = await part.imageUpdates('one', signal, event => events.push(event), {fresh: false});
  const [image] = images;
  assert.deepEqual(
    [image?.state, image?.target, image?.marker, image?.live],
    ['newer', `${name}:1.3.0`, 'flux-system:web', [`${name}:0.9.0`]],
  );
  assert.deepEqual(
    events.map(event => [event.type, event.type === 'found' ? event.images[0]?.state : event.image.state]),
    [
      ['found', 'pending'],
      ['image', 'newer'],
    ],
  );
  assert.equal(known.redact(`it said ${user.password}`), 'it said ***');
});

test('a cluster that was not reached is not waited for once more', async t => {
  const cluster = await clusterOf('127.0.0.1:9/shop/web');
  for (const resources of [null, [compared('Unknown', null)]]) {
    const {part, connections} = await partOf(t, '127.0.0.1:9/shop/web:1.0.0', cluster, resources);
    const {images} = await part.imageUpdates('one', signal, () => {}, {fresh: false});
    assert.equal(connections(), 0);
    assert.match(images[0]?.problem ?? '', /its marker names is not in this repository/);
  }
});
