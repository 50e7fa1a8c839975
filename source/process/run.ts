import {existsSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {execa} from 'execa';
import {begin, endingOf} from '../journal/journal.ts';
import {shownArguments} from '../journal/shown.ts';

/** How to run a child process. There is never a shell: arguments are an array. */
export interface RunOptions {
  cwd?: string;
  /** Added to (or, with undefined, taken from) the inherited environment. */
  env?: Record<string, string | undefined>;
  input?: string | Uint8Array;
  /** Milliseconds; the process is killed after it. Default 60,000. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** Bytes of output that are kept at most. Default 256 MiB. */
  maxBuffer?: number;
  /**
   * A session of its own: what the child started ends with it, and it can't reach the terminal (`/dev/tty`). Default
   * false: only the child itself is ended, and its own children may keep its output open.
   */
  alone?: boolean;
  /** The arguments are the user's own and may hold a credential: the journal keeps the program's name alone. */
  privateArguments?: boolean;
}

/** What a child process left behind. A non-zero exit is an answer, not an exception. */
export interface RunResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A child process that could not start, ran out of time or was killed. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
  readonly file: string;
  readonly reason: 'not-found' | 'timeout' | 'aborted' | 'killed' | 'failed';

  constructor(file: string, reason: ProcessError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.file = file;
    this.reason = reason;
  }
}

/** `RunResult` with the output as it came. */
export interface BinaryRunResult {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

/**
 * Runs a program and gives its exit code and output as UTF-8 text. This module is the only place that starts child
 * processes. Throws ProcessError.
 */
export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const end = noted(file, args, options);
  const result = await execa(file, args, {...settings(options), encoding: 'utf8'});
  const exitCode = end(() => exitCodeOf(file, options, result), result.stdout?.length);
  return {exitCode, stdout: result.stdout, stderr: result.stderr};
}

/** `run` for output that need not be text. Throws ProcessError. */
export async function runBinary(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<BinaryRunResult> {
  const end = noted(file, args, options);
  const result = await execa(file, args, {...settings(options), encoding: 'buffer'});
  const exitCode = end(() => exitCodeOf(file, options, result), result.stdout?.byteLength);
  const {buffer, byteOffset, byteLength} = result.stdout;
  return {
    exitCode,
    stdout: Buffer.from(buffer, byteOffset, byteLength),
    stderr: new TextDecoder().decode(result.stderr),
  };
}

/** Notes a program in the journal; gives the function that notes its end, however that is told. */
function noted(
  file: string,
  args: readonly string[],
  {cwd = null, privateArguments = false}: {cwd?: string | null; privateArguments?: boolean},
) {
  const shown = () => (privateArguments ? args.map(() => '***') : shownArguments(args));
  const end = begin(() => ({kind: 'program', file, args: shown(), cwd}));
  return (exitCode: () => number, bytes: number | null = null): number => {
    try {
      const code = exitCode();
      end?.({outcome: code === 0 ? 'ok' : 'refused', says: `exit ${code}`, bytes});
      return code;
    } catch (error) {
      end?.(endingOf(error, error instanceof ProcessError && error.reason === 'aborted'));
      throw error;
    }
  };
}

const defaultTimeoutMs = 60_000;

function settings(options: RunOptions) {
  return {
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
    ...(options.env === undefined ? {} : {env: options.env}),
    ...(options.input === undefined ? {stdin: 'ignore' as const} : {input: options.input}),
    ...(options.signal === undefined ? {} : {cancelSignal: options.signal}),
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    maxBuffer: options.maxBuffer ?? 256 * 1024 * 1024,
    forceKillAfterDelay: 2000,
    killDescendants: options.alone ?? false,
    reject: false as const,
    stripFinalNewline: false as const,
    windowsHide: true,
  };
}

/** What execa tells of a child that ended, in whatever encoding its output is. */
interface Ended {
  exitCode?: number | undefined;
  isCanceled: boolean;
  timedOut: boolean;
  isTerminated: boolean;
  isMaxBuffer: boolean;
  signal?: string | undefined;
  code?: string | undefined;
}

function exitCodeOf(file: string, options: RunOptions, result: Ended): number {
  if (result.isMaxBuffer) {
    throw new ProcessError(
      file,
      'failed',
      `${file} printed more than is kept (${settings(options).maxBuffer} bytes)`,
    );
  }
  if (result.isCanceled) throw new ProcessError(file, 'aborted', `${file} was cancelled`);
  if (result.timedOut) {
    const seconds = (options.timeoutMs ?? defaultTimeoutMs) / 1000;
    throw new ProcessError(file, 'timeout', `${file} did not end within ${seconds} s`);
  }
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.isTerminated)
    throw new ProcessError(file, 'killed', `${file} was ended by ${result.signal ?? 'a signal'}`);
  // A program that is there can't start either where its folder is gone.
  if (result.code === 'ENOENT' && options.cwd !== undefined && !existsSync(options.cwd))
    throw new ProcessError(file, 'failed', `the folder ${options.cwd} is not there (any more)`, {
      cause: result,
    });
  if (result.code === 'ENOENT')
    throw new ProcessError(file, 'not-found', `${file} was not found on PATH`, {cause: result});
  throw new ProcessError(
    file,
    'failed',
    result instanceof Error ? result.message : `${file} could not be run`,
  );
}

/** A child process whose output is read as fast as its reader wants it: one that waits makes the child wait. */
export interface Streaming {
  /** The output in the pieces it came in; it ends when the child does, however that is: `ended` says. */
  readonly chunks: AsyncIterator<Uint8Array>;
  /** The exit code and what was said on stderr. Rejects with ProcessError, `aborted` after `stop`. */
  readonly ended: Promise<{exitCode: number; stderr: string}>;
  stop(): void;
}

/** Starts a program to be read from bit by bit. It has no time limit: who reads it stops it. */
export function runStreaming(
  file: string,
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'env'> = {},
): Streaming {
  const stop = new AbortController();
  const end = noted(file, args, options);
  const child = execa(file, args, {
    ...settings({...options, signal: stop.signal}),
    timeout: 0,
    encoding: 'buffer',
    buffer: {stdout: false, stderr: true},
  });
  const ended = child.then(result => ({
    exitCode: end(() => exitCodeOf(file, options, result)),
    stderr: new TextDecoder().decode(result.stderr),
  }));
  // Who reads no further does not ask how it ended.
  ended.catch(() => {});
  return {
    chunks: child.stdout[Symbol.asyncIterator](),
    ended,
    stop() {
      stop.abort();
      // What nobody reads would keep it from having ended.
      child.stdout.destroy();
    },
  };
}

/**
 * Runs a program of the user's own that takes over the terminal: the editor, k9s. It has this process's input and output,
 * and no time limit. Gives the exit code; throws ProcessError where it could not be started or was killed.
 */
export async function runInteractive(
  file: string,
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'env' | 'signal'> & {input?: string} = {},
): Promise<number> {
  const {cwd, env, input} = options;
  const result = await execa(file, args, {
    ...(cwd === undefined ? {} : {cwd}),
    ...(env === undefined ? {} : {env}),
    ...(options.signal === undefined ? {} : {cancelSignal: options.signal}),
    ...(input === undefined ? {} : {input}),
    stdin: input === undefined ? 'inherit' : 'pipe',
    stdout: 'inherit',
    stderr: 'inherit',
    forceKillAfterDelay: 2000,
    reject: false,
  });
  return exitCodeOf(file, cwd === undefined ? {} : {cwd}, result);
}

/**
 * Starts a program that lives on by itself: the browser. It has no terminal and outlives this process. Gives true where
 * it ended well or still ran after `graceMs`, false where it failed by then or is not there.
 */
export async function runDetached(file: string, args: readonly string[], graceMs = 1500): Promise<boolean> {
  const child = execa(file, args, {
    stdio: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
    windowsHide: true,
  });
  const ended = child.then(({exitCode}) => exitCode === 0);
  const grace = new AbortController();
  const survived = setTimeout(graceMs, true, {signal: grace.signal}).catch(() => true);
  const answer = await Promise.race([ended, survived]);
  grace.abort();
  return answer;
}
