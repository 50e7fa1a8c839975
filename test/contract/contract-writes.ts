import assert from 'node:assert/strict';
import {type JsonObject, listAt, objectAt, stringAt} from '../../source/resources/json.ts';
import {ask, jsonPatchType, mergePatchType} from './client.ts';
import {
  apply,
  type ContractCase,
  configMap,
  configMaps,
  deployment,
  deployments,
  expect,
  get,
  merge,
  ownership,
  post,
  revision,
} from './contract-helpers.ts';

export const writes: readonly ContractCase[] = [
  {
    name: 'an apply owns what it sends, and what it no longer sends goes',
    async run(target) {
      await expect(201, apply(target, `${configMaps}/a`, 'git', configMap('a', {x: '1', y: '1'})));
      const applied = await expect(200, apply(target, `${configMaps}/a`, 'git', configMap('a', {y: '2'})));
      assert.deepEqual(applied['data'], {y: '2'});
      assert.deepEqual(ownership(applied), {
        'git Apply': {'f:data': {'f:y': {}}},
      });
    },
  },
  {
    name: 'what another applier owns too stays when one lets go of it',
    async run(target) {
      await apply(target, `${configMaps}/a`, 'git', configMap('a', {x: '1', y: '1'}));
      await expect(200, apply(target, `${configMaps}/a`, 'other', configMap('a', {x: '1'})));
      const applied = await expect(200, apply(target, `${configMaps}/a`, 'git', configMap('a')));
      assert.deepEqual(applied['data'], {x: '1'});
    },
  },
  {
    name: 'an apply over another manager is a conflict that names field and manager, until it is forced',
    async run(target) {
      await expect(201, apply(target, `${deployments}/web`, 'git', deployment(2)));
      await expect(
        200,
        ask(target, {
          method: 'PATCH',
          path: `${deployments}/web?fieldManager=kubectl-edit`,
          body: {spec: {replicas: 5}},
          type: mergePatchType,
        }),
      );
      const refused = await expect(409, apply(target, `${deployments}/web`, 'git', deployment(2)));
      assert.equal(
        refused['message'],
        'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas',
      );
      assert.deepEqual(listAt(objectAt(refused, 'details'), 'causes'), [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "kubectl-edit" using apps/v1',
          field: '.spec.replicas',
        },
      ]);
      const forced = await expect(
        200,
        apply(target, `${deployments}/web`, 'git', deployment(2), '&force=true'),
      );
      assert.equal(objectAt(forced, 'spec')['replicas'], 2);
      assert.deepEqual(Object.keys(ownership(forced)), ['git Apply']);
    },
  },
  {
    name: 'a scale is owned by its subresource and no longer by the applier',
    async run(target) {
      await apply(target, `${deployments}/web`, 'git', deployment(2));
      const scale = await expect(
        200,
        merge(target, `${deployments}/web/scale?fieldManager=kubectl`, {spec: {replicas: 5}}),
      );
      assert.equal(scale['kind'], 'Scale');
      const live = await expect(200, get(target, `${deployments}/web`));
      assert.deepEqual(ownership(live)['kubectl Update scale'], {'f:spec': {'f:replicas': {}}});
      assert.equal(objectAt(live, 'metadata')['generation'], 2);
      await expect(409, apply(target, `${deployments}/web`, 'git', deployment(2)));
    },
  },
  {
    name: 'a dry run answers with the result and keeps nothing',
    async run(target) {
      const made = await expect(201, post(target, `${configMaps}?dryRun=All`, configMap('a', {x: '1'})));
      assert.notEqual(stringAt(objectAt(made, 'metadata'), 'uid'), undefined);
      await expect(404, get(target, `${configMaps}/a`));
      await expect(201, apply(target, `${configMaps}/a`, 'git', configMap('a', {x: '1'}), '&dryRun=All'));
      await expect(404, get(target, `${configMaps}/a`));
      const stored = await expect(201, post(target, configMaps, configMap('a', {x: '1'})));
      const dry = await expect(
        200,
        apply(target, `${configMaps}/a`, 'git', configMap('a', {x: '2'}), '&dryRun=All&force=true'),
      );
      assert.deepEqual(dry['data'], {x: '2'});
      await expect(200, ask(target, {method: 'DELETE', path: `${configMaps}/a?dryRun=All`}));
      assert.deepEqual(await expect(200, get(target, `${configMaps}/a`)), stored);
    },
  },
  {
    name: 'a write that changes nothing keeps the revision',
    async run(target) {
      await post(target, configMaps, configMap('a', {x: '1'}));
      const before = await expect(200, merge(target, `${configMaps}/a`, {data: {x: '2'}}));
      const same = await expect(200, merge(target, `${configMaps}/a`, {data: {x: '2'}}));
      assert.equal(revision(same), revision(before));
      const applied = await expect(200, apply(target, `${configMaps}/a`, 'git', configMap('a', {x: '2'})));
      const again = await expect(200, apply(target, `${configMaps}/a`, 'git', configMap('a', {x: '2'})));
      assert.equal(revision(again), revision(applied));
    },
  },
  {
    name: 'an update of an old revision is a conflict',
    async run(target) {
      const first = await expect(201, post(target, configMaps, configMap('a', {x: '1'})));
      await expect(200, merge(target, `${configMaps}/a`, {data: {x: '2'}}));
      const stale = {...first, data: {x: '3'}};
      const refused = await expect(409, ask(target, {method: 'PUT', path: `${configMaps}/a`, body: stale}));
      assert.equal(refused['reason'], 'Conflict');
    },
  },
  {
    name: 'a JSON patch whose test fails changes nothing',
    async run(target) {
      await post(target, configMaps, configMap('a', {x: '1'}));
      const patch = [
        {op: 'test', path: '/data/x', value: 'other'},
        {op: 'remove', path: '/data/x'},
      ];
      await expect(
        422,
        ask(target, {method: 'PATCH', path: `${configMaps}/a`, body: patch, type: jsonPatchType}),
      );
      assert.deepEqual((await expect(200, get(target, `${configMaps}/a`)))['data'], {x: '1'});
    },
  },
  {
    name: 'a deletion keeps to its preconditions',
    async run(target) {
      const made = await expect(201, post(target, configMaps, configMap('a')));
      const uid = stringAt(objectAt(made, 'metadata'), 'uid') ?? '';
      const remove = (preconditions: JsonObject) =>
        ask(target, {method: 'DELETE', path: `${configMaps}/a`, body: {preconditions}});
      await expect(409, remove({uid: 'another'}));
      await expect(409, remove({uid, resourceVersion: '1'}));
      await expect(200, remove({uid, resourceVersion: revision(made)}));
      await expect(404, get(target, `${configMaps}/a`));
    },
  },
  {
    name: 'a namespace on its way out takes nothing in',
    async run(target) {
      const name = `${target.namespace}-gone`;
      await expect(
        201,
        post(target, '/api/v1/namespaces', {metadata: {name, finalizers: ['example.com/hold']}}),
      );
      const going = await expect(200, ask(target, {method: 'DELETE', path: `/api/v1/namespaces/${name}`}));
      assert.equal(objectAt(going, 'status')['phase'], 'Terminating');
      const refused = await expect(
        403,
        post(target, `/api/v1/namespaces/${name}/configmaps`, configMap('a')),
      );
      assert.equal(
        stringAt(listAt(objectAt(refused, 'details'), 'causes')[0], 'reason'),
        'NamespaceTerminating',
      );
    },
  },
  {
    name: 'an immutable config map stays as it is',
    async run(target) {
      await post(target, configMaps, {...configMap('a', {x: '1'}), immutable: true});
      await expect(422, merge(target, `${configMaps}/a`, {data: {x: '2'}}));
      await expect(422, merge(target, `${configMaps}/a`, {immutable: false}));
      await expect(200, merge(target, `${configMaps}/a`, {metadata: {labels: {a: 'b'}}}));
    },
  },
  {
    name: 'a generated name is unique and begins as asked',
    async run(target) {
      const body = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {generateName: 'made-'}};
      const made = await expect(201, post(target, configMaps, body));
      assert.match(stringAt(objectAt(made, 'metadata'), 'name') ?? '', /^made-[a-z0-9]{5}$/);
    },
  },
];
