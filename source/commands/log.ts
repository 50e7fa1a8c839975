import type {RenderedEffect, Revision, RevisionNote, Session} from '../app/session.ts';
import {effectFacts} from '../environments/effect/facts.ts';
import {signatureWord} from '../environments/signature-words.ts';
import type {JsonObject} from '../resources/json.ts';
import {plainLine} from '../text/plain.ts';
import {begin, chooseOne, formatDocument, outputFormat, print} from './common.ts';
import {liveLimitMs} from './diff.ts';
import {effectDocument} from './effect-document.ts';
import type {Flags} from './flags.ts';
import {minute, short, table} from './text-report.ts';

/** A revision with what was asked to be known of it besides. */
interface Told extends Revision, Pick<RevisionNote, 'signature' | 'differences'> {
  effect?: RenderedEffect;
}

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
      const document = {
        schemaVersion: 1,
        environment: name,
        tip: page.tip,
        skip,
        revisions: told.map(revisionDocument),
        more: page.more,
        missing: page.missing,
      };
      await print(formatDocument(document, format));
      return 0;
    }
    const lines = textLines(told);
    if (page.more) lines.push(`… there are more: --skip ${skip + limit}`);
    if (page.missing !== null) lines.push(missingWords[page.missing]);
    await print(`${lines.join('\n')}\n`);
    return 0;
  } finally {
    session.close();
  }
}

const missingWords = {
  shallow: 'Older commits were not cloned (git fetch --unshallow).',
  partial: 'The trees of older commits were not cloned (git fetch --refetch --filter=blob:none).',
};

/** Finds out what the flags ask for; each takes its time, and is left out where it is not asked for. */
async function tell(
  session: Session,
  name: string,
  tip: string,
  revisions: readonly Revision[],
  flags: Flags,
  signal: AbortSignal,
): Promise<Told[]> {
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
  const told: Told[] = [];
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

/** The table, with only those columns that say something, and below each row what it changes where that was asked for. */
function textLines(told: readonly Told[]): string[] {
  const columns: {title: string; cell: (revision: Told) => string; isWanted?: boolean}[] = [
    {title: 'SHA', cell: ({sha}) => short(sha)},
    {title: 'TIME (UTC)', cell: ({time}) => minute(time)},
    {title: 'AUTHOR', cell: ({author}) => author},
    {title: 'STATE', cell: stateText},
    {title: 'DEPLOYED', cell: deployedText},
    {
      title: 'SIGNED',
      cell: ({signature}) => (signature === undefined ? '' : signatureWord(signature)),
      isWanted: told.some(({signature}) => signature !== undefined),
    },
    {
      title: 'DIFF',
      cell: ({differences}) => String(differences ?? '?'),
      isWanted: told.some(({differences}) => differences !== undefined),
    },
    {title: 'TAGS', cell: ({tags}) => tags.join(', '), isWanted: told.some(({tags}) => tags.length > 0)},
    {
      title: 'PR',
      cell: ({pullRequest}) => pullRequest?.mark ?? '',
      isWanted: told.some(({pullRequest}) => pullRequest !== null),
    },
    {title: 'SUBJECT', cell: ({subject}) => subject},
  ];
  const shown = columns.filter(({isWanted = true}) => isWanted);
  const [head = '', ...rows] = table([
    shown.map(({title}) => title),
    ...told.map(revision => shown.map(({cell}) => cell(revision))),
  ]);
  return [head, ...rows.flatMap((row, index) => [row, ...effectText(told[index]?.effect)])];
}

function effectText(effect: RenderedEffect | undefined): string[] {
  if (effect === undefined) return [];
  return effectFacts(effect).map(({name, text}) => `    ${name.padEnd(8)}  ${plainLine(text)}`);
}

function stateText({state}: Revision): string {
  if (state === 'unknown') return '';
  return state === 'nearest' ? 'live?' : state;
}

function deployedText({deployments}: Revision): string {
  const [latest] = deployments;
  return latest === undefined ? '' : `${minute(latest.time)} by ${latest.by}`;
}

function revisionDocument(revision: Told): JsonObject {
  const {signature, differences, effect, pullRequest} = revision;
  return {
    sha: revision.sha,
    time: revision.time,
    author: revision.author,
    email: revision.email,
    subject: revision.subject,
    refs: [...revision.refs],
    tags: [...revision.tags],
    pullRequest: pullRequest === null ? null : {...pullRequest},
    state: revision.state,
    deployments: revision.deployments.map(deployment => ({...deployment})),
    ...(signature === undefined ? {} : {signature: {...signature}}),
    ...(differences === undefined ? {} : {differences}),
    ...(effect === undefined ? {} : {changes: effectDocument(effect)}),
  };
}
