import {createHash} from 'node:crypto';
import {lstatSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import path from 'node:path';

/**
 * A hash of everything in a checkout that is the user's: every file of the working tree with its mode and times, the index,
 * HEAD and its log, the configuration, hooks, the stash, local branches and tags, half-done merges. What git may add
 * (objects, remote-tracking branches, branches and tags of gitops-tui's own) is left out.
 */
export function fingerprint(checkout: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (relative: string) => {
    const file = path.join(checkout, relative);
    const stat = lstatSync(file);
    if (
      /^(.*\/)?\.git\/(modules\/[^/]+\/)?(objects|refs\/remotes|logs\/refs\/remotes|(logs\/)?refs\/(heads|tags)\/gitops-tui)(\/|$)/.test(
        relative,
      )
    )
      return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(file)) visit(path.posix.join(relative, name));
      return;
    }
    const content = stat.isSymbolicLink() ? readlinkSync(file) : readFileSync(file);
    const hash = createHash('sha256').update(content).digest('hex');
    found[relative] = `${stat.mode.toString(8)} ${stat.mtimeMs} ${hash}`;
  };
  visit('.');
  return found;
}
