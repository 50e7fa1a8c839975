/** Variables of other programs that ask for what a screen reader can read. */
const variables = ['GITOPS_TUI_PLAIN', 'ACCESSIBLE', 'INK_SCREEN_READER'] as const;

const offs: ReadonlySet<string> = new Set(['', '0', 'false', 'no', 'off']);

/** True where the user asks for the line mode: by the flag, or by a variable that is set to anything but 0, false, no, off. */
export function isAskedFor(flag: boolean, env: NodeJS.ProcessEnv): boolean {
  return flag || variables.some(name => !offs.has((env[name] ?? '').toLowerCase()));
}

/** True for a terminal that can't place a cursor: nothing else can be shown on it. Windows names no terminal. */
export function isDumb(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const term = env['TERM'] ?? '';
  return term === 'dumb' || (term === '' && platform !== 'win32');
}
