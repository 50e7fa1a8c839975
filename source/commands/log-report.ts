import type {RenderedEffect, Revision, RevisionNote, RevisionPage} from '../app/session.ts';
import {effectFacts} from '../changes/effect/facts.ts';
import type {JsonObject} from '../resources/json.ts';
import {signatureWord} from '../revisions/signature-words.ts';
import {plainLine} from '../text/plain.ts';
import {shownTags} from '../text/tags.ts';
import {effectDocument} from './effect-document.ts';
import {minute, short, table} from './text-report.ts';

/** A revision with what was asked to be known of it besides. */
export interface ToldRevision extends Revision, Pick<RevisionNote, 'signature' | 'differences'> {
  effect?: RenderedEffect;
}

type Page = Omit<RevisionPage, 'revisions'>;

const missingWords = {
  shallow: 'Older commits were not cloned (git fetch --unshallow).',
  partial: 'The trees of older commits were not cloned (git fetch --refetch --filter=blob:none).',
};

/** A page of the log for people. */
export function logText(skip: number, told: readonly ToldRevision[], {more, missing}: Page): string {
  const lines = textLines(told);
  if (more) lines.push(`… there are more: --skip ${skip + told.length}`);
  if (missing !== null) lines.push(missingWords[missing]);
  return `${lines.join('\n')}\n`;
}

/** The same for programs: schemaVersion 1, as README documents it. */
export function logDocument(
  environment: string,
  skip: number,
  told: readonly ToldRevision[],
  {tip, more, missing}: Page,
): JsonObject {
  return {schemaVersion: 1, environment, tip, skip, revisions: told.map(revisionDocument), more, missing};
}

/** The table, with only those columns that say something, and below each row what it changes where that was asked for. */
function textLines(told: readonly ToldRevision[]): string[] {
  const columns: {title: string; cell: (revision: ToldRevision) => string; isWanted?: boolean}[] = [
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
    {
      title: 'TAGS',
      cell: ({tags}) => shownTags(tags).join(', '),
      isWanted: told.some(({tags}) => tags.length > 0),
    },
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

function revisionDocument(revision: ToldRevision): JsonObject {
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
