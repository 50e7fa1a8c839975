import {ForgeError} from './error.ts';
import type {Access, OpenForge} from './opening.ts';
import {forgeErrorOf} from './transport.ts';
import type {Forge, ForgeKind, ForgeRepository, PullRequestSides} from './types.ts';

/** Each forge's client is loaded when it is used: none costs the first frame anything. */
const forges: Readonly<Record<ForgeKind, () => Promise<OpenForge>>> = {
  github: async () => (await import('./github.ts')).openGitHub,
  gitlab: async () => (await import('./gitlab.ts')).openGitLab,
  gitea: async () => (await import('./gitea.ts')).openGitea,
  bitbucket: async () => (await import('./bitbucket.ts')).openBitbucket,
  'bitbucket-data-center': async () => (await import('./bitbucket-data-center.ts')).openBitbucketDataCenter,
  'azure-devops': async () => (await import('./azure-devops.ts')).openAzureDevOps,
};

/** The forge of a repository, as the user whose token it is. Nothing is sent before a method is called. */
export async function openForge(repository: ForgeRepository, access: Access): Promise<Forge> {
  const open = await forges[repository.forge]();
  return speakingPlainly(open(repository, access));
}

/** Whether pull requests from a fork can be opened and found here: forges whose own words for one are known. */
export function canCross(
  {forge}: Pick<ForgeRepository, 'forge'>,
  {fork}: Pick<PullRequestSides, 'fork'>,
): boolean {
  return fork === undefined || ['github', 'gitlab', 'gitea'].includes(forge);
}

/** Whatever a client library throws comes out as a ForgeError, or as the abort that it was. */
function speakingPlainly(forge: Forge): Forge {
  const {repository} = forge;
  const guard = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw forgeErrorOf(error, repository.forge, repository.host);
    }
  };
  return {
    repository,
    findOpen: (sides, signal) =>
      guard(signal, async () => (canCross(repository, sides) ? forge.findOpen(sides, signal) : null)),
    open: (draft, signal) =>
      guard(signal, () => {
        if (canCross(repository, draft)) return forge.open(draft, signal);
        throw new ForgeError('refused', `a pull request from a fork is opened on the page of ${draft.fork}`);
      }),
    update: (number, changes, signal) => guard(signal, () => forge.update(number, changes, signal)),
    list: signal => guard(signal, () => forge.list(signal)),
    files: (number, signal) => guard(signal, () => forge.files(number, signal)),
    state: (number, signal) => guard(signal, () => forge.state(number, signal)),
    ofCommit: (sha, signal) => guard(signal, async () => (await forge.ofCommit?.(sha, signal)) ?? []),
    rights: (branch, signal) => guard(signal, () => forge.rights(branch, signal)),
    merge: (number, order, signal) => guard(signal, () => forge.merge(number, order, signal)),
  };
}
