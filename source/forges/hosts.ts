import * as v from 'valibot';
import {ProcessError, run} from '../process/run.ts';
import type {ForgeKind} from './types.ts';

/** What the user says of a host, in git's own configuration: never in a file of the repository, which may be anybody's. */
export interface HostSettings {
  forge?: ForgeKind | undefined;
  /** Name of the environment variable that holds the token for this host. */
  tokenVariable?: string | undefined;
  /** Host and port of its web pages and API, where those of the remote are not. */
  web?: string | undefined;
}

const kinds = v.picklist(['github', 'gitlab', 'gitea', 'bitbucket', 'bitbucket-data-center', 'azure-devops']);

/** Servers that the forges' own tools are told of in the environment. */
export function hostsIn(env: NodeJS.ProcessEnv): Record<string, ForgeKind> {
  const variables: Record<string, ForgeKind> = {
    GH_HOST: 'github',
    GITLAB_HOST: 'gitlab',
    GL_HOST: 'gitlab',
    GITEA_SERVER_URL: 'gitea',
    GITEA_INSTANCE_URL: 'gitea',
    FORGEJO_SERVER_URL: 'gitea',
    BITBUCKET_SERVER_URL: 'bitbucket-data-center',
  };
  const hosts: Record<string, ForgeKind> = {};
  for (const [name, forge] of Object.entries(variables)) {
    const host = env[name]?.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    if (host) hosts[host] = forge;
  }
  return hosts;
}

/**
 * What git's configuration says of a host:
 *
 *     [gitops-tui "https://git.example.com"]
 *       forge = gitea                    # github, gitlab, gitea, bitbucket-data-center…
 *       tokenVariable = WORK_GITEA_TOKEN
 *       web = git.example.com:8443
 *
 * The best match of the URL counts, as in git's own `http.<url>.*`. Throws only when aborted.
 */
export async function hostSettings(
  host: string,
  options: {env?: NodeJS.ProcessEnv; cwd?: string; signal?: AbortSignal | undefined} = {},
): Promise<HostSettings> {
  const {env = process.env, cwd, signal} = options;
  const settings = new Map<string, string>();
  try {
    const args = ['config', '--null', '--get-urlmatch', 'gitops-tui', `https://${host}/`];
    const found = await run('git', args, {
      env: {...env, LC_ALL: 'C'},
      signal,
      timeoutMs: 10_000,
      ...(cwd === undefined ? {} : {cwd}),
    });
    for (const entry of found.stdout.split('\0')) {
      const at = entry.indexOf('\n');
      if (at > 0) settings.set(entry.slice(0, at).toLowerCase(), entry.slice(at + 1));
    }
  } catch (error) {
    if (!(error instanceof ProcessError) || error.reason === 'aborted') throw error;
  }
  const forge = v.safeParse(kinds, settings.get('gitops-tui.forge'));
  const web = settings.get('gitops-tui.web');
  return {
    forge: forge.success ? forge.output : undefined,
    tokenVariable: settings.get('gitops-tui.tokenvariable'),
    web: web !== undefined && /^[\w.-]+(?::\d+)?$/.test(web) ? web : undefined,
  };
}
