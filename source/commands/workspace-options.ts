import type {WorkspaceOptions} from '../workspace.ts';
import type {Flags} from './flags.ts';

/** The flags that say where the repository and the clusters are. */
export function workspaceOptions(flags: Flags, repository = flags.repository ?? '.'): WorkspaceOptions {
  return {
    repository,
    config: flags.config,
    kubeconfig: flags.kubeconfig,
    context: flags.context,
    worktree: flags.worktree,
    readOnly: flags.readOnly,
    fetch: flags.fetch,
    orphans: flags.orphans,
    revealSecrets: flags.revealSecrets,
    plainHttp: flags.plainHttp ?? [],
  };
}
