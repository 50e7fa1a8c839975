import type {PullRequestPreview} from '../session.ts';
import {
  armingTime,
  blockedBecause,
  type DialogInput,
  type DialogOutcome,
  type PullRequestDialog,
} from './dialog.ts';
import {acceptTitle, reduceProposal} from './proposal.ts';

/** Opens the dialog for a pull request of the local commits; what it would hold is asked for. */
export function openPullRequest(environment: {name: string; protected: boolean}, now: number): DialogOutcome {
  return plan({
    kind: 'pull-request',
    environment: environment.name,
    protected: environment.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    title: '',
    body: '',
    draft: false,
    editing: null,
    stage: {at: 'planning'},
  });
}

/** The dialog after what happened to it. */
export function reducePullRequest(dialog: PullRequestDialog, input: DialogInput, now: number): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'dialog-focus':
    case 'dialog-toggle':
    case 'dialog-edit':
    case 'dialog-body':
    case 'dialog-leave':
    case 'text':
      return reduceProposal(dialog, input);
    case 'dialog-press':
      return press(dialog);
    case 'dialog-retry':
      return retry(dialog, now);
    case 'answer':
      if (input.answer.name === 'planPullRequest') return {dialog: shown(dialog, input.answer.value)};
      if (input.answer.name !== 'openPullRequest' || stage.at !== 'running') return {dialog};
      return {
        dialog: {...dialog, stage: {at: 'result', preview: stage.preview, outcome: input.answer.value}},
      };
    case 'problem': {
      const preview = stage.at === 'running' ? stage.preview : null;
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem, preview}}};
    }
    default:
      return {dialog};
  }
}

function plan(dialog: PullRequestDialog): DialogOutcome {
  return {
    dialog: {...dialog, focus: 'cancel', stage: {at: 'planning'}},
    ask: {name: 'planPullRequest', environment: dialog.environment},
  };
}

function shown(dialog: PullRequestDialog, preview: PullRequestPreview): PullRequestDialog {
  const {title, body} = dialog.title === '' ? preview : dialog;
  return {...dialog, focus: 'cancel', title, body, stage: {at: 'preview', preview, moved: null}};
}

function press(dialog: PullRequestDialog): DialogOutcome {
  if (dialog.editing !== null) return {dialog: acceptTitle(dialog)};
  if (dialog.stage.at === 'running') return {dialog};
  if (dialog.stage.at !== 'preview' || dialog.focus === 'cancel') return {dialog: null};
  return blockedBecause(dialog) === null ? run(dialog, dialog.stage.preview) : {dialog};
}

function run(dialog: PullRequestDialog, preview: PullRequestPreview): DialogOutcome {
  const {title, body, draft} = dialog;
  return {
    dialog: {...dialog, stage: {at: 'running', preview, stopping: false}},
    ask: {name: 'openPullRequest', preview, text: {title, body, draft}},
  };
}

function retry(dialog: PullRequestDialog, now: number): DialogOutcome {
  const {stage} = dialog;
  if (stage.at === 'result' && stage.outcome.retry) return run(dialog, stage.preview);
  if (stage.at === 'failed' || stage.at === 'result') return plan({...dialog, armedAt: now + armingTime});
  return {dialog};
}
