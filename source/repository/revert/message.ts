import {plainLine} from '../../text/plain.ts';
import {shortSha} from '../change/message.ts';
import type {Commit, RevertPlan} from '../types.ts';

/** More commits than these are counted, not listed. */
const listed = 30;

/** The words of a revert, without its trailers: what it does, and what it undoes. */
export function revertMessage(
  mode: RevertPlan['mode'],
  environment: string,
  path: string,
  target: Commit,
  undone: readonly Commit[],
): string {
  const folder = path === '' ? 'the whole repository' : path;
  const what =
    mode === 'restore'
      ? `Restores ${folder} as of ${describe(target)}.`
      : `Reverts the commits to ${folder} after ${describe(target)}.`;
  const lines = undone.slice(0, listed).map(commit => `- ${describe(commit)}`);
  if (undone.length > listed) lines.push(`- and ${undone.length - listed} more`);
  const subject = `Revert ${plainLine(environment)} to ${shortSha(target.sha)}`;
  const list = lines.length === 0 ? [] : ['', 'Undoes:', ...lines];
  return [subject, '', what, ...list].join('\n');
}

function describe(commit: Commit): string {
  return `${shortSha(commit.sha)} ${plainLine(commit.subject)} (${plainLine(commit.author)}, ${commit.time.slice(0, 10)})`;
}
