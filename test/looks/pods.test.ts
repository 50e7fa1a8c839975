import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {isNamedAfter, ownedUids, ownersBetween, podSelector} from '../../source/looks/owners.ts';
import {podSeen, shortNames} from '../../source/looks/pods.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const spec = {initContainers: [{name: 'migrate'}], containers: [{name: 'api'}, {name: 'proxy'}]};
const done = {name: 'migrate', state: {terminated: {exitCode: 0, reason: 'Completed', containerID: 'c'}}};
const runs = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  ready: true,
  restartCount: 0,
  containerID: name,
  state: {running: {startedAt: '2026-08-05T11:00:00Z'}},
  ...more,
});

describe('a pod in the words of kubectl get pods', () => {
  const cases: [words: string, ready: string, status: JsonObject, metadata?: JsonObject][] = [
    ['Pending', '0/2', {phase: 'Pending'}],
    [
      'Running',
      '2/2',
      {phase: 'Running', initContainerStatuses: [done], containerStatuses: [runs('api'), runs('proxy')]},
    ],
    [
      'Init:0/1',
      '0/2',
      {
        phase: 'Pending',
        initContainerStatuses: [{name: 'migrate', state: {running: {}}}],
        containerStatuses: [],
      },
    ],
    [
      'Init:CrashLoopBackOff',
      '0/2',
      {
        phase: 'Pending',
        initContainerStatuses: [{name: 'migrate', state: {waiting: {reason: 'CrashLoopBackOff'}}}],
      },
    ],
    [
      'Init:ExitCode:2',
      '0/2',
      {phase: 'Pending', initContainerStatuses: [{name: 'migrate', state: {terminated: {exitCode: 2}}}]},
    ],
    [
      'CrashLoopBackOff',
      '1/2',
      {
        phase: 'Running',
        initContainerStatuses: [done],
        containerStatuses: [
          {name: 'api', restartCount: 4, state: {waiting: {reason: 'CrashLoopBackOff'}}},
          runs('proxy'),
        ],
      },
    ],
    [
      'Running',
      '1/2',
      {
        phase: 'Running',
        initContainerStatuses: [done],
        containerStatuses: [
          {name: 'api', state: {terminated: {exitCode: 0, reason: 'Completed'}}},
          runs('proxy'),
        ],
      },
    ],
    ['Evicted', '0/2', {phase: 'Failed', reason: 'Evicted'}],
    [
      'Terminating',
      '2/2',
      {phase: 'Running', containerStatuses: [runs('api'), runs('proxy')]},
      {deletionTimestamp: 'x'},
    ],
  ];
  for (const [words, ready, status, metadata = {}] of cases) {
    test(`${words} ${ready}`, () => {
      const seen = podSeen({metadata: {name: 'web', uid: 'u', ...metadata}, spec, status});
      assert.deepEqual([seen.status, `${seen.ready}/${seen.total}`], [words, ready]);
    });
  }

  test('tells which logs there are as the kubelet decides it', () => {
    const waits = {waiting: {reason: 'CrashLoopBackOff', message: 'back-off'}};
    const status = {
      containerStatuses: [
        {
          name: 'api',
          restartCount: 4,
          state: waits,
          lastState: {terminated: {exitCode: 1, containerID: 'c3'}},
        },
        {name: 'proxy', restartCount: 0, state: {waiting: {reason: 'ImagePullBackOff'}}},
      ],
    };
    const {containers} = podSeen({metadata: {}, spec: {containers: spec.containers}, status});
    assert.deepEqual(
      containers.map(({name, hasLog, hasPrevious, reason}) => [name, hasLog, hasPrevious, reason]),
      [
        ['api', true, true, 'CrashLoopBackOff'],
        ['proxy', false, false, 'ImagePullBackOff'],
      ],
    );
  });
});

test('short names still tell pods apart', () => {
  const short = (...names: string[]) => [...shortNames(names).values()];
  assert.deepEqual(short('web-7d4b9c-x2kqp', 'web-7d4b9c-m9vzt'), ['x2kqp', 'm9vzt']);
  assert.deepEqual(short('web-7d4b9c-x2kqp', 'web-84f5d-m9vzt'), ['7d4b9c-x2kqp', '84f5d-m9vzt']);
  assert.deepEqual(short('web-7d4b9c-x2kqp'), ['x2kqp']);
  assert.deepEqual(short('redis-0', 'redis-1'), ['redis-0', 'redis-1']);
  assert.deepEqual(short('solo'), ['solo']);
  assert.deepEqual(short(), []);
});

describe('what leads from an object to its pods', () => {
  const id = (group: string, kind: string) => ({group, kind, namespace: 'shop', name: 'web'});
  const kinds = (group: string, kind: string) => ownersBetween(id(group, kind))?.map(each => each.kind);
  test('by its kind', () => {
    assert.deepEqual(kinds('apps', 'Deployment'), ['ReplicaSet']);
    assert.deepEqual(kinds('batch', 'CronJob'), ['Job']);
    assert.deepEqual(kinds('apps', 'StatefulSet'), []);
    assert.deepEqual(kinds('', 'Pod'), []);
    assert.equal(kinds('', 'ConfigMap'), undefined);
    assert.equal(kinds('networking.k8s.io', 'Ingress'), undefined);
    assert.equal(kinds('argoproj.io', 'Rollout')?.length, 5);
  });

  test('by owner references, in whatever order they come', () => {
    const owned = (uid: string, by: string): JsonObject => ({metadata: {uid, ownerReferences: [{uid: by}]}});
    const all = [owned('pod', 'set'), owned('set', 'deployment'), owned('alien', 'other')];
    assert.deepEqual([...ownedUids('deployment', all).keys()], ['deployment', 'set', 'pod']);
  });

  test('by names that controllers give', () => {
    const named = (kind: string, what: string, name: string) =>
      isNamedAfter({group: '', kind, namespace: 'shop', name: 'web'}, {kind: what, name});
    assert.equal(named('ReplicaSet', 'Pod', 'web-x2kqp'), true);
    assert.equal(named('ReplicaSet', 'Pod', 'web-worker'), false);
    assert.equal(named('ReplicaSet', 'Pod', 'web-a2kqp'), false);
    assert.equal(named('StatefulSet', 'Pod', 'web-12'), true);
    assert.equal(named('CronJob', 'Job', 'web-29376195'), true);
    assert.equal(named('Deployment', 'Pod', 'web-x2kqp'), false);
  });

  test('by a selector as a query has it', () => {
    const selector = (value: JsonObject) => podSelector({spec: {selector: value}});
    assert.equal(selector({matchLabels: {app: 'web', tier: 'a'}}), 'app=web,tier=a');
    assert.equal(
      selector({
        matchExpressions: [
          {key: 'app', operator: 'In', values: ['a', 'b']},
          {key: 'old', operator: 'DoesNotExist'},
        ],
      }),
      'app in (a,b),!old',
    );
    assert.equal(selector({}), undefined);
    assert.equal(podSelector({spec: {}}), undefined);
  });
});
