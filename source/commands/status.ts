import {report} from './diff.ts';
import type {Flags} from './flags.ts';

/** `gitops-tui status [ENVIRONMENT…]`: a line an environment. */
export async function run(words: string[], flags: Flags): Promise<number> {
  return report(words, flags, 'status');
}
