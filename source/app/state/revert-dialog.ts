import type {RevertOutcome, RevertPreview, Revision} from '../session.ts';
import {
  armingTime,
  blockedBecause,
  type DialogInput,
  type DialogOutcome,
  type RevertDialog,
} from './dialog.ts';
import {type ProposalSteps, reduceProposal} from './proposal.ts';

const steps: ProposalSteps<RevertPreview, RevertDialog> = {plan, run, blockedBecause};

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
    case 'dialog-mode':
      if (stage.at !== 'preview' && stage.at !== 'planning') return {dialog};
      return input.mode === dialog.mode ? {dialog} : plan({...dialog, mode: input.mode, title: '', body: ''});
    case 'dialog-via':
      return {dialog: stage.at === 'preview' ? {...dialog, via: input.via, focus: 'cancel'} : dialog};
    case 'answer':
      if (input.answer.name === 'planRevert') return {dialog: shown(dialog, input.answer.value)};
      if (input.answer.name !== 'revert' || stage.at !== 'running') return {dialog};
      return {dialog: ended(dialog, stage.preview, input.answer.value, now)};
    case 'dialog-scroll':
    case 'news':
      return {dialog};
    default:
      return reduceProposal(dialog, input, now, steps);
  }
}

function plan(dialog: RevertDialog): DialogOutcome<RevertDialog> {
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

function run(dialog: RevertDialog, preview: RevertPreview): DialogOutcome<RevertDialog> {
  const {environment, mode, via, title, body, draft, target} = dialog;
  return {
    dialog: {...dialog, stage: {at: 'running', preview, stopping: false}},
    ask: {name: 'revert', preview, request: {environment, target: target.sha, mode, via, title, body, draft}},
  };
}
