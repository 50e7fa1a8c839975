import type {RevertRequest, Session} from '../app/session.ts';
import type {Mainline} from '../repository/revert/steps.ts';
import {plainLine} from '../text/plain.ts';
import {runChange} from './change.ts';
import {begin, chooseOne, print} from './common.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';
import {openEditor} from './programs.ts';

/**
 * `gitops-tui revert ENVIRONMENT COMMIT` (or `FROM..TO`, or `--to-baseline`): brings git back to what a commit said, or
 * undoes commits, as one new commit. Exit statuses are those of `runChange`.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const environment = chooseOne(loaded, words[0], 'revert');
    const asked = revertRequest(environment.name, words[1], flags);
    const request = flags.edit ? await resolveConflicts(session, asked, signal) : asked;
    return await runChange(session, request, flags, signal);
  } finally {
    session.close();
  }
}

/** What the words and flags of the command ask for. Throws UsageError where they contradict each other. */
export function revertRequest(environment: string, commit: string | undefined, flags: Flags): RevertRequest {
  if (flags.revertCommits && flags.environmentOnly)
    throw new UsageError('--revert-commits and --environment-only are two ways: choose one');
  if (commit === undefined && !flags.toBaseline)
    throw new UsageError('revert takes a commit to go back to (see gitops-tui log), or --to-baseline');
  if (commit !== undefined && flags.toBaseline)
    throw new UsageError(`--to-baseline names the commit: "${commit}" is too much`);
  const mode = flags.revertCommits
    ? 'revert-commits'
    : flags.environmentOnly
      ? 'environment-only'
      : 'restore';
  const [from = '', to] = commit === undefined ? [] : commit.split('..');
  const isRange = to !== undefined;
  if (isRange && (from === '' || to === '' || commit?.split('..').length !== 2 || commit.includes('...')))
    throw new UsageError(
      `"${commit}" is no range of commits: it goes FROM..TO, and undoes what is after FROM up to TO`,
    );
  if (mode === 'restore' && (isRange || flags.alone || (flags.mainline ?? []).length > 0)) {
    const what = isRange ? 'a range of commits' : flags.alone ? '--alone' : '--mainline';
    throw new UsageError(`${what} is for undoing commits: add --revert-commits or --environment-only`);
  }
  if (flags.alone && (isRange || flags.toBaseline))
    throw new UsageError('--alone takes one commit, which is undone');
  return {
    kind: 'revert',
    environment,
    target: commit === undefined ? null : from,
    mode,
    ...(isRange ? {until: to} : {}),
    ...(flags.alone ? {only: true} : {}),
    mainlines: (flags.mainline ?? []).map(mainlineOf),
  };
}

function mainlineOf(text: string): Mainline {
  const [, merge, parent = ''] = /^(?:([0-9a-f]{4,64}):)?([1-9]\d?)$/.exec(text) ?? [];
  if (parent !== '') return {merge: merge ?? null, parent: Number(parent)};
  throw new UsageError(`--mainline takes a parent's number, or a merge and one (9be01d4:2): not "${text}"`);
}

/**
 * Opens each conflict in the user's editor, one commit after the other, until none is left or one stays as it is. What was
 * resolved before is taken as it was left. Gives the request with all that is resolved.
 */
async function resolveConflicts(
  session: Session,
  asked: RevertRequest,
  signal: AbortSignal,
): Promise<RevertRequest> {
  let request = asked;
  const opened = new Set<string>();
  for (;;) {
    const preview = await session.planChange(request, signal);
    const open = preview.plan.conflicts.flatMap(({resolve}) => (resolve === undefined ? [] : [resolve]));
    const next = open.filter(({id}) => !(request.resolved ?? []).includes(id));
    if (next.length === 0) return request;
    for (const conflict of next) {
      // One that was resolved in an earlier run is only offered: it is used, and the plan shows it.
      const {file, line} = await session.conflictFile(conflict, signal);
      const told = conflict.isResolved ? conflict.note : 'is in conflict';
      await print(`${plainLine(`${conflict.path} ${told}: ${file}`)}\n`);
      if (!conflict.isResolved) await openEditor(file, line, true);
      opened.add(conflict.id);
    }
    request = {...request, resolved: [...opened]};
  }
}
