import type {PullRequestSession} from '../app/session.ts';
import {mergeable, mergePullRequest, updatePullRequest} from '../changes/merge.ts';
import {forgeFor, openPullRequests, touchedBy} from '../changes/open-pull-requests.ts';
import {pullRequestChange} from '../changes/pull-request-change.ts';
import type {EnvironmentRule} from '../changes/pull-request-types.ts';
import {mergeSubject} from '../engines/permission.ts';
import {branchOf} from '../environments/branch.ts';
import {followPullRequest} from '../forges/follow.ts';
import {effectsPart} from './effects.ts';
import type {Workshop} from './parts.ts';

/** Pull requests: listed, looked at, followed, changed, merged with a permit; and what the forge says of pushes. */
export function pullRequestsPart(shop: Workshop): PullRequestSession {
  const {effect} = effectsPart(shop);
  return {
    pullRequests: (environment, signal) => openPullRequests(shop.changes(), environment, signal),

    async pullRequest(number, signal) {
      const {forge} = await forgeFor(shop.changes(), signal);
      return forge.state(number, signal);
    },

    async followPullRequest(number, signal, onSeen) {
      const {forge} = await forgeFor(shop.changes(), signal);
      for await (const seen of followPullRequest(forge, number, {signal})) {
        if (signal.aborted) return;
        if (seen.error === null) onSeen({state: seen.state, error: null, retryAt: null});
        else onSeen({state: seen.state, error: seen.error.message, retryAt: seen.retryAt.toISOString()});
      }
    },

    async pullRequestChange(request, options, signal) {
      const context = shop.changes();
      const {repository} = context;
      const {forge, remote} = await forgeFor(context, signal);
      const change = await pullRequestChange(repository, remote, forge.repository.forge, request, signal);
      if (change.conflicts.length > 0) return {...change, effects: []};
      const touched = await touchedBy(context, forge, request, signal);
      const range = {from: change.base, to: change.tree};
      const effects = await Promise.all(touched.map(({name}) => effect(name, range, options, signal)));
      return {...change, effects};
    },

    async mergePullRequest(order, confirmed, signal) {
      const context = shop.changes();
      const {forge} = await forgeFor(context, signal);
      // What it touches is asked again: the permit says whether what was consented to suffices for what it is now.
      const {touched} = await mergeable(context, forge, order.number, signal);
      const allowed = shop.permit('merge', mergeSubject(order.number, touched), confirmed);
      return mergePullRequest(forge, order, touched, allowed, signal);
    },

    async updatePullRequest(number, changes, confirmed, signal) {
      const allowed = shop.permit('pull-request', mergeSubject(number, []), confirmed);
      const {forge} = await forgeFor(shop.changes(), signal);
      return updatePullRequest(forge, number, changes, allowed, signal);
    },

    async forgeRules(signal) {
      if (!shop.fetches) return [];
      const {repository, environments, standings} = shop.changes();
      const rules = await Promise.all(
        environments.map(async (environment): Promise<EnvironmentRule[]> => {
          const branch = await branchOf(repository, environment, signal).catch(() => null);
          const upstream = branch === null ? null : await repository.upstreamOf(branch, signal);
          const remote = branch === null ? null : await repository.remote(branch, signal);
          if (upstream === null || remote === null) return [];
          const standing = await standings.of(repository, remote, upstream.branch, signal);
          if (standing === null) return [];
          const {straight, reason} = standing;
          return [{environment: environment.name, straight, reason}];
        }),
      );
      return rules.flat();
    },
  };
}
