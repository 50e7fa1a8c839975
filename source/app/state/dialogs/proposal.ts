import type {Problem} from '../../../resources/problem.ts';
import {
  armingTime,
  type DialogOutcome,
  type ProposalBase,
  type ProposalField,
  type ProposalStage,
} from './dialog.ts';

/** A proposal's dialog, with what its preview is. */
type Proposal<Preview> = ProposalBase & {readonly stage: ProposalStage<Preview>};

/** What differs between the proposals: how one is planned, run, and what keeps it from being run (null is nothing). */
export interface ProposalSteps<Preview, D extends Proposal<Preview>> {
  plan(dialog: D): DialogOutcome<D>;
  run(dialog: D, preview: Preview): DialogOutcome<D>;
  blockedBecause(dialog: D): string | null;
}

/** What happens to any proposal alike. */
type ProposalInput =
  | {type: 'dialog-focus'; focus?: 'cancel' | 'go'}
  | {type: 'dialog-toggle'; option: string}
  | {type: 'dialog-edit'; field?: ProposalField}
  | {type: 'dialog-body'; text: string}
  | {type: 'text'; text: string}
  | {type: 'dialog-leave'}
  | {type: 'dialog-press'}
  | {type: 'dialog-retry'}
  | {type: 'problem'; problem: Problem};

/**
 * What the dialogs of changes and pull requests have in common: the buttons, the title, the draft mark, leaving and stopping,
 * and the same step again after it failed.
 */
export function reduceProposal<Preview, D extends Proposal<Preview>>(
  dialog: D,
  input: ProposalInput,
  now: number,
  steps: ProposalSteps<Preview, D>,
): DialogOutcome<D> {
  const stage: ProposalStage<Preview> = dialog.stage;
  const isPreview = stage.at === 'preview';
  switch (input.type) {
    case 'dialog-focus':
      if (!isPreview) return {dialog};
      return {dialog: {...dialog, focus: input.focus ?? (dialog.focus === 'go' ? 'cancel' : 'go')}};
    case 'dialog-toggle':
      return {dialog: input.option === 'draft' && isPreview ? {...dialog, draft: !dialog.draft} : dialog};
    case 'dialog-edit':
      if (!isPreview) return {dialog};
      return {dialog: {...dialog, field: input.field ?? 'title', editing: textOf(dialog, input.field)}};
    case 'dialog-body':
      return {dialog: isPreview ? {...dialog, body: input.text} : dialog};
    case 'text':
      return {dialog: dialog.editing === null ? dialog : {...dialog, editing: input.text}};
    case 'dialog-leave':
      if (dialog.editing !== null) return {dialog: {...dialog, editing: null}};
      if (stage.at !== 'running') return {dialog: null};
      return {dialog: {...dialog, stage: {...stage, stopping: true}}, stop: true};
    case 'dialog-press':
      if (dialog.editing !== null) return {dialog: accepted(dialog)};
      if (stage.at === 'running') return {dialog};
      if (stage.at !== 'preview' || dialog.focus === 'cancel') return {dialog: null};
      return steps.blockedBecause(dialog) === null ? steps.run(dialog, stage.preview) : {dialog};
    case 'dialog-retry':
      // The same step again where the outcome says that it can be; where nothing ran, the plan again.
      if (stage.at === 'result' && stage.outcome.retry) return steps.run(dialog, stage.preview);
      if (stage.at !== 'failed' && stage.at !== 'result') return {dialog};
      return steps.plan({...dialog, armedAt: now + armingTime});
    case 'problem': {
      const preview = stage.at === 'running' ? stage.preview : null;
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem, preview}}};
    }
  }
}

function textOf(dialog: ProposalBase, field: ProposalField = 'title'): string {
  return field === 'title' ? dialog.title : (dialog[field] ?? []).join(' ');
}

/** The proposal after editing: an empty title stays as it was, names stand apart by spaces or commas. */
function accepted<D extends ProposalBase>(dialog: D): D {
  const edited = dialog.editing?.trim() ?? '';
  const {field = 'title'} = dialog;
  if (field === 'title') return {...dialog, editing: null, title: edited === '' ? dialog.title : edited};
  const names = edited.split(/[\s,]+/).filter(name => name !== '');
  return {...dialog, editing: null, [field]: [...new Set(names)]};
}
