import type {RevertOutcome, RevertPreview, Revision} from '../session.ts';
import {
  armingTime,
  blockedBecause,
  type DialogInput,
  type DialogOutcome,
  type RevertDialog,
} from './dialog.ts';
import {acceptTitle, reduceProposal} from './proposal.ts';

/** Opens the dialog for going back to a revision; its plan is asked for. */
export function openRevert(
  environment: {name: string; protected: boolean},
  target: Revision,
  now: number,
): DialogOutcome {
  return plan({
    kind: 'revert',
    environment: environment.name,
    protected: environment.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    target,
    mode: 'restore',
    via: environment.protected ? 'pull-request' : 'push',
    title: '',
    body: '',
    draft: false,
    editing: null,
    stage: {at: 'planning'},
  });
}

/** The dialog after what happened to it. */
export function reduceRevert(dialog: RevertDialog, input: DialogInput, now: number): DialogOutcome {
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
    case 'dialog-mode':
      if (stage.at !== 'preview' && stage.at !== 'planning') return {dialog};
      return input.mode === dialog.mode ? {dialog} : plan({...dialog, mode: input.mode, title: '', body: ''});
    case 'dialog-via':
      return {dialog: stage.at === 'preview' ? {...dialog, via: input.via, focus: 'cancel'} : dialog};
    case 'dialog-retry':
      return retry(dialog, now);
    case 'answer':
      if (input.answer.name === 'planRevert') return {dialog: shown(dialog, input.answer.value)};
      if (input.answer.name !== 'revert' || stage.at !== 'running') return {dialog};
      return {dialog: ended(dialog, stage.preview, input.answer.value, now)};
    case 'problem': {
      const preview = stage.at === 'running' ? stage.preview : null;
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem, preview}}};
    }
    default:
      return {dialog};
  }
}

function plan(dialog: RevertDialog): DialogOutcome {
  return {
    dialog: {...dialog, focus: 'cancel', stage: {at: 'planning'}},
    ask: {
      name: 'planRevert',
      request: {environment: dialog.environment, target: dialog.target.sha, mode: dialog.mode},
    },
  };
}

function shown(dialog: RevertDialog, preview: RevertPreview, moved: string | null = null): RevertDialog {
  const {title, body} = wordsOf(preview);
  return {
    ...dialog,
    focus: 'cancel',
    via: preview.pushRefused === null ? dialog.via : 'pull-request',
    title: dialog.title === '' ? title : dialog.title,
    body: dialog.body === '' ? body : dialog.body,
    stage: {at: 'preview', preview, moved},
  };
}

/** What became of it; where the branch had moved, the new plan is one to look at and to approve anew. */
function ended(
  dialog: RevertDialog,
  before: RevertPreview,
  outcome: RevertOutcome,
  now: number,
): RevertDialog {
  const {newPreview, message} = outcome;
  if (newPreview === undefined) return {...dialog, stage: {at: 'result', preview: before, outcome}};
  // What the user wrote stays; what the old plan said of itself doesn't.
  const old = wordsOf(before);
  const title = dialog.title === old.title ? '' : dialog.title;
  const body = dialog.body === old.body ? '' : dialog.body;
  return shown({...dialog, title, body, armedAt: now + armingTime}, newPreview, message);
}

/** A commit message's subject, and what is under it. */
function wordsOf({plan: {message}}: RevertPreview): {title: string; body: string} {
  const [title = '', ...rest] = message.split('\n');
  return {title, body: rest.join('\n').trim()};
}

function press(dialog: RevertDialog): DialogOutcome {
  if (dialog.editing !== null) return {dialog: acceptTitle(dialog)};
  if (dialog.stage.at === 'running') return {dialog};
  if (dialog.stage.at !== 'preview' || dialog.focus === 'cancel') return {dialog: null};
  return blockedBecause(dialog) === null ? run(dialog, dialog.stage.preview) : {dialog};
}

function run(dialog: RevertDialog, preview: RevertPreview): DialogOutcome {
  const {environment, mode, via, title, body, draft, target} = dialog;
  return {
    dialog: {...dialog, stage: {at: 'running', preview, stopping: false}},
    ask: {name: 'revert', preview, request: {environment, target: target.sha, mode, via, title, body, draft}},
  };
}

/** The same step again where the outcome says that it can be; where nothing ran, the plan again. */
function retry(dialog: RevertDialog, now: number): DialogOutcome {
  const {stage} = dialog;
  if (stage.at === 'result' && stage.outcome.retry) return run(dialog, stage.preview);
  if (stage.at === 'failed' || stage.at === 'result') return plan({...dialog, armedAt: now + armingTime});
  return {dialog};
}
