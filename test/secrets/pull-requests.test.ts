import assert from 'node:assert/strict';
import {test} from 'node:test';
import {KnownSecrets} from '../../source/secrets/known.ts';
import {
  redactPullRequestEffect,
  redactPullRequestList,
  redactSeen,
  redactWritten,
} from '../../source/secrets/pull-requests.ts';
import {pullRequest, pullRequestEffect, pullRequestState} from '../app/fake-pull-requests.ts';

test('nothing that people or programs wrote into a pull request quotes a secret value that is known', () => {
  const secret = 'hunter2-hunter2';
  const known = new KnownSecrets();
  known.add(secret);
  const request = pullRequest(7, {title: `Set ${secret}`});
  const state = pullRequestState(request, {
    checks: [{name: `ci ${secret}`, result: 'failed', required: true, url: null, summary: `got ${secret}`}],
    comments: [{author: 'bob', body: `is it ${secret}?`, at: null, file: null, line: null, resolved: null}],
    mergeability: {verdict: 'blocked', reasons: [`failed: ${secret}`]},
  });
  const {environments: _, ...head} = request;
  const effect = pullRequestEffect({patch: `+password: ${secret}\n`});
  const answers = [
    redactPullRequestList({forge: 'GitHub', requests: [request]}, known),
    redactPullRequestList({forge: null, reason: secret, url: null}, known),
    redactSeen({state, error: `no ${secret}`, retryAt: null}, known),
    redactPullRequestEffect(effect, known),
    redactWritten({pullRequest: head, notes: [secret]}, known),
  ];
  for (const answer of answers) assert.doesNotMatch(JSON.stringify(answer), /hunter2/);
  assert.match(JSON.stringify(answers), /is it /);
});
