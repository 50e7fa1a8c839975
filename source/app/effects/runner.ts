import type {Session} from '../session.ts';
import {type CallEvent, describeCall, type Request} from '../state/calls.ts';
import {perform} from './perform.ts';
import {problemOf} from './problem-of.ts';
import type {Store} from './store.ts';

// News of one call is gathered this long, in ms: a thousand verdicts are not a thousand frames.
const gatherTime = 50;
// A held key runs through a list: only what it rests on is asked for; a pull request's commits come from the remote.
const restTimes: Partial<Record<Request['call']['name'], number>> = {
  commitDetail: 80,
  revisionNotes: 80,
  pullRequestChange: 300,
};

interface Running {
  readonly controller: AbortController;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps what is asked of the session equal to the requests of the state: new ones are asked, those taken back are
 * aborted, those to be stopped are told so. Gives the function that ends all.
 */
export function runRequests(store: Store, session: Session): () => void {
  const running = new Map<number, Running>();

  const sync = () => {
    const {requests} = store.state();
    const asked = new Set(requests.map(({token}) => token));
    for (const [token, {controller, timer}] of running) {
      if (asked.has(token)) continue;
      running.delete(token);
      clearTimeout(timer);
      controller.abort();
    }
    for (const request of requests) {
      const known = running.get(request.token);
      if (known === undefined) start(request);
      else if (request.stopping && !known.controller.signal.aborted) known.controller.abort();
    }
  };

  const start = (request: Request) => {
    const entry: Running = {controller: new AbortController(), timer: undefined};
    running.set(request.token, entry);
    const go = () => void settle(request, entry.controller.signal);
    const restTime = restTimes[request.call.name];
    if (restTime !== undefined) entry.timer = setTimeout(go, restTime);
    else go();
  };

  const settle = async ({token, call}: Request, signal: AbortSignal) => {
    const news = gather(events => store.dispatch({type: 'news', token, events}));
    try {
      const answer = await session.within(describeCall(call), () =>
        perform(session, call, signal, event => news.add(event)),
      );
      news.flush();
      running.delete(token);
      store.dispatch({type: 'answered', token, answer});
    } catch (error) {
      news.flush();
      running.delete(token);
      store.dispatch({type: 'failed', token, problem: problemOf(error)});
    }
  };

  const unsubscribe = store.subscribe(sync);
  sync();
  return () => {
    unsubscribe();
    for (const {controller, timer} of running.values()) {
      clearTimeout(timer);
      controller.abort();
    }
    running.clear();
  };
}

function gather(send: (events: readonly CallEvent[]) => void) {
  let events: CallEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (events.length === 0) return;
    const gathered = events;
    events = [];
    send(gathered);
  };
  return {
    add(event: CallEvent) {
      events.push(event);
      timer ??= setTimeout(flush, gatherTime);
    },
    flush,
  };
}
