import {existsSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {defaultPreferences, type Preferences} from './types.ts';

/** The user's preferences file, and whether it was named: one that was not need not be there. */
export interface PreferencesFile {
  readonly file: string;
  readonly isNamed: boolean;
}

/**
 * Where the preferences are: the flag (`--preferences FILE`) before $GITOPS_TUI_PREFERENCES, before the user's own folder,
 * $XDG_CONFIG_HOME/gitops-tui/config.yaml, else the platform's. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function preferencesFile(
  env: NodeJS.ProcessEnv,
  flag: string | undefined,
  platform: NodeJS.Platform = process.platform,
): PreferencesFile {
  const named = flag ?? env['GITOPS_TUI_PREFERENCES'];
  if (named) return {file: path.resolve(named), isNamed: true};
  const home = env['HOME'] || os.homedir();
  const xdg = env['XDG_CONFIG_HOME'] ?? '';
  const own = platform === 'win32' && env['APPDATA'] ? env['APPDATA'] : path.join(home, '.config');
  // A relative one is to be ignored, says the specification.
  const base = path.isAbsolute(xdg) ? xdg : own;
  return {file: path.join(base, 'gitops-tui', 'config.yaml'), isNamed: false};
}

/**
 * The user's preferences: the defaults where there is no file, and where it can't be used; then `problems` says why. Never
 * rejects. What parses the file is loaded only where there is one: the first frame waits for this.
 */
export async function readPreferences(env: NodeJS.ProcessEnv, flag?: string): Promise<Preferences> {
  const {file, isNamed} = preferencesFile(env, flag);
  if (!isNamed && !existsSync(file)) return defaultPreferences;
  const [{readFile}, {parsePreferences}] = await Promise.all([
    import('node:fs/promises'),
    import('./parse.ts'),
  ]);
  const name = shortName(file, env['HOME'] || os.homedir());
  try {
    return parsePreferences(await readFile(file), name);
  } catch (error) {
    return {...defaultPreferences, problems: [unreadable(name, error)]};
  }
}

function unreadable(file: string, error: unknown): Preferences['problems'][number] {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'ENOENT' ? 'there is no such file' : error instanceof Error ? error.message : String(error);
  return {
    severity: 'error',
    message: `the preferences ${file} could not be read: ${why}`,
    fix: 'the defaults are in use; --preferences FILE or GITOPS_TUI_PREFERENCES names another file',
  };
}

/** `~/…` for what lies in the user's own folder: that fits on a screen. */
function shortName(file: string, home: string): string {
  const inside = path.relative(home, file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? file : path.join('~', inside);
}
