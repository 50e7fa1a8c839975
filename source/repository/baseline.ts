import {plain, plainLine} from '../text/plain.ts';
import {checkIdentity} from './change/commit.ts';
import {environmentTrailer, shortSha} from './change/message.ts';
import {gitFailure, gitWords, type RepositoryError, signingFailure} from './error.ts';
import {checkObjectId, type Git, isObjectId} from './git.ts';
import {fetchRefs, pushRef, remoteRefs} from './remotes.ts';
import {trustedPrograms} from './trusted-programs.ts';
import type {PushResult} from './types.ts';

/** Where the tags of baselines are; nothing else is ever written there. */
const home = 'refs/tags/gitops-tui/good/';

/** A revision that somebody marked as known good for an environment: an annotated tag, shared by pushing it. */
export interface Baseline {
  /** `gitops-tui/good/production/20261121-150000-9be01d4` */
  tag: string;
  /** The tag's own object. */
  oid: string;
  commit: string;
  /** ISO 8601. */
  time: string;
  by: string;
  /** What was written about it, '' for nothing. */
  note: string;
  /** True where it has a signature, whoever's. */
  isSigned: boolean;
}

/**
 * The baselines of an environment that are here, newest first. `part` is its name as a part of a ref; two names may share
 * one, so each tag names its environment. Throws RepositoryError.
 */
export async function listBaselines(
  git: Git,
  environment: string,
  part: string,
  signal?: AbortSignal,
): Promise<Baseline[]> {
  const fields = [
    '%(refname)',
    '%(objecttype) %(*objecttype)',
    '%(objectname)',
    '%(*objectname)',
    '%(taggerdate:iso-strict)',
    '%(taggername)',
    '%(if)%(contents:signature)%(then)signed%(end)',
    '%(contents:body)',
  ];
  const format = `${fields.join('%00')}%00`;
  const output = await git.text(['for-each-ref', `--format=${format}`, `${home}${part}/`], {signal});
  const found: Baseline[] = [];
  const words = output.split('\0');
  for (let at = 0; at + fields.length < words.length; at += fields.length) {
    const [ref = '', types, oid = '', commit = '', time = '', by = '', signed, body = ''] = words.slice(at);
    // git's own trailers of a tag would take its signature for one of them.
    const [, text = '', of] = /^([\s\S]*?)(?:^|\n)Environment: (.*)\s*$/.exec(body) ?? [];
    // A lightweight tag, or one of something else, says nothing of when and by whom.
    if (types !== 'tag commit' || of !== plainLine(environment)) continue;
    if (!isObjectId(oid) || !isObjectId(commit)) continue;
    const note = plain(text).trim();
    found.push({
      tag: ref.trimStart().slice('refs/tags/'.length),
      oid,
      commit,
      time,
      by,
      note,
      isSigned: signed === 'signed',
    });
  }
  // By the moment, then by name, so that all who look choose the same one.
  return found.sort((a, b) => Date.parse(b.time) - Date.parse(a.time) || (a.tag < b.tag ? 1 : -1));
}

/**
 * Brings the baselines that a remote has and this repository lacks here, and gives the names of all that it has. Only tags
 * of baselines are asked for; one of the same name that is another stays as it is here. Throws RepositoryError.
 */
export async function fetchBaselines(
  git: Git,
  remote: string,
  part: string,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const there = await remoteRefs(git, remote, `${home}${part}/*`, signal);
  const output = await git.text(['for-each-ref', '--format=%(refname)', `${home}${part}/`], {signal});
  const here = new Set(output.split('\n'));
  const missing = [...there.keys()].filter(ref => !here.has(ref));
  await fetchRefs(git, remote, missing, signal);
  return new Set([...there.keys()].map(ref => ref.slice('refs/tags/'.length)));
}

/**
 * Marks a commit as known good: an annotated tag, as the user and signed where tag.gpgSign says so. It is in this
 * repository only until it is pushed. Throws RepositoryError: no identity, no signature.
 */
export async function tagBaseline(
  git: Git,
  wish: {environment: string; part: string; commit: string; note: string; now: Date},
  signal?: AbortSignal,
): Promise<{tag: string; oid: string}> {
  const {environment, part, commit, note, now} = wish;
  const moment = now
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-');
  const tag = `gitops-tui/good/${part}/${moment}-${shortSha(commit)}`;
  const text = plain(note).trim();
  const words = [
    `Known good: ${plainLine(environment)} at ${shortSha(commit)}`,
    ...(text === '' ? [] : [text]),
    environmentTrailer(environment),
  ].join('\n\n');
  await checkIdentity(git, signal);
  const result = await git.result(
    ['tag', '--annotate', '--cleanup=verbatim', '-F', '-', '--end-of-options', tag, checkObjectId(commit)],
    {input: `${words}\n`, signal, config: await trustedPrograms(git, signal), accept: [0, 1, 128]},
  );
  if (result.exitCode !== 0) throw tagFailure(result.stderr);
  const oid = await git.text(['rev-parse', '--verify', '--end-of-options', `refs/tags/${tag}`], {signal});
  return {tag, oid: checkObjectId(oid.trim())};
}

function tagFailure(stderr: string): RepositoryError {
  const words = gitWords(stderr).replace(/^(fatal|error): /gm, '');
  if (/unable to sign|failed to sign|gpg failed|signing failed/i.test(words))
    return signingFailure(words, 'tag');
  return gitFailure('git tag', stderr);
}

/** Shares a baseline. A refusal is an answer; the tag stays here then. */
export function pushBaseline(
  git: Git,
  remote: string,
  {tag, oid}: Pick<Baseline, 'tag' | 'oid'>,
  signal?: AbortSignal,
): Promise<PushResult> {
  return pushRef(git, remote, oid, `refs/tags/${tag}`, signal);
}
