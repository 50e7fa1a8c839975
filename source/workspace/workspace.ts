import type {ContextChoice, ContextChosen} from '../app/session.ts';
import {Renderings} from '../changes/effect/renderings.ts';
import type {ChangeContext} from '../changes/publish.ts';
import {Standings} from '../changes/standing.ts';
import {Connections} from '../cluster/connections.ts';
import {type Kubeconfig, loadKubeconfig} from '../cluster/kubeconfig.ts';
import {ClusterError, type ConnectedCluster} from '../cluster/types.ts';
import type {EnvironmentReport} from '../drift/types.ts';
import {desiredTree} from '../engines/direct/history/revision.ts';
import {type Mutation, type Permit, permit, type Subject} from '../engines/permission.ts';
import {type Revealed, revealSecret, type SecretKey} from '../engines/reveal.ts';
import {engineFor} from '../engines/select.ts';
import type {Engine} from '../engines/types.ts';
import {loadEnvironments} from '../environments/load.ts';
import {noteContext} from '../environments/settle-file.ts';
import type {Environment, EnvironmentsResult, ImageRule} from '../environments/types.ts';
import {KnownForges} from '../forges/known.ts';
import type {ForgeOptions} from '../forges/open-pull-request.ts';
import {followRepository} from '../repository/follow.ts';
import {openRepository} from '../repository/open.ts';
import {summarise} from '../repository/summary.ts';
import type {Repository, RepositorySummary} from '../repository/types.ts';
import type {Problem} from '../resources/problem.ts';
import {isSecretKind, type KnownSecrets} from '../secrets/known.ts';
import type {Mask} from '../secrets/mask.ts';
import {loadSource, sourceFiles} from '../sources/load.ts';
import type {Workshop} from './parts.ts';

/** Where the repository and the clusters are, as flags say it. */
export interface WorkspaceOptions {
  repository: string;
  config?: string | undefined;
  kubeconfig?: string | undefined;
  context?: string | undefined;
  worktree: boolean;
  readOnly: boolean;
  /** Whether inspections look for what is nobody's in an environment's namespaces. Default false. */
  orphans?: boolean;
  /** Whether a secret value may be shown when it is asked for. Default false. */
  revealSecrets?: boolean;
  /** Registries (`host:port`) that are spoken to without TLS; this machine's own may always be. */
  plainHttp?: readonly string[];
  /** Whether the remote is asked for new commits now and then while the app is open. Default true. */
  fetch?: boolean;
  /** How forges are reached; tests say so. By default with the user's own environment and git configuration. */
  forge?: ForgeOptions;
}

/** What `load` found; everything else builds on it. */
interface Opened {
  repository: Repository;
  kubeconfig: Kubeconfig;
  result: EnvironmentsResult;
  engines: Map<string, Engine>;
}

/** The repository, its environments and their engines, opened by `load`: what the parts of the session stand on. */
export class Workspace implements Workshop {
  readonly readOnly: boolean;
  readonly worktree: boolean;
  readonly fetches: boolean;
  readonly revealsSecrets: boolean;
  readonly plainHttp: readonly string[];
  readonly mask: Mask;
  readonly known: KnownSecrets;
  readonly reports = new Map<string, EnvironmentReport>();
  readonly renderings: Renderings;
  readonly #options: WorkspaceOptions;
  /** Shared by the environments of a context, and by contexts of one cluster. */
  readonly #connections = new Connections();
  /** Contexts that the user chose in this session, by environment. */
  readonly #chosen = new Map<string, string>();
  readonly #forges: KnownForges;
  readonly #standings: Standings;
  #opened: Opened | undefined;
  /** What was opened first. */
  readonly #loaded = Promise.withResolvers<Opened>();

  constructor(options: WorkspaceOptions, mask: Mask, known: KnownSecrets) {
    this.#options = options;
    this.readOnly = options.readOnly;
    this.worktree = options.worktree;
    this.fetches = options.fetch ?? true;
    this.revealsSecrets = options.revealSecrets ?? false;
    this.plainHttp = options.plainHttp ?? [];
    this.mask = mask;
    this.known = known;
    this.renderings = new Renderings({tree: revision => this.repository().tree(revision)}, known);
    this.#forges = new KnownForges({cwd: options.repository, ...options.forge});
    this.#standings = new Standings(this.#forges);
  }

  async load(signal: AbortSignal): Promise<{
    repository: RepositorySummary;
    environments: readonly Environment[];
    problems: readonly Problem[];
    contextCount: number;
    kubeconfig: {where: string; found: boolean};
  }> {
    const {repository: folder, kubeconfig: file, config, context, worktree} = this.#options;
    const [repository, kubeconfig] = await Promise.all([
      openRepository(folder, {signal}),
      loadKubeconfig({kubeconfig: file}),
    ]);
    if (context !== undefined) kubeconfig.resolve(context);
    const [result, told] = await Promise.all([
      loadEnvironments({
        repository,
        contexts: {
          names: kubeconfig.contexts.map(({name}) => name),
          current: kubeconfig.currentContext ?? null,
        },
        configPath: config,
        contextOverride: context,
        worktree,
        signal,
      }),
      summarise(repository, signal),
    ]);
    const environments = result.environments.map(environment => ({
      ...environment,
      context: this.#chosen.get(environment.name) ?? environment.context,
    }));
    this.#opened = {
      repository,
      kubeconfig,
      result: {...result, environments},
      engines: new Map(),
    };
    this.#loaded.resolve(this.#opened);
    const contextCount = kubeconfig.contexts.length;
    return {
      repository: told,
      environments,
      problems: result.problems,
      contextCount,
      kubeconfig: {where: kubeconfig.from, found: kubeconfig.files.length > 0 || contextCount > 0},
    };
  }

  async contexts(): Promise<readonly ContextChoice[]> {
    return this.#open().kubeconfig.contexts.map(({name, server, current}) => ({name, server, current}));
  }

  async setContext(name: string, context: string, {write}: {write: boolean}): Promise<ContextChosen> {
    const {repository, kubeconfig, result, engines} = this.#open();
    if (write && this.readOnly) throw new Error('this session is read-only (--read-only)');
    kubeconfig.resolve(context);
    const environment = {...this.environment(name), context};
    this.#chosen.set(name, context);
    engines.delete(name);
    result.environments = result.environments.map(known => (known.name === name ? environment : known));
    const {root, bare} = repository;
    const place = {root, bare, configFile: result.configFile};
    const note = await noteContext(place, result.environments, {environment: name, context, write});
    if (note.written) result.configFile = note.file;
    return {environment, note};
  }

  async fetch(signal: AbortSignal): Promise<RepositorySummary> {
    const {repository} = this.#open();
    const {branch} = await repository.head(signal);
    const remote = await repository.remote(branch, signal);
    if (remote !== null) await repository.fetch(remote.name, signal);
    return summarise(repository, signal);
  }

  async followRepository(
    signal: AbortSignal,
    onMove: (repository: RepositorySummary) => void,
  ): Promise<void> {
    const {repository} = await this.#loaded.promise;
    return followRepository(repository, this.#options.fetch ?? true, signal, async () =>
      onMove(await summarise(repository, signal)),
    );
  }

  async reveal(name: string, wanted: SecretKey, signal: AbortSignal): Promise<Revealed> {
    if (!this.revealsSecrets)
      throw new Error('secret values are shown only where --reveal-secrets asks for it');
    const environment = this.environment(name);
    const connect = async () => this.connect(environment);
    const where = {environment, repository: this.#open().repository, worktree: this.worktree, connect};
    return revealSecret(wanted, where, signal);
  }

  close(): void {
    this.#connections.close();
  }

  repository(): Repository {
    return this.#open().repository;
  }

  environments(): readonly Environment[] {
    return this.#open().result.environments;
  }

  environment(name: string): Environment {
    const found = this.environments().find(environment => environment.name === name);
    if (found === undefined) throw new Error(`there is no environment "${name}"`);
    return found;
  }

  engine(environment: Environment): Engine {
    const {repository, result, engines} = this.#open();
    const known = engines.get(environment.name);
    if (known !== undefined) return known;
    const engine = engineFor({
      environment,
      repository,
      connect: async () => this.connect(environment),
      ignore: result.ignore,
      mask: this.mask,
      known: this.known,
      worktree: this.worktree,
      orphans: this.#options.orphans ?? false,
    });
    engines.set(environment.name, engine);
    return engine;
  }

  imageRules(): readonly ImageRule[] {
    return this.#open().result.images;
  }

  changes(): ChangeContext {
    const {repository, result} = this.#open();
    return {
      repository,
      environments: result.environments,
      forges: this.#forges,
      standings: this.#standings,
      renderings: this.renderings,
      mask: this.mask,
      lastReport: name => this.reports.get(name),
      engine: environment => this.engine(environment),
      redact: text => this.known.redactForGit(text),
      sourceFiles: async (environment, signal) => {
        const tree = await desiredTree(
          repository,
          environment,
          false,
          signal ?? new AbortController().signal,
        );
        return sourceFiles(environment, tree, {signal});
      },
    };
  }

  permit(mutation: Mutation, subject: Subject, confirmed: 'yes' | {typed: string}): Permit {
    const answer = permit(mutation, subject, this, confirmed);
    if (!answer.allowed) throw new Error(answer.reason);
    return answer.permit;
  }

  async learnSecrets(name: string, signal: AbortSignal): Promise<void> {
    if (this.reports.has(name)) return;
    const environment = this.environment(name);
    try {
      const tree = await desiredTree(this.#open().repository, environment, this.worktree, signal);
      const {resources} = await loadSource(environment, tree, {signal});
      this.known.keep(name, resources.map(({object}) => object).filter(isSecretKind));
    } catch {
      // What is wrong with git the plan itself will tell.
      signal.throwIfAborted();
    }
  }

  #open(): Opened {
    if (this.#opened === undefined) throw new Error('the workspace was not loaded');
    return this.#opened;
  }

  connect(environment: Environment): ConnectedCluster {
    const {kubeconfig} = this.#open();
    const {context, name} = environment;
    if (context === null) {
      throw new ClusterError('unreachable', `no kubeconfig context is known for ${name}`, {
        fix: `name one in .gitops-tui.yaml (context: …) or with --context; there are ${kubeconfig.contexts.map(known => known.name).join(', ') || 'none'}`,
      });
    }
    return this.#connections.to(kubeconfig.resolve(context));
  }
}
