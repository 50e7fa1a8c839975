/** True where the terminal is at the other end of an SSH connection: each byte may be slow, and late. */
export function isRemote(env: NodeJS.ProcessEnv): boolean {
  return [env['SSH_CONNECTION'], env['SSH_CLIENT'], env['SSH_TTY']].some(Boolean);
}
