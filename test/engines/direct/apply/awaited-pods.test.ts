import assert from 'node:assert/strict';
import test from 'node:test';
import type {ListOptions} from '../../../../source/cluster/types.ts';
import {ClusterError} from '../../../../source/cluster/types.ts';
import {podsInWords, whyNotReady} from '../../../../source/engines/direct/apply/awaited-pods.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';

const waiting = (reason: string, list = 'containerStatuses'): JsonObject => ({
  status: {phase: 'Pending', [list]: [{state: {running: {}}}, {state: {waiting: {reason}}}]},
});
const unscheduled: JsonObject = {
  status: {
    phase: 'Pending',
    conditions: [
      {type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available'},
    ],
  },
};
const unready: JsonObject = {
  status: {
    phase: 'Running',
    containerStatuses: [{state: {running: {}}}],
    conditions: [{type: 'Ready', status: 'False'}],
  },
};
const killed: JsonObject = {
  status: {
    phase: 'Running',
    containerStatuses: [{state: {terminated: {reason: 'OOMKilled', exitCode: 137}}}],
  },
};
const ready: JsonObject = {
  status: {
    phase: 'Running',
    containerStatuses: [{state: {running: {}}}],
    conditions: [{type: 'Ready', status: 'True'}],
  },
};
const completed: JsonObject = {
  status: {
    phase: 'Succeeded',
    containerStatuses: [{state: {terminated: {reason: 'Completed', exitCode: 0}}}],
  },
};

test('pods say why they are not ready, the most frequent reason first', () => {
  const cases: [JsonObject[], string][] = [
    [[], ''],
    [[ready, completed], ''],
    [[waiting('ImagePullBackOff'), ready], '1 pod: ImagePullBackOff'],
    [
      [killed, waiting('CrashLoopBackOff'), waiting('CrashLoopBackOff')],
      '2 pods: CrashLoopBackOff; 1 pod: OOMKilled (exit 137)',
    ],
    [[unscheduled], '1 pod: Unschedulable, 0/3 nodes are available'],
    [[unready], '1 pod: running, not ready yet'],
    [[waiting('CrashLoopBackOff', 'initContainerStatuses')], '1 pod: CrashLoopBackOff'],
    [[waiting('A'), waiting('B'), waiting('C')], '1 pod: A; 1 pod: B'],
    [[waiting('\u001B[31mRed')], '1 pod: Red'],
  ];
  for (const [pods, words] of cases) assert.equal(podsInWords(pods), words);
});

const {signal} = new AbortController();
const workload: JsonObject = {
  kind: 'Deployment',
  metadata: {namespace: 'shop', name: 'web'},
  spec: {selector: {matchLabels: {app: 'web', tier: 'front'}}},
};

test('only the pods of the workload are read', async () => {
  const asked: ListOptions[] = [];
  const cluster = {
    async list(_kind: unknown, options: ListOptions = {}) {
      asked.push(options);
      return {items: [waiting('ImagePullBackOff')], resourceVersion: '1'};
    },
  };
  assert.equal(await whyNotReady(cluster, workload, signal), '1 pod: ImagePullBackOff');
  assert.equal(await whyNotReady(cluster, {...workload, kind: 'ConfigMap'}, signal), '');
  assert.equal(
    await whyNotReady(cluster, {...workload, spec: {}}, signal),
    '',
    'not all pods of the namespace',
  );
  assert.deepEqual(
    asked.map(({namespace, labelSelector}) => [namespace, labelSelector]),
    [['shop', 'app=web,tier=front']],
  );
});

test('pods that may not be read say nothing', async () => {
  const cluster = {list: async () => Promise.reject(new ClusterError('forbidden', 'pods is forbidden'))};
  assert.equal(await whyNotReady(cluster, workload, signal), '');
});
