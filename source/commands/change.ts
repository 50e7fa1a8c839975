import type {ChangeOutcome, ChangePreview, ChangeRequest, Session} from '../app/session.ts';
import {asciiStyle, plainStyle} from '../changes/effect/words.ts';
import {itemWords} from '../changes/promotion/words.ts';
import {revertWay} from '../repository/revert/message.ts';
import {plain, plainLine} from '../text/plain.ts';
import {adoptionText} from './adoption-text.ts';
import {print} from './common.ts';
import {effectText} from './effect-text.ts';
import type {Flags} from './flags.ts';
import {short} from './text-report.ts';

/**
 * What every command that changes git does with its request: prints the plan; with --yes makes it and pushes, or with
 * --pull-request pushes a branch and opens a pull request. Gives 0 when done (or nothing to do), 1 when a plan was
 * printed, 2 when the plan can't run or something failed. Where the branch moved meanwhile, the same file changes go on its
 * new tip, once; any others are only printed.
 */
export async function runChange(
  session: Session,
  request: ChangeRequest,
  flags: Flags,
  signal: AbortSignal,
): Promise<number> {
  const preview = await session.planChange(request, signal);
  const {plan} = preview;
  await print(previewText(preview, flags.pullRequest));
  if (plan.conflicts.length > 0) return 2;
  if (isNothing(preview)) return isStuck(preview) ? 2 : 0;
  const isMade = flags.yes && !flags.dryRun;
  if (plan.files.length > 0) {
    // Where nobody is asked, nobody waits for a cluster.
    const told = {askCluster: !isMade, style: flags.ascii ? asciiStyle : plainStyle};
    await print(await effectText(session, preview, told, signal));
  }
  if (preview.pushRefused !== null && !flags.pullRequest) return 2;
  if (!isMade) {
    if (!flags.dryRun) await print('Nothing was changed: --yes does it.\n');
    return 1;
  }
  const [title = '', ...body] = plan.message.split('\n');
  const order = {
    via: flags.pullRequest ? ('pull-request' as const) : ('push' as const),
    title: flags.title ?? title,
    body: body.join('\n').trim(),
    draft: flags.draft,
    reviewers: flags.reviewer ?? [],
    labels: flags.label ?? [],
    verify: flags.verify,
  };
  // The environment's name was typed in full on this very command line.
  const confirmed = {typed: request.environment};
  let outcome = await session.makeChange(preview, order, confirmed, signal);
  if (outcome.newPreview !== undefined && outcome.stillApproved === true) {
    // Once: a branch that moves faster than this is somebody's to look at.
    await print(`${plain(outcome.message)}\n\n${previewText(outcome.newPreview, flags.pullRequest)}`);
    outcome = await session.makeChange(outcome.newPreview, order, confirmed, signal);
  }
  await print(outcomeText(outcome, flags.pullRequest));
  return outcome.ok ? 0 : 2;
}

/** What became of a change. A plan that was made again and differs is only shown: nobody has looked at it yet. */
export function outcomeText({message, newPreview}: ChangeOutcome, pullRequest: boolean): string {
  const said = `${plain(message)}\n`;
  if (newPreview === undefined) return said;
  return `${said}\n${previewText(newPreview, pullRequest)}Nothing was pushed: run it again to go ahead with this plan.\n`;
}

/** What a change of git would do, for people. */
export function previewText(preview: ChangePreview, pullRequest: boolean): string {
  const {plan} = preview;
  const lines = headLines(preview);
  if (preview.alsoAffects.length > 0) lines.push(`Also affects: ${preview.alsoAffects.join(', ')}`);
  for (const warning of plan.warnings ?? []) lines.push(`Warning: ${warning}`);
  for (const conflict of plan.conflicts) {
    const note = conflict.resolve?.note ?? null;
    lines.push(
      `conflict in ${plainLine(conflict.path)}${note === null ? '' : ` (${note})`}:`,
      conflict.hunks,
    );
  }
  if (plan.conflicts.some(({resolve}) => resolve !== undefined))
    lines.push('--edit resolves them in $EDITOR.');
  if (isNothing(preview))
    lines.push(isStuck(preview) ? 'Nothing of it can be done.' : 'Nothing to do: git says so already.');
  for (const file of plan.files)
    lines.push(`  ${plainLine(file.path)} ${file.binary ? 'binary' : `+${file.added} -${file.removed}`}`);
  if (plan.patch !== '') lines.push('', plan.patch.trimEnd(), '');
  if (!isNothing(preview)) lines.push(goesOut(preview, pullRequest));
  return `${plain(lines.join('\n'))}\n`;
}

/** What a kind of change says of its plan. */
function headLines(preview: ChangePreview): string[] {
  switch (preview.kind) {
    case 'adopt':
      return adoptionText(preview);
    case 'revert': {
      const {path, target, until, undone, merges} = preview.plan;
      const folder = path === '' ? 'the repository' : path;
      const lines = [
        until === undefined
          ? `Revert ${folder} to ${short(target.sha)} ${target.subject}`
          : `Undo in ${folder} what is after ${short(target.sha)} up to ${short(until.sha)} ${until.subject}`,
        revertWay(preview.plan),
      ];
      for (const {sha, mainline, parents} of merges)
        lines.push(`The merge ${short(sha)} is undone to parent ${mainline} of ${parents} (--mainline)`);
      if (undone.length > 0) lines.push(`Undoes ${undone.length} commit${undone.length === 1 ? '' : 's'}:`);
      for (const commit of undone) lines.push(`  ${short(commit.sha)} ${commit.author}: ${commit.subject}`);
      return lines;
    }
    case 'images':
      return [
        `Update images in ${preview.request.environment}`,
        ...preview.request.updates.map(({image, target}) => `  ${image} -> ${target}`),
      ];
    case 'promote': {
      const {from, environment, source, way} = preview.request;
      const lines = [`Promote ${from} to ${environment}, as ${from} is at ${short(source ?? '')}`];
      if (way === 'merge') lines.push(`  merges the whole branch of ${from}`);
      for (const item of preview.items) lines.push(`  ${itemWords(item)}`);
      return lines;
    }
  }
}

/** True where the branch has all of it already. */
function isNothing({plan}: ChangePreview): boolean {
  return plan.files.length === 0 && plan.conflicts.length === 0 && plan.mergeParent === undefined;
}

/** True where something was asked for and can't be done. */
function isStuck(preview: ChangePreview): boolean {
  return preview.kind === 'adopt' && preview.plan.left.some(({settled}) => !settled);
}

/** Where the commit would go, in words; or what keeps it from going there. */
function goesOut({plan, pushRefused, pullRequestBranch}: ChangePreview, pullRequest: boolean): string {
  if (pushRefused !== null && !pullRequest) return `Blocked: ${pushRefused} (--pull-request)`;
  if ((plan.remote ?? null) === null) return 'With --yes: makes the commit here, as there is no remote';
  if (pullRequest) return `With --yes: pushes ${pullRequestBranch} and opens a pull request`;
  return `With --yes: pushes to ${plan.branch}`;
}
