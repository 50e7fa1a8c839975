import type {DialogOutcome, PullRequestDialog, RevertDialog} from './dialog.ts';

type Proposal = RevertDialog | PullRequestDialog;

/** What revert and pull request dialogs have in common: the button's focus, the title, the draft mark, leaving. */
export function reduceProposal<D extends Proposal>(
  dialog: D,
  input:
    | {type: 'dialog-focus'; focus?: 'cancel' | 'go'}
    | {type: 'dialog-toggle'; option: string}
    | {type: 'dialog-edit'}
    | {type: 'dialog-body'; text: string}
    | {type: 'text'; text: string}
    | {type: 'dialog-leave'},
): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'dialog-focus':
      if (stage.at !== 'preview') return {dialog};
      return {dialog: {...dialog, focus: input.focus ?? (dialog.focus === 'go' ? 'cancel' : 'go')}};
    case 'dialog-toggle':
      return {
        dialog:
          input.option === 'draft' && stage.at === 'preview' ? {...dialog, draft: !dialog.draft} : dialog,
      };
    case 'dialog-edit':
      return {dialog: stage.at === 'preview' ? {...dialog, editing: dialog.title} : dialog};
    case 'dialog-body':
      return {dialog: stage.at === 'preview' ? {...dialog, body: input.text} : dialog};
    case 'text':
      return {dialog: dialog.editing === null ? dialog : {...dialog, editing: input.text}};
    case 'dialog-leave':
      if (dialog.editing !== null) return {dialog: {...dialog, editing: null}};
      if (stage.at !== 'running') return {dialog: null};
      return {dialog: stopping(dialog), stop: true};
  }
}

/** The title after editing, kept as it was where nothing is left of it. */
export function acceptTitle<D extends Proposal>(dialog: D): D {
  const edited = dialog.editing?.trim() ?? '';
  return {...dialog, editing: null, title: edited === '' ? dialog.title : edited};
}

function stopping(dialog: Proposal): Proposal {
  if (dialog.kind === 'revert') {
    return dialog.stage.at === 'running' ? {...dialog, stage: {...dialog.stage, stopping: true}} : dialog;
  }
  return dialog.stage.at === 'running' ? {...dialog, stage: {...dialog.stage, stopping: true}} : dialog;
}
