import {spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';
import {Socket} from 'node:net';
import {join} from 'node:path';

/** A program that runs beside the tests. */
export type Child = {
  name: string;
  /** How it ended, or nothing while it runs. */
  ending(): string | undefined;
  /** Sends a signal where it still runs. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
};

/** Starts programs that end with this process, however this process ends. */
export type Nursery = {
  start(name: string, file: string, args: string[], env?: NodeJS.ProcessEnv): Child;
  /** The last lines that each program wrote. */
  logs(lines?: number): string;
  /** Ends every program and removes the folder, or keeps it for someone to look at. */
  close(options?: {keepFolder?: boolean}): Promise<void>;
};

/** Opens a nursery whose programs log into `folder`, which is removed with them. */
export function openNursery(folder: string): Nursery {
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.js'), folder], {
    // A group of its own: what kills the tests as a group must not kill the one who cleans up.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: withoutTestContext(),
  });
  keeper.on('error', () => undefined);
  keeper.stdin.on('error', () => undefined);
  keeper.unref();
  if (keeper.stdin instanceof Socket) keeper.stdin.unref();

  const children: Child[] = [];
  const logFiles = new Map<string, string>();
  let closing: Promise<void> | undefined;

  const close = async (keepFolder: boolean) => {
    await Promise.all(children.map(child => child.kill()));
    if (keepFolder) keeper.stdin.write('keep\n');
    if (keeper.exitCode !== null || keeper.signalCode !== null || keeper.pid === undefined) return;
    keeper.ref();
    await new Promise<void>(resolve => {
      keeper.on('exit', () => resolve());
      keeper.stdin.end();
    });
  };

  return {
    start(name, file, args, env = process.env) {
      // Nobody would end what is started after the end.
      if (closing) throw new Error(`${name} was to start in a cluster that has been stopped`);
      const logFile = join(folder, `${name}.log`);
      logFiles.set(name, logFile);
      const log = openSync(logFile, 'a');
      const process_ = spawn(file, args, {
        cwd: folder,
        detached: true,
        stdio: ['ignore', log, log],
        env,
      });
      closeSync(log);
      // Neither a running program nor a forgotten stop() may hold up the end of a test file.
      process_.unref();
      const {pid} = process_;
      if (pid !== undefined) keeper.stdin.write(`+${pid}\n`);
      let ending: string | undefined;
      const ended = new Promise<void>(resolve => {
        const end = (how: string) => {
          ending ??= how;
          if (pid !== undefined) keeper.stdin.write(`-${pid}\n`);
          resolve();
        };
        process_.on('error', error => end(error.message));
        process_.on('exit', (code, signal) => end(signal ?? `exit status ${code}`));
      });
      const child: Child = {
        name,
        ending: () => ending,
        signal(signal) {
          if (ending === undefined) process_.kill(signal);
        },
        async kill() {
          if (ending !== undefined) return;
          process_.ref();
          process_.kill('SIGKILL');
          await ended;
        },
      };
      children.push(child);
      return child;
    },
    logs(lines = 25) {
      return [...logFiles].map(([name, file]) => `--- ${name}: ${file}\n${tail(file, lines)}`).join('\n');
    },
    close({keepFolder = false} = {}) {
      closing ??= close(keepFolder);
      return closing;
    },
  };
}

function tail(file: string, lines: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch (error) {
    return String(error);
  }
}

/** A process started from a test would else believe itself to be a test file. */
function withoutTestContext(): NodeJS.ProcessEnv {
  const {NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env} = process.env;
  return env;
}
