import {ProcessError, run} from '../process/run.ts';
import type {ForgeRepository} from './types.ts';

/** A token and where it came from, which is what may be shown of it. */
export interface Token {
  value: string;
  from: string;
}

/**
 * The user's token for a forge's host: from the environment (as `gh` reads it), from `gh` itself, from git's credential
 * helpers; null where there is none, and for the forges whose pull requests are opened in a browser. Nobody is asked.
 */
export async function findToken(
  repository: ForgeRepository,
  options: {env?: NodeJS.ProcessEnv; cwd?: string; signal?: AbortSignal | undefined} = {},
): Promise<Token | null> {
  if (repository.forge !== 'github') return null;
  const env = options.env ?? process.env;
  const fromEnvironment = environmentToken(repository.host, env);
  if (fromEnvironment !== null) return fromEnvironment;
  return (await ghToken(repository.host, env, options)) ?? (await credentialToken(repository, env, options));
}

/** https://cli.github.com/manual/gh_help_environment: a token of github.com is never sent to a company's own server. */
export function environmentToken(host: string, env: NodeJS.ProcessEnv): Token | null {
  const cloud = host === 'github.com' || host.endsWith('.ghe.com');
  const names = cloud ? ['GH_TOKEN', 'GITHUB_TOKEN'] : ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];
  for (const name of names) {
    const value = env[name];
    if (isToken(value)) return {value, from: name};
  }
  return null;
}

interface Where {
  cwd?: string;
  signal?: AbortSignal | undefined;
}

async function ghToken(host: string, env: NodeJS.ProcessEnv, where: Where): Promise<Token | null> {
  const output = await answer('gh', ['auth', 'token', '--hostname', host], {env, ...where});
  const value = output?.trim();
  return isToken(value) ? {value, from: 'gh auth token'} : null;
}

async function credentialToken(
  repository: ForgeRepository,
  env: NodeJS.ProcessEnv,
  where: Where,
): Promise<Token | null> {
  const input = `protocol=https\nhost=${repository.host}\npath=${repository.path}.git\n\n`;
  // Helpers may answer; nobody is asked: a prompt would come up in the middle of the screen.
  const silent = {
    ...env,
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_ASKPASS: 'true',
    SSH_ASKPASS: 'true',
    LC_ALL: 'C',
  };
  const output = await answer('git', ['-c', 'credential.interactive=false', 'credential', 'fill'], {
    env: silent,
    input,
    ...where,
  });
  // An askpass that answers nothing "succeeds" with an empty password.
  const value = /^password=(.*)$/m.exec(output ?? '')?.[1];
  return isToken(value) ? {value, from: 'git credential'} : null;
}

async function answer(
  file: string,
  args: readonly string[],
  options: Where & {env: NodeJS.ProcessEnv; input?: string},
): Promise<string | null> {
  try {
    const result = await run(file, args, {...options, timeoutMs: 10_000});
    return result.exitCode === 0 ? result.stdout : null;
  } catch (error) {
    if (error instanceof ProcessError && error.reason !== 'aborted') return null;
    throw error;
  }
}

/** One word of printable ASCII: anything else can't stand in a header. */
function isToken(value: string | undefined): value is string {
  return value !== undefined && /^[\x21-\x7e]+$/.test(value);
}
