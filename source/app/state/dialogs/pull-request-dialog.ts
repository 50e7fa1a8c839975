import type {PullRequestPreview} from '../../session.ts';
import {
  armingTime,
  blockedBecause,
  type DialogInput,
  type DialogOutcome,
  type PullRequestDialog,
} from './dialog.ts';
import {type ProposalSteps, reduceProposal} from './proposal.ts';

const steps: ProposalSteps<PullRequestPreview, PullRequestDialog> = {plan, run, blockedBecause};

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
    case 'answer':
      if (input.answer.name === 'planPullRequest') return {dialog: shown(dialog, input.answer.value)};
      if (input.answer.name !== 'openPullRequest' || stage.at !== 'running') return {dialog};
      return {
        dialog: {...dialog, stage: {at: 'result', preview: stage.preview, outcome: input.answer.value}},
      };
    case 'dialog-request':
    case 'dialog-via':
    case 'dialog-scroll':
    case 'dialog-method':
    case 'dialog-resolved':
    case 'news':
      return {dialog};
    default:
      return reduceProposal(dialog, input, now, steps);
  }
}

function plan(dialog: PullRequestDialog): DialogOutcome<PullRequestDialog> {
  return {
    dialog: {...dialog, focus: 'cancel', stage: {at: 'planning'}},
    ask: {name: 'planPullRequest', environment: dialog.environment},
  };
}

function shown(dialog: PullRequestDialog, preview: PullRequestPreview): PullRequestDialog {
  const {title, body} = dialog.title === '' ? preview : dialog;
  return {...dialog, focus: 'cancel', title, body, stage: {at: 'preview', preview, moved: null}};
}

function run(dialog: PullRequestDialog, preview: PullRequestPreview): DialogOutcome<PullRequestDialog> {
  const {title, body, draft, reviewers = [], labels = []} = dialog;
  return {
    dialog: {...dialog, stage: {at: 'running', preview, stopping: false}},
    ask: {name: 'openPullRequest', preview, order: {title, body, draft, reviewers, labels}},
  };
}
