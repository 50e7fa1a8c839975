import type {SyncPlan} from '../../../engines/types.ts';
import {defaultPreferences, type Preferences} from '../../../preferences/types.ts';
import type {Problem} from '../../../resources/problem.ts';
import {keyWord} from '../../keys/key-words.ts';
import type {
  BaselineOutcome,
  BaselinePreview,
  ChangeOutcome,
  ChangePreview,
  ChangeRequest,
  ContextChoice,
  ContextChosen,
  ListedPullRequest,
  MergeMethod,
  MergeResult,
  ProgramOrder,
  PullRequestPreview,
  Revealed,
  SecretKey,
} from '../../session.ts';
import {count} from '../../text/value.ts';
import type {Answer, Call, CallEvent} from '../calls.ts';
import {editedOf} from '../edited.ts';
import type {ListState, Step} from '../lists/list.ts';
import type {ChangeEffects} from './change-effects.ts';

/** How long a new dialog ignores keys, in ms: what was typed before it appeared is not an answer to it. */
export const armingTime = 300;

interface DialogBase {
  readonly environment: string;
  readonly protected: boolean;
  /** Keys are ignored before this time, in ms. */
  readonly armedAt: number;
  readonly focus: 'cancel' | 'go';
}

/** A sync on its way to be run: once it runs it has a screen of its own. */
export interface SyncDialog extends DialogBase {
  readonly kind: 'sync';
  readonly prune: boolean;
  readonly force: boolean;
  readonly wait: boolean;
  /** Keys (identityKey) of what was marked; null is all that drifted. */
  readonly only: readonly string[] | null;
  readonly stage:
    | {at: 'planning'}
    | {at: 'plan'; plan: SyncPlan; moved: boolean}
    | {at: 'typing'; plan: SyncPlan; typed: string; wrong: boolean}
    | {at: 'failed'; problem: Problem};
}

/** The stages that changes of git and pull requests share. */
export type ProposalStage<Preview> =
  | {at: 'planning'}
  /** `moved`: why this is not the plan that was approved; null for the first one. */
  | {at: 'preview'; preview: Preview; moved: string | null}
  | {at: 'running'; preview: Preview; stopping: boolean}
  | {at: 'result'; preview: Preview; outcome: ChangeOutcome}
  | {at: 'failed'; problem: Problem; preview: Preview | null};

/** What can be typed into a proposal. */
export type ProposalField = 'title' | 'reviewers' | 'labels';

/** What the dialogs of changes of git and of pull requests both hold. */
export interface ProposalBase extends DialogBase {
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  /** Whom to ask for a review, and the labels to set; none where left out. */
  readonly reviewers?: readonly string[];
  readonly labels?: readonly string[];
  /** What is being edited, and its text; null while nothing is. Default: the title. */
  readonly field?: ProposalField;
  readonly editing: string | null;
}

/** A change of git, whatever its kind. */
export interface ChangeDialog extends ProposalBase {
  readonly kind: 'change';
  readonly request: ChangeRequest;
  /** What it is about, in words: a revert's commit. */
  readonly about: string;
  readonly via: 'push' | 'pull-request';
  readonly stage: ProposalStage<ChangePreview>;
  /** What the plan does; null until there is one. */
  readonly effects: ChangeEffects | null;
}

export interface PullRequestDialog extends ProposalBase {
  readonly kind: 'pull-request';
  readonly stage: ProposalStage<PullRequestPreview>;
}

/** What is edited of an open pull request; it has no patch of its own. */
export interface EditPreview {
  readonly request: ListedPullRequest;
  readonly patch: '';
}

/** An open pull request whose title, draft mark, labels or reviewers are changed. */
export interface EditRequestDialog extends ProposalBase {
  readonly kind: 'edit-request';
  readonly stage: ProposalStage<EditPreview>;
}

/** An environment is given its kubeconfig context: for the session at once, in the config file when that is asked for. */
export interface ContextDialog extends DialogBase {
  readonly kind: 'context';
  /** True where nothing may be written. */
  readonly readOnly: boolean;
  readonly stage:
    | {at: 'planning'}
    | {at: 'choosing'; contexts: readonly ContextChoice[]; list: ListState}
    | {at: 'asking'; chosen: ContextChosen}
    | {at: 'writing'; chosen: ContextChosen}
    | {at: 'written'; chosen: ContextChosen}
    | {at: 'failed'; problem: Problem};
}

/** One secret value in the clear, for a short while: it is read when it is asked for and goes with the dialog. */
export interface RevealDialog extends DialogBase {
  readonly kind: 'reveal';
  readonly secret: Omit<SecretKey, 'key'>;
  readonly keys: readonly string[];
  readonly stage:
    | {at: 'choosing'; list: ListState}
    | {at: 'planning'; key: string}
    /** `until`: when it is hidden again, in ms; `top`: first visible line of a long value. */
    | {at: 'shown'; key: string; revealed: Revealed; until: number; top: number}
    | {at: 'failed'; key: string; problem: Problem};
}

/** A merge of a pull request: exactly the head that was on the screen. */
export interface MergeDialog extends DialogBase {
  readonly kind: 'merge';
  readonly request: ListedPullRequest;
  readonly head: string;
  readonly method: MergeMethod;
  readonly deleteBranch: boolean;
  /** What must be typed: the names of the protected environments; null where a yes is enough. */
  readonly typing: string | null;
  readonly stage:
    | {at: 'preview'}
    | {at: 'typing'; typed: string}
    | {at: 'running'; stopping: boolean}
    | {at: 'result'; result: MergeResult}
    | {at: 'failed'; problem: Problem};
}

/** A revision is marked as known good. */
export interface BaselineDialog extends DialogBase {
  readonly kind: 'baseline';
  /** Full SHA. */
  readonly commit: string;
  /** Its subject. */
  readonly about: string;
  readonly stage:
    | {at: 'planning'}
    | {at: 'preview'; plan: BaselinePreview}
    | {at: 'typing'; plan: BaselinePreview; typed: string}
    | {at: 'running'; plan: BaselinePreview; stopping: boolean}
    | {at: 'result'; plan: BaselinePreview; marked: BaselineOutcome}
    | {at: 'failed'; problem: Problem};
}

/** A command of the user's own that is asked about before it runs. */
export interface ProgramDialog extends DialogBase {
  readonly kind: 'program';
  readonly order: ProgramOrder;
  readonly stage: {at: 'preview'} | {at: 'typing'; typed: string};
}

/** A change on its way: planned, shown, approved, run, told; or one choice, or one value. One machine each, in its own file. */
export type Dialog =
  | SyncDialog
  | ChangeDialog
  | PullRequestDialog
  | ContextDialog
  | RevealDialog
  | BaselineDialog
  | MergeDialog
  | EditRequestDialog
  | ProgramDialog;

/** What the keys of a dialog mean. */
export type DialogAction =
  | {type: 'dialog-focus'; focus?: 'cancel' | 'go'}
  | {type: 'dialog-press'}
  | {type: 'dialog-leave'}
  | {type: 'dialog-toggle'; option: 'prune' | 'force' | 'wait' | 'draft' | 'delete-branch'}
  /** The same kind of change in another way. */
  | {type: 'dialog-request'; request: ChangeRequest}
  /** Conflicts were opened in the editor: what was written is to be used. */
  | {type: 'dialog-resolved'; ids: readonly string[]}
  | {type: 'dialog-via'; via: 'push' | 'pull-request'}
  /** The next way to merge. */
  | {type: 'dialog-method'}
  | {type: 'dialog-edit'; field?: ProposalField}
  | {type: 'dialog-body'; text: string}
  | {type: 'dialog-retry'}
  | {type: 'dialog-scroll'; by: Step};

/** What happens to a dialog: a key, text, an answer, a failure, news of what runs. */
export type DialogInput =
  | DialogAction
  | {type: 'text'; text: string}
  | {type: 'answer'; answer: Answer}
  | {type: 'problem'; problem: Problem; call: Call}
  | {type: 'news'; event: CallEvent};

/** The dialog after that; null is closed. `ask` replaces what it waits for, `stop` takes a running change back. */
export interface DialogOutcome<D = Dialog> {
  readonly dialog: D | null;
  readonly ask?: Call;
  readonly stop?: true;
}

/** True while the dialog changes something: it can't be left then, only stopped. */
export function isRunning(dialog: Dialog): boolean {
  return dialog.stage.at === 'running';
}

/** The text field that has the keys, with what is in it; null where keys are commands. */
export function dialogField(dialog: Dialog): {name: 'name' | 'title'; text: string} | null {
  if (dialog.kind === 'sync') {
    return dialog.stage.at === 'typing' ? {name: 'name', text: dialog.stage.typed} : null;
  }
  if (dialog.kind === 'merge' || dialog.kind === 'baseline' || dialog.kind === 'program')
    return dialog.stage.at === 'typing' ? {name: 'name', text: dialog.stage.typed} : null;
  if (dialog.kind === 'context' || dialog.kind === 'reveal') return null;
  return dialog.editing === null ? null : {name: 'title', text: dialog.editing};
}

/** The name that must be typed before the dialog does what it shows; null where its button is enough. */
export function nameToType(dialog: Dialog): string | null {
  if (dialog.kind === 'merge') return dialog.typing;
  const isTyped = dialog.kind === 'sync' || dialog.kind === 'baseline';
  return isTyped && dialog.protected ? dialog.environment : null;
}

/** What keeps the dialog's button from being pressed; null where nothing does. */
export function blockedBecause(dialog: Dialog, preferences = defaultPreferences): string | null {
  if (dialog.stage.at === 'planning') return 'the plan is not there yet';
  if (dialog.stage.at === 'failed') return `it failed: ${keyWord({preferences}, 'retry')} tries again`;
  switch (dialog.kind) {
    case 'sync':
      return dialog.stage.at === 'plan' ? syncBlocked(dialog.stage.plan) : null;
    case 'change':
      return dialog.stage.at === 'preview' ? changeBlocked(dialog, dialog.stage.preview, preferences) : null;
    case 'edit-request':
      if (dialog.stage.at !== 'preview') return null;
      return Object.keys(editedOf(dialog, dialog.stage.preview)).length === 0
        ? 'nothing is changed yet'
        : null;
    case 'pull-request':
      return dialog.stage.at === 'preview' ? dialog.stage.preview.nothing : null;
    case 'merge':
    case 'baseline':
    case 'context':
    case 'reveal':
    case 'program':
      return null;
  }
}

function syncBlocked(plan: SyncPlan): string | null {
  if (plan.blockers.length > 0) return plan.blockers[0] ?? null;
  return plan.steps.some(({action}) => action !== 'skip') ? null : 'there is nothing to do';
}

function changeBlocked(
  dialog: ChangeDialog,
  preview: ChangePreview,
  preferences: Preferences,
): string | null {
  const {conflicts, files, mergeParent} = preview.plan;
  if (conflicts.length > 0)
    return `${count(conflicts.length, 'file')} in conflict${wayOut(preview, preferences)}`;
  if (files.length === 0 && mergeParent === undefined) {
    const isStuck = preview.kind === 'adopt' && preview.plan.left.some(({settled}) => !settled);
    return isStuck ? 'none of it can be adopted' : 'nothing would change: git says so already';
  }
  return dialog.via === 'push' ? preview.pushRefused : null;
}

/** What can be done about conflicts. */
function wayOut({kind, plan}: ChangePreview, preferences: Preferences): string {
  const isEditable = plan.conflicts.some(({resolve}) => resolve !== undefined);
  const ways = [
    isEditable ? `${keyWord({preferences}, 'edit-body')} resolves them in $EDITOR` : null,
    kind === 'revert' ? `${keyWord({preferences}, 'restore')} restores the folder instead` : null,
  ].filter(way => way !== null);
  return ways.length === 0 ? '' : `: ${ways.join(', ')}`;
}
