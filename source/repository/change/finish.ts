import {checkFolder} from '../git.ts';
import type {ChangePlan, Repository} from '../types.ts';
import type {Base} from './base.ts';
import {withTrailers} from './message.ts';

/** What a planner has worked out: a tree for a branch's tip, and why. */
export interface PlannedTree {
  /** The folder that it is about, '' for all. */
  path: string;
  /** The whole tree of the new commit, already in the object database. */
  resultTree: string;
  /** The message's subject and text, without trailers. */
  words: string;
  trailers: readonly string[];
  conflicts?: ChangePlan['conflicts'];
  mergeParent?: string;
  /** What should be known before it is approved, beside what the base has to say. */
  warnings?: readonly string[];
}

/** Adds to a planned tree what its preview shows: files and patch against the tip. Throws RepositoryError. */
export async function finishPlan(
  repository: Repository,
  base: Base,
  planned: PlannedTree,
  signal?: AbortSignal,
): Promise<ChangePlan> {
  const {resultTree, words, trailers, conflicts = [], mergeParent, warnings = []} = planned;
  const [files, patch] = await Promise.all([
    repository.changes(base.sha, resultTree, '', signal),
    repository.diff(base.sha, resultTree, '', signal),
  ]);
  return {
    path: checkFolder(planned.path),
    base: base.sha,
    baseRef: base.ref,
    branch: base.branch,
    remote: base.remote,
    warnings: [...base.warnings, ...warnings],
    files,
    patch,
    resultTree,
    message: withTrailers(words, trailers),
    trailers,
    conflicts,
    ...(mergeParent === undefined ? {} : {mergeParent}),
  };
}
