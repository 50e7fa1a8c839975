import {plainLine} from '../../text/plain.ts';
import type {Commit, RevertPlan} from '../types.ts';

/** More commits than these are counted, not listed. */
const listed = 30;

/** The first lines of a SHA that people read. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** The message of a revert: what it does, what it undoes, and trailers that a machine can read. */
export function revertMessage(
  mode: RevertPlan['mode'],
  environment: string,
  path: string,
  target: Commit,
  undone: readonly Commit[],
): string {
  const name = plainLine(environment);
  const folder = path === '' ? 'the whole repository' : path;
  const what =
    mode === 'restore'
      ? `Restores ${folder} as of ${describe(target)}.`
      : `Reverts the commits to ${folder} after ${describe(target)}.`;
  const lines = undone.slice(0, listed).map(commit => `- ${describe(commit)}`);
  if (undone.length > listed) lines.push(`- and ${undone.length - listed} more`);
  const subject = `Revert ${name} to ${shortSha(target.sha)}`;
  const list = lines.length === 0 ? [] : ['', 'Undoes:', ...lines];
  return withTrailers([subject, '', what, ...list].join('\n'), {environment: name, target: target.sha});
}

function describe(commit: Commit): string {
  return `${shortSha(commit.sha)} ${plainLine(commit.subject)} (${plainLine(commit.author)}, ${commit.time.slice(0, 10)})`;
}

/** A message that ends in the trailers `Reverts-To` and `Environment`, which an edited one may have lost. */
export function withTrailers(message: string, trailers: {environment: string; target: string}): string {
  const text = message.trim();
  const wanted = [`Reverts-To: ${trailers.target}`, `Environment: ${plainLine(trailers.environment)}`];
  const lastParagraph = text.split(/\n\s*\n/).at(-1) ?? '';
  const present = lastParagraph.split('\n');
  const missing = wanted.filter(trailer => !present.includes(trailer));
  if (missing.length === 0) return `${text}\n`;
  // Trailers are one paragraph: a second one would hide the first from git interpret-trailers.
  const hasTrailers = text.includes('\n\n') && present.every(line => /^[A-Za-z][A-Za-z0-9-]*: \S/.test(line));
  return `${text}${hasTrailers ? '\n' : '\n\n'}${missing.join('\n')}\n`;
}
