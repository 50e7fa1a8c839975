import type {BaselinePreview} from '../app/session.ts';
import {plain} from '../text/plain.ts';
import {begin, chooseOne, print} from './common.ts';
import type {Flags} from './flags.ts';
import {short} from './text-report.ts';

/**
 * `gitops-tui baseline ENVIRONMENT [COMMIT]`: lists the revisions that are marked as known good; with a commit prints what
 * marking it would do, with --yes marks it and shares the mark. Gives 0 when done or listed, 1 when a plan was printed, 2
 * when it failed.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const environment = chooseOne(loaded, words[0], 'baseline');
    const request = {environment: environment.name, commit: words[1] ?? null};
    const preview = await session.planBaseline(request, signal);
    await print(preview.commit === null ? listText(preview) : previewText(preview, preview.commit));
    if (preview.commit === null) return 0;
    if (!flags.yes || flags.dryRun) {
      if (!flags.dryRun) await print('Nothing was changed: --yes does it.\n');
      return 1;
    }
    // The environment's name was typed in full on this very command line.
    const confirmed = {typed: environment.name};
    const outcome = await session.makeBaseline(preview, flags.note ?? '', confirmed, signal);
    await print(`${plain(outcome.message)}\n`);
    return outcome.ok ? 0 : 2;
  } finally {
    session.close();
  }
}

/** The revisions that are marked, newest first. */
export function listText({environment, known, shared, remote, warnings}: BaselinePreview): string {
  const lines = known.map(({commit, time, by, note, isSigned, tag}, index) => {
    const marks = [
      index === 0 ? 'last known good' : null,
      isSigned ? 'signed' : null,
      remote === null || shared.includes(tag) ? null : 'only in this repository',
    ].filter(mark => mark !== null);
    const told = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
    return `${short(commit)} ${time.slice(0, 10)} ${by}${note === '' ? '' : `: ${note.split('\n')[0]}`}${told}`;
  });
  if (lines.length === 0) lines.push(`No revision of ${environment} is marked as known good.`);
  return `${plain([...warnings.map(warning => `Warning: ${warning}`), ...lines].join('\n'))}\n`;
}

/** What marking a revision would do, for people. */
export function previewText(
  {environment, known, remote, warnings}: BaselinePreview,
  commit: {sha: string; subject: string},
): string {
  const [last] = known;
  const lines = [
    `Mark ${short(commit.sha)} ${commit.subject} as known good for ${environment}`,
    last === undefined
      ? 'None is marked yet.'
      : `Marked last: ${short(last.commit)} on ${last.time.slice(0, 10)} by ${last.by}`,
    ...warnings.map(warning => `Warning: ${warning}`),
    remote === null
      ? 'With --yes: an annotated tag here, as there is no remote'
      : `With --yes: an annotated tag, pushed to ${remote}`,
  ];
  return `${plain(lines.join('\n'))}\n`;
}
