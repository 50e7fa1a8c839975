import type {ChangeSession} from '../app/session.ts';
import {makeChange} from '../changes/make.ts';
import {planChange} from '../changes/plan.ts';
import {openPullRequest, planPullRequest} from '../changes/pull-request.ts';
import {subjectOf} from '../changes/route.ts';
import {branchOf} from '../environments/branch.ts';
import type {Workshop} from './parts.ts';

/** Changes of git: planned, then made with a permit; and pull requests of commits that are there. */
export function changesPart(shop: Workshop): ChangeSession {
  return {
    async planChange(request, signal) {
      await shop.learnSecrets(request.environment, signal);
      return planChange(shop.changes(), request, signal);
    },
    async makeChange(preview, order, confirmed, signal) {
      const context = shop.changes();
      const environment = shop.environment(preview.request.environment);
      const {branch} = preview.plan;
      const local = await branchOf(context.repository, environment, signal);
      const remote = await context.repository.remote(local, signal);
      const standing =
        remote === null || order.via !== 'push'
          ? null
          : await context.standings.of(context.repository, remote, branch, signal);
      const allowed = shop.permit(order.via, subjectOf(environment, standing), confirmed);
      return makeChange(context, preview, order, allowed, signal);
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
