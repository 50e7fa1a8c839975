import {begin, choose, formatDocument, outputFormat, print, textStyle} from './common.ts';
import {driftDocument, exitStatus} from './document.ts';
import type {Flags} from './flags.ts';
import {diffText, statusText} from './text-report.ts';

/** So long a command looks for the revision that is live where nobody recorded it. */
export const liveLimitMs = 3000;

/** `gitops-tui diff [ENVIRONMENT…]`: inspects environments side by side and prints what drifted. */
export async function run(words: string[], flags: Flags): Promise<number> {
  return report(words, flags, 'diff');
}

/** Inspects the named environments, prints them as `diff` or `status` does, and gives the exit status. */
export async function report(words: string[], flags: Flags, command: 'diff' | 'status'): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const format = outputFormat(flags);
    // For programs, mistakes that leave no environment are a document like any other.
    const isBroken = loaded.environments.length === 0 && exitStatus([], loaded.problems) === 2;
    const chosen = isBroken && words.length === 0 && format !== 'text' ? [] : choose(loaded, words);
    const inspect = async (name: string) => {
      const inspected = await session.inspect(name, signal, () => {});
      // A diff doesn't wait for it.
      const isWanted =
        command === 'status' && inspected.liveRevision === null && inspected.resources.length > 0;
      return isWanted ? session.findLiveRevision(name, signal, liveLimitMs) : inspected;
    };
    const reports = await Promise.all(chosen.map(({name}) => inspect(name)));
    if (format === 'text') {
      const text = command === 'diff' ? diffText : statusText;
      await print(text(reports, loaded.problems, textStyle(flags), {ignored: flags.ignored}));
    } else {
      const {path, remoteUrl, head} = loaded.repository;
      const parts = {resources: command === 'diff', ignored: flags.ignored};
      const document = driftDocument({path, remote: remoteUrl, head}, reports, loaded.problems, parts);
      await print(formatDocument(document, format));
    }
    return exitStatus(reports, loaded.problems);
  } finally {
    session.close();
  }
}
