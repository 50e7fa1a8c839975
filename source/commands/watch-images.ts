import {setTimeout as sleep} from 'node:timers/promises';
import type {ImageReport, Session} from '../app/session.ts';
import {plainLine} from '../text/plain.ts';
import {print} from './common.ts';

/** How often registries are asked: between four and six minutes, so that many who watch don't ask at once. */
export function watchPause(random: () => number = Math.random): number {
  return (4 + 2 * random()) * 60_000;
}

/**
 * Asks again and again until the signal, and prints what is there at first and whenever it has changed. What fails is told
 * and tried again the next time. Gives 0.
 */
export async function watchImages(
  session: Pick<Session, 'imageUpdates'>,
  environment: string,
  text: (report: ImageReport) => string,
  signal: AbortSignal,
  pause: (signal: AbortSignal) => Promise<void> = signal => sleep(watchPause(), undefined, {signal}),
): Promise<number> {
  let before = '';
  while (!signal.aborted) {
    try {
      const now = text(await session.imageUpdates(environment, signal, () => {}, {fresh: true}));
      if (now !== before) await print(now);
      before = now;
    } catch (error) {
      if (signal.aborted) break;
      process.stderr.write(`${plainLine(error instanceof Error ? error.message : String(error))}\n`);
    }
    // The signal ends the pause.
    await pause(signal).catch(() => {});
  }
  return 0;
}
