import type {SyncPlan} from '../../../engines/types.ts';
import type {Call} from '../calls.ts';
import type {SyncRun} from '../screens/sync-run.ts';
import {armingTime, blockedBecause, type DialogInput, type DialogOutcome, type SyncDialog} from './dialog.ts';

/** Opens the dialog; the plan is asked for. `only` are the marked resources, null for all that drifted. */
export function openSync(
  environment: {name: string; protected: boolean},
  only: readonly string[] | null,
  now: number,
): DialogOutcome {
  const dialog: SyncDialog = {
    kind: 'sync',
    environment: environment.name,
    protected: environment.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    prune: false,
    force: false,
    wait: true,
    only,
    stage: {at: 'planning'},
  };
  return plan(dialog);
}

/** The dialog again, where the cluster moved between plan and run: nothing was done, the new plan must be approved anew. */
export function openMoved(run: SyncRun, newPlan: SyncPlan, now: number): SyncDialog {
  const {prune, force, only = null} = newPlan.options;
  return {
    kind: 'sync',
    environment: run.environment,
    protected: run.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    prune,
    force,
    wait: run.waits,
    only,
    stage: {at: 'plan', plan: newPlan, moved: true},
  };
}

/** The dialog after what happened to it. */
export function reduceSync(dialog: SyncDialog, input: DialogInput, now: number): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'dialog-leave':
      return leave(dialog);
    case 'dialog-focus':
      if (stage.at !== 'plan') return {dialog};
      return {dialog: {...dialog, focus: input.focus ?? (dialog.focus === 'go' ? 'cancel' : 'go')}};
    case 'dialog-press':
      return press(dialog);
    case 'dialog-toggle':
      return input.option === 'delete-branch' ? {dialog} : toggle(dialog, input.option);
    case 'dialog-retry':
      return stage.at === 'failed' ? plan({...dialog, armedAt: now + armingTime}) : {dialog};
    case 'text':
      if (stage.at !== 'typing') return {dialog};
      return {dialog: {...dialog, stage: {...stage, typed: input.text, wrong: false}}};
    case 'answer':
      if (input.answer.name === 'planSync') return {dialog: shown(dialog, input.answer.value)};
      return {dialog};
    case 'problem':
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem}}};
    default:
      return {dialog};
  }
}

function plan(dialog: SyncDialog): DialogOutcome {
  const ask: Call = {
    name: 'planSync',
    environment: dialog.environment,
    options: {
      prune: dialog.prune,
      force: dialog.force,
      ...(dialog.only === null ? {} : {only: dialog.only}),
    },
  };
  return {dialog: {...dialog, focus: 'cancel', stage: {at: 'planning'}}, ask};
}

function shown(dialog: SyncDialog, plan: SyncPlan): SyncDialog {
  return {...dialog, focus: 'cancel', stage: {at: 'plan', plan, moved: false}};
}

function leave(dialog: SyncDialog): DialogOutcome {
  if (dialog.stage.at === 'typing') {
    return {dialog: {...dialog, focus: 'cancel', stage: {at: 'plan', plan: dialog.stage.plan, moved: false}}};
  }
  return {dialog: null};
}

function press(dialog: SyncDialog): DialogOutcome {
  const {stage} = dialog;
  if (stage.at === 'typing') {
    return stage.typed === dialog.environment
      ? run(dialog, stage.plan, {typed: stage.typed})
      : {dialog: {...dialog, stage: {...stage, wrong: true}}};
  }
  if (stage.at !== 'plan' || dialog.focus === 'cancel') return {dialog: null};
  if (blockedBecause(dialog) !== null) return {dialog};
  if (dialog.protected) {
    return {dialog: {...dialog, stage: {at: 'typing', plan: stage.plan, typed: '', wrong: false}}};
  }
  return run(dialog, stage.plan, 'yes');
}

/** What runs is shown by its own screen: the dialog is closed. */
function run(dialog: SyncDialog, plan: SyncPlan, confirmed: 'yes' | {typed: string}): DialogOutcome {
  return {dialog: null, ask: {name: 'sync', plan, confirmed, wait: dialog.wait}};
}

function toggle(dialog: SyncDialog, option: 'prune' | 'force' | 'wait' | 'draft'): DialogOutcome {
  const {stage} = dialog;
  if (option === 'draft' || (stage.at !== 'plan' && stage.at !== 'planning')) return {dialog};
  const toggled = {...dialog, [option]: !dialog[option]};
  // Waiting is how a plan is run, not what it does: the plan that is shown stays.
  return option === 'wait' ? {dialog: toggled} : plan(toggled);
}
