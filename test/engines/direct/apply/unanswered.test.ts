import assert from 'node:assert/strict';
import test from 'node:test';
import {TimeoutError} from '../../../../source/cluster/transport.ts';
import {ClusterError, type ClusterErrorReason} from '../../../../source/cluster/types.ts';
import {isUnanswered} from '../../../../source/engines/direct/apply/unanswered.ts';

const withCode = (code: string, message = code) => Object.assign(new Error(message), {code});

test('whether a write that failed may have been done all the same', () => {
  const cases: [ClusterErrorReason, {status?: number; cause?: unknown}, string, boolean][] = [
    ['unreachable', {cause: withCode('ECONNREFUSED')}, 'refused', false],
    ['unreachable', {cause: withCode('ENOTFOUND')}, 'no such name', false],
    ['unreachable', {cause: withCode('CERT_HAS_EXPIRED')}, 'expired', false],
    ['unreachable', {cause: new TimeoutError('connect', 10)}, 'no connection', false],
    ['unreachable', {cause: withCode('ECONNRESET', 'socket hang up')}, 'broke', true],
    ['unreachable', {cause: withCode('EPIPE')}, 'broke', true],
    ['unreachable', {}, 'who knows', true],
    ['timeout', {cause: new TimeoutError('answer', 10)}, 'no answer', true],
    ['timeout', {status: 504}, 'gateway timeout', true],
    ['aborted', {}, 'the connection was closed', true],
    ['server', {status: 500}, 'etcdserver: request timed out', true],
    ['server', {status: 500}, 'failed calling webhook "x": no endpoints', false],
    ['server', {status: 502}, 'bad gateway', true],
    ['forbidden', {status: 403}, 'no', false],
    ['conflict', {status: 409}, 'no', false],
    ['invalid', {status: 422}, 'no', false],
    ['unauthorized', {}, 'the plugin failed', false],
    ['too-many-requests', {status: 429}, 'later', false],
  ];
  for (const [reason, details, message, expected] of cases)
    assert.equal(isUnanswered(new ClusterError(reason, message, details)), expected, `${reason} ${message}`);
  assert.equal(isUnanswered(new Error('a bug')), false);
});
