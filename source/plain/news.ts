import type {AppState} from '../app/state/state.ts';

/** The environments whose comparison has ended since the last look; one that was taken back, or asked by the clock, is no news. */
export function createNews(): (state: AppState) => string[] {
  let running = new Map<number, string>();
  return state => {
    const now = new Map<number, string>();
    for (const {token, call} of state.requests)
      if (call.name === 'inspect' && !call.quiet) now.set(token, call.environment);
    const ended = [...running].filter(([token]) => {
      const outcome = now.has(token) ? 'running' : state.calls.find(call => call.token === token)?.outcome;
      return outcome === 'ok' || outcome === 'failed';
    });
    running = now;
    return ended.map(([, environment]) => environment);
  };
}
