import {type Call, changesTheWorld, describeCall, type Owner, type Request} from './calls.ts';
import type {AppState, CallRecord} from './state.ts';

// The list of calls is for looking up what just happened, not a log for ever.
const keptCalls = 200;

/** The state with one more question; the answer will carry its token. */
export function ask(state: AppState, owner: Owner, call: Call): AppState {
  const token = state.nextToken;
  const request: Request = {token, owner, call, askedAt: state.now, stopping: false};
  const record: CallRecord = {
    token,
    what: describeCall(call),
    startedAt: state.now,
    endedAt: null,
    outcome: 'running',
  };
  return {
    ...state,
    nextToken: token + 1,
    requests: [...state.requests, request],
    calls: [...state.calls, record].slice(-keptCalls),
  };
}

/** The state without the questions that match: the effects abort them, their answers come too late. */
export function takeBack(state: AppState, matches: (request: Request) => boolean): AppState {
  const gone = state.requests.filter(matches);
  if (gone.length === 0) return state;
  const tokens = new Set(gone.map(({token}) => token));
  return {
    ...state,
    requests: state.requests.filter(({token}) => !tokens.has(token)),
    calls: state.calls.map(record =>
      tokens.has(record.token) ? {...record, endedAt: state.now, outcome: 'dropped'} : record,
    ),
  };
}

/** Asks the running change to stop: its request stays, because what it did so far will be told. */
export function stopChanges(state: AppState): AppState {
  return {
    ...state,
    requests: state.requests.map(request =>
      changesTheWorld(request.call) ? {...request, stopping: true} : request,
    ),
  };
}

/** Takes a settled request out; undefined where it was taken back before: its answer is late. */
export function settleRequest(
  state: AppState,
  token: number,
  outcome: 'ok' | 'failed',
): {state: AppState; request: Request; tookMs: number} | undefined {
  const request = state.requests.find(known => known.token === token);
  if (request === undefined) return undefined;
  return {
    request,
    tookMs: state.now - request.askedAt,
    state: {
      ...state,
      requests: state.requests.filter(known => known !== request),
      calls: state.calls.map(known =>
        known.token === token ? {...known, endedAt: state.now, outcome} : known,
      ),
    },
  };
}

/** True while such a call waits for its answer. */
export function isWaiting(state: AppState, matches: (call: Call) => boolean): boolean {
  return state.requests.some(({call}) => matches(call));
}
