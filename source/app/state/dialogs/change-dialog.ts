import type {ChangeOutcome, ChangePreview, ChangeRequest} from '../../session.ts';
import {type ChangeEffects, effectsOf, withEffect, withoutEffect} from './change-effects.ts';
import {
  armingTime,
  blockedBecause,
  type ChangeDialog,
  type DialogInput,
  type DialogOutcome,
} from './dialog.ts';
import {type ProposalSteps, reduceProposal} from './proposal.ts';

const steps: ProposalSteps<ChangePreview, ChangeDialog> = {plan, run, blockedBecause};

/** Opens the dialog for a change of git; its plan is asked for. `about` is what it is about, until the plan says more. */
export function openChange(
  environment: {name: string; protected: boolean},
  request: ChangeRequest,
  about: string,
  now: number,
): DialogOutcome {
  return plan({
    kind: 'change',
    environment: environment.name,
    protected: environment.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    request,
    about,
    via: environment.protected ? 'pull-request' : 'push',
    title: '',
    body: '',
    draft: false,
    editing: null,
    effects: null,
    stage: {at: 'planning'},
  });
}

/** The dialog after what happened to it. */
export function reduceChange(dialog: ChangeDialog, input: DialogInput, now: number): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'dialog-request':
      // Another way to the same end: what was written about the first one does not fit it.
      if (stage.at !== 'preview' && stage.at !== 'planning') return {dialog};
      return plan({...dialog, request: input.request, title: '', body: ''});
    case 'dialog-resolved':
      if (stage.at !== 'preview' || dialog.request.kind !== 'revert') return {dialog};
      return plan({
        ...dialog,
        request: {
          ...dialog.request,
          resolved: [...new Set([...(dialog.request.resolved ?? []), ...input.ids])],
        },
      });
    case 'dialog-via':
      return {dialog: stage.at === 'preview' ? {...dialog, via: input.via, focus: 'cancel'} : dialog};
    case 'answer':
      if (input.answer.name === 'planChange') return shown(dialog, input.answer.value);
      if (input.answer.name === 'effect' && dialog.effects !== null) {
        return asking(dialog, withEffect(dialog.effects, input.answer.value));
      }
      if (input.answer.name !== 'makeChange' || stage.at !== 'running') return {dialog};
      return ended(dialog, stage.preview, input.answer.value, now);
    case 'problem':
      if (input.call.name !== 'effect') return reduceProposal(dialog, input, now, steps);
      // The plan is what it was: only what it does is not known.
      return dialog.effects === null
        ? {dialog}
        : asking(dialog, withoutEffect(dialog.effects, input.call, input.problem.message));
    case 'dialog-scroll':
    case 'dialog-method':
    case 'news':
      return {dialog};
    default:
      return reduceProposal(dialog, input, now, steps);
  }
}

function plan(dialog: ChangeDialog): DialogOutcome<ChangeDialog> {
  return {
    dialog: {...dialog, focus: 'cancel', effects: null, stage: {at: 'planning'}},
    ask: {name: 'planChange', request: dialog.request},
  };
}

function shown(
  dialog: ChangeDialog,
  preview: ChangePreview,
  moved: string | null = null,
): DialogOutcome<ChangeDialog> {
  const {title, body} = wordsOf(preview);
  const next: ChangeDialog = {
    ...dialog,
    focus: 'cancel',
    via: preview.pushRefused === null ? dialog.via : 'pull-request',
    title: dialog.title === '' ? title : dialog.title,
    body: dialog.body === '' ? body : dialog.body,
    stage: {at: 'preview', preview, moved},
  };
  return asking(next, effectsOf(preview));
}

/** The dialog with what is known of the effects, asking for the next. */
function asking(dialog: ChangeDialog, effects: ChangeEffects): DialogOutcome<ChangeDialog> {
  if (effects === dialog.effects) return {dialog};
  const [ask] = effects.asking;
  return {dialog: {...dialog, effects}, ...(ask === undefined ? {} : {ask})};
}

/** What became of it; where the branch had moved, the new plan is one to look at and to approve anew. */
function ended(
  dialog: ChangeDialog,
  before: ChangePreview,
  outcome: ChangeOutcome,
  now: number,
): DialogOutcome<ChangeDialog> {
  const {newPreview, message} = outcome;
  if (newPreview === undefined) return {dialog: {...dialog, stage: {at: 'result', preview: before, outcome}}};
  // What the user wrote stays; what the old plan said of itself doesn't.
  const old = wordsOf(before);
  const title = dialog.title === old.title ? '' : dialog.title;
  const body = dialog.body === old.body ? '' : dialog.body;
  return shown({...dialog, title, body, armedAt: now + armingTime}, newPreview, message);
}

/** A commit message's subject, and what is under it. */
function wordsOf({plan: {message}}: ChangePreview): {title: string; body: string} {
  const [title = '', ...rest] = message.split('\n');
  return {title, body: rest.join('\n').trim()};
}

function run(dialog: ChangeDialog, preview: ChangePreview): DialogOutcome<ChangeDialog> {
  const {via, title, body, draft, reviewers = [], labels = []} = dialog;
  return {
    dialog: {...dialog, stage: {at: 'running', preview, stopping: false}},
    ask: {name: 'makeChange', preview, order: {via, title, body, draft, reviewers, labels}},
  };
}
