import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {EnvironmentEffect} from '../../../../source/app/session.ts';
import type {Call} from '../../../../source/app/state/calls.ts';
import {openChange, reduceChange} from '../../../../source/app/state/dialogs/change-dialog.ts';
import type {ChangeDialog, DialogInput, DialogOutcome} from '../../../../source/app/state/dialogs/dialog.ts';
import {environment, noon, revertPreview} from '../../fake-data.ts';
import {effectOf, onCluster} from '../../fake-effect.ts';

const preview = revertPreview('staging', {alsoAffects: ['production']});
const change = {from: preview.plan.base, to: preview.plan.resultTree};

function feed(outcome: DialogOutcome, ...inputs: readonly DialogInput[]): DialogOutcome {
  return inputs.reduce<DialogOutcome>(({dialog}, input) => {
    assert.ok(dialog?.kind === 'change');
    return reduceChange(dialog, input, noon);
  }, outcome);
}

const planned = (given = preview) =>
  feed(openChange(environment('staging'), given.request, 'a commit', noon), {
    type: 'answer',
    answer: {name: 'planChange', value: given},
  });
const answered = (value: EnvironmentEffect): DialogInput => ({
  type: 'answer',
  answer: {name: 'effect', value},
});
const inGit = answered(effectOf('staging', change, null));
const withCluster = answered(effectOf('staging', change, onCluster));
const call = (name: string, cluster: 'no' | 'ask' | 'at-hand'): Call => ({
  name: 'effect',
  environment: name,
  change,
  cluster,
});
const effects = ({dialog}: DialogOutcome): ChangeDialog['effects'] =>
  dialog?.kind === 'change' ? dialog.effects : null;

describe('what a planned change does', () => {
  test('is asked of git, then of the cluster, then of whom else it reaches', () => {
    const first = planned();
    assert.deepEqual(first.ask, call('staging', 'no'));
    const second = feed(first, inGit);
    assert.deepEqual(second.ask, call('staging', 'ask'));
    const third = feed(second, withCluster);
    assert.deepEqual(third.ask, call('production', 'at-hand'));
    const last = feed(third, answered(effectOf('production', change, null)));
    assert.equal(last.ask, undefined);
    assert.deepEqual(
      effects(last)?.known.map(({environment: name, cluster}) => [name, cluster !== null]),
      [
        ['staging', true],
        ['production', false],
      ],
    );
  });

  test('does not bother the cluster where nothing of it changes', () => {
    const nothing = effectOf('staging', change, null, {objects: [], touched: false});
    assert.deepEqual(feed(planned(), answered(nothing)).ask, call('production', 'at-hand'));
  });

  test('is not asked of a plan that conflicts, or changes no file', () => {
    const {plan} = preview;
    const conflicts = [{path: 'a.yaml', hunks: ''}];
    assert.equal(planned({...preview, plan: {...plan, conflicts}}).ask, undefined);
    assert.equal(planned({...preview, plan: {...plan, files: []}}).ask, undefined);
  });

  test('of another plan is dropped, whatever it says', () => {
    const before = feed(planned(), inGit);
    const late = effectOf('staging', {...change, to: 'another tree'}, onCluster);
    assert.deepEqual(feed(before, answered(late)), {dialog: before.dialog});
    const unasked = effectOf('production', change, null);
    assert.deepEqual(feed(before, answered(unasked)), {dialog: before.dialog});
  });

  test('that can not be found out keeps nothing from being decided', () => {
    const problem = {severity: 'error' as const, message: 'git fell over'};
    const after = feed(planned(), {type: 'problem', problem, call: call('staging', 'no')});
    assert.deepEqual(after.ask, call('production', 'at-hand'));
    assert.deepEqual(effects(after)?.failed, [{environment: 'staging', message: 'git fell over'}]);
    assert.ok(after.dialog?.stage.at === 'preview');
    assert.equal(
      feed(after, {type: 'dialog-focus', focus: 'go'}, {type: 'dialog-press'}).ask?.name,
      'makeChange',
    );
  });

  test('is asked anew for a plan that is made anew, and the old answers go', () => {
    const before = feed(planned(), inGit);
    const request = {...preview.request, mode: 'revert-commits' as const};
    const replanned = feed(before, {type: 'dialog-request', request});
    assert.equal(effects(replanned), null);
    const later = {...preview, request, plan: {...preview.plan, resultTree: 'later'}};
    const shown = feed(replanned, {type: 'answer', answer: {name: 'planChange', value: later}});
    assert.deepEqual(shown.ask, {...call('staging', 'no'), change: {...change, to: 'later'}});
    assert.deepEqual(feed(shown, inGit), {dialog: shown.dialog});
  });
});
