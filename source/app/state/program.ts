import type {Problem} from '../../resources/problem.ts';
import type {ProgramOrder, ProgramResult} from '../session.ts';
import type {Call} from './calls.ts';
import {inspect} from './inspections.ts';
import {ask, takeBack} from './requests.ts';
import type {AppState} from './state.ts';

/** The program of the user's own that ran last, and what became of it; null while it runs. */
export interface ProgramOutput {
  readonly order: ProgramOrder;
  readonly ended: ProgramResult | Problem | null;
}

type RunCall = Extract<Call, {name: 'runProgram'}>;

/** The state in which a program runs beside the app. One for the pager is waited for in front of it. */
export function startProgram(state: AppState, call: RunCall): AppState {
  const {order} = call;
  const asked = ask({...state, program: {order, ended: null}}, 'app', call);
  if (order.in === 'pager') return {...asked, overlay: {id: 'output', top: 0}};
  return {...asked, notice: {text: `${order.name}: runs beside; its end will be told`, tone: 'good'}};
}

/** The state after a program has ended, or could not run. Whatever it did, what it was about is looked at again. */
export function afterProgram(state: AppState, {order}: RunCall, ended: ProgramResult | Problem): AppState {
  const shown: AppState = {...state, program: {order, ended}};
  const isWell = 'exitCode' in ended && ended.exitCode === 0;
  const isQuiet = 'exitCode' in ended && `${ended.stdout}${ended.stderr}`.trim() === '';
  const text = isWell ? `${order.name}: done` : `${order.name}: ${endWords(ended)}`;
  const told: AppState = {...shown, notice: {text, tone: isWell ? 'good' : 'bad'}};
  // Nothing comes in front of what somebody is about to do.
  const isFree = state.overlay === null && state.dialog === null && state.palette === null;
  const opened: AppState = isFree && !(isWell && isQuiet) ? {...told, overlay: {id: 'output', top: 0}} : told;
  return order.changes && order.environment !== null ? inspect(opened, order.environment, false) : opened;
}

/** The state after the output was left: nobody waits for a program whose pager is gone, so it is ended. */
export function leaveOutput(state: AppState): AppState {
  return takeBack(
    state,
    ({call}) => call.name === 'runProgram' && call.order.in === 'pager' && !call.order.changes,
  );
}

/** How a program ended, in words. */
export function endWords(ended: ProgramResult | Problem): string {
  return 'exitCode' in ended ? `ended with ${ended.exitCode}` : ended.message;
}
