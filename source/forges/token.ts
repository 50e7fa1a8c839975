import {ProcessError, run} from '../process/run.ts';
import type {ForgeRepository} from './types.ts';

/** A token and where it came from, which is what may be shown of it. */
export interface Token {
  value: string;
  from: string;
  /** The user name that goes with it, where it is a password of that user. */
  user?: string;
}

/** Where tokens are looked for. */
export interface TokenPlaces {
  env?: NodeJS.ProcessEnv;
  /** Folder whose git configuration names the credential helpers. */
  cwd?: string;
  signal?: AbortSignal | undefined;
  /** An environment variable that the user named for this host; nothing that a repository holds may name one. */
  variable?: string | undefined;
}

/**
 * The user's token for a forge's host: from the variable that they named for it, from the environment (as the forges' own
 * tools read it), from `gh` or `glab`, from git's credential helpers; null where there is none. Nobody is asked.
 */
export async function findToken(
  repository: ForgeRepository,
  options: TokenPlaces = {},
): Promise<Token | null> {
  const env = options.env ?? process.env;
  const named = options.variable === undefined ? null : variable(env, [options.variable]);
  const fromEnvironment = named ?? environmentToken(repository, env);
  if (fromEnvironment !== null) return fromEnvironment;
  return (await ownToken(repository, env, options)) ?? (await credentialToken(repository, env, options));
}

/**
 * The token in the environment for a host. A variable without a host of its own is for the forge's public host only: a
 * remote URL may name any host, and a token of one is never sent to another
 * (https://cli.github.com/manual/gh_help_environment, https://docs.gitlab.com/cli/).
 */
export function environmentToken({forge, host}: ForgeRepository, env: NodeJS.ProcessEnv): Token | null {
  const said = (...names: readonly string[]) => names.map(name => hostIn(env[name])).find(Boolean);
  switch (forge) {
    case 'github': {
      const cloud = host === 'github.com' || host.endsWith('.ghe.com');
      const names = ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];
      if (said('GITHUB_SERVER_URL') === host) names.push('GITHUB_TOKEN');
      return variable(env, cloud ? ['GH_TOKEN', 'GITHUB_TOKEN'] : names);
    }
    case 'gitlab': {
      const own = said('GITLAB_HOST', 'GL_HOST', 'CI_SERVER_URL') ?? 'gitlab.com';
      return own === host ? variable(env, ['GITLAB_TOKEN', 'GITLAB_ACCESS_TOKEN', 'OAUTH_TOKEN']) : null;
    }
    case 'gitea': {
      const own = said('GITEA_SERVER_URL', 'GITEA_INSTANCE_URL', 'FORGEJO_SERVER_URL') ?? 'gitea.com';
      return own === host ? variable(env, ['GITEA_TOKEN', 'GITEA_SERVER_TOKEN', 'FORGEJO_TOKEN']) : null;
    }
    case 'bitbucket': {
      const token = variable(env, ['BITBUCKET_TOKEN', 'BITBUCKET_ACCESS_TOKEN']);
      const user = env['BITBUCKET_EMAIL'] || env['BITBUCKET_USERNAME'];
      const password = token ?? variable(env, ['BITBUCKET_API_TOKEN', 'BITBUCKET_APP_PASSWORD']);
      // An access token stands alone; a person's API token or app password goes with the person's name.
      return password !== null && user && isUser(user) ? {...password, user} : token;
    }
    case 'bitbucket-data-center': {
      const own = said('BITBUCKET_SERVER_URL', 'BITBUCKET_URL');
      return own === host ? variable(env, ['BITBUCKET_TOKEN', 'BITBUCKET_ACCESS_TOKEN']) : null;
    }
    case 'azure-devops':
      return variable(env, ['AZURE_DEVOPS_EXT_PAT', 'SYSTEM_ACCESSTOKEN']);
  }
}

/** The Authorization header that a token is sent in. */
export function authorizationOf({value, user}: Token, forge: ForgeRepository['forge']): string {
  const basic = (name: string) => `Basic ${Buffer.from(`${name}:${value}`).toString('base64')}`;
  switch (forge) {
    case 'github':
    case 'gitlab':
      // GitLab takes personal, project and group tokens in this header too, beside OAuth's.
      return `Bearer ${value}`;
    case 'azure-devops':
      // Entra ID's tokens are JSON web tokens; personal ones are a password.
      return /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(value) ? `Bearer ${value}` : basic('');
    default:
      return user === undefined || user === 'x-token-auth' ? `Bearer ${value}` : basic(user);
  }
}

function variable(env: NodeJS.ProcessEnv, names: readonly string[]): Token | null {
  for (const name of names) {
    const value = env[name];
    if (isToken(value)) return {value, from: name};
  }
  return null;
}

/** The host in a variable that holds a host or a URL. */
function hostIn(value: string | undefined): string | undefined {
  if (!value) return undefined;
  const url = /^[a-z]+:\/\//i.test(value) ? value : `https://${value}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

async function ownToken(
  {forge, host}: ForgeRepository,
  env: NodeJS.ProcessEnv,
  where: TokenPlaces,
): Promise<Token | null> {
  const [file, args, from] =
    forge === 'github'
      ? ['gh', ['auth', 'token', '--hostname', host], 'gh auth token']
      : forge === 'gitlab'
        ? ['glab', ['config', 'get', 'token', '--host', host], "glab's configuration"]
        : [null, [], ''];
  if (file === null) return null;
  const value = (await answer(file, args, {env, ...places(where)}))?.trim();
  return isToken(value) ? {value, from} : null;
}

async function credentialToken(
  repository: ForgeRepository,
  env: NodeJS.ProcessEnv,
  where: TokenPlaces,
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
    ...places(where),
  });
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(output ?? '')?.[1];
  // An askpass that answers nothing "succeeds" with an empty password.
  const value = field('password');
  const user = field('username');
  if (!isToken(value)) return null;
  return {value, from: 'git credential', ...(isUser(user) ? {user} : {})};
}

function places({cwd, signal}: TokenPlaces): {cwd?: string; signal?: AbortSignal | undefined} {
  return {signal, ...(cwd === undefined ? {} : {cwd})};
}

async function answer(
  file: string,
  args: readonly string[],
  options: {env: NodeJS.ProcessEnv; cwd?: string; signal?: AbortSignal | undefined; input?: string},
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

/** The same without the colon that ends it in a header. */
function isUser(value: string | undefined): value is string {
  return isToken(value) && !value.includes(':');
}
