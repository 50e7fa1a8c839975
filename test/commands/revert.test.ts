import assert from 'node:assert/strict';
import {test} from 'node:test';
import {outcomeText, previewText} from '../../source/commands/change.ts';
import {revertPreview} from '../app/fake-data.ts';

const preview = revertPreview('staging');
const warned = {
  ...preview,
  plan: {...preview.plan, warnings: ['origin could not be asked: this is origin/main as last fetched']},
};

test('a plan says its warnings before what it would do', () => {
  const text = previewText(warned, false);
  const at = text.indexOf('Warning: origin could not be asked: this is origin/main as last fetched\n');
  assert.ok(at > 0 && at < text.indexOf('With --yes:'), text);
});

test('where the branch had moved, the new plan is printed and left to be confirmed', () => {
  const outcome = {
    ok: false,
    commit: null,
    branch: 'main',
    pullRequest: null,
    message: 'origin/main has moved',
    retry: false,
  };
  const text = outcomeText({...outcome, newPreview: warned}, false);
  assert.equal(
    text,
    `origin/main has moved\n\n${previewText(warned, false)}Nothing was pushed: run it again to go ahead with this plan.\n`,
  );
  assert.equal(outcomeText(outcome, false), 'origin/main has moved\n');
});

test('a plan says where its commit would go, or what keeps it', () => {
  const onRemote = {...preview, plan: {...preview.plan, remote: 'origin'}};
  const refused = {...onRemote, pushRefused: 'staging is protected'};
  const last = (shown: typeof preview, pullRequest: boolean) =>
    previewText(shown, pullRequest).trimEnd().split('\n').at(-1);
  assert.equal(last(onRemote, false), `With --yes: pushes to ${preview.plan.branch}`);
  assert.equal(
    last(refused, true),
    `With --yes: pushes ${preview.pullRequestBranch} and opens a pull request`,
  );
  assert.equal(last(refused, false), 'Blocked: staging is protected (--pull-request)');
  assert.equal(last(preview, false), 'With --yes: makes the commit here, as there is no remote');
});
