import type {ChangePreview, ResolvableConflict} from '../../session.ts';
import {canBeWritten} from '../../state/dialogs/context-dialog.ts';
import {blockedBecause, type Dialog} from '../../state/dialogs/dialog.ts';
import {mergeBlocked} from '../../state/dialogs/merge-dialog.ts';
import {isApproved} from '../../state/dialogs/program-dialog.ts';
import type {AppState} from '../../state/state.ts';
import type {Command} from '../command.ts';
import {pressDanger} from '../danger.ts';
import {keyWord} from '../key-words.ts';
import {programOf} from './custom.ts';
import {wayCommands} from './way.ts';

const base = {section: 'Dialog', danger: null, places: ['dialog']} as const;

/** What the keys of dialogs do. `only` says for which dialogs; elsewhere the key says so. */
export const dialogCommands: readonly Command[] = [
  {
    ...base,
    danger: pressDanger,
    id: 'press',
    keys: ['enter'],
    words: 'press the chosen button',
    hint: state => (state.dialog?.stage.at === 'choosing' ? 'choose' : 'press'),
    enabled: canPress,
    run: ({dialog}) =>
      dialog?.kind === 'program' && dialog.order.in === 'terminal' && isApproved(dialog)
        ? {do: 'program', program: programOf(dialog.order)}
        : {type: 'dialog-press'},
  },
  {
    ...base,
    id: 'focus',
    keys: ['tab', 'shift-tab', 'left', 'right', 'h', 'l'],
    words: 'the other button',
    hint: 'choose',
    enabled: state => (hasTwoButtons(state.dialog) ? true : 'there is one button only'),
    run: () => ({type: 'dialog-focus'}),
  },
  {
    ...base,
    id: 'leave',
    keys: ['esc', 'q'],
    words: 'leave; stops a change that runs',
    hint: state => (state.dialog?.stage.at === 'running' ? 'stop' : 'close'),
    run: () => ({type: 'dialog-leave'}),
  },
  {
    ...base,
    id: 'retry',
    keys: ['r'],
    words: 'try again; a secret value: hide it',
    hint: state => (state.dialog?.stage.at === 'shown' ? 'hide' : 'try again'),
    enabled: canRetry,
    run: () => ({type: 'dialog-retry'}),
  },
  {
    ...base,
    id: 'prune',
    keys: ['p'],
    words: 'sync: also delete what git no longer has; a change of git: push to the branch',
    enabled: state => (isOpen(state.dialog, ['sync', 'change']) ? true : 'nothing to choose here'),
    run: state =>
      state.dialog?.kind === 'change'
        ? {type: 'dialog-via', via: 'push'}
        : {type: 'dialog-toggle', option: 'prune'},
  },
  {
    ...base,
    id: 'wait',
    keys: ['w'],
    words: 'sync: wait until everything is healthy',
    enabled: state => (isOpen(state.dialog, ['sync']) ? true : 'only a sync waits'),
    run: () => ({type: 'dialog-toggle', option: 'wait'}),
  },
  {
    ...base,
    id: 'force-or-draft',
    keys: ['f'],
    words: 'sync: take over fields of other managers; pull request: as a draft',
    enabled: canForceOrDraft,
    run: state => ({type: 'dialog-toggle', option: state.dialog?.kind === 'sync' ? 'force' : 'draft'}),
  },
  ...wayCommands,
  {
    ...base,
    id: 'via-pull-request',
    keys: ['P'],
    words: 'a change of git: by a pull request',
    enabled: state => (isOpen(state.dialog, ['change']) ? true : 'nothing to choose here'),
    run: () => ({type: 'dialog-via', via: 'pull-request'}),
  },
  {
    ...base,
    id: 'merge-method',
    keys: ['M'],
    words: 'merge: another way that the repository allows',
    enabled: state => (isOpen(state.dialog, ['merge']) ? true : 'only a merge has methods'),
    run: () => ({type: 'dialog-method'}),
  },
  {
    ...base,
    id: 'label-or-branch',
    keys: ['b'],
    words: 'pull request: its labels; merge: delete the branch afterwards',
    enabled: state =>
      isProposal(state.dialog) || isOpen(state.dialog, ['merge']) ? true : 'nothing to choose here',
    run: state =>
      state.dialog?.kind === 'merge'
        ? {type: 'dialog-toggle', option: 'delete-branch'}
        : {type: 'dialog-edit', field: 'labels'},
  },
  {
    ...base,
    id: 'edit-reviewers',
    keys: ['V'],
    words: 'pull request: whom to ask for a review',
    enabled: state => (isProposal(state.dialog) ? true : 'there is nobody to ask here'),
    run: () => ({type: 'dialog-edit', field: 'reviewers'}),
  },
  {
    ...base,
    id: 'edit-title',
    keys: ['T'],
    words: 'pull request: edit the title',
    enabled: state => (isProposal(state.dialog) ? true : 'there is no title to edit'),
    run: () => ({type: 'dialog-edit'}),
  },
  {
    ...base,
    id: 'edit-body',
    keys: ['e'],
    words: 'in $EDITOR: the conflicts, else the body of the pull request',
    enabled: state =>
      isProposal(state.dialog) && state.dialog?.kind !== 'edit-request' ? true : 'there is nothing to edit',
    run: ({dialog}) => {
      const conflicts = conflictsOf(dialog);
      if (conflicts.length > 0) return {do: 'edit-conflicts', conflicts};
      return {do: 'edit-body', text: dialog !== null && 'body' in dialog ? dialog.body : ''};
    },
  },
  {
    ...base,
    id: 'dialog-effect',
    keys: ['v'],
    words: 'a change of git: what it does, object by object, in git and on the cluster',
    hint: 'effect',
    enabled: state => (hasEffect(state.dialog) ? true : 'what it does is not known (yet)'),
    run: () => ({type: 'overlay', overlay: {id: 'effect', top: 0}}),
  },
  {
    ...base,
    id: 'dialog-patch',
    keys: ['d'],
    words: 'a change of git, a pull request: the patch',
    hint: 'patch',
    enabled: state => (patchOf(state.dialog) === null ? 'there is no patch to show' : true),
    run: state => ({
      type: 'overlay',
      overlay: {id: 'patch', top: 0, title: 'What the commits change', patch: patchOf(state.dialog) ?? ''},
    }),
  },
];

function canPress(state: AppState): true | string {
  const {dialog} = state;
  if (dialog?.stage.at === 'running') return `it runs; ${keyWord(state, 'leave')} stops it`;
  if (dialog === null || dialog.focus === 'cancel' || dialog.stage.at === 'result') return true;
  const blocked =
    dialog.kind === 'merge'
      ? mergeBlocked(dialog, state.seen.get(dialog.request.number)?.state)
      : blockedBecause(dialog, state.preferences);
  return blocked === null || !isAsking(dialog) ? true : blocked;
}

function canRetry(state: AppState): true | string {
  const {dialog} = state;
  if (dialog?.stage.at === 'failed' || dialog?.stage.at === 'shown') return true;
  if (dialog?.stage.at !== 'result') return 'there is nothing to try again';
  if (dialog.kind === 'merge') return 'it is done';
  if (dialog.kind === 'baseline') return dialog.stage.marked.ok ? 'it is done' : true;
  return dialog.stage.outcome.ok ? 'it is done' : true;
}

function canForceOrDraft(state: AppState): true | string {
  const {dialog} = state;
  if (isOpen(dialog, ['sync'])) return true;
  if (!isProposal(dialog)) return 'nothing to choose here';
  return dialog?.kind === 'change' && dialog.via === 'push'
    ? `a push is no draft: ${keyWord(state, 'via-pull-request')} chooses a pull request`
    : true;
}

/** The conflicts of the shown plan that an editor can resolve. */
function conflictsOf(dialog: Dialog | null): ResolvableConflict[] {
  if (dialog?.kind !== 'change' || dialog.stage.at !== 'preview') return [];
  return dialog.stage.preview.plan.conflicts.flatMap(({resolve}) => (resolve === undefined ? [] : [resolve]));
}

function isOpen(dialog: Dialog | null, kinds: readonly Dialog['kind'][]): boolean {
  return (
    dialog !== null && kinds.includes(dialog.kind) && (isAsking(dialog) || dialog.stage.at === 'planning')
  );
}

/** True while the dialog shows what it would do and waits for an answer. */
function isAsking(dialog: Dialog | null): boolean {
  return dialog?.stage.at === 'plan' || dialog?.stage.at === 'preview';
}

function hasTwoButtons(dialog: Dialog | null): boolean {
  if (dialog?.kind === 'pull-request' && dialog.stage.at === 'preview')
    return dialog.stage.preview.nothing === null;
  if (dialog?.kind === 'context') return canBeWritten(dialog);
  return isAsking(dialog);
}

function isProposal(dialog: Dialog | null): boolean {
  return dialog !== null && 'body' in dialog && dialog.stage.at === 'preview';
}

function hasEffect(dialog: Dialog | null): boolean {
  if (dialog?.kind !== 'change' || dialog.effects === null) return false;
  return dialog.effects.known.length + dialog.effects.failed.length > 0;
}

/** The patch, below what of it is in conflict. */
function patchWithConflicts({conflicts, patch}: ChangePreview['plan']): string {
  const parts = conflicts.map(({path, hunks}) => `conflict in ${path}\n${hunks}\n`);
  return [...parts, patch].join('\n');
}

function patchOf(dialog: Dialog | null): string | null {
  if (dialog === null || !('preview' in dialog.stage)) return null;
  const {preview} = dialog.stage;
  if (preview === null) return null;
  const patch = 'plan' in preview ? patchWithConflicts(preview.plan) : preview.patch;
  const isEmpty = patch === '' || ('nothing' in preview && preview.nothing !== null);
  return isEmpty ? null : patch;
}
