import type {BaselinePreview} from '../../session.ts';
import type {Confirmation} from '../calls.ts';
import {armingTime, type BaselineDialog, type DialogInput, type DialogOutcome} from './dialog.ts';

/** Opens the dialog that marks a revision as known good; what that would do is asked for. */
export function openBaseline(
  environment: {name: string; protected: boolean},
  commit: {sha: string; subject: string},
  now: number,
): DialogOutcome {
  return plan({
    kind: 'baseline',
    environment: environment.name,
    protected: environment.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    commit: commit.sha,
    about: commit.subject,
    stage: {at: 'planning'},
  });
}

/** The dialog after what happened to it. */
export function reduceBaseline(dialog: BaselineDialog, input: DialogInput, now: number): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'dialog-focus':
      if (stage.at !== 'preview') return {dialog};
      return {dialog: {...dialog, focus: input.focus ?? (dialog.focus === 'go' ? 'cancel' : 'go')}};
    case 'text':
      return {dialog: stage.at === 'typing' ? {...dialog, stage: {...stage, typed: input.text}} : dialog};
    case 'dialog-leave':
      if (stage.at === 'typing')
        return {dialog: {...dialog, focus: 'cancel', stage: {at: 'preview', plan: stage.plan}}};
      if (stage.at !== 'running') return {dialog: null};
      return {dialog: {...dialog, stage: {...stage, stopping: true}}, stop: true};
    case 'dialog-press':
      return press(dialog);
    case 'dialog-retry':
      if (stage.at === 'result' && stage.marked.retry) return confirm(dialog, stage.plan);
      return stage.at === 'failed' ? plan({...dialog, armedAt: now + armingTime}) : {dialog};
    case 'answer':
      if (input.answer.name === 'planBaseline')
        return {dialog: {...dialog, focus: 'cancel', stage: {at: 'preview', plan: input.answer.value}}};
      if (input.answer.name !== 'makeBaseline' || stage.at !== 'running') return {dialog};
      return {
        dialog: {...dialog, stage: {at: 'result', plan: stage.plan, marked: input.answer.value}},
      };
    case 'problem':
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem}}};
    default:
      return {dialog};
  }
}

function press(dialog: BaselineDialog): DialogOutcome {
  const {stage} = dialog;
  if (stage.at === 'typing')
    return stage.typed === dialog.environment ? run(dialog, stage.plan, {typed: stage.typed}) : {dialog};
  if (stage.at === 'running') return {dialog};
  if (stage.at !== 'preview' || dialog.focus === 'cancel') return {dialog: null};
  return confirm(dialog, stage.plan);
}

/** A protected environment is named in full first. */
function confirm(dialog: BaselineDialog, preview: BaselinePreview): DialogOutcome {
  if (!dialog.protected) return run(dialog, preview, 'yes');
  return {dialog: {...dialog, stage: {at: 'typing', plan: preview, typed: ''}}};
}

function run(dialog: BaselineDialog, preview: BaselinePreview, confirmed: Confirmation): DialogOutcome {
  return {
    dialog: {...dialog, stage: {at: 'running', plan: preview, stopping: false}},
    ask: {name: 'makeBaseline', preview, confirmed},
  };
}

function plan(dialog: BaselineDialog): DialogOutcome {
  const {environment, commit} = dialog;
  return {
    dialog: {...dialog, focus: 'cancel', stage: {at: 'planning'}},
    ask: {name: 'planBaseline', request: {environment, commit}},
  };
}
