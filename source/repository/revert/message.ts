import {plainLine} from '../../text/plain.ts';
import {shortSha} from '../change/message.ts';
import type {Commit, RevertMode, RevertPlan} from '../types.ts';

/** More commits than these are counted, not listed. */
const listed = 30;

/** What a revert's message tells. */
export interface RevertWords {
  mode: RevertMode;
  environment: string;
  path: string;
  target: Commit;
  /** The newest commit that is undone, where later ones stay. */
  until: Commit | undefined;
  undone: readonly Commit[];
}

/** The words of a revert, without its trailers: what it does, and what it undoes. */
export function revertMessage({mode, environment, path, target, until, undone}: RevertWords): string {
  const folder = path === '' ? 'the whole repository' : path;
  const name = plainLine(environment);
  const alone = until?.parents.includes(target.sha) === true;
  const range =
    until === undefined
      ? `the commits to ${folder} after ${describe(target)}`
      : alone
        ? describe(until)
        : `the commits to ${folder} after ${describe(target)} up to ${describe(until)}`;
  const what =
    mode === 'restore'
      ? `Restores ${folder} as of ${describe(target)}.`
      : mode === 'revert-commits'
        ? `Reverts ${range}.`
        : `Reverts ${range}, inside ${folder} only.`;
  const subject =
    until === undefined
      ? `Revert ${name} to ${shortSha(target.sha)}`
      : alone
        ? `Revert ${shortSha(until.sha)} in ${name}`
        : `Revert ${shortSha(target.sha)}..${shortSha(until.sha)} in ${name}`;
  const lines = undone.slice(0, listed).map(commit => `- ${describe(commit)}`);
  if (undone.length > listed) lines.push(`- and ${undone.length - listed} more`);
  const list = lines.length === 0 || alone ? [] : ['', 'Undoes:', ...lines];
  return [subject, '', what, ...list].join('\n');
}

/** What a way of reverting does to which files, in one sentence. */
export function revertWay({mode, path, until}: Pick<RevertPlan, 'mode' | 'path' | 'until'>): string {
  const folder = path === '' ? 'the repository' : path;
  const later = until === undefined ? '' : '; what came later stays';
  switch (mode) {
    case 'restore':
      return `${folder} becomes what it was, whatever changed it since; no other folder changes`;
    case 'revert-commits':
      return `each commit is undone with all that it changed, in other folders too${later}`;
    case 'environment-only':
      return `each commit is undone inside ${folder} only; no other folder changes${later}`;
  }
}

function describe(commit: Commit): string {
  return `${shortSha(commit.sha)} ${plainLine(commit.subject)} (${plainLine(commit.author)}, ${commit.time.slice(0, 10)})`;
}
