import type {Environment} from '../../environments/types.ts';
import type {Session} from '../session.ts';
import type {AppState} from '../state/state.ts';
import type {Store} from './store.ts';

interface Running {
  readonly environment: Environment;
  readonly controller: AbortController;
}

/**
 * Follows every environment once its first report is there, so that changes come by themselves, and the repository.
 * Gives the function that ends all.
 */
export function runFollows(store: Store, session: Session): () => void {
  const running = new Map<string, Running>();
  const whole = new AbortController();

  const start = (environment: Environment) => {
    const {name} = environment;
    const controller = new AbortController();
    running.set(name, {environment, controller});
    const {signal} = controller;
    // One that can't be followed is polled as before.
    const ended = () => {
      if (!signal.aborted) store.dispatch({type: 'followed', environment: name, event: {type: 'ended'}});
    };
    session
      .within(`follow ${name}`, () =>
        session.follow(name, signal, event => {
          if (!signal.aborted) store.dispatch({type: 'followed', environment: name, event});
        }),
      )
      .then(ended, ended);
  };

  const sync = () => {
    const wanted = followable(store.state());
    for (const [name, {environment, controller}] of running) {
      if (wanted.includes(environment)) continue;
      running.delete(name);
      controller.abort();
    }
    for (const environment of wanted) if (!running.has(environment.name)) start(environment);
  };

  const unsubscribe = store.subscribe(sync);
  sync();
  session
    .within('follow the repository', () =>
      session.followRepository(whole.signal, repository => {
        if (!whole.signal.aborted) store.dispatch({type: 'repository', repository});
      }),
    )
    // The header then shows what it was at the last load or fetch.
    .catch(() => {});
  return () => {
    unsubscribe();
    whole.abort();
    for (const {controller} of running.values()) controller.abort();
  };
}

/** The environments to follow. A load gives new ones: what it changed of them is followed anew. */
function followable({environments, exit}: AppState): readonly Environment[] {
  if (exit !== null) return [];
  return environments
    .filter(({environment, report}) => environment.context !== null && report !== null)
    .map(({environment}) => environment);
}
