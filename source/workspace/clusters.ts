import type {ClusterSession} from '../app/session.ts';
import {failedReport} from '../engines/failed-report.ts';
import {keepHeapTight} from '../process/heap.ts';
import type {Workshop} from './parts.ts';

/** What runs: compared, followed, and brought to what git says. */
export function clustersPart(shop: Workshop): ClusterSession {
  const engineOf = (name: string) => shop.engine(shop.environment(name));
  return {
    async inspect(name, signal, onEvent) {
      const environment = shop.environment(name);
      try {
        const report = await shop.engine(environment).inspect(signal, onEvent);
        shop.reports.set(name, report);
        // The first ones need room to grow; from then on most of what is new is garbage.
        keepHeapTight();
        return report;
      } catch (error) {
        signal.throwIfAborted();
        // One environment's trouble (an engine that isn't supported, git failing) is that environment's own.
        return failedReport(environment, error);
      }
    },
    async findLiveRevision(name, signal, limitMs) {
      const report = await engineOf(name).findLiveRevision(signal, limitMs);
      shop.reports.set(name, report);
      return report;
    },
    follow: async (name, signal, onEvent) =>
      engineOf(name).follow(signal, event => {
        if (event.type === 'report') shop.reports.set(name, event.report);
        onEvent(event);
      }),
    history: async (name, signal) => engineOf(name).history(signal),
    planSync: async (name, options, signal) => engineOf(name).plan(options, signal),
    async sync(plan, confirmed, signal, onEvent, options = {}) {
      const environment = shop.environment(plan.environment);
      const allowed = shop.permit('sync', environment, confirmed);
      return shop.engine(environment).sync(plan, allowed, signal, onEvent, options);
    },
  };
}
