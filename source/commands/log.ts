import type {Revision, RevisionNote, Session} from '../app/session.ts';
import {begin, chooseOne, formatDocument, outputFormat, print} from './common.ts';
import {liveLimitMs} from './diff.ts';
import type {Flags} from './flags.ts';
import {logDocument, logText, type ToldRevision} from './log-report.ts';

/** `gitops-tui log ENVIRONMENT`: the commits of its folder, newest first, and which of them is live. */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const {name} = chooseOne(loaded, words[0], 'log');
    // Without the cluster the log is still of use.
    const deployments = await session.history(name, signal).catch(() => null);
    if (deployments?.length === 0) await session.findLiveRevision(name, signal, liveLimitMs);
    const {skip, limit, at} = flags;
    const range = {skip, limit, ...(at === undefined ? {} : {tip: at})};
    const {revisions, ...page} = await session.revisions(name, range, signal);
    const told = await tell(session, name, page.tip, revisions, flags, signal);
    const format = outputFormat(flags);
    if (format !== 'text') {
      await print(formatDocument(logDocument(name, skip, told, page), format));
      return 0;
    }
    await print(logText(skip, told, page));
    return 0;
  } finally {
    session.close();
  }
}

/** Finds out what the flags ask for; each takes its time, and is left out where it is not asked for. */
async function tell(
  session: Session,
  name: string,
  tip: string,
  revisions: readonly Revision[],
  flags: Flags,
  signal: AbortSignal,
): Promise<ToldRevision[]> {
  const notes = new Map<string, Partial<RevisionNote>>();
  const about = [
    ...(flags.signatures ? (['signature'] as const) : []),
    ...(flags.differences ? (['differences'] as const) : []),
  ];
  if (flags.differences) await session.inspect(name, signal, () => {});
  if (about.length > 0) {
    const shas = revisions.map(({sha}) => sha);
    await session.revisionNotes(name, {tip, shas, about}, signal, note =>
      notes.set(note.sha, {...notes.get(note.sha), ...note}),
    );
  }
  const told: ToldRevision[] = [];
  for (const revision of revisions) {
    const {signature, differences} = notes.get(revision.sha) ?? {};
    told.push({
      ...revision,
      ...(signature === undefined ? {} : {signature}),
      // Asked for and not told: the cluster is out of reach.
      ...(flags.differences ? {differences: differences ?? null} : {}),
      ...(flags.changes ? {effect: await session.commitEffect(name, revision.sha, signal)} : {}),
    });
  }
  return told;
}
