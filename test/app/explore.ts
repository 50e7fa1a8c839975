// Walks through the app by its command table: from each kind of state that is found, every command is run as a key, the
// palette, the mouse or line mode would run it, and every answer that is asked for is given. Pure but for the session.
import {perform} from '../../source/app/effects/perform.ts';
import {problemOf} from '../../source/app/effects/problem-of.ts';
import {type Arguments, candidatesOf} from '../../source/app/keys/arguments.ts';
import {type Command, placeOf, textField} from '../../source/app/keys/command.ts';
import {dispatch} from '../../source/app/keys/dispatch.ts';
import {keymapOf} from '../../source/app/keys/keymap.ts';
import {type Dispatched, runCommand} from '../../source/app/keys/run-command.ts';
import type {PullRequestSeen, Session} from '../../source/app/session.ts';
import type {Action} from '../../source/app/state/actions.ts';
import type {Call} from '../../source/app/state/calls.ts';
import {blockedBecause} from '../../source/app/state/dialogs/dialog.ts';
import {reduce} from '../../source/app/state/reduce.ts';
import {followedRequest} from '../../source/app/state/screens/pull-requests-screen.ts';
import {
  type AppState,
  currentEnvironment,
  currentScreen,
  initialState,
} from '../../source/app/state/state.ts';
import type {Preferences} from '../../source/preferences/types.ts';
import {noon} from './fake-data.ts';

/** Something that was done in a state, and what came of it. */
export interface Tried {
  readonly state: AppState;
  /** The command's id, or the keys. */
  readonly what: string;
  readonly dispatched: Dispatched;
  readonly next: AppState;
  /** What was asked of the session on the way to `next`. */
  readonly calls: readonly Call[];
}

export interface Exploration {
  readonly states: readonly AppState[];
  readonly tried: readonly Tried[];
}

/** What makes two states the same for a key: where they are, and how far. */
export function kindOf(state: AppState): string {
  const screen = currentScreen(state);
  const {dialog, overlay, palette} = state;
  if (state.exit !== null) return 'over';
  // What is behind what has the keys matters less.
  if (palette !== null)
    return `palette ${progressOf(palette.input.text, '')} at ${placeOf(state)} ${screen.id}`;
  if (overlay !== null) return `${overlay.id} at ${screen.id} ${dialog?.kind ?? ''}`;
  const text = textField(state);
  const typing = text === null ? '' : `, ${text.name} ${progressOf(text.text, wantedName(state))}`;
  if (dialog !== null) {
    const via = 'via' in dialog ? ` by ${dialog.via}` : '';
    const isBlocked = blockedBecause(dialog) === null ? '' : ' blocked';
    const what = dialog.kind === 'program' ? dialog.order.name : dialog.kind;
    return `${what} of ${dialog.environment} ${dialog.stage.at}, ${dialog.focus}${via}${isBlocked}${typing}`;
  }
  const row =
    screen.id === 'environment' ? `${screen.pane} ${screen.list.key?.slice(0, 2)} ${screen.marked.size}` : '';
  return `${screen.id} of ${currentEnvironment(state)?.environment.name} ${row}${typing}`;
}

/** How far what is typed is: everything wrong is alike. */
function progressOf(text: string, wanted: string): string {
  if (text === '') return 'empty';
  return text === wanted ? 'right' : 'wrong';
}

/** The name that the open dialog wants typed. */
function wantedName({dialog}: AppState): string {
  return dialog?.kind === 'merge' ? (dialog.typing ?? '') : (dialog?.environment ?? '');
}

/** Explores the app on a session, `limit` kinds of states at most. */
export async function explore(
  session: Session,
  options: {readOnly?: boolean; preferences?: Preferences; limit?: number} = {},
): Promise<Exploration> {
  const {readOnly = false, preferences, limit = 4000} = options;
  const fresh = initialState({
    size: {columns: 100, rows: 30},
    readOnly,
    now: noon,
    ...(preferences === undefined ? {} : {preferences}),
  });
  const opened = reduce(fresh, {type: 'opened', session}, noon);
  const states: AppState[] = [fresh];
  const tried: Tried[] = [];
  const known = new Set([kindOf(fresh)]);
  const queue = [fresh, (await answered(session, opened)).state];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    if (state !== fresh) states.push(state);
    if (state.exit !== null) continue;
    for (const {what, dispatched} of possible(state)) {
      const after = await follow(session, state, dispatched.actions);
      tried.push({state, what, dispatched, next: after.state, calls: after.calls});
      const kind = kindOf(after.state);
      if (known.has(kind) || known.size >= limit) continue;
      known.add(kind);
      queue.push(after.state);
    }
  }
  return {states, tried};
}

/** All that can be done in a state: its place's commands by their ids, and its keys. */
export function possible(state: AppState): {what: string; dispatched: Dispatched}[] {
  const now = state.now + 1000;
  const {commands} = keymapOf(state.preferences);
  const place = placeOf(state);
  const here = commands.filter(({places}) => places.includes(place));
  const byKey = new Set([...here.flatMap(({keys}) => keys), 'enter', 'esc', 'x', 'Z']);
  return [
    ...here.flatMap(command =>
      argumentsOf(state, command).map(args => ({
        what: `${command.id} ${Object.values(args).join(' ')}`.trim(),
        dispatched: runCommand(state, command, command.id, now, args),
      })),
    ),
    ...[...byKey].map(key => ({what: `key ${key}`, dispatched: dispatch(state, key, now)})),
    ...typings(state).map(({what, action}) => ({what, dispatched: {actions: [action], outside: null}})),
  ];
}

function argumentsOf(state: AppState, command: Command): Arguments[] {
  const [argument] = command.args ?? [];
  if (argument === undefined) return [{}];
  const known = candidatesOf(state, argument).map(({value}) => value);
  return [{}, ...[...known.slice(0, 2), 'no such thing'].map(value => ({[argument.name]: value}))];
}

/** In a text field: what is right, and what is nearly. */
function typings(state: AppState): {what: string; action: Action}[] {
  const field = textField(state);
  if (field === null) return [];
  const name = wantedName(state);
  return [name, name.slice(0, -1), 'x']
    .filter(text => text !== field.text)
    .map(text => ({what: `type ${text}`, action: {type: 'text', text}}));
}

/** The state after actions, a second later, and after the answers to what they asked. */
export async function follow(
  session: Session,
  state: AppState,
  actions: readonly Action[],
): Promise<{state: AppState; calls: Call[]}> {
  return answered(
    session,
    actions.reduce((next, action) => reduce(next, action, state.now + 1000), state),
  );
}

async function answered(session: Session, from: AppState): Promise<{state: AppState; calls: Call[]}> {
  let state = from;
  const calls: Call[] = [];
  for (let request = state.requests[0]; request !== undefined; request = state.requests[0]) {
    const {token, call} = request;
    calls.push(call);
    const signal = new AbortController().signal;
    try {
      const answer = await perform(session, call, signal, event => {
        state = reduce(state, {type: 'news', token, events: [event]}, state.now);
      });
      state = reduce(state, {type: 'answered', token, answer}, state.now);
    } catch (error) {
      state = reduce(state, {type: 'failed', token, problem: problemOf(error)}, state.now);
    }
  }
  // The pull request that is followed is told of by itself.
  const followed = followedRequest(state);
  if (followed !== null && !state.seen.has(followed.number)) {
    const {number} = followed;
    const looked = new AbortController();
    const seen = await new Promise<PullRequestSeen>((resolve, reject) => {
      session.followPullRequest(number, looked.signal, resolve).catch(reject);
    });
    looked.abort();
    state = reduce(state, {type: 'pull-request-seen', number, seen}, state.now);
    if (state.requests.length > 0) {
      const more = await answered(session, state);
      return {state: more.state, calls: [...calls, ...more.calls]};
    }
  }
  return {state, calls};
}
