import {mergeSubject} from '../../../engines/permission.ts';
import type {ListedPullRequest, MergeMethod, PullRequestMerge, PullRequestState} from '../../session.ts';
import type {Confirmation} from '../calls.ts';
import {type AppState, environmentNamed} from '../state.ts';
import {armingTime, type DialogInput, type DialogOutcome, type MergeDialog} from './dialog.ts';

/** Opens the dialog of a merge: exactly the head that is on the screen, into the base. */
export function openMerge(state: AppState, request: ListedPullRequest): DialogOutcome {
  const seen = state.seen.get(request.number)?.state;
  if (!seen) return {dialog: null};
  const touched = request.environments.flatMap(name => environmentNamed(state, name)?.environment ?? []);
  const subject = mergeSubject(request.number, touched);
  const [only, ...others] = request.environments;
  return {
    dialog: {
      kind: 'merge',
      environment: others.length === 0 ? (only ?? '') : '',
      protected: subject.protected,
      typing: subject.protected ? subject.name : null,
      armedAt: state.now + armingTime,
      focus: 'cancel',
      request,
      head: seen.pullRequest.head,
      method: seen.methods[0] ?? 'merge',
      deleteBranch: request.fork === null,
      stage: {at: 'preview'},
    },
  };
}

/** What keeps the merge from being ordered, as it was last seen; null where nothing does. */
export function mergeBlocked(dialog: MergeDialog, seen: PullRequestState | null | undefined): string | null {
  if (!seen) return 'it has not been looked at yet';
  if (seen.pullRequest.state !== 'open') return `it is ${seen.pullRequest.state} already`;
  if (seen.pullRequest.head !== dialog.head)
    return 'it has other commits by now: leave, and look at them first';
  const {verdict, reasons} = seen.mergeability;
  if (verdict === 'blocked') return reasons.join('; ') || 'the forge does not take it now';
  if (verdict === 'checking')
    return reasons.join('; ') || 'the forge is still finding out whether it can be merged';
  return null;
}

/** The dialog after what happened to it. `seen` is the pull request as it was last looked at. */
export function reduceMerge(
  dialog: MergeDialog,
  input: DialogInput,
  now: number,
  seen: PullRequestState | null | undefined,
): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'dialog-focus':
      if (stage.at !== 'preview') return {dialog};
      return {dialog: {...dialog, focus: input.focus ?? (dialog.focus === 'go' ? 'cancel' : 'go')}};
    case 'dialog-toggle':
      if (stage.at !== 'preview' || input.option !== 'delete-branch' || dialog.request.fork !== null)
        return {dialog};
      return {dialog: {...dialog, deleteBranch: !dialog.deleteBranch}};
    case 'dialog-method':
      if (stage.at !== 'preview') return {dialog};
      return {dialog: {...dialog, focus: 'cancel', method: nextMethod(dialog.method, seen?.methods ?? [])}};
    case 'text':
      return {dialog: stage.at === 'typing' ? {...dialog, stage: {...stage, typed: input.text}} : dialog};
    case 'dialog-leave':
      if (stage.at === 'typing') return {dialog: {...dialog, focus: 'cancel', stage: {at: 'preview'}}};
      if (stage.at !== 'running') return {dialog: null};
      return {dialog: {...dialog, stage: {...stage, stopping: true}}, stop: true};
    case 'dialog-press':
      if (stage.at === 'typing')
        return stage.typed === dialog.typing ? run(dialog, {typed: stage.typed}, seen) : {dialog};
      if (stage.at === 'running') return {dialog};
      if (stage.at !== 'preview' || dialog.focus === 'cancel') return {dialog: null};
      if (mergeBlocked(dialog, seen) !== null) return {dialog};
      if (dialog.typing === null) return run(dialog, 'yes', seen);
      return {dialog: {...dialog, stage: {at: 'typing', typed: ''}}};
    case 'dialog-retry':
      if (stage.at !== 'failed') return {dialog};
      return {dialog: {...dialog, focus: 'cancel', armedAt: now + armingTime, stage: {at: 'preview'}}};
    case 'answer':
      if (input.answer.name !== 'mergePullRequest' || stage.at !== 'running') return {dialog};
      return {dialog: {...dialog, stage: {at: 'result', result: input.answer.value}}};
    case 'problem':
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem}}};
    default:
      return {dialog};
  }
}

function run(
  dialog: MergeDialog,
  confirmed: Confirmation,
  seen: PullRequestState | null | undefined,
): DialogOutcome {
  if (mergeBlocked(dialog, seen) !== null)
    return {dialog: {...dialog, focus: 'cancel', stage: {at: 'preview'}}};
  const {request, head, method, deleteBranch} = dialog;
  const order: PullRequestMerge = {number: request.number, head, method, deleteBranch};
  return {
    dialog: {...dialog, stage: {at: 'running', stopping: false}},
    ask: {name: 'mergePullRequest', order, confirmed},
  };
}

function nextMethod(method: MergeMethod, methods: readonly MergeMethod[]): MergeMethod {
  return methods[(methods.indexOf(method) + 1) % Math.max(1, methods.length)] ?? method;
}
