import {createHash} from 'node:crypto';
import type {Environment} from '../../environments/types.ts';
import {onTips, tipsOf} from '../../repository/tips.ts';
import type {Repository} from '../../repository/types.ts';

/** How often the working tree is looked through, in ms. */
const everyMs = 2000;

/** Says where git's side of an environment stands: another text where it is to be read again. */
export interface GitSide {
  stamp(signal: AbortSignal): Promise<string>;
  /** Tells the stamp every few seconds; gives what ends it. */
  onStamp(tell: (stamp: string) => void): () => void;
}

/** Where the environment's branch stands, or with `worktree` the files on disk. */
export function gitSide(
  repository: Repository,
  {branch}: Pick<Environment, 'branch'>,
  worktree: boolean,
): GitSide {
  if (worktree) return worktreeSide(repository);
  // What desiredTree looks at.
  const named = branch === null ? [] : [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`];
  const names = ['HEAD', ...named];
  return {
    stamp: signal => tipsOf(repository, names, signal),
    onStamp: tell => onTips(repository, names, tell),
  };
}

function worktreeSide(repository: Pick<Repository, 'worktreeTree'>): GitSide {
  const stamp = async (signal?: AbortSignal) => {
    const hash = createHash('sha256');
    // Of the whole tree: a kustomization reads files outside its folder.
    for (const {path, mode, oid} of await repository.worktreeTree().list('', signal))
      hash.update(`${mode} ${oid} ${path}\0`);
    return hash.digest('base64');
  };
  return {
    stamp,
    onStamp(tell) {
      let timer: NodeJS.Timeout;
      let ended = false;
      const ask = async () => {
        await stamp().then(tell, () => {});
        if (!ended) timer = setTimeout(() => void ask(), everyMs).unref();
      };
      timer = setTimeout(() => void ask(), everyMs).unref();
      return () => {
        ended = true;
        clearTimeout(timer);
      };
    },
  };
}
