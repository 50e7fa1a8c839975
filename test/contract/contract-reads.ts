import assert from 'node:assert/strict';
import {listAt, objectAt, stringAt} from '../../source/resources/json.ts';
import {ask, openWatch} from './client.ts';
import {
  type ContractCase,
  configMap,
  configMaps,
  deployment,
  deployments,
  expect,
  get,
  merge,
  names,
  post,
  revision,
} from './contract-helpers.ts';

export const reads: readonly ContractCase[] = [
  {
    name: 'pages of a list are of one revision, whatever happens in between',
    async run(target) {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await post(target, configMaps, configMap(name));
      const first = await expect(200, get(target, `${configMaps}?limit=2`));
      assert.deepEqual(names(first), ['a', 'b']);
      assert.equal(objectAt(first, 'metadata')['remainingItemCount'], 3);
      await ask(target, {method: 'DELETE', path: `${configMaps}/c`});
      await post(target, configMaps, configMap('bb'));
      const token = encodeURIComponent(stringAt(objectAt(first, 'metadata'), 'continue') ?? '');
      const second = await expect(200, get(target, `${configMaps}?limit=2&continue=${token}`));
      assert.deepEqual(names(second), ['c', 'd']);
      assert.equal(revision(second), revision(first));
      const rest = encodeURIComponent(stringAt(objectAt(second, 'metadata'), 'continue') ?? '');
      const third = await expect(200, get(target, `${configMaps}?limit=2&continue=${rest}`));
      assert.deepEqual(names(third), ['e']);
      assert.equal(stringAt(objectAt(third, 'metadata'), 'continue') ?? '', '');
    },
  },
  {
    name: 'a nonsensical continue token is refused',
    async run(target) {
      await expect(400, get(target, `${configMaps}?limit=2&continue=nonsense`));
    },
  },
  {
    name: 'a watch goes on from a revision and tells every change once',
    async run(target) {
      await post(target, configMaps, configMap('a', {x: '1'}));
      const list = await expect(200, get(target, configMaps));
      await merge(target, `${configMaps}/a`, {data: {x: '2'}});
      const watch = await openWatch(target, `${configMaps}?watch=true&resourceVersion=${revision(list)}`);
      try {
        const changed = await watch.next();
        assert.equal(changed.type, 'MODIFIED');
        assert.deepEqual(changed.object['data'], {x: '2'});
        assert.equal(changed.object['kind'], 'ConfigMap');
        await post(target, configMaps, configMap('b'));
        assert.equal((await watch.next()).type, 'ADDED');
        await ask(target, {method: 'DELETE', path: `${configMaps}/b`});
        const deleted = await watch.next();
        assert.equal(deleted.type, 'DELETED');
        assert.ok(Number(revision(deleted.object)) > Number(revision(changed.object)));
      } finally {
        watch.close();
      }
    },
  },
  {
    name: 'a watch without a revision begins with what is there',
    async run(target) {
      await post(target, configMaps, configMap('a'));
      const watch = await openWatch(target, `${configMaps}?watch=true`);
      try {
        const first = await watch.next();
        assert.equal(first.type, 'ADDED');
        assert.equal(stringAt(objectAt(first.object, 'metadata'), 'name'), 'a');
      } finally {
        watch.close();
      }
    },
  },
  {
    name: 'a watch with a selector tells of objects that come into it and leave it',
    async run(target) {
      await post(target, configMaps, configMap('a', {}, {app: 'web'}));
      await post(target, configMaps, configMap('b', {}, {app: 'api'}));
      const list = await expect(200, get(target, `${configMaps}?labelSelector=app%3Dweb`));
      assert.deepEqual(names(list), ['a']);
      const watch = await openWatch(
        target,
        `${configMaps}?watch=true&labelSelector=app%3Dweb&resourceVersion=${revision(list)}`,
      );
      try {
        await merge(target, `${configMaps}/b`, {metadata: {labels: {app: 'web'}}});
        const entered = await watch.next();
        assert.deepEqual([entered.type, objectAt(entered.object, 'metadata')['name']], ['ADDED', 'b']);
        await merge(target, `${configMaps}/a`, {metadata: {labels: {app: null}}});
        const left = await watch.next();
        assert.deepEqual([left.type, objectAt(left.object, 'metadata')['name']], ['DELETED', 'a']);
      } finally {
        watch.close();
      }
    },
  },
  {
    name: 'a watch that asks for the initial state is told when it has it all',
    async run(target) {
      await post(target, configMaps, configMap('a'));
      const watch = await openWatch(
        target,
        `${configMaps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
      );
      try {
        assert.equal((await watch.next()).type, 'ADDED');
        const bookmark = await watch.next();
        assert.equal(bookmark.type, 'BOOKMARK');
        assert.deepEqual(objectAt(objectAt(bookmark.object, 'metadata'), 'annotations'), {
          'k8s.io/initial-events-end': 'true',
        });
      } finally {
        watch.close();
      }
    },
  },
  {
    name: 'access reviews answer for whoever asks',
    async run(target) {
      const spec = {
        resourceAttributes: {verb: 'delete', group: 'apps', resource: 'deployments', namespace: 'x'},
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const review = await expect(201, post(target, path, {spec}));
      assert.equal(objectAt(review, 'status')['allowed'], true);
      const self = await expect(201, post(target, '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}));
      const user = objectAt(objectAt(self, 'status'), 'userInfo');
      assert.ok(listAt(user, 'groups').includes('system:authenticated'));
    },
  },
  {
    name: 'a table shows name, readiness and age',
    async run(target) {
      await post(target, deployments, deployment(3));
      const {body, status} = await ask(target, {
        method: 'GET',
        path: deployments,
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      });
      assert.equal(status, 200);
      const columns = listAt(body, 'columnDefinitions').map(column => stringAt(column, 'name'));
      assert.deepEqual(columns.slice(0, 5), ['Name', 'Ready', 'Up-to-date', 'Available', 'Age']);
      assert.deepEqual(listAt(listAt(body, 'rows')[0], 'cells').slice(0, 4), ['web', '0/3', 0, 0]);
    },
  },
  {
    name: 'discovery tells of the kinds, in the old form and the aggregated one',
    async run(target) {
      const legacy = await expect(200, get(target, '/apis/apps/v1'));
      const entry = listAt(legacy, 'resources').find(item => stringAt(item, 'name') === 'deployments');
      assert.deepEqual(listAt(entry, 'shortNames'), ['deploy']);
      const {body, contentType} = await ask(target, {
        method: 'GET',
        path: '/apis',
        accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
      });
      assert.match(contentType, /as=APIGroupDiscoveryList/);
      const apps = listAt(body, 'items').find(
        item => stringAt(objectAt(item, 'metadata'), 'name') === 'apps',
      );
      const kinds = listAt(listAt(apps, 'versions')[0], 'resources');
      const found = kinds.find(item => stringAt(item, 'resource') === 'deployments');
      assert.deepEqual(
        listAt(found, 'subresources').map(item => stringAt(item, 'subresource')),
        ['scale', 'status'],
      );
    },
  },
  {
    name: 'schemas are where the index says, and say that dry runs and field validation are there',
    async run(target) {
      const index = await expect(200, get(target, '/openapi/v3'));
      const place = stringAt(objectAt(objectAt(index, 'paths'), 'apis/apps/v1'), 'serverRelativeURL') ?? '';
      assert.match(place, /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]+$/);
      const document = await expect(200, get(target, place));
      const path = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}';
      const patch = objectAt(objectAt(objectAt(document, 'paths'), path), 'patch');
      const parameters = listAt(patch, 'parameters').map(parameter => stringAt(parameter, 'name'));
      assert.ok(
        ['dryRun', 'fieldManager', 'fieldValidation', 'force'].every(name => parameters.includes(name)),
      );
      assert.equal(patch['x-kubernetes-action'], 'patch');
    },
  },
];
