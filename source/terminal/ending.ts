import {constants} from 'node:os';

/** A shell's code for a program that the end of its terminal has ended: 128 and SIGHUP. */
export const hungUp = 129;

// What ends a process that doesn't listen, and that it can listen to. SIGPIPE is none: Node ignores it, and whoever writes
// hears of it.
const ending = [
  ...['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGABRT', 'SIGALRM', 'SIGVTALRM'],
  ...['SIGUSR2', 'SIGXCPU', 'SIGXFSZ', 'SIGSYS', 'SIGIO'],
].filter((name): name is NodeJS.Signals => name in constants.signals);

/** Calls back with each signal that would end the process, and the shell's code for it. Gives the function that stops listening. */
export function onSignals(end: (code: number, signal: NodeJS.Signals) => void): () => void {
  const listen = (signal: NodeJS.Signals) => end(128 + constants.signals[signal], signal);
  for (const signal of ending) process.on(signal, listen);
  return () => {
    for (const signal of ending) process.off(signal, listen);
  };
}

/** Calls back where the terminal is gone without a signal. Gives the function that stops listening. */
export function onHangup(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, end: () => void): () => void {
  stdin.on('end', end);
  // These stay: a terminal that is gone also fails what is done to it last, which must not keep the rest from its end.
  for (const stream of [stdin, stdout]) stream.on('error', end);
  return () => {
    stdin.off('end', end);
  };
}

/** Calls back with an error that nobody caught: Node would print it into the alternate screen, where it is lost. */
export function onCrash(end: (error: unknown) => void): () => void {
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  return () => {
    process.off('uncaughtException', end);
    process.off('unhandledRejection', end);
  };
}

/** True for what fails because the terminal is gone. */
export function isHangup(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EIO' || error.code === 'EPIPE');
}
