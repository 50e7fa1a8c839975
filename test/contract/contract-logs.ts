import assert from 'node:assert/strict';
import {stringAt} from '../../source/resources/json.ts';
import {type ContractCase, expect, get, post} from './contract-helpers.ts';

const pods = '/api/v1/namespaces/{ns}/pods';

const pod = (name: string, containers: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name},
  spec: {containers: containers.map(container => ({name: container, image: 'nginx:1.27'}))},
});

/** What a server answers to who asks for logs, as far as it needs no kubelet for that. */
export const logs: readonly ContractCase[] = [
  {
    name: 'the log of a pod that is on no node has no content',
    async run(target) {
      await post(target, pods, pod('a', ['web']));
      for (const query of ['?container=web&timestamps=true', '']) {
        const {status, body} = await get(target, `${pods}/a/log${query}`);
        assert.deepEqual([status, body], [204, '']);
      }
    },
  },
  {
    name: 'the log of a pod that is not there is not found',
    async run(target) {
      const answer = await expect(404, get(target, `${pods}/nobody/log`));
      assert.equal(stringAt(answer, 'message'), 'pods "nobody" not found');
    },
  },
  {
    name: 'a log is of one container, which the pod must have',
    async run(target) {
      await post(target, pods, pod('a', ['web', 'helper']));
      const which = await expect(400, get(target, `${pods}/a/log`));
      assert.equal(
        stringAt(which, 'message'),
        'a container name must be specified for pod a, choose one of: [web helper]',
      );
      const none = await expect(400, get(target, `${pods}/a/log?container=other`));
      assert.equal(stringAt(none, 'message'), 'container other is not valid for pod a');
    },
  },
  {
    name: 'how much of a log is wanted must make sense',
    async run(target) {
      await post(target, pods, pod('a', ['web']));
      await expect(422, get(target, `${pods}/a/log?tailLines=-1`));
      await expect(422, get(target, `${pods}/a/log?sinceSeconds=0`));
    },
  },
];
