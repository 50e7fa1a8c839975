import type {Permit} from '../engines/permission.ts';
import {branchPart} from '../environments/branch.ts';
import type {Environment} from '../environments/types.ts';
import {
  type Baseline,
  fetchBaselines,
  listBaselines,
  pushBaseline,
  tagBaseline,
} from '../repository/baseline.ts';
import {treeAt} from '../repository/change/graft.ts';
import {shortSha} from '../repository/change/message.ts';
import {RepositoryError} from '../repository/error.ts';
import type {Commit, Repository} from '../repository/types.ts';
import {plainLine} from '../text/plain.ts';
import {type ChangeContext, checkPermit, environmentNamed, inWords, pushFailure} from './publish.ts';

/** What is to be marked as known good. */
export interface BaselineRequest {
  environment: string;
  /** A SHA, or whatever git resolves to one; null only lists what is marked. */
  commit: string | null;
}

/** What marking would do, shown before anything is done. */
export interface BaselinePreview {
  environment: string;
  /** null where nothing is to be marked. */
  commit: Commit | null;
  /** The ones that are there, newest first. */
  known: readonly Baseline[];
  /** Those of them that others see. */
  shared: readonly string[];
  /** Where it is shared; null where there is no remote: then it stays in this repository. */
  remote: string | null;
  warnings: readonly string[];
}

/** What became of it. */
export interface BaselineOutcome {
  ok: boolean;
  tag: string | null;
  /** What happened, for people; after a refusal also what to do now. */
  message: string;
  /** True where the same step can be tried again as it is. */
  retry: boolean;
}

/** Finds out what marking a commit would do. Baselines of others are brought here first. Throws RepositoryError. */
export async function planBaseline(
  context: ChangeContext,
  request: BaselineRequest,
  signal?: AbortSignal,
): Promise<BaselinePreview> {
  const {repository} = context;
  const environment = environmentNamed(context, request.environment);
  const commit =
    request.commit === null
      ? null
      : await repository.commit(await repository.resolve(request.commit, signal), signal);
  if (commit !== null && (await treeAt(repository.git, commit.sha, environment.path, signal)) === null)
    throw new RepositoryError(
      'unknown-path',
      `${environment.path} does not exist at ${shortSha(commit.sha)}`,
    );
  const {known, shared, remote, warnings} = await knownBaselines(repository, environment, signal);
  return {environment: environment.name, commit, known, shared: [...shared], remote, warnings};
}

/**
 * The last revision of an environment that was marked as known good, as its remote knows it. Throws RepositoryError where
 * none was.
 */
export async function lastKnownGood(
  repository: Repository,
  environment: Environment,
  signal?: AbortSignal,
): Promise<{baseline: Baseline; warnings: readonly string[]}> {
  const {known, warnings} = await knownBaselines(repository, environment, signal);
  const [baseline] = known;
  if (baseline !== undefined) return {baseline, warnings};
  throw new RepositoryError(
    'unknown-revision',
    [`no revision of ${environment.name} is marked as known good`, ...warnings].join('; '),
    {fix: `mark one: b in its revisions, or gitops-tui baseline ${environment.name} COMMIT`},
  );
}

async function knownBaselines(
  repository: Repository,
  environment: Environment,
  signal: AbortSignal | undefined,
): Promise<{known: Baseline[]; shared: Set<string>; remote: string | null; warnings: string[]}> {
  const {git} = repository;
  const part = branchPart(environment.name);
  const branch = environment.branch ?? (await repository.head(signal)).branch;
  const remote = (await repository.remote(branch, signal))?.name ?? null;
  let shared = new Set<string>();
  const warnings: string[] = [];
  if (remote !== null) {
    try {
      shared = await fetchBaselines(git, remote, part, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RepositoryError)) throw error;
      warnings.push(`${remote} could not be asked for baselines of others (${plainLine(error.message)})`);
    }
  }
  return {known: await listBaselines(git, environment.name, part, signal), shared, remote, warnings};
}

/**
 * Marks a commit as known good and shares the mark. One that is here and was never shared is shared instead of a second
 * one. A refusal is an outcome that says what to do; the mark then stays in this repository. Throws when aborted.
 */
export async function makeBaseline(
  context: ChangeContext,
  preview: BaselinePreview,
  note: string,
  permit: Permit,
  signal?: AbortSignal,
): Promise<BaselineOutcome> {
  checkPermit(permit, 'baseline', preview.environment);
  const {git} = context.repository;
  const {environment, commit, remote} = preview;
  if (commit === null) throw new RepositoryError('unknown-revision', 'no commit was named to be marked');
  const part = branchPart(environment);
  let mark: Pick<Baseline, 'tag' | 'oid'>;
  try {
    const here = await listBaselines(git, environment, part, signal);
    mark =
      here.find(
        known =>
          known.commit === commit.sha && known.note === note.trim() && !preview.shared.includes(known.tag),
      ) ?? (await tagBaseline(git, {environment, part, commit: commit.sha, note, now: new Date()}, signal));
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof RepositoryError)) throw error;
    return {ok: false, tag: null, message: inWords(error), retry: true};
  }
  const {tag} = mark;
  const done = `${shortSha(commit.sha)} is marked as known good for ${environment}`;
  if (remote === null)
    return {ok: true, tag, message: `${done} (${tag}); there is no remote to share it on`, retry: false};
  const result = await pushBaseline(git, remote, mark, signal);
  if (result.pushed) return {ok: true, tag, message: `${done}, and shared: ${tag}`, retry: false};
  const lines = [
    result.reason === 'refused'
      ? `${remote} does not take the tag: ${result.message}`
      : pushFailure(remote, result),
    `${done}, but only in this repository: others don't see it yet.`,
    `Try again, or by hand: git push ${remote} ${tag}`,
  ];
  return {ok: false, tag, message: lines.join('\n'), retry: true};
}
