import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {objectSeen} from '../../source/looks/conditions.ts';
import {byTime, eventOf} from '../../source/looks/event.ts';
import {eventsSeen} from '../../source/looks/events.ts';
import type {Followed} from '../../source/looks/follow-list.ts';
import type {Family} from '../../source/looks/follow-pods.ts';
import type {ClusterEvent} from '../../source/looks/types.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const t = (minute: number) => `2026-08-05T11:${String(minute).padStart(2, '0')}:00Z`;
const metadata = {name: 'web.1', namespace: 'shop', uid: 'e1', creationTimestamp: t(0)};

describe('an event', () => {
  const cases: [name: string, object: JsonObject, expected: Partial<ClusterEvent>][] = [
    [
      'of core/v1, as an old recorder writes it',
      {
        metadata,
        involvedObject: {
          kind: 'Pod',
          name: 'web',
          namespace: 'shop',
          uid: 'u',
          fieldPath: 'spec.containers{a}',
        },
        reason: 'BackOff',
        message: ' Back-off \n',
        type: 'Warning',
        source: {component: 'kubelet'},
        count: 17,
        firstTimestamp: t(1),
        lastTimestamp: t(9),
        eventTime: null,
      },
      {count: 17, first: t(1), last: t(9), source: 'kubelet', message: 'Back-off', type: 'Warning'},
    ],
    [
      'of core/v1 with a series counts as often as that, and was seen last when that was',
      {
        metadata,
        involvedObject: {kind: 'Pod', name: 'web'},
        eventTime: t(2),
        series: {count: 4, lastObservedTime: t(8)},
        firstTimestamp: null,
        lastTimestamp: null,
        reportingComponent: 'scheduler',
        source: {},
      },
      {count: 4, first: t(2), last: t(8), source: 'scheduler'},
    ],
    [
      'of core/v1 that happened once at its own time',
      {metadata, involvedObject: {kind: 'Pod', name: 'web'}, eventTime: t(3)},
      {count: 1, first: t(3), last: t(3)},
    ],
    [
      'of events.k8s.io/v1',
      {
        metadata,
        regarding: {kind: 'Pod', name: 'web', namespace: 'shop', uid: 'u'},
        note: 'Pulled',
        eventTime: t(2),
        reportingController: 'kubelet',
        series: {count: 2, lastObservedTime: t(5)},
      },
      {count: 2, first: t(2), last: t(5), source: 'kubelet', message: 'Pulled'},
    ],
    [
      'of events.k8s.io/v1 that an old recorder wrote',
      {
        metadata,
        regarding: {kind: 'Pod', name: 'web'},
        eventTime: null,
        deprecatedCount: 3,
        deprecatedFirstTimestamp: t(1),
        deprecatedLastTimestamp: t(4),
        deprecatedSource: {component: 'job-controller'},
      },
      {count: 3, first: t(1), last: t(4), source: 'job-controller'},
    ],
    [
      'without any time was made when it was made',
      {metadata, involvedObject: {kind: 'Pod', name: 'web'}},
      {count: 1, first: t(0), last: t(0)},
    ],
  ];
  for (const [name, object, expected] of cases) {
    test(name, () => {
      const event: Record<string, unknown> = {...eventOf(object)};
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(event[key], value, key);
    });
  }
});

describe('conditions', () => {
  test('of an earlier generation are stale; those with a generation of their own by that', () => {
    const seen = objectSeen({
      metadata: {generation: 3},
      status: {
        observedGeneration: 2,
        conditions: [
          {type: 'Available', status: 'True', lastTransitionTime: t(1)},
          {type: 'Ready', status: 'False', observedGeneration: 3},
          {type: 'Degraded', status: 'True'},
          {type: 'Whatever', status: 'True'},
        ],
      },
    });
    assert.deepEqual(
      seen.conditions.map(({type, stale, good}) => [type, stale, good]),
      [
        ['Available', true, true],
        ['Ready', false, false],
        ['Degraded', true, false],
        ['Whatever', true, null],
      ],
    );
    assert.deepEqual([seen.generation, seen.observed], [3, 2]);
  });
});

describe('events of a Deployment', () => {
  const target = {
    of: 'resource',
    id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'},
    version: 'v1',
  } as const;
  const object = (kind: string, name: string, uid: string): JsonObject => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: {name, namespace: 'shop', uid},
  });
  const family: Family = {
    object: object('Deployment', 'web', 'd'),
    isKnown: true,
    isRead: true,
    problems: [],
    owned: new Map([
      ['d', null],
      ['r', object('ReplicaSet', 'web-7d4b9c', 'r')],
    ]),
    pods: [object('Pod', 'web-7d4b9c-x2kqp', 'p')],
  };
  const about = (kind: string, name: string, uid: string, minute: number): [string, JsonObject] => [
    uid + name,
    {
      metadata: {name, uid: uid + name},
      involvedObject: {kind, name, namespace: 'shop', uid},
      lastTimestamp: t(minute),
    },
  ];
  const followed: Followed = {
    isRead: true,
    problem: null,
    items: new Map([
      about('Deployment', 'web', 'd', 1),
      about('Deployment', 'web', 'earlier', 2),
      about('ReplicaSet', 'web-7d4b9c', 'r', 3),
      about('Pod', 'web-7d4b9c-x2kqp', 'p', 4),
      about('Pod', 'web-7d4b9c-m9vzt', 'gone', 5),
      about('Pod', 'web-worker-5f6d7-m9vzt', 'other', 6),
      about('Deployment', 'web-worker', 'w', 7),
      about('ConfigMap', 'web', 'c', 8),
    ]),
  };

  test('are its own and those of what it owns, also of pods that are gone, newest first', () => {
    const {events, isRead} = eventsSeen(target, family, [followed]);
    assert.deepEqual(
      events.map(({about: {kind, name}, relation}) => `${kind}/${name} ${relation}`),
      [
        'Pod/web-7d4b9c-m9vzt owned',
        'Pod/web-7d4b9c-x2kqp owned',
        'ReplicaSet/web-7d4b9c owned',
        'Deployment/web former',
        'Deployment/web itself',
      ],
    );
    assert.equal(isRead, true);
  });

  test('none is no answer until they were read', () => {
    const {events, isRead} = eventsSeen(target, family, [{...followed, items: new Map(), isRead: false}]);
    assert.deepEqual([events, isRead], [[], false]);
  });

  test('of a namespace are all of it', () => {
    const seen = eventsSeen({of: 'namespaces', namespaces: ['shop']}, null, [followed]);
    assert.equal(seen.events.length, 8);
    assert.deepEqual([...seen.events].sort(byTime), seen.events);
  });
});
