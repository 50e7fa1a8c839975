import type {ChangeRequest, ProgramOrder} from '../../session.ts';
import {type Answer, type Call, type CallEvent, changesTheWorld} from '../calls.ts';
import {dialogSteps} from '../layout.ts';
import {startProgram} from '../program.ts';
import {ask, stopChanges, takeBack} from '../requests.ts';
import {chosenRow, markedKeys} from '../screens/environment-screen.ts';
import {chosenRequest} from '../screens/pull-requests-screen.ts';
import {chosenRevision} from '../screens/revisions-screen.ts';
import {beginSync, showSync, startSync} from '../screens/sync-screen.ts';
import {type AppState, currentEnvironment, currentScreen, environmentNamed, resourcesOf} from '../state.ts';
import {openBaseline, reduceBaseline} from './baseline-dialog.ts';
import {openChange, reduceChange} from './change-dialog.ts';
import {openContext, reduceContext} from './context-dialog.ts';
import type {Dialog, DialogInput, DialogOutcome} from './dialog.ts';
import {openEditRequest, reduceEditRequest} from './edit-request-dialog.ts';
import {openMerge, reduceMerge} from './merge-dialog.ts';
import {openProgram, reduceProgram} from './program-dialog.ts';
import {openPullRequest, reducePullRequest} from './pull-request-dialog.ts';
import {isOver, openReveal, reduceReveal, revealable} from './reveal-dialog.ts';
import {openSync, reduceSync} from './sync-dialog.ts';
import {endQueue, marksToSync, nextOfQueue, withBegun} from './sync-queue.ts';

/** Opens a dialog for the environment of the screen. Only one is open at a time. */
export function openDialog(
  state: AppState,
  kind:
    | 'open-sync'
    | 'open-revert'
    | 'open-baseline'
    | 'open-to-baseline'
    | 'open-pull-request'
    | 'open-context'
    | 'open-reveal',
): AppState {
  const known = currentEnvironment(state);
  if (known === undefined || state.dialog !== null) return state;
  const {environment} = known;
  if (kind === 'open-context') return follow(state, openContext(environment, state.readOnly, state.now));
  const screen = currentScreen(state);
  if (kind === 'open-reveal') {
    const what = screen.id === 'environment' ? revealable(chosenRow(state, screen)) : '';
    return typeof what === 'string'
      ? state
      : follow(state, openReveal(known, what, state.now, dialogSteps(state)));
  }
  if (kind === 'open-sync') {
    if (screen.id === 'overview' && screen.marked.size > 0) return openQueue(state);
    // One sync of an environment at a time: the one that runs is shown.
    if (state.syncs.get(environment.name)?.end === null) return showSync(state, environment.name);
    const only =
      screen.id === 'environment'
        ? markedKeys(screen, resourcesOf(known))
        : screen.id === 'sync'
          ? (state.syncs.get(environment.name)?.plan.options.only ?? null)
          : null;
    return follow(state, openSync(environment, only, state.now));
  }
  if (kind === 'open-pull-request') return follow(state, openPullRequest(environment, state.now));
  if (kind === 'open-to-baseline') {
    const back = {kind: 'revert', environment: environment.name, target: null, mode: 'restore'} as const;
    return openChangeDialog(state, back, 'the last revision that was marked as known good');
  }
  const revision = screen.id === 'revisions' ? chosenRevision(screen) : undefined;
  if (revision === undefined) return state;
  if (kind === 'open-baseline') return follow(state, openBaseline(environment, revision, state.now));
  const request = {
    kind: 'revert',
    environment: environment.name,
    target: revision.sha,
    mode: 'restore',
  } as const;
  return openChangeDialog(state, request, revision.subject);
}

/** Opens the dialog of the first marked environment; the others' follow, one after the other. */
function openQueue(state: AppState): AppState {
  const names = marksToSync(state);
  return nextDialog({...state, queue: {left: names, all: names.length, begun: 0}});
}

function nextDialog(state: AppState): AppState {
  const next = nextOfQueue(state);
  const known = next === null ? undefined : environmentNamed(next.state, next.name);
  if (next === null || known === undefined) return endQueue(state, null);
  return follow(next.state, openSync(known.environment, null, state.now));
}

/** After one dialog of the queue: where its sync was begun comes the next one, where it was left the queue ends. */
function followQueue(state: AppState, environment: string, {ask: asked}: DialogOutcome): AppState {
  if (asked?.name !== 'sync') return endQueue(state, environment);
  return nextDialog(withBegun(beginSync(state, asked), environment));
}

/** Opens the dialog of a change of git; `about` is what it is about, until its plan says more. */
export function openChangeDialog(state: AppState, request: ChangeRequest, about: string): AppState {
  const known = environmentNamed(state, request.environment);
  if (known === undefined || state.dialog !== null) return state;
  return follow(state, openChange(known.environment, request, about, state.now));
}

/** Opens the dialog that merges or edits the chosen pull request. */
export function openRequestDialog(state: AppState, kind: 'merge' | 'edit'): AppState {
  const screen = currentScreen(state);
  const chosen = screen.id === 'pull-requests' ? chosenRequest(state, screen) : undefined;
  return chosen === undefined || state.dialog !== null
    ? state
    : follow(state, kind === 'merge' ? openMerge(state, chosen) : openEditRequest(chosen, state.now));
}

/** Opens the dialog that shows what a command of the user's own would run. */
export function openProgramDialog(state: AppState, order: ProgramOrder): AppState {
  if (state.dialog !== null) return state;
  const known = order.environment === null ? undefined : environmentNamed(state, order.environment);
  return follow(state, openProgram(order, known?.environment.protected ?? false, state.now));
}

/** Gives the open dialog what happened to it. */
export function feedDialog(state: AppState, input: DialogInput): AppState {
  return state.dialog === null ? state : follow(state, reduceDialog(state, state.dialog, input));
}

/** Hides a secret value that was shown long enough. */
export function hideWhenOver(state: AppState): AppState {
  const isDone = state.dialog?.kind === 'reveal' && isOver(state.dialog, state.now);
  return isDone ? follow(state, {dialog: null}) : state;
}

/** Hides a secret value of an environment that has moved on: it may be another by now. */
export function hideWhenMoved(state: AppState, environment: string): AppState {
  const isOld = state.dialog?.kind === 'reveal' && state.dialog.environment === environment;
  return isOld ? follow(state, {dialog: null}) : state;
}

/** Gives the open dialog the answer to its call. */
export function withDialogAnswer(state: AppState, answer: Answer): AppState {
  return feedDialog(state, {type: 'answer', answer});
}

/** Gives the open dialog the failure of its call. */
export function withDialogProblem(
  state: AppState,
  problem: Extract<DialogInput, {type: 'problem'}>['problem'],
  call: Call,
): AppState {
  return feedDialog(state, {type: 'problem', problem, call});
}

/** Gives the open dialog what its running change tells. */
export function withDialogNews(state: AppState, events: readonly CallEvent[]): AppState {
  return events.reduce((next, event) => feedDialog(next, {type: 'news', event}), state);
}

function reduceDialog(state: AppState, dialog: Dialog, input: DialogInput): DialogOutcome {
  switch (dialog.kind) {
    case 'sync':
      return reduceSync(dialog, input, state.now);
    case 'context':
      return reduceContext(dialog, input, state.now, dialogSteps(state));
    case 'edit-request':
      return reduceEditRequest(dialog, input, state.now);
    case 'program':
      return reduceProgram(dialog, input);
    case 'merge':
      return reduceMerge(dialog, input, state.now, state.seen.get(dialog.request.number)?.state);
    case 'reveal':
      return reduceReveal(dialog, input, state.now, dialogSteps(state));
    case 'baseline':
      return reduceBaseline(dialog, input, state.now);
    case 'change':
      return reduceChange(dialog, input, state.now);
    case 'pull-request':
      return reducePullRequest(dialog, input, state.now);
  }
}

/** Dialogs that lead to a change of what others see. */
const changing: readonly Dialog['kind'][] = [
  'sync',
  'change',
  'pull-request',
  'edit-request',
  'merge',
  'baseline',
];

function leadsToChange(dialog: Dialog): boolean {
  return dialog.kind === 'program' ? dialog.order.changes : changing.includes(dialog.kind);
}

function follow(state: AppState, outcome: DialogOutcome): AppState {
  // The dispatcher refuses the keys that lead here; whatever else comes, no change begins in a read-only session.
  const opens = state.dialog === null && outcome.dialog !== null && leadsToChange(outcome.dialog);
  if (state.readOnly && (opens || (outcome.ask !== undefined && changesTheWorld(outcome.ask))))
    return {...state, notice: {text: 'this session is read-only (--read-only)', tone: 'drift'}};
  const isSame = outcome.dialog?.stage.at === state.dialog?.stage.at;
  let next: AppState = {...state, dialog: outcome.dialog, dialogTop: isSame ? state.dialogTop : 0};
  // A closed dialog waits for nothing, and a new question replaces the one before.
  if (outcome.dialog === null || outcome.ask !== undefined)
    next = takeBack(next, ({owner}) => owner === 'dialog');
  if (state.queue !== null && state.dialog?.kind === 'sync' && outcome.dialog === null)
    return followQueue(next, state.dialog.environment, outcome);
  if (outcome.ask?.name === 'sync') return startSync(next, outcome.ask);
  if (outcome.ask?.name === 'runProgram') return startProgram(next, outcome.ask);
  if (outcome.ask !== undefined) next = ask(next, 'dialog', outcome.ask);
  return outcome.stop === true ? stopChanges(next) : next;
}
