import type {LooksSession} from '../app/session.ts';
import {followEvents} from '../looks/events.ts';
import {tellField} from '../looks/field.ts';
import {earlierLogs, followLogs} from '../looks/logs.ts';
import type {Workshop} from './parts.ts';

/** Looking closer at what runs: what happens to it, what it says, and who set a field of it. */
export function looksPart(shop: Workshop): LooksSession {
  const clusterOf = (name: string) => shop.connect(shop.environment(name));
  return {
    followEvents: async (name, target, signal, onSeen) =>
      followEvents(clusterOf(name), target, signal, onSeen),
    async followLogs(name, query, signal, onNews) {
      // A log may quote what git's Secrets hold.
      await shop.learnSecrets(name, signal);
      await followLogs(clusterOf(name), query, signal, onNews);
    },
    earlierLogs: async (name, question, signal) => earlierLogs(clusterOf(name), question, signal),
    async fieldDetail(name, question, signal, onNews) {
      const environment = shop.environment(name);
      const world = {
        environment,
        repository: shop.repository(),
        renderings: shop.renderings,
        worktree: shop.worktree,
        mask: shop.mask,
        connect: () => shop.connect(environment),
      };
      await tellField(question, world, signal, onNews);
    },
  };
}
