import type {ChangeSession} from '../app/session.ts';
import {planChange} from '../environments/change.ts';
import {makeChange} from '../environments/make-change.ts';
import {openPullRequest, planPullRequest} from '../environments/pull-request.ts';
import type {Workshop} from './parts.ts';

/** Changes of git: planned, then made with a permit; and pull requests of commits that are there. */
export function changesPart(shop: Workshop): ChangeSession {
  return {
    async planChange(request, signal) {
      await shop.learnSecrets(request.environment, signal);
      return planChange(shop.changes(), request, signal);
    },
    async makeChange(preview, order, confirmed, signal) {
      const environment = shop.environment(preview.request.environment);
      const allowed = shop.permit(order.via, environment, confirmed);
      return makeChange(shop.changes(), preview, order, allowed, signal);
    },
    async planPullRequest(name, signal) {
      await shop.learnSecrets(name, signal);
      return planPullRequest(shop.changes(), name, signal);
    },
    async openPullRequest(preview, order, confirmed, signal) {
      const allowed = shop.permit('pull-request', shop.environment(preview.environment), confirmed);
      return openPullRequest(shop.changes(), preview, order, allowed, signal);
    },
  };
}
