import type {CommitSession} from '../app/session.ts';
import {desiredTree} from '../engines/direct/history/revision.ts';
import {revisionPage} from '../environments/revisions.ts';
import type {Workshop} from './parts.ts';

/** The commits of an environment, and what each changes. */
export function commitsPart(shop: Workshop): CommitSession {
  return {
    async revisions(name, page, signal) {
      const repository = shop.repository();
      const environment = shop.environment(name);
      // Without the cluster the log is still of use: only what is live stays unknown.
      const deployments = await shop
        .engine(environment)
        .history(signal)
        .catch(() => []);
      signal.throwIfAborted();
      const {revision} = await desiredTree(repository, environment, false, signal);
      const match = shop.reports.get(name)?.liveMatch;
      return revisionPage(repository, environment, revision, deployments, page, signal, match);
    },
    async commitDetail(name, sha, signal) {
      const repository = shop.repository();
      const {path: folder} = shop.environment(name);
      const [files, patch] = await Promise.all([
        repository.changedFiles(sha, folder, signal),
        repository.patch(sha, folder, signal),
      ]);
      return {files, patch};
    },
  };
}
