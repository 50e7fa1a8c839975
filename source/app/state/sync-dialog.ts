import type {SyncEvent, SyncPlan} from '../../engines/types.ts';
import {identityKey} from '../../resources/identity.ts';
import type {Call} from './calls.ts';
import {
  armingTime,
  blockedBecause,
  type DialogInput,
  type DialogOutcome,
  type StepProgress,
  type SyncDialog,
  type SyncProgress,
} from './dialog.ts';
import {scroll} from './list.ts';

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
    top: 0,
    stage: {at: 'planning'},
  };
  return plan(dialog);
}

/** The dialog after what happened to it. `height` is the number of visible steps. */
export function reduceSync(
  dialog: SyncDialog,
  input: DialogInput,
  now: number,
  height: number,
): DialogOutcome {
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
      return stage.at === 'failed' || (stage.at === 'result' && stage.result.outcome !== 'done')
        ? plan({...dialog, armedAt: now + armingTime})
        : {dialog};
    case 'dialog-scroll': {
      const length = 'plan' in stage ? stage.plan.steps.length : 0;
      return {dialog: {...dialog, top: scroll(dialog.top, input.by, length, height)}};
    }
    case 'text':
      if (stage.at !== 'typing') return {dialog};
      return {dialog: {...dialog, stage: {...stage, typed: input.text, wrong: false}}};
    case 'answer':
      if (input.answer.name === 'planSync') return {dialog: shown(dialog, input.answer.value, false, now)};
      if (input.answer.name !== 'sync' || stage.at !== 'running') return {dialog};
      if (input.answer.value.newPlan !== undefined) {
        return {dialog: shown(dialog, input.answer.value.newPlan, true, now)};
      }
      return {
        dialog: {
          ...dialog,
          stage: {at: 'result', plan: stage.plan, progress: stage.progress, result: input.answer.value},
        },
      };
    case 'problem': {
      const ran = stage.at === 'running' ? {plan: stage.plan, progress: stage.progress} : null;
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem, ran}}};
    }
    case 'news':
      if (stage.at !== 'running' || input.event.of !== 'sync') return {dialog};
      return {
        dialog: {...dialog, stage: {...stage, progress: progressAfter(stage.progress, input.event.event)}},
      };
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
  return {dialog: {...dialog, focus: 'cancel', top: 0, stage: {at: 'planning'}}, ask};
}

function shown(dialog: SyncDialog, plan: SyncPlan, moved: boolean, now: number): SyncDialog {
  // A plan that takes another's place is a new question: what was typed for the old one is no answer to it.
  const armedAt = moved ? now + armingTime : dialog.armedAt;
  return {...dialog, armedAt, focus: 'cancel', top: 0, stage: {at: 'plan', plan, moved}};
}

function leave(dialog: SyncDialog): DialogOutcome {
  if (dialog.stage.at === 'running') {
    return {dialog: {...dialog, stage: {...dialog.stage, stopping: true}}, stop: true};
  }
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
  if (stage.at === 'running') return {dialog};
  if (stage.at !== 'plan' || dialog.focus === 'cancel') return {dialog: null};
  if (blockedBecause(dialog) !== null) return {dialog};
  if (dialog.protected) {
    return {dialog: {...dialog, stage: {at: 'typing', plan: stage.plan, typed: '', wrong: false}}};
  }
  return run(dialog, stage.plan, 'yes');
}

function run(dialog: SyncDialog, plan: SyncPlan, confirmed: 'yes' | {typed: string}): DialogOutcome {
  const steps: StepProgress[] = plan.steps.map(() => ({state: 'waiting', message: null}));
  const progress: SyncProgress = {steps, health: new Map(), waiting: null, recorded: false};
  return {
    dialog: {...dialog, top: 0, stage: {at: 'running', plan, progress, stopping: false}},
    ask: {name: 'sync', plan, confirmed, wait: dialog.wait},
  };
}

function toggle(dialog: SyncDialog, option: 'prune' | 'force' | 'wait' | 'draft'): DialogOutcome {
  const {stage} = dialog;
  if (option === 'draft' || (stage.at !== 'plan' && stage.at !== 'planning')) return {dialog};
  const toggled = {...dialog, [option]: !dialog[option]};
  // Waiting is how a plan is run, not what it does: the plan that is shown stays.
  return option === 'wait' ? {dialog: toggled} : plan(toggled);
}

function progressAfter(progress: SyncProgress, event: SyncEvent): SyncProgress {
  switch (event.type) {
    case 'step':
      return {
        ...progress,
        steps: progress.steps.with(event.index, {state: event.state, message: event.message}),
      };
    case 'health': {
      const health = new Map(progress.health);
      health.set(identityKey(event.id), {health: event.health, message: event.message});
      return {...progress, health};
    }
    case 'waiting':
      return {...progress, waiting: {healthy: event.healthy, total: event.total}};
    case 'recorded':
      return {...progress, recorded: true};
  }
}
