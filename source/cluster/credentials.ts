import {readFile} from 'node:fs/promises';
import type {Agent, OutgoingHttpHeaders} from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import {plainLine} from '../text/plain.ts';
import {systemAuthorities} from './authorities.ts';
import {loginHint, runExecPlugin} from './exec-credential.ts';
import {impersonationHeaders} from './impersonation.ts';
import type {LibraryOptions} from './kube-config-library.ts';
import type {ResolvedContext} from './kubeconfig.ts';
import type {ClusterEntry, UserEntry} from './kubeconfig-file.ts';
import {oidcExpiry, refreshOidc} from './oidc-refresh.ts';
import {isPlain, plainOptions} from './plain-options.ts';
import {environmentProxy, isLoopback} from './proxy.ts';
import {ClusterError} from './types.ts';

/** What a request needs to be let in. */
export interface Access {
  agent: Agent;
  headers: OutgoingHttpHeaders;
  /** What connections are made of: while it stays, so does the agent. */
  material: string;
}

interface Held extends Access {
  /** Milliseconds since the epoch. */
  expires: number;
  /** True once the server let a request in with it. */
  accepted: boolean;
  /** True where it replaces credentials that the server refused. */
  replacement: boolean;
  /** Milliseconds since the epoch. */
  made: number;
}

// Load balancers close idle connections after a minute or so: ours are closed first, so that no write meets a dead one.
const idleMs = 25_000;
const tokenFileMs = 60_000;
// After refused credentials were replaced in vain: time to log in, not to run a plugin for each request that waits.
const vainMs = 10_000;

/**
 * The credentials of one context: made at the first request, once for all that wait for them, and again when they expire
 * or the server refuses them.
 */
export class Credentials {
  readonly #resolved: ResolvedContext;
  readonly #env: NodeJS.ProcessEnv;
  readonly #pluginLimitMs: number | undefined;
  #held: Held | undefined;
  #making: Promise<Held> | undefined;
  #failed: {error: unknown; at: number} | undefined;

  constructor(resolved: ResolvedContext, env: NodeJS.ProcessEnv, pluginLimitMs?: number) {
    this.#resolved = resolved;
    this.#env = env;
    this.#pluginLimitMs = pluginLimitMs;
  }

  /** What is valid now. Throws ClusterError 'unauthorized', or 'unreachable' where a proxy or server can't be used. */
  async current(): Promise<Access> {
    if (this.#held !== undefined && this.#held.expires > Date.now()) return this.#held;
    return this.#make(false);
  }

  /** To be called when the server answered anything but 401. */
  accept(access: Access): void {
    if (this.#held === access) this.#held.accepted = true;
  }

  /**
   * After a 401: other credentials than those that were refused, or undefined where there are none to be had: static
   * ones, or fresh ones that were refused as well.
   */
  async replace(refused: Access): Promise<Access | undefined> {
    const {user} = this.#resolved;
    if (this.#held !== undefined && this.#held !== refused) return this.#held;
    if (user?.exec === undefined && user?.tokenFile === undefined) return undefined;
    const held = this.#held;
    const inVain =
      user.exec !== undefined &&
      held?.replacement === true &&
      !held.accepted &&
      Date.now() - held.made < vainMs;
    if (this.#making === undefined && inVain) return undefined;
    const before = refused.headers['Authorization'];
    const made = await this.#make(true);
    // The same token again, from a file that nobody renewed: no use in asking with it.
    const same = made.material === refused.material && made.headers['Authorization'] === before;
    return same ? undefined : made;
  }

  /** What a user can do about refused credentials. */
  get fix(): string {
    const {user, context} = this.#resolved;
    if (user === undefined) return `name a user in the context "${context.name}" of the kubeconfig`;
    if (user.exec !== undefined) return loginHint(user.exec, context.name);
    if (user.authProvider?.name === 'oidc')
      return `log in with your OIDC tool to renew the tokens of "${user.name}"`;
    return `renew the credentials of user "${user.name}" in the kubeconfig`;
  }

  /** Ends all connections; the next request makes another. */
  hangUp(): void {
    this.#held?.agent.destroy();
  }

  close(): void {
    this.#held?.agent.destroy();
  }

  async #make(replacement: boolean): Promise<Held> {
    // Whoever waited in line behind a plugin that failed must not run it for each request, half a minute at a time.
    if (this.#failed !== undefined && Date.now() - this.#failed.at < vainMs) throw this.#failed.error;
    this.#making ??= this.#makeOnce(replacement)
      .then(
        held => {
          this.#held = held;
          this.#failed = undefined;
          return held;
        },
        (error: unknown) => {
          const {exec, authProvider} = this.#resolved.user ?? {};
          if ((exec ?? authProvider) !== undefined) this.#failed = {error, at: Date.now()};
          throw error;
        },
      )
      .finally(() => {
        this.#making = undefined;
      });
    return this.#making;
  }

  async #makeOnce(replacement: boolean): Promise<Held> {
    const {context, cluster, user = {name: ''}} = this.#resolved;
    const target = withProxy(cluster, this.#env);
    const {entry, expires} = await this.#proven(user, target);
    const options = await this.#libraryOptions(target, entry, user);
    const authorization =
      options.headers['Authorization'] ??
      (options.basic === undefined ? undefined : `Basic ${Buffer.from(options.basic).toString('base64')}`);
    if (authorization !== undefined) this.#refusePlainText(cluster);
    const material = JSON.stringify(
      [options.ca, options.cert, options.key].map(each => each?.toString('latin1')),
    );
    const kept = this.#held?.material === material ? this.#held.agent : undefined;
    return {
      agent: kept ?? (await makeAgent(cluster, options, context.name)),
      headers: {
        ...(authorization === undefined ? {} : {Authorization: authorization}),
        ...impersonationHeaders(user.impersonate),
      },
      // What has expired when it comes (clocks differ) is used all the same: the server decides.
      expires: expires > Date.now() ? expires : Date.now() + vainMs,
      material,
      accepted: false,
      replacement,
      made: Date.now(),
    };
  }

  // The user with what a plugin or a token file gives now, and until when it holds.
  async #proven(user: UserEntry, cluster: ClusterEntry): Promise<{entry: UserEntry; expires: number}> {
    if (user.tokenFile !== undefined) {
      const token = await readFile(user.tokenFile, 'utf8').catch((error: unknown) => {
        throw new ClusterError(
          'unauthorized',
          `the token file of user "${user.name}" can't be read: ${error instanceof Error ? error.message : error}`,
          {fix: `make ${user.tokenFile} readable`, cause: error},
        );
      });
      // The file may be renewed at any time: client-go reads it again after a minute, too.
      return {entry: {...user, token: token.trim()}, expires: Date.now() + tokenFileMs};
    }
    if (user.authProvider?.name === 'oidc') {
      const {config} = user.authProvider;
      await refreshOidc(config).catch((error: unknown) => {
        throw this.#cannot(error);
      });
      return {entry: user, expires: oidcExpiry(config) ?? Number.POSITIVE_INFINITY};
    }
    // As to client-go, a token of the kubeconfig's own counts before the plugin.
    if (user.exec === undefined || user.token !== undefined) {
      return {entry: user, expires: Number.POSITIVE_INFINITY};
    }
    const {context} = this.#resolved;
    const credential = await runExecPlugin(user.exec, cluster, context.name, this.#pluginLimitMs);
    const base64 = (pem: string) => Buffer.from(pem).toString('base64');
    const {certFile: _file, keyFile: _key, ...rest} = user;
    const pair =
      credential.certificate === undefined || credential.key === undefined
        ? user
        : {...rest, certData: base64(credential.certificate), keyData: base64(credential.key)};
    return {
      entry: {...pair, ...(credential.token === undefined ? {} : {token: credential.token})},
      expires: credential.expires,
    };
  }

  async #libraryOptions(cluster: ClusterEntry, entry: UserEntry, user: UserEntry): Promise<LibraryOptions> {
    const provider = user.authProvider;
    if ((provider?.name === 'gcp' || provider?.name === 'azure') && providerExpired(provider.config)) {
      // The library would run the provider's command through a shell.
      throw new ClusterError(
        'unauthorized',
        `user "${user.name}" uses the auth provider "${provider.name}", which Kubernetes has removed, and its token has expired`,
        {
          fix:
            provider.name === 'gcp'
              ? 'install gke-gcloud-auth-plugin and run gcloud container clusters get-credentials'
              : 'install kubelogin and run kubelogin convert-kubeconfig',
        },
      );
    }
    try {
      if (isPlain(cluster, entry)) return await plainOptions(cluster, entry);
      // Loaded with the first request that needs it: no start waits for it.
      const {libraryOptions} = await import('./kube-config-library.ts');
      return await libraryOptions(cluster, entry);
    } catch (error) {
      throw this.#cannot(error);
    }
  }

  #cannot(error: unknown): ClusterError {
    const message = plainLine(error instanceof Error ? error.message : String(error));
    const name = this.#resolved.user?.name ?? '';
    return new ClusterError('unauthorized', `user "${name}" can't be authenticated: ${message}`, {
      fix: this.fix,
      cause: error,
    });
  }

  #refusePlainText(cluster: ClusterEntry): void {
    const url = new URL(cluster.server);
    if (url.protocol !== 'http:' || isLoopback(url.hostname) || cluster.insecureSkipTlsVerify) return;
    throw new ClusterError('unreachable', `credentials would go to ${cluster.server} without encryption`, {
      fix: 'use https:// in the kubeconfig, or insecure-skip-tls-verify where that is wanted',
    });
  }
}

function withProxy(cluster: ClusterEntry, env: NodeJS.ProcessEnv): ClusterEntry {
  const proxyUrl = cluster.proxyUrl ?? environmentProxy(new URL(cluster.server), env);
  if (proxyUrl === undefined) return cluster;
  if (URL.parse(proxyUrl) === null) {
    throw new ClusterError(
      'unreachable',
      `the proxy for ${cluster.server} is no URL: "${plainLine(proxyUrl)}"`,
      {
        fix: 'correct proxy-url in the kubeconfig, or HTTPS_PROXY',
      },
    );
  }
  // To kubectl socks5 leaves name resolution to the proxy, to the library socks5h does.
  return {...cluster, proxyUrl: proxyUrl.replace(/^socks5:/, 'socks5h:')};
}

async function makeAgent(cluster: ClusterEntry, options: LibraryOptions, context: string): Promise<Agent> {
  const keepAlive = {keepAlive: true, keepAliveMsecs: 30_000, timeout: idleMs};
  let secure: https.AgentOptions = {};
  if (cluster.server.startsWith('https:')) {
    try {
      secure = {
        // Made once: a connection would otherwise read the authorities' certificates anew.
        secureContext: tls.createSecureContext({
          ca: options.ca ?? systemAuthorities(),
          cert: options.cert,
          key: options.key,
        }),
        rejectUnauthorized: !cluster.insecureSkipTlsVerify,
        ...(cluster.tlsServerName === undefined ? {} : {servername: cluster.tlsServerName}),
      };
    } catch (error) {
      throw new ClusterError(
        'unauthorized',
        `the certificates of context "${context}" can't be used: ${error instanceof Error ? error.message : error}`,
        {
          fix: 'correct certificate-authority, client-certificate and client-key in the kubeconfig',
          cause: error,
        },
      );
    }
  }
  const agent = options.proxyAgent;
  if (agent === undefined) {
    if (cluster.server.startsWith('https:')) return new https.Agent({...keepAlive, ...secure});
    const http = await import('node:http');
    return new http.Agent(keepAlive);
  }
  // The library gives its proxy agents no keep-alive: a handshake a request.
  Object.assign(agent, {keepAlive: true, keepAliveMsecs: 30_000});
  Object.assign((agent as {options?: object}).options ?? {}, keepAlive, secure);
  return agent;
}

function providerExpired(config: Record<string, string>): boolean {
  if (!config['access-token']) return true;
  const end = config['expiry']
    ? Date.parse(config['expiry'])
    : Number(config['expires-on'] ?? Number.NaN) * 1000;
  return end < Date.now();
}
