import {constants} from 'node:fs';
import {access, readFile, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import {makeTemporaryFolder} from '../process/temporary-folder.ts';
import {gitFailure, gitWords, RepositoryError, signingFailure} from './error.ts';
import {checkObjectId, type Git, type Setting} from './git.ts';
import {readCommit} from './log.ts';
import {trustedPrograms} from './trusted-programs.ts';
import {filtersOff, makeTemporaryWorktree} from './worktrees.ts';

/** The hooks of `git commit` that a user can have (githooks(5)), in the order in which they run. */
const commitHooks = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'] as const;

/** How long git and the hooks of one commit may take: those that install what they need on first use take minutes. */
const hookLimitMs = 300_000;

/** So many lines of a hook's words are told. */
const mostLines = 40;

/** The user's own hooks of a commit. */
export interface CommitHooks {
  /** Where they are: an absolute path. */
  folder: string;
  names: readonly string[];
}

/** What is to be committed. */
export interface CommitWish {
  /** The commit that it goes on: a full SHA. */
  base: string;
  tree: string;
  message: string;
  /** A second parent, where it merges one. */
  mergeParent?: string | undefined;
}

/** A commit that was made; hooks may have had a part in it. */
export interface MadeCommit {
  sha: string;
  /** What they left of the tree and the message, which may not be what was asked for. */
  tree: string;
  message: string;
}

/**
 * The hooks that `git commit` would run in the user's own checkout: of core.hooksPath or the repository's hooks folder. A
 * relative hooksPath is looked up in the user's checkout, never in what is to be committed, which others may have
 * written. Null where there is none. Throws RepositoryError.
 */
export async function findCommitHooks(git: Git, signal?: AbortSignal): Promise<CommitHooks | null> {
  const output = await git.text(['rev-parse', '--git-path', 'hooks'], {signal, hooks: 'user'});
  const folder = path.resolve(git.folder, output.replace(/\r?\n$/, ''));
  const there = await Promise.all(commitHooks.map(name => canRun(path.join(folder, name))));
  const names = commitHooks.filter((_, index) => there[index]);
  return names.length === 0 ? null : {folder, names};
}

/** As git has it: a hook that can't be executed is none. */
async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * Commits a tree on a commit with `git commit` in a worktree of its own, so that the user's hooks run as they would for
 * them and the commit is signed as configured. They get a time limit and no terminal. No ref points at the commit. Throws
 * RepositoryError: `hook` with the words of a hook that refused, `signing`.
 */
export async function commitWithHooks(
  git: Git,
  hooks: CommitHooks,
  wish: CommitWish,
  options: {signal?: AbortSignal | undefined; limitMs?: number; folder?: string} = {},
): Promise<MadeCommit> {
  const {signal, limitMs = hookLimitMs} = options;
  await using worktree = await makeTemporaryWorktree(git, wish.base, wish.tree, options);
  await using scratch = await makeTemporaryFolder('commit');
  const inside = worktree.git;
  if (wish.mergeParent !== undefined) {
    const file = await inside.text(['rev-parse', '--path-format=absolute', '--git-path', 'MERGE_HEAD'], {
      signal,
    });
    await writeFile(file.replace(/\r?\n$/, ''), `${checkObjectId(wish.mergeParent)}\n`);
  }
  const trace = path.join(scratch.path, 'trace');
  const config: Setting[] = [
    ...(await filtersOff(git, signal)),
    ...(await trustedPrograms(git, signal)),
    ['core.hooksPath', hooks.folder],
  ];
  let exitCode: number;
  let said: string;
  try {
    const result = await inside.result(['commit', '--quiet', '--no-edit', '--cleanup=verbatim', '-F', '-'], {
      input: wish.message,
      env: {...hookEnvironment(process.env), GIT_TRACE2_EVENT: trace},
      hooks: 'user',
      config,
      alone: true,
      timeoutMs: limitMs,
      signal,
      accept: [0, 1, 128],
    });
    exitCode = result.exitCode;
    said = lastLines(gitWords(`${result.stdout}\n${result.stderr}`));
  } catch (error) {
    if (!(error instanceof RepositoryError) || error.reason !== 'timeout') throw error;
    const name = (await runHooks(trace)).findLast(({code}) => code === null)?.name;
    const which = name === undefined ? `your hooks (${hooks.names.join(', ')})` : `your ${name} hook`;
    throw new RepositoryError(
      'hook',
      `${which} did not end within ${limitMs / 1000} s: nothing was committed`,
      {
        cause: error,
      },
    );
  }
  if (exitCode !== 0) throw refusal(said, (await runHooks(trace)).findLast(({code}) => code !== 0)?.name);
  const sha = checkObjectId((await inside.text(['rev-parse', '--verify', 'HEAD'], {signal})).trim());
  return await checked(git, sha, wish, signal);
}

/** The commit as the hooks left it. A hook that put it on another commit made something that nobody asked for. */
async function checked(
  git: Git,
  sha: string,
  wish: CommitWish,
  signal: AbortSignal | undefined,
): Promise<MadeCommit> {
  const {parents} = await readCommit(git, sha, signal);
  const wanted = [wish.base, ...(wish.mergeParent === undefined ? [] : [wish.mergeParent])];
  if (parents.join() !== wanted.join())
    throw new RepositoryError(
      'hook',
      'a hook of yours moved HEAD: its commit is not the one that was planned',
    );
  const output = await git.text(['log', '-1', '--no-show-signature', '--format=%T%n%B', sha], {signal});
  const end = output.indexOf('\n');
  const tree = checkObjectId(output.slice(0, end));
  const before = await git.text(['rev-parse', '--verify', `${checkObjectId(wish.base)}^{tree}`], {signal});
  if (wanted.length === 1 && before.trim() === tree)
    throw new RepositoryError('hook', 'your hooks undid the change: there is nothing left to commit');
  // git ends what it prints with one more line end.
  return {sha, tree, message: output.slice(end + 1, -1)};
}

/** What a hook may have missed, and the way past it for who knows better. */
const worktreeFix =
  'it ran in a worktree of its own, which has only what git has; --no-verify on the command line leaves hooks out';

function refusal(said: string, hook: string | undefined): RepositoryError {
  if (hook !== undefined && hook !== 'post-commit') {
    const words = said === '' ? 'it said nothing' : said;
    return new RepositoryError('hook', `your ${hook} hook refused the commit: ${words}`, {fix: worktreeFix});
  }
  if (/failed to (sign the data|write commit object)|signing failed|gpg failed/i.test(said))
    return signingFailure(said);
  return gitFailure('git commit', said);
}

function lastLines(text: string): string {
  const lines = text.split('\n');
  return lines.length <= mostLines ? text : ['…', ...lines.slice(-mostLines)].join('\n');
}

/**
 * A hook finds what it would find in the user's shell, but for the terminal: pathspecs are patterns again, and texts have
 * the user's encoding. git's own messages stay English.
 */
function hookEnvironment(inherited: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return {
    GIT_LITERAL_PATHSPECS: undefined,
    GIT_OPTIONAL_LOCKS: undefined,
    GIT_NO_REPLACE_OBJECTS: undefined,
    LC_ALL: undefined,
    LC_CTYPE: inherited['LC_ALL'] || inherited['LC_CTYPE'] || inherited['LANG'] || undefined,
    LC_MESSAGES: 'C',
    LANGUAGE: undefined,
    // Nobody is there to answer an editor or a question.
    GIT_EDITOR: 'false',
  };
}

const traceEvent = v.object({
  event: v.picklist(['child_start', 'child_exit']),
  sid: v.string(),
  child_id: v.number(),
  child_class: v.optional(v.string()),
  hook_name: v.optional(v.string()),
  code: v.optional(v.number()),
});

/** The hooks that git itself started, in order; `code` is null where one did not end. Format: api-trace2 of git. */
async function runHooks(trace: string): Promise<{name: string; code: number | null}[]> {
  const text = await readFile(trace, 'utf8').catch(() => '');
  await rm(trace, {force: true});
  const started = new Map<number, {name: string; code: number | null}>();
  for (const line of text.split('\n')) {
    const parsed = v.safeParse(traceEvent, parsedLine(line));
    // What hooks start traces into the same file; only the first process has a plain session ID.
    if (!parsed.success || parsed.output.sid.includes('/')) continue;
    const {event, child_id: id, child_class: kind, hook_name: name, code} = parsed.output;
    if (event === 'child_start' && kind === 'hook' && name !== undefined) started.set(id, {name, code: null});
    const child = started.get(id);
    if (event === 'child_exit' && child !== undefined) child.code = code ?? null;
  }
  return [...started.values()];
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
