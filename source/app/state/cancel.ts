import {afterFailedInspection, change} from './inspections.ts';
import {takeBack} from './requests.ts';
import {shown} from './screen-kinds.ts';
import {type AppState, environmentNamed} from './state.ts';
import {cancellable, cancelled, type Waiting} from './waiting.ts';

/** The state without the one thing that is waited for in front: what was known before stays. Null where nothing is. */
export function cancelWaiting(state: AppState): AppState | null {
  const waiting = cancellable(state);
  return waiting === undefined ? null : said(withoutAnswer(state, waiting), waiting);
}

function withoutAnswer(state: AppState, {tokens, kind, environment, since}: Waiting): AppState {
  const gone = state.requests.filter(({token}) => tokens.includes(token));
  const left = takeBack(state, ({token}) => tokens.includes(token));
  switch (kind) {
    case 'inspection': {
      const known = environment === undefined ? undefined : environmentNamed(state, environment);
      if (environment === undefined || known === undefined) return left;
      // While changes come by themselves, what is shown is as of now whether it was asked for again or not.
      if (known.followed && known.failure === null && known.report !== null)
        return change(left, environment, {progress: null, early: []});
      return afterFailedInspection(left, environment, cancelled, state.now - since);
    }
    case 'load':
      return state.loaded
        ? left
        : {...left, failure: {...cancelled, message: 'reading the repository was cancelled'}};
    case 'screen':
      return gone.reduce((next, {call}) => {
        const {screen, kind: what} = shown(next);
        return what.failed?.(next, screen, call, cancelled) ?? next;
      }, left);
    default:
      return left;
  }
}

function said(state: AppState, {kind, environment}: Waiting): AppState {
  const what =
    kind === 'fetch'
      ? 'the fetch is cancelled, ctrl-r retries'
      : `${environment === undefined ? '' : `${environment}: `}cancelled, r retries`;
  return {...state, notice: {text: what, tone: 'drift'}};
}
