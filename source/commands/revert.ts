import type {RevertOutcome, RevertPreview} from '../app/session.ts';
import {plain} from '../text/plain.ts';
import {begin, chooseOne, print} from './common.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';
import {short} from './text-report.ts';

/**
 * `gitops-tui revert ENVIRONMENT COMMIT`: prints what the new commit would change; with --yes it is made and pushed, or
 * pushed as a branch with a pull request. Gives 0 when done (or nothing to do), 1 when a plan was printed, 2 when the plan
 * can't run or something failed.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const environment = chooseOne(loaded, words[0], 'revert');
    const target = words[1];
    if (target === undefined) throw new UsageError('revert takes a commit to go back to: see gitops-tui log');
    const request = {
      environment: environment.name,
      target,
      mode: flags.revertCommits ? ('revert-commits' as const) : ('restore' as const),
    };
    const preview = await session.planRevert(request, signal);
    await print(previewText(preview, flags.pullRequest));
    if (preview.plan.conflicts.length > 0) return 2;
    if (preview.plan.files.length === 0) return 0;
    if (preview.pushRefused !== null && !flags.pullRequest) return 2;
    if (!flags.yes || flags.dryRun) {
      if (!flags.dryRun) await print('Nothing was changed: --yes does it.\n');
      return 1;
    }
    const [title = '', ...body] = preview.plan.message.split('\n');
    const outcome = await session.revert(
      preview,
      {
        ...request,
        target: preview.plan.target.sha,
        via: flags.pullRequest ? 'pull-request' : 'push',
        title,
        body: body.join('\n').trim(),
        draft: false,
      },
      {typed: environment.name},
      signal,
    );
    await print(outcomeText(outcome, flags.pullRequest));
    return outcome.ok ? 0 : 2;
  } finally {
    session.close();
  }
}

/** What became of a revert. After --yes the plan that was made again is only shown: nobody has looked at it yet. */
export function outcomeText({message, newPreview}: RevertOutcome, pullRequest: boolean): string {
  const said = `${plain(message)}\n`;
  if (newPreview === undefined) return said;
  return `${said}\n${previewText(newPreview, pullRequest)}Nothing was pushed: run it again to go ahead with this plan.\n`;
}

/** What a revert would do, for people. */
export function previewText(preview: RevertPreview, pullRequest: boolean): string {
  const {plan} = preview;
  const lines = [
    `Revert ${plan.path === '' ? 'the repository' : plan.path} to ${short(plan.target.sha)} ${plan.target.subject}`,
  ];
  if (plan.undone.length > 0)
    lines.push(`Undoes ${plan.undone.length} commit${plan.undone.length === 1 ? '' : 's'}:`);
  for (const commit of plan.undone) lines.push(`  ${short(commit.sha)} ${commit.author}: ${commit.subject}`);
  if (preview.alsoAffects.length > 0) lines.push(`Also affects: ${preview.alsoAffects.join(', ')}`);
  for (const warning of plan.warnings ?? []) lines.push(`Warning: ${warning}`);
  for (const conflict of plan.conflicts) lines.push(`conflict in ${conflict.path}:`, conflict.hunks);
  if (plan.files.length === 0) lines.push('Nothing to do: the folder is as that commit had it.');
  for (const file of plan.files)
    lines.push(`  ${file.path} ${file.binary ? 'binary' : `+${file.added} -${file.removed}`}`);
  if (plan.patch !== '') lines.push('', plan.patch.trimEnd(), '');
  if (plan.files.length > 0) lines.push(goesOut(preview, pullRequest));
  return `${plain(lines.join('\n'))}\n`;
}

/** Where the commit would go, in words; or what keeps it from going there. */
function goesOut({plan, pushRefused, pullRequestBranch}: RevertPreview, pullRequest: boolean): string {
  if (pushRefused !== null && !pullRequest) return `Blocked: ${pushRefused} (--pull-request)`;
  if ((plan.remote ?? null) === null) return 'With --yes: makes the commit here, as there is no remote';
  if (pullRequest) return `With --yes: pushes ${pullRequestBranch} and opens a pull request`;
  return `With --yes: pushes to ${plan.branch}`;
}
