import type {ProgramOrder} from '../../session.ts';
import {armingTime, type DialogInput, type DialogOutcome, type ProgramDialog} from './dialog.ts';

/** Opens the dialog that shows exactly what a command of the user's own would run. */
export function openProgram(order: ProgramOrder, isProtected: boolean, now: number): DialogOutcome {
  const dialog: ProgramDialog = {
    kind: 'program',
    environment: order.environment ?? '',
    protected: isProtected,
    armedAt: now + armingTime,
    focus: 'cancel',
    order,
    stage: {at: 'preview'},
  };
  return {dialog};
}

/** The dialog after what happened to it. It is gone once its program is to run: that goes on beside the app. */
export function reduceProgram(dialog: ProgramDialog, input: DialogInput): DialogOutcome {
  const {stage, order} = dialog;
  switch (input.type) {
    case 'dialog-focus':
      if (stage.at !== 'preview') return {dialog};
      return {dialog: {...dialog, focus: input.focus ?? (dialog.focus === 'go' ? 'cancel' : 'go')}};
    case 'text':
      return {dialog: stage.at === 'typing' ? {...dialog, stage: {at: 'typing', typed: input.text}} : dialog};
    case 'dialog-leave':
      if (stage.at === 'typing') return {dialog: {...dialog, focus: 'cancel', stage: {at: 'preview'}}};
      return {dialog: null};
    case 'dialog-press':
      if (stage.at === 'preview' && dialog.focus === 'cancel') return {dialog: null};
      if (stage.at === 'preview' && wantsName(dialog))
        return {dialog: {...dialog, stage: {at: 'typing', typed: ''}}};
      if (!isApproved(dialog)) return {dialog};
      // The terminal is lent by whoever has it: the dispatcher asks for that.
      if (order.in === 'terminal') return {dialog: null};
      return {
        dialog: null,
        ask: {
          name: 'runProgram',
          order,
          confirmed: stage.at === 'typing' ? {typed: stage.typed} : 'yes',
        },
      };
    default:
      return {dialog};
  }
}

/** True where pressing the chosen button runs the program now. */
export function isApproved(dialog: ProgramDialog): boolean {
  const {stage, focus} = dialog;
  if (stage.at === 'typing') return stage.typed === dialog.environment;
  return focus === 'go' && !wantsName(dialog);
}

/** What may change something protected is named in full first. */
export function wantsName({order, protected: isProtected}: ProgramDialog): boolean {
  return order.changes && isProtected;
}
