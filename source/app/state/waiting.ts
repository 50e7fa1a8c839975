import type {Problem} from '../../resources/problem.ts';
import {type Call, changesTheWorld, type Request} from './calls.ts';
import {type AppState, currentEnvironment, currentScreen} from './state.ts';

/** What takes less, in ms, shows no sign of waiting: nothing flickers. */
export const shownAfter = 300;
/** From here on, in ms, one wants to know how long: a count, else the seconds so far. */
export const countedAfter = 3000;

/** Something that the user can see being waited for. */
export interface Waiting {
  readonly tokens: readonly number[];
  /** In ms. */
  readonly since: number;
  /** `change` can't be cancelled, only stopped: by its own key, in its own place. */
  readonly kind: 'dialog' | 'screen' | 'fetch' | 'inspection' | 'load' | 'change';
  /** Its environment, for an inspection. */
  readonly environment?: string;
}

/** What is asked on the side, or fills in by itself. */
const unseen: ReadonlySet<Call['name']> = new Set([
  'history',
  'forgeRules',
  'pullRequest',
  'revisionNotes',
  'commitPullRequest',
  // These go on for as long as they are looked at.
  'followEvents',
  'followLogs',
]);

/** What is waited for, in the order in which it is cancelled: what is in front first, of inspections the chosen one's. */
export function waitings(state: AppState): readonly Waiting[] {
  const seen = state.requests.filter(
    ({call}) => !(call.name === 'inspect' && call.quiet) && !unseen.has(call.name),
  );
  const chosen = currentEnvironment(state)?.environment.name;
  const all = Map.groupBy(seen, groupOf);
  const found = [...all].map(([key, requests]): Waiting => {
    const [first] = requests;
    const kind = first === undefined ? 'load' : kindOf(first);
    return {
      tokens: requests.map(({token}) => token),
      since: Math.min(...requests.map(({askedAt}) => askedAt)),
      kind,
      ...(kind === 'inspection' ? {environment: key} : {}),
    };
  });
  return found.sort(
    (a, b) =>
      order.indexOf(a.kind) - order.indexOf(b.kind) ||
      Number(b.environment === chosen) - Number(a.environment === chosen) ||
      a.since - b.since,
  );
}

const order: readonly Waiting['kind'][] = ['dialog', 'screen', 'fetch', 'inspection', 'load', 'change'];

function kindOf({call, owner}: Request): Waiting['kind'] {
  if (changesTheWorld(call)) return 'change';
  if (owner === 'dialog' || owner === 'screen') return owner;
  if (call.name === 'fetch' || call.name === 'load') return call.name;
  return call.name === 'inspect' ? 'inspection' : 'screen';
}

// What a screen or a dialog asks is one thing, however many questions it takes.
function groupOf(request: Request): string {
  return request.call.name === 'inspect' ? request.call.environment : kindOf(request);
}

/** Since when something that the user should see moving is waited for, in ms; null while nothing is. */
export function busySince(state: AppState): number | null {
  if (state.session === null) return state.startedAt;
  const all = waitings(state).map(({since}) => since);
  return all.length === 0 ? null : Math.min(...all);
}

/** True where a wait is long enough to be shown. */
export function isShown(since: number, now: number): boolean {
  return now - since >= shownAfter;
}

/** True where a wait is long enough to be counted. */
export function isCounted(since: number, now: number): boolean {
  return now - since >= countedAfter;
}

/** What `esc` cancels now; undefined where it does not: nothing that it can cancel has been waited for long enough to be seen. */
export function cancellable(state: AppState): Waiting | undefined {
  const isSeen = ({environment}: Waiting) => {
    const screen = currentScreen(state);
    return environment === undefined || screen.id === 'overview' || screen.environment === environment;
  };
  return waitings(state).find(
    waiting =>
      waiting.kind !== 'change' &&
      waiting.kind !== 'dialog' &&
      isShown(waiting.since, state.now) &&
      isSeen(waiting),
  );
}

/** Why there is no answer where the user wanted none any more. It is asked for again by `r` only. */
export const cancelled: Problem = {severity: 'warning', message: 'cancelled', fix: 'r retries'};
