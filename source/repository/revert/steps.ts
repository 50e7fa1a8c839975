import {shortSha} from '../change/message.ts';
import {RepositoryError} from '../error.ts';
import {checkObjectId, pathArguments} from '../git.ts';
import type {Commit, MergeStep, Repository} from '../types.ts';

/** Which parent of a merge is the side that stays (`git revert --mainline`), from 1; of all merges where none is named. */
export interface Mainline {
  /** The merge's SHA, or its first digits; null is every merge. */
  merge: string | null;
  parent: number;
}

/** What is to be undone: the branch's own steps from a tip down to a commit, which stays. */
export interface StepsWish {
  /** The branch's tip: a full SHA. */
  base: string;
  /** As people name it: `origin/main`. */
  baseRef: string;
  /** The branch's name: a merge of itself is told by it. */
  branch: string;
  target: Commit;
  /** The newest commit that is undone; null is the tip. */
  until: string | null;
  mainlines: readonly Mainline[];
  /** Folder that a step has to touch, '' for all. */
  folder: string;
}

/** A step of the branch, with the parent that it is undone to. */
export interface Step {
  sha: string;
  parent: string;
}

/**
 * The steps of a branch that are undone, newest first, and the merges among them. A branch's own steps are found by way of
 * each merge's first parent, unless another is chosen, or a merge says of itself that it brought the branch into other
 * work (`git pull` with local commits): then its first parent isn't the branch's own side. Throws RepositoryError where
 * that way doesn't lead to the target.
 */
export async function stepsToUndo(
  repository: Repository,
  wish: StepsWish,
  signal?: AbortSignal,
): Promise<{steps: Step[]; merges: MergeStep[]}> {
  const {base, target, until} = wish;
  const parentsOf = await commitsBetween(repository, target.sha, base, signal);
  const leads = (sha: string) => sha === target.sha || parentsOf.has(sha);
  const steps: Step[] = [];
  const merges: MergeStep[] = [];
  let isWanted = until === null || until === base;
  for (let at = base; at !== target.sha; ) {
    const parents = parentsOf.get(at) ?? [];
    if (at === until) isWanted = true;
    let mainline = 1;
    if (parents.length > 1) {
      const {subject} = await repository.commit(at, signal);
      const merge = {
        sha: at,
        subject,
        parents: parents.length,
        isForeign: bringsItself(subject, wish.branch),
      };
      mainline = chosen(wish.mainlines, at, parents.length) ?? byItself(merge, parents, leads);
      if (isWanted) merges.push({...merge, mainline});
    }
    const parent = parents[mainline - 1];
    if (parent === undefined || !leads(parent)) throw astray(wish, at, parents, leads);
    if (isWanted) steps.push({sha: at, parent});
    at = parent;
  }
  if (!isWanted) throw notOnBranch(wish, until ?? '');
  const touching = await stepsTouching(repository, steps, wish.folder, signal);
  return {
    steps: steps.filter(step => touching.has(step.sha)),
    merges: merges.filter(merge => touching.has(merge.sha)),
  };
}

/** All commits that lead from one to another, with their parents; without the first. */
async function commitsBetween(
  repository: Repository,
  from: string,
  to: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, string[]>> {
  const output = await repository.git.text(
    ['rev-list', '--ancestry-path', '--parents', checkObjectId(to), `^${checkObjectId(from)}`],
    {signal},
  );
  const found = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const [sha = '', ...parents] = line.split(' ');
    if (sha !== '') found.set(sha, parents);
  }
  return found;
}

/** Of the steps those that change something below a folder, each against the parent that it is undone to. */
async function stepsTouching(
  repository: Repository,
  steps: readonly Step[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const output = await repository.git.text(
    ['diff-tree', '--stdin', '-r', '-z', '--name-only', '--no-renames', ...pathArguments(folder)],
    {input: steps.map(({sha, parent}) => `${sha} ${parent}\n`).join(''), signal},
  );
  // Each step that has a difference is named, then its files.
  const words = new Set(output.split(/[\0\n]/));
  return new Set(steps.map(({sha}) => sha).filter(sha => words.has(sha)));
}

function chosen(mainlines: readonly Mainline[], sha: string, parents: number): number | undefined {
  const named = mainlines.findLast(({merge}) => merge !== null && sha.startsWith(merge));
  if (named !== undefined && named.parent > parents)
    throw new RepositoryError(
      'unknown-revision',
      `${shortSha(sha)} has ${parents} parents, no ${named.parent}th`,
    );
  const all = mainlines.findLast(({merge, parent}) => merge === null && parent <= parents);
  return (named ?? all)?.parent;
}

/** The first parent; another only where the merge says that it is the branch's own side, and just that leads back. */
function byItself(
  {isForeign}: {isForeign: boolean},
  parents: readonly string[],
  leads: (sha: string) => boolean,
): number {
  const others = parents.map((_, index) => index + 1).filter(number => leads(parents[number - 1] ?? ''));
  const [only] = others;
  return isForeign && others.length === 1 && only !== undefined ? only : 1;
}

/**
 * True where a merge on a branch says that it brought that very branch in: it was made by `git pull` on other work, or on
 * a branch that the branch was then moved to. The words are git-fmt-merge-msg's.
 */
export function bringsItself(subject: string, branch: string): boolean {
  const [, name] = /^Merge (?:remote-tracking )?branch '([^']+)'/.exec(subject) ?? [];
  return name === branch || (name?.endsWith(`/${branch}`) === true && subject.includes('remote-tracking'));
}

function astray(
  wish: StepsWish,
  at: string,
  parents: readonly string[],
  leads: (sha: string) => boolean,
): RepositoryError {
  const other = parents.findIndex(leads) + 1;
  if (other < 1) return notOnBranch(wish, wish.target.sha);
  return new RepositoryError(
    'unknown-revision',
    `${shortSha(wish.target.sha)} came to ${wish.baseRef} with the merge ${shortSha(at)}, not by its first parent: its commits can't be undone one by one`,
    {
      fix: `restore the folder as of that commit instead, or choose the merge; only if parent ${other} is ${wish.branch}'s own side: --mainline ${shortSha(at)}:${other}`,
    },
  );
}

function notOnBranch({baseRef}: StepsWish, sha: string): RepositoryError {
  return new RepositoryError(
    'unknown-revision',
    `${shortSha(sha)} is not a step of ${baseRef}: its commits can't be undone one by one`,
    {fix: 'restore the folder as of that commit instead, or choose the merge that brought it'},
  );
}
