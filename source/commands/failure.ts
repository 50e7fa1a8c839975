import {plain} from '../text/plain.ts';

/** A command line that can't be understood. The message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Says on standard error why a command failed, with what to do where the error knows it. Gives the exit status: 2. */
export function reportFailure(error: unknown): 2 {
  const message = error instanceof Error ? error.message : String(error);
  const fix =
    error instanceof Error && 'fix' in error && typeof error.fix === 'string' ? error.fix : undefined;
  process.stderr.write(`gitops-tui: ${plain(message)}\n${fix === undefined ? '' : `${plain(fix)}\n`}`);
  if (process.env['GITOPS_TUI_DEBUG'] === '1' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  return 2;
}
