import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import type {ChangeOutcome, ChangePreview} from '../../source/app/session.ts';
import {outcomeText, previewText, runChange} from '../../source/commands/change.ts';
import {revertPreview} from '../app/fake-data.ts';
import {fakeSession} from '../app/fake-session.ts';
import {plainFlags} from './plain-flags.ts';

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

describe('--yes', () => {
  const failed = {ok: false, commit: null, branch: 'main', pullRequest: null, retry: false};
  const moved = (stillApproved: boolean): ChangeOutcome => ({
    ...failed,
    message: 'origin/main has moved',
    newPreview: {...preview, plan: {...preview.plan, base: 'b'.repeat(40)}},
    stillApproved,
  });
  const done: ChangeOutcome = {...failed, ok: true, message: 'pushed'};
  async function made(context: TestContext, ...outcomes: ChangeOutcome[]) {
    context.mock.method(process.stdout, 'write', (_text: string, written?: (error?: Error) => void) => {
      written?.();
      return true;
    });
    const orders: ChangePreview[] = [];
    const session = fakeSession({
      async planChange() {
        return preview;
      },
      async makeChange(shown) {
        orders.push(shown);
        return outcomes[orders.length - 1] ?? done;
      },
    });
    const code = await runChange(
      session,
      preview.request,
      {...plainFlags, yes: true},
      new AbortController().signal,
    );
    return {code, bases: orders.map(({plan}) => plan.base[0])};
  }

  test('goes on once where the same file changes go on a tip that moved', async context => {
    assert.deepEqual(await made(context, moved(true), done), {code: 0, bases: [preview.plan.base[0], 'b']});
  });

  test('once only: a branch that moves on is left to somebody', async context => {
    assert.deepEqual(await made(context, moved(true), moved(true)), {
      code: 2,
      bases: [preview.plan.base[0], 'b'],
    });
  });

  test('stops where the new plan is another', async context => {
    assert.deepEqual(await made(context, moved(false), done), {code: 2, bases: [preview.plan.base[0]]});
  });
});
