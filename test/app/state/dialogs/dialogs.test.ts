import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import '../../../../source/app/keys/keymap.ts';
import type {ChangeOutcome, RevertRequest} from '../../../../source/app/session.ts';
import {openBaseline, reduceBaseline} from '../../../../source/app/state/dialogs/baseline-dialog.ts';
import {openChange, reduceChange} from '../../../../source/app/state/dialogs/change-dialog.ts';
import {openContext, reduceContext} from '../../../../source/app/state/dialogs/context-dialog.ts';
import {
  blockedBecause,
  type Dialog,
  type DialogInput,
  type DialogOutcome,
} from '../../../../source/app/state/dialogs/dialog.ts';
import {reduceEditRequest} from '../../../../source/app/state/dialogs/edit-request-dialog.ts';
import {reduceMerge} from '../../../../source/app/state/dialogs/merge-dialog.ts';
import {reduceProgram} from '../../../../source/app/state/dialogs/program-dialog.ts';
import {
  openPullRequest,
  reducePullRequest,
} from '../../../../source/app/state/dialogs/pull-request-dialog.ts';
import {reduceReveal} from '../../../../source/app/state/dialogs/reveal-dialog.ts';
import {openSync, reduceSync} from '../../../../source/app/state/dialogs/sync-dialog.ts';
import {
  baselinePreview,
  environment,
  head,
  noon,
  revertPreview,
  revisions,
  syncPlan,
} from '../../fake-data.ts';
import {pullRequestPreview} from '../../fake-session.ts';

const open = {name: 'staging', protected: false};
const guarded = {name: 'production', protected: true};

function feed(outcome: DialogOutcome, ...inputs: readonly DialogInput[]): DialogOutcome {
  return inputs.reduce<DialogOutcome>((before, input) => {
    const {dialog} = before;
    assert.ok(dialog, `closed before ${input.type}`);
    return reduceDialog(dialog, input);
  }, outcome);
}

function reduceDialog(dialog: Dialog, input: DialogInput): DialogOutcome {
  if (dialog.kind === 'sync') return reduceSync(dialog, input, noon);
  if (dialog.kind === 'context') return reduceContext(dialog, input, noon, 10);
  if (dialog.kind === 'reveal') return reduceReveal(dialog, input, noon, 10);
  if (dialog.kind === 'merge') return reduceMerge(dialog, input, noon, null);
  if (dialog.kind === 'edit-request') return reduceEditRequest(dialog, input, noon);
  if (dialog.kind === 'baseline') return reduceBaseline(dialog, input, noon);
  if (dialog.kind === 'program') return reduceProgram(dialog, input);
  return dialog.kind === 'change'
    ? reduceChange(dialog, input, noon)
    : reducePullRequest(dialog, input, noon);
}

const go: DialogInput[] = [{type: 'dialog-focus', focus: 'go'}, {type: 'dialog-press'}];

describe('sync', () => {
  const planned = (plan = syncPlan('staging'), environment = open) =>
    feed(openSync(environment, null, noon), {type: 'answer', answer: {name: 'planSync', value: plan}});

  test('opens on Cancel, asks for the plan and ignores keys for 300 ms', () => {
    const {dialog, ask} = openSync(open, null, noon);
    assert.equal(dialog?.focus, 'cancel');
    assert.equal(dialog?.armedAt, noon + 300);
    assert.deepEqual(ask, {name: 'planSync', environment: 'staging', options: {prune: false, force: false}});
  });

  test('only what was marked', () => {
    const {ask} = openSync(open, ['apps/Deployment/shop/web'], noon);
    assert.ok(ask?.name === 'planSync');
    assert.deepEqual(ask.options.only, ['apps/Deployment/shop/web']);
  });

  test('enter on Cancel closes it and runs nothing', () => {
    const outcome = feed(planned(), {type: 'dialog-press'});
    assert.deepEqual(outcome, {dialog: null});
  });

  test('Apply runs the plan that was shown', () => {
    const plan = syncPlan('staging');
    assert.deepEqual(feed(planned(plan), ...go).ask, {name: 'sync', plan, confirmed: 'yes', wait: true});
  });

  test('a choice asks for a new plan and goes back to Cancel', () => {
    const outcome = feed(
      planned(),
      {type: 'dialog-focus', focus: 'go'},
      {type: 'dialog-toggle', option: 'prune'},
    );
    assert.equal(outcome.dialog?.focus, 'cancel');
    assert.ok(outcome.ask?.name === 'planSync');
    assert.equal(outcome.ask.options.prune, true);
  });

  test('not waiting for health keeps the plan, and is said when it runs', () => {
    const toggled = feed(planned(), {type: 'dialog-toggle', option: 'wait'});
    assert.equal(toggled.ask, undefined);
    const {ask} = feed(toggled, {type: 'dialog-focus', focus: 'go'}, {type: 'dialog-press'});
    assert.ok(ask?.name === 'sync');
    assert.equal(ask.wait, false);
  });

  for (const [words, plan] of [
    ['with a blocker', syncPlan('staging', {blockers: ['forbidden']})],
    ['with nothing to do', syncPlan('staging', {steps: syncPlan('staging').steps.slice(2)})],
  ] as const) {
    test(`a plan ${words} can't be run`, () => {
      const outcome = feed(planned(plan), ...go);
      assert.equal(outcome.ask, undefined);
      assert.equal(outcome.dialog?.stage.at, 'plan');
    });
  }

  test('a protected environment runs only for its whole name', () => {
    const typing = feed(planned(syncPlan('production'), guarded), ...go);
    assert.equal(typing.ask, undefined);
    for (const typed of ['', 'Production', 'production ', 'staging']) {
      const outcome = feed(typing, {type: 'text', text: typed}, {type: 'dialog-press'});
      assert.equal(outcome.ask, undefined, typed);
    }
    const {ask} = feed(typing, {type: 'text', text: 'production'}, {type: 'dialog-press'});
    assert.ok(ask?.name === 'sync');
    assert.deepEqual(ask.confirmed, {typed: 'production'});
  });

  test('a plan that could not be made says why, and is asked for again', () => {
    const failed = feed(openSync(open, null, noon), {
      type: 'problem',
      problem: {severity: 'error', message: 'gone'},
      call: {name: 'load'},
    });
    assert.equal(failed.dialog?.stage.at, 'failed');
    assert.equal(feed(failed, {type: 'dialog-retry'}).ask?.name, 'planSync');
  });
});

describe('revert', () => {
  const [, , target] = revisions;
  assert.ok(target);
  const request = (name: string): RevertRequest => ({
    kind: 'revert',
    environment: name,
    target: target.sha,
    mode: 'restore',
  });
  const planned = (preview = revertPreview('staging'), environment = open) =>
    feed(openChange(environment, request(environment.name), target.subject, noon), {
      type: 'answer',
      answer: {name: 'planChange', value: preview},
    });

  test('takes title and body of the plan, and pushes where that is possible', () => {
    const {ask} = feed(planned(), ...go);
    assert.ok(ask?.name === 'makeChange');
    assert.equal(ask.order.via, 'push');
    assert.equal(ask.order.title, 'Revert staging to 9be01d4');
    assert.match(ask.order.body, /^Reverts-To: /);
  });

  test('goes by pull request where a push is not possible, whatever was chosen', () => {
    const preview = revertPreview('production', {pushRefused: 'production is protected'});
    assert.equal(revertVia(planned(preview, guarded)), 'pull-request');
    const pushing = feed(planned(preview, guarded), {type: 'dialog-via', via: 'push'}, ...go);
    assert.equal(pushing.ask, undefined);
  });

  test('conflicts and an empty result block it', () => {
    const base = revertPreview('staging');
    for (const plan of [
      {...base.plan, conflicts: [{path: 'web.yaml', hunks: ''}]},
      {...base.plan, files: []},
    ]) {
      assert.equal(feed(planned({...base, plan}), ...go).ask, undefined);
    }
  });

  test('another way is another plan', () => {
    const {ask} = feed(planned(), {
      type: 'dialog-request',
      request: {...request('staging'), mode: 'revert-commits'},
    });
    assert.ok(ask?.name === 'planChange' && ask.request.kind === 'revert');
    assert.equal(ask.request.mode, 'revert-commits');
  });

  test('when the branch moved, the new plan is shown and must be approved anew', () => {
    const base = revertPreview('staging');
    const newPreview = {
      ...base,
      plan: {...base.plan, message: 'Revert staging to 9be01d4\n\nUndoes 3 commits'},
    };
    const moved: ChangeOutcome = {
      ok: false,
      commit: null,
      branch: 'main',
      pullRequest: null,
      message: 'origin/main has moved',
      retry: false,
      newPreview,
    };
    const answer: DialogInput = {type: 'answer', answer: {name: 'makeChange', value: moved}};
    const {dialog, ask} = feed(planned(), ...go, answer);
    assert.equal(ask?.name, 'effect');
    assert.equal(dialog?.focus, 'cancel');
    assert.equal(dialog?.armedAt, noon + 300);
    assert.ok(dialog?.kind === 'change' && dialog.stage.at === 'preview');
    assert.equal(dialog.stage.preview, newPreview);
    assert.equal(dialog.stage.moved, 'origin/main has moved');
    // The new plan's words, but not in place of the user's own.
    assert.equal(dialog.body, 'Undoes 3 commits');
    const typed = feed(
      planned(),
      {type: 'dialog-edit'},
      {type: 'text', text: 'Back to three'},
      {type: 'dialog-press'},
      ...go,
      answer,
    );
    assert.ok(typed.dialog?.kind === 'change');
    assert.equal(typed.dialog.title, 'Back to three');
    assert.equal(feed({dialog}, ...go).ask?.name, 'makeChange');
  });

  test('a refused push can be tried again as it is; other outcomes are planned anew', () => {
    const refused: ChangeOutcome = {
      ok: false,
      commit: head,
      branch: 'gitops-tui/revert',
      pullRequest: null,
      message: 'refused',
      retry: true,
    };
    const ended = (outcome: ChangeOutcome) =>
      feed(
        planned(),
        ...go,
        {type: 'answer', answer: {name: 'makeChange', value: outcome}},
        {type: 'dialog-retry'},
      );
    assert.equal(ended(refused).ask?.name, 'makeChange');
    assert.equal(ended({...refused, retry: false}).ask?.name, 'planChange');
  });
});

describe('pull request', () => {
  const planned = (preview = pullRequestPreview('staging')) =>
    feed(openPullRequest(open, noon), {type: 'answer', answer: {name: 'planPullRequest', value: preview}});

  test('opens with the edited title and as a draft where chosen', () => {
    const {ask} = feed(
      planned(),
      {type: 'dialog-edit'},
      {type: 'text', text: ' Redis 7.4 '},
      {type: 'dialog-press'},
      {type: 'dialog-toggle', option: 'draft'},
      ...go,
    );
    assert.ok(ask?.name === 'openPullRequest');
    assert.deepEqual(ask.order, {
      title: 'Redis 7.4',
      body: 'Two commits.\nBoth tried.',
      draft: true,
      reviewers: [],
      labels: [],
    });
  });

  test('asks for the reviews and sets the labels that were typed', () => {
    const {ask} = feed(
      planned(),
      {type: 'dialog-edit', field: 'reviewers'},
      {type: 'text', text: ' bob, acme/sre  bob'},
      {type: 'dialog-press'},
      {type: 'dialog-edit', field: 'labels'},
      {type: 'text', text: 'gitops'},
      {type: 'dialog-press'},
      {type: 'dialog-edit', field: 'labels'},
      {type: 'text', text: 'never'},
      {type: 'dialog-leave'},
      ...go,
    );
    assert.ok(ask?.name === 'openPullRequest');
    assert.deepEqual([ask.order.reviewers, ask.order.labels], [['bob', 'acme/sre'], ['gitops']]);
  });

  test('the body that was edited is the one that goes out', () => {
    const {ask} = feed(planned(), {type: 'dialog-body', text: 'One commit.'}, ...go);
    assert.ok(ask?.name === 'openPullRequest');
    assert.equal(ask.order.body, 'One commit.');
  });

  test('an emptied or abandoned title stays as it was', () => {
    for (const inputs of [
      [{type: 'text', text: '  '}, {type: 'dialog-press'}],
      [{type: 'text', text: 'half'}, {type: 'dialog-leave'}],
    ] satisfies DialogInput[][]) {
      const {dialog} = feed(planned(), {type: 'dialog-edit'}, ...inputs);
      assert.ok(dialog?.kind === 'pull-request');
      assert.equal(dialog.title, 'checkout: image v1.8.2');
      assert.equal(dialog.editing, null);
    }
  });

  test('with nothing to open there is nothing to press', () => {
    const outcome = feed(planned(pullRequestPreview('staging', {nothing: 'no commits'})), ...go);
    assert.equal(outcome.ask, undefined);
  });
});

describe('context', () => {
  const contexts = ['kind-b', 'kind-a', 'kind-c'].map(name => ({
    name,
    server: '',
    current: name === 'kind-b',
  }));
  const note = {
    file: '.gitops-tui.yaml',
    isNew: false,
    lines: 'context: kind-b\n',
    reason: null,
    written: false,
  };
  const chosen = {environment: environment('staging', {context: 'kind-b'}), note};
  const choosing = (readOnly = false) =>
    feed(openContext(open, readOnly, noon), {type: 'answer', answer: {name: 'contexts', value: contexts}});
  const asking = (readOnly = false, more: Partial<typeof note> | {reason: string} = {}) =>
    feed(
      choosing(readOnly),
      {type: 'dialog-scroll', by: 1},
      {type: 'dialog-press'},
      {type: 'answer', answer: {name: 'setContext', value: {...chosen, note: {...note, ...more}}}},
    );

  test('asks what there is, and offers it by name', () => {
    assert.deepEqual(openContext(open, false, noon).ask, {name: 'contexts'});
    const {dialog} = choosing();
    assert.ok(dialog?.kind === 'context' && dialog.stage.at === 'choosing');
    assert.deepEqual(
      dialog.stage.contexts.map(({name}) => name),
      ['kind-a', 'kind-b', 'kind-c'],
    );
  });

  test('the chosen one is used at once, and nothing is written', () => {
    const {ask} = feed(choosing(), {type: 'dialog-scroll', by: 1}, {type: 'dialog-press'});
    assert.deepEqual(ask, {name: 'setContext', environment: 'staging', context: 'kind-b', write: false});
  });

  test('writing it is asked for, on Not now and after a moment', () => {
    const {dialog} = asking();
    assert.equal(dialog?.focus, 'cancel');
    assert.equal(dialog?.armedAt, noon + 300);
    assert.deepEqual(feed({dialog}, {type: 'dialog-press'}), {dialog: null});
    const {ask} = feed({dialog}, ...go);
    assert.deepEqual(ask, {name: 'setContext', environment: 'staging', context: 'kind-b', write: true});
  });

  test('nothing is written in a read-only session, nor where it is not certain how', () => {
    for (const outcome of [asking(true), asking(false, {reason: 'it has mistakes'})]) {
      assert.deepEqual(feed(outcome, ...go), {dialog: null});
    }
  });

  test('while it is written the dialog stays, then tells', () => {
    const writing = feed(asking(), ...go, {type: 'dialog-leave'});
    assert.equal(writing.dialog?.stage.at, 'writing');
    const value = {...chosen, note: {...note, written: true}};
    const {dialog} = feed(writing, {type: 'answer', answer: {name: 'setContext', value}});
    assert.ok(dialog?.kind === 'context' && dialog.stage.at === 'written');
    assert.equal(dialog.stage.chosen.note.written, true);
  });

  test('without contexts there is nothing to choose', () => {
    const none = feed(openContext(open, false, noon), {
      type: 'answer',
      answer: {name: 'contexts', value: []},
    });
    assert.deepEqual(feed(none, {type: 'dialog-press'}), {dialog: null});
  });
});

function revertVia({dialog}: DialogOutcome): string {
  assert.ok(dialog?.kind === 'change');
  return dialog.via;
}

describe('a baseline', () => {
  const commit = {sha: head, subject: 'checkout: image v1.8.2'};
  const planned = (environment = open) =>
    feed(openBaseline(environment, commit, noon), {
      type: 'answer',
      answer: {name: 'planBaseline', value: baselinePreview(environment.name)},
    });

  test('is planned, shown with Cancel focused, and marked only by the other button', () => {
    const {dialog} = planned();
    assert.ok(dialog?.kind === 'baseline' && dialog.stage.at === 'preview');
    assert.equal(dialog.focus, 'cancel');
    assert.equal(feed(planned(), {type: 'dialog-press'}).dialog, null);
    const marked = feed(planned(), ...go);
    assert.deepEqual(marked.ask?.name === 'makeBaseline' && marked.ask.confirmed, 'yes');
  });

  test('of a protected environment wants its name typed in full', () => {
    const typing = feed(planned(guarded), ...go);
    assert.equal(typing.ask, undefined);
    assert.equal(typing.dialog?.stage.at, 'typing');
    assert.equal(feed(typing, {type: 'text', text: 'prod'}, {type: 'dialog-press'}).ask, undefined);
    const named = feed(typing, {type: 'text', text: guarded.name}, {type: 'dialog-press'});
    assert.deepEqual(named.ask?.name === 'makeBaseline' && named.ask.confirmed, {typed: guarded.name});
    assert.equal(feed(typing, {type: 'dialog-leave'}).dialog?.stage.at, 'preview');
  });

  test('that the remote refused can be tried again as it is', () => {
    const value = {ok: false, tag: 'x', message: 'origin does not take the tag', retry: true};
    const refused = feed(planned(), ...go, {type: 'answer', answer: {name: 'makeBaseline', value}});
    assert.equal(refused.dialog?.stage.at, 'result');
    assert.equal(feed(refused, {type: 'dialog-retry'}).ask?.name, 'makeBaseline');
    assert.equal(feed(refused, {type: 'dialog-leave'}).dialog, null);
  });
});

describe('conflicts of a revert', () => {
  test('that were edited are planned with; what was written about the change stays', () => {
    const preview = revertPreview('staging');
    const resolve = {
      id: 'a'.repeat(40),
      path: 'x.yaml',
      blob: head,
      deleted: false,
      undone: '77ab0e1 bump redis',
      isResolved: false,
      note: null,
    };
    const conflict = {path: 'x.yaml', hunks: '<<<<<<< a', resolve};
    const blocked = {...preview, plan: {...preview.plan, conflicts: [conflict]}};
    const shown = feed(openChange(open, preview.request, 'x', noon), {
      type: 'answer',
      answer: {name: 'planChange', value: blocked},
    });
    assert.equal(feed(shown, ...go).ask, undefined, 'nothing is committed');
    assert.match(
      shown.dialog === null ? '' : (blockedBecause(shown.dialog) ?? ''),
      /1 file in conflict: e resolves them in \$EDITOR, m restores/,
    );
    const again = feed(shown, {type: 'dialog-resolved', ids: [resolve.id]});
    assert.ok(again.ask?.name === 'planChange' && again.ask.request.kind === 'revert');
    assert.deepEqual(again.ask.request.resolved, [resolve.id]);
  });
});
