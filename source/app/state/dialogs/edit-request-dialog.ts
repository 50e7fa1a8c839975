import type {ChangeOutcome, ListedPullRequest, Written} from '../../session.ts';
import {editedOf} from '../edited.ts';
import {
  armingTime,
  blockedBecause,
  type DialogInput,
  type DialogOutcome,
  type EditPreview,
  type EditRequestDialog,
} from './dialog.ts';
import {type ProposalSteps, reduceProposal} from './proposal.ts';

const steps: ProposalSteps<EditPreview, EditRequestDialog> = {plan, run, blockedBecause};

/** Opens the dialog that edits an open pull request: its title, whether it is a draft, labels, reviews. */
export function openEditRequest(request: ListedPullRequest, now: number): DialogOutcome {
  return {
    dialog: {
      kind: 'edit-request',
      environment: '',
      protected: false,
      armedAt: now + armingTime,
      focus: 'cancel',
      title: request.title,
      body: '',
      draft: request.draft,
      editing: null,
      stage: {at: 'preview', preview: {request, patch: ''}, moved: null},
    },
  };
}

/** The dialog after what happened to it. */
export function reduceEditRequest(dialog: EditRequestDialog, input: DialogInput, now: number): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'answer': {
      if (input.answer.name !== 'updatePullRequest' || stage.at !== 'running') return {dialog};
      const outcome = outcomeOf(input.answer.value);
      return {dialog: {...dialog, stage: {at: 'result', preview: stage.preview, outcome}}};
    }
    case 'dialog-focus':
    case 'dialog-toggle':
    case 'dialog-edit':
    case 'text':
    case 'dialog-leave':
    case 'dialog-press':
    case 'dialog-retry':
    case 'problem':
      return reduceProposal(dialog, input, now, steps);
    default:
      return {dialog};
  }
}

/** After a failure: what was typed is still there. */
function plan(dialog: EditRequestDialog): DialogOutcome<EditRequestDialog> {
  const {stage} = dialog;
  const preview = 'preview' in stage ? stage.preview : null;
  if (preview === null) return {dialog: null};
  return {dialog: {...dialog, focus: 'cancel', stage: {at: 'preview', preview, moved: null}}};
}

function run(dialog: EditRequestDialog, preview: EditPreview): DialogOutcome<EditRequestDialog> {
  return {
    dialog: {...dialog, stage: {at: 'running', preview, stopping: false}},
    ask: {name: 'updatePullRequest', number: preview.request.number, changes: editedOf(dialog, preview)},
  };
}

function outcomeOf({pullRequest, notes}: Written): ChangeOutcome {
  const {url, number, branch} = pullRequest;
  return {
    ok: true,
    commit: null,
    branch,
    pullRequest: {opened: true, url, number, updated: true, notes},
    message: [`changed pull request #${number}`, ...notes].join('\n'),
    retry: false,
  };
}
