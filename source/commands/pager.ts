import path from 'node:path';
import {runInteractive} from '../process/run.ts';
import type {ProgramCall} from './programs.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The user's pager: $PAGER, else less. The variable is split at white space: there is no shell to read quotes. less is told
 * to obey colours (-R), and those only: everything else that a terminal obeys was taken out of the text before.
 */
export function pagerCall(env: Variables): ProgramCall {
  const set = env['PAGER'];
  const [file = 'less', ...args] = (set === undefined || set.trim() === '' ? 'less' : set)
    .trim()
    .split(/\s+/);
  return {file, args: path.basename(file) === 'less' ? [...args, '-R'] : args};
}

/** Shows a text in the user's pager, in this terminal. It is given through a pipe: no file keeps it. Throws where it can't. */
export async function openPager(text: string): Promise<void> {
  const {file, args} = pagerCall(process.env);
  let exitCode: number;
  try {
    exitCode = await runInteractive(file, args, {input: text});
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}; $PAGER names the pager`, {cause: error});
  }
  if (exitCode !== 0) throw new Error(`${file} ended with ${exitCode}; $PAGER names the pager`);
}
