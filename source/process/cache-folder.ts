import os from 'node:os';
import path from 'node:path';

/**
 * A folder of the user's caches for this program: below $XDG_CACHE_HOME, else the platform's own place. `name` says what is
 * kept there. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function userCacheFolder(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = env['HOME'] || os.homedir();
  const base =
    env['XDG_CACHE_HOME'] ||
    (platform === 'darwin'
      ? path.join(home, 'Library', 'Caches')
      : platform === 'win32'
        ? env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local')
        : path.join(home, '.cache'));
  return path.join(base, 'gitops-tui', name);
}
