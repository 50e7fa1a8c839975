import {devNull} from 'node:os';
import {setImmediate as turn} from 'node:timers/promises';
import {type SimpleGit, simpleGit} from 'simple-git';
import {begin} from '../journal/journal.ts';
import {ProcessError, run, runBinary, runStreaming, type Streaming} from '../process/run.ts';
import {gitFailure, RepositoryError} from './error.ts';

/** A setting of git for one command: it counts more than any file's. */
export type Setting = readonly [key: string, value: string];

/** Settings of every git command: a repository is hostile until shown otherwise, and the user's own is left alone. */
const config: readonly Setting[] = [
  // Programs that a repository could name.
  ['core.fsmonitor', 'false'],
  ['protocol.ext.allow', 'never'],
  // Output that is parsed must not depend on the user's taste.
  ['core.quotePath', 'false'],
  ['color.ui', 'false'],
  ['log.showSignature', 'false'],
  ['i18n.commitEncoding', 'UTF-8'],
  ['i18n.logOutputEncoding', 'UTF-8'],
  // No work that nobody asked for.
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['push.followTags', 'false'],
  ['maintenance.auto', 'false'],
  ['gc.auto', '0'],
  // Nobody is there to answer, and an identity made of the host's name is no identity.
  ['credential.interactive', 'false'],
  ['user.useConfigOnly', 'true'],
];

/** Variables of a command that reads what is here only: a partial clone would fetch the objects that it lacks one by one. */
export const withoutFetching = {GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none'};

const noHooks: Setting = ['core.hooksPath', devNull];

/** `GIT_*` variables that are the user's way to say how to reach and trust a repository; all others are dropped. */
const kept =
  /^GIT_(SSH(_COMMAND|_VARIANT)?|SSL_.*|HTTP_.*|PROXY_.*|ASKPASS|EXEC_PATH|TRACE.*|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|(KEY|VALUE)_\d+)|(AUTHOR|COMMITTER)_(NAME|EMAIL)|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|ALLOW_PROTOCOL)$/;

/**
 * What to change in the inherited environment for a git command; undefined takes a variable away. `hooks` says whether
 * the user's own hooks run, which they do only where git acts on the user's behalf (a push).
 */
export function gitEnvironment(
  inherited: NodeJS.ProcessEnv,
  hooks: 'off' | 'user' = 'off',
  more: readonly Setting[] = [],
): Record<string, string | undefined> {
  const environment: Record<string, string | undefined> = {};
  for (const name of Object.keys(inherited)) {
    // A GIT_DIR or GIT_INDEX_FILE of a hook that we were started from would lead to another repository.
    if (name.startsWith('GIT_') && !kept.test(name)) environment[name] = undefined;
  }
  const settings = [...config, ...(hooks === 'off' ? [noHooks] : []), ...more];
  const already = Number.parseInt(inherited['GIT_CONFIG_COUNT'] ?? '0', 10) || 0;
  for (const [index, [key, value]] of settings.entries()) {
    environment[`GIT_CONFIG_KEY_${already + index}`] = key;
    environment[`GIT_CONFIG_VALUE_${already + index}`] = value;
  }
  return {
    ...environment,
    GIT_CONFIG_COUNT: String(already + settings.length),
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    LC_ALL: 'C',
    // ssh would ask on the terminal itself, in the middle of the screen: the user's own window may, else nobody does.
    SSH_ASKPASS_REQUIRE: 'force',
    SSH_ASKPASS: inherited['SSH_ASKPASS'] ?? 'false',
    // The same for the passphrase of a signing key.
    GPG_TTY: undefined,
  };
}

/** How to run one git command. */
export interface GitOptions {
  signal?: AbortSignal | undefined;
  input?: string | Uint8Array;
  /** Undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  timeoutMs?: number;
  hooks?: 'off' | 'user';
  /** Settings for this command, beside those of every command. */
  config?: readonly Setting[];
  /** As for `run`: git and what it starts have no terminal, and end together. Default false. */
  alone?: boolean;
  /** Exit codes that are an answer. Default: 0. */
  accept?: readonly number[];
}

export interface GitResult<Output> {
  exitCode: number;
  stdout: Output;
  stderr: string;
}

/** git in one folder, with the settings above. Everything throws RepositoryError. */
export class Git {
  readonly folder: string;
  /** Questions that git was not asked yet. */
  readonly #asked = new Map<string, Promise<GitResult<string>>>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Runs a command; its output as text. */
  async text(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return (await this.result(args, options)).stdout;
  }

  /** Runs a command; its output as it came. */
  async bytes(args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
    return (await this.#run(runBinary, args, options)).stdout;
  }

  /** Runs a command whose exit code is (or may be) an answer, see `accept`. */
  async result(args: readonly string[], options: GitOptions = {}): Promise<GitResult<string>> {
    return this.#run(run, args, options);
  }

  /**
   * As `result`, for a short question that changes nothing. Who asks the same in the same turn, before git has begun, gets
   * the same answer: twenty environments of one branch ask for HEAD at once.
   */
  async fact(
    args: readonly string[],
    {signal, accept = [0]}: Pick<GitOptions, 'signal' | 'accept'> = {},
  ): Promise<GitResult<string>> {
    const key = JSON.stringify([args, accept]);
    let answer = this.#asked.get(key);
    if (answer === undefined) {
      answer = turn().then(() => {
        this.#asked.delete(key);
        return this.result(args, {accept});
      });
      this.#asked.set(key, answer);
    }
    return untilAborted(answer, signal);
  }

  /** Starts a command to be read from bit by bit; `ended` rejects with RepositoryError, also for an exit code that is not 0. */
  stream(args: readonly string[], env: Record<string, string> = {}): Streaming {
    const task = taskOf(args);
    const child = runStreaming('git', args, {
      cwd: this.folder,
      env: {...gitEnvironment(process.env), ...env},
    });
    const ended = child.ended.then(
      result => {
        if (result.exitCode !== 0) throw gitFailure(task, result.stderr);
        return result;
      },
      (error: unknown) => {
        throw processFailure(task, error);
      },
    );
    // Who reads no further does not ask how it ended.
    ended.catch(() => {});
    return {...child, ended};
  }

  /** simple-git for the ordinary verbs, in the same environment; wrap its calls in `ordinary`. */
  simple(signal?: AbortSignal): SimpleGit {
    const environment = definedOnly({...process.env, ...gitEnvironment(process.env)});
    // simple-git takes these for an attack wherever they come from; ours come from the user or the table above.
    for (const name of ['EDITOR', 'VISUAL', 'PAGER', 'PREFIX']) delete environment[name];
    const cwd = this.folder;
    let end: ReturnType<typeof begin>;
    return simpleGit({
      baseDir: this.folder,
      allowEnvironment: Object.keys(environment),
      unsafe: allowedByEnvironment,
      timeout: {block: networkTimeoutMs},
      // By itself simple-git takes a failure without a word on stderr for a success.
      errors: (error, {exitCode, stdErr}) => {
        end?.({outcome: exitCode === 0 ? 'ok' : 'refused', says: `exit ${exitCode}`, bytes: null});
        return error ?? (exitCode === 0 ? undefined : Buffer.concat(stdErr));
      },
      ...(signal === undefined ? {} : {abort: signal}),
    })
      .env(environment)
      .outputHandler((file, _output, _errors, args) => {
        end = begin(() => ({kind: 'program', file, args, cwd}));
      });
  }

  async #run<Output>(
    runner: (
      file: string,
      args: readonly string[],
      options: Parameters<typeof run>[2],
    ) => Promise<GitResult<Output>>,
    args: readonly string[],
    options: GitOptions,
  ): Promise<GitResult<Output>> {
    const {signal, input, timeoutMs, hooks, config: more, alone = false, accept = [0]} = options;
    const task = taskOf(args);
    let result: GitResult<Output>;
    try {
      result = await runner('git', args, {
        cwd: this.folder,
        env: {...gitEnvironment(process.env, hooks, more), ...options.env},
        signal,
        ...(input === undefined ? {} : {input}),
        timeoutMs: timeoutMs ?? localTimeoutMs,
        alone,
      });
    } catch (error) {
      throw processFailure(task, error);
    }
    if (!accept.includes(result.exitCode)) throw gitFailure(task, result.stderr);
    return result;
  }
}

function taskOf(args: readonly string[]): string {
  return `git ${args.find(word => !word.startsWith('-')) ?? ''}`;
}

/** The answer, or the error of a cancelled command as soon as the signal says so: the others wait on. */
async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  const {promise: cancelled, reject} = Promise.withResolvers<never>();
  const cancel = () => reject(processFailure('git', new ProcessError('git', 'aborted', 'git was cancelled')));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await Promise.race([answer, cancelled]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** A local command on a large repository and a cold disk may take minutes; a remote may have much to send. */
const localTimeoutMs = 300_000;
export const networkTimeoutMs = 300_000;
/** A question about refs is answered soon, or the remote is taken for one that is out of reach. */
export const askTimeoutMs = 30_000;

/** simple-git's own guards stay on for arguments it is given; these are set through the environment only. */
const allowedByEnvironment = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeExec: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeHooksPath: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeUrlRewrite: true,
};

/** Awaits a call of simple-git; its errors become RepositoryError. */
export async function ordinary<Result>(
  task: string,
  call: PromiseLike<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (signal?.aborted) throw new RepositoryError('aborted', `${task} was cancelled`, {cause: error});
    throw gitFailure(task, error instanceof Error ? error.message : String(error), error);
  }
}

function processFailure(task: string, error: unknown): unknown {
  if (!(error instanceof ProcessError)) return error;
  switch (error.reason) {
    case 'not-found':
      return new RepositoryError('no-git', 'git was not found on PATH', {
        fix: 'install git 2.38 or newer',
        cause: error,
      });
    case 'timeout':
      return new RepositoryError('timeout', `${task}: ${error.message}`, {cause: error});
    case 'aborted':
      return new RepositoryError('aborted', `${task} was cancelled`, {cause: error});
    case 'killed':
    case 'failed':
      return new RepositoryError('git', `${task}: ${error.message}`, {cause: error});
  }
}

function definedOnly(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const objectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** True for a full object ID, SHA-1 or SHA-256. */
export function isObjectId(text: string): boolean {
  return objectId.test(text);
}

/** The full object ID itself. Throws RepositoryError for anything else: refs are resolved before they are used. */
export function checkObjectId(text: string): string {
  if (isObjectId(text)) return text;
  throw new RepositoryError('unknown-revision', `"${text}" is not a full commit SHA`);
}

/**
 * A folder inside the repository as git writes it: no leading `./`, no trailing `/`, '' for the root. Throws RepositoryError
 * for a path that leads out of it.
 */
export function checkFolder(folder: string): string {
  const parts = folder.split('/').filter(part => part !== '' && part !== '.');
  if (folder.startsWith('/') || folder.includes('\0') || parts.includes('..')) {
    throw new RepositoryError('unknown-path', `"${folder}" is not a path inside the repository`);
  }
  return parts.join('/');
}

/** The arguments that limit a command to a folder: none for the root. */
export function pathArguments(folder: string): string[] {
  const checked = checkFolder(folder);
  return checked === '' ? [] : ['--', checked];
}
