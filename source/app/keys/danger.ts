import type {Mutation} from '../../engines/permission.ts';
import type {Action} from '../state/actions.ts';
import type {Dialog} from '../state/dialogs/dialog.ts';
import type {AppState} from '../state/state.ts';

/** What a command leads to changing: what others see, or a file of the user's own. */
export type Danger = Mutation | 'write';

/** The actions with which every change begins, and the one that approves it. */
const changing = [
  'open-sync',
  'open-revert',
  'open-baseline',
  'open-to-baseline',
  'open-pull-request',
  'open-change',
  'open-merge',
  'open-edit-request',
  'promotion-plan',
  'dialog-press',
] as const;

/** An action that only a command with a danger can give: the types of commands say so, and the dispatcher looks again. */
export type ChangingAction = Extract<Action, {type: (typeof changing)[number]}>;

/** An action that begins no change. */
export type LookingAction = Exclude<Action, ChangingAction>;

/** True for an action with which a change begins, or is approved. */
export function isChanging(state: AppState, action: Action): boolean {
  if (action.type === 'dialog-press') return pressDanger(state) !== null;
  if (action.type === 'open-program' || action.type === 'run-program') return action.order.changes;
  return changing.some(type => type === action.type);
}

/** What pressing the chosen button of the open dialog changes; null where it only looks, goes on or closes. */
export function pressDanger({dialog}: AppState): Danger | null {
  return dialog === null || !appliesOnPress(dialog) ? null : dangerOf(dialog);
}

function appliesOnPress({focus, stage}: Dialog): boolean {
  if (stage.at === 'typing') return true;
  return focus === 'go' && (stage.at === 'plan' || stage.at === 'preview' || stage.at === 'asking');
}

function dangerOf(dialog: Dialog): Danger | null {
  switch (dialog.kind) {
    case 'sync':
    case 'merge':
    case 'baseline':
      return dialog.kind;
    case 'change':
      return dialog.via;
    case 'pull-request':
    case 'edit-request':
      return 'pull-request';
    case 'program':
      return dialog.order.changes ? 'program' : null;
    case 'context':
      return 'write';
    case 'reveal':
      return null;
  }
}
