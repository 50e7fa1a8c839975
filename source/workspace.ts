import type {
  ContextChoice,
  ContextChosen,
  PullRequestPreview,
  RevertOutcome,
  RevertPreview,
  RevertRequest,
  RevisionPage,
  Session,
} from './app/session.ts';
import {Connections} from './cluster/connections.ts';
import {type Kubeconfig, loadKubeconfig} from './cluster/kubeconfig.ts';
import {ClusterError, type ConnectedCluster} from './cluster/types.ts';
import type {EnvironmentReport} from './drift/types.ts';
import {desiredTree} from './engines/direct/history/revision.ts';
import {failedReport} from './engines/failed-report.ts';
import {type Mutation, type Permit, permit} from './engines/permission.ts';
import {type Revealed, revealSecret, type SecretKey} from './engines/reveal.ts';
import {engineFor} from './engines/select.ts';
import type {
  Deployment,
  Engine,
  FollowEvent,
  InspectionEvent,
  SyncEvent,
  SyncOptions,
  SyncPlan,
  SyncResult,
} from './engines/types.ts';
import {loadEnvironments} from './environments/load.ts';
import type {ChangeContext} from './environments/publish.ts';
import {openPullRequest, planPullRequest} from './environments/pull-request.ts';
import {planRevert, revert} from './environments/revert.ts';
import {revisionPage} from './environments/revisions.ts';
import {noteContext} from './environments/settle-file.ts';
import type {Environment, EnvironmentsResult} from './environments/types.ts';
import {guarded} from './guarded-session.ts';
import {keepHeapTight, keepYoungGenerationSmall} from './process/heap.ts';
import {followRepository} from './repository/follow.ts';
import {openRepository} from './repository/open.ts';
import {summarise} from './repository/summary.ts';
import type {FileChange, Repository, RepositorySummary} from './repository/types.ts';
import type {Problem} from './resources/problem.ts';
import {isSecretKind, KnownSecrets} from './secrets/known.ts';
import {createMask, type Mask} from './secrets/mask.ts';
import {loadSource, sourceFiles} from './sources/load.ts';
import {version} from './version.ts';

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
  /** Whether the remote is asked for new commits now and then while the app is open. Default true. */
  fetch?: boolean;
}

/**
 * Puts the rooms together: a repository, its environments and their engines, as the one session that the app and the
 * commands speak to. Nothing is opened before `load`. Every method throws errors whose message is for people.
 */
export function openWorkspace(options: WorkspaceOptions, extras: {demoHint?: string} = {}): Session {
  keepYoungGenerationSmall();
  const mask = createMask();
  const known = new KnownSecrets(mask);
  return guarded(new Workspace(options, extras.demoHint ?? null, mask, known), known);
}

/** What `load` found; everything else builds on it. */
interface Opened {
  repository: Repository;
  kubeconfig: Kubeconfig;
  result: EnvironmentsResult;
  engines: Map<string, Engine>;
}

class Workspace implements Session {
  readonly version = version;
  readonly readOnly: boolean;
  readonly worktree: boolean;
  readonly demoHint: string | null;
  readonly revealsSecrets: boolean;
  readonly #options: WorkspaceOptions;
  /** One for the whole session: equal secret values read equal everywhere in it. */
  readonly #mask: Mask;
  /** Secret values, to be taken out of whatever is answered. */
  readonly #known: KnownSecrets;
  /** Shared by the environments of a context, and by contexts of one cluster. */
  readonly #connections = new Connections();
  /** Contexts that the user chose in this session, by environment. */
  readonly #chosen = new Map<string, string>();
  #opened: Opened | undefined;
  /** The last report of each environment. */
  readonly #reports = new Map<string, EnvironmentReport>();
  /** What was opened first. */
  readonly #loaded = Promise.withResolvers<Opened>();

  constructor(options: WorkspaceOptions, demoHint: string | null, mask: Mask, known: KnownSecrets) {
    this.#options = options;
    this.readOnly = options.readOnly;
    this.worktree = options.worktree;
    this.demoHint = demoHint;
    this.revealsSecrets = options.revealSecrets ?? false;
    this.#mask = mask;
    this.#known = known;
  }

  async load(signal: AbortSignal): Promise<{
    repository: RepositorySummary;
    environments: readonly Environment[];
    problems: readonly Problem[];
    contextCount: number;
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
    this.#opened = {repository, kubeconfig, result: {...result, environments}, engines: new Map()};
    this.#loaded.resolve(this.#opened);
    const contextCount = kubeconfig.contexts.length;
    return {repository: told, environments, problems: result.problems, contextCount};
  }

  async contexts(): Promise<readonly ContextChoice[]> {
    return this.#open().kubeconfig.contexts.map(({name, server, current}) => ({name, server, current}));
  }

  async setContext(name: string, context: string, {write}: {write: boolean}): Promise<ContextChosen> {
    const {repository, kubeconfig, result, engines} = this.#open();
    if (write && this.readOnly) throw new Error('this session is read-only (--read-only)');
    kubeconfig.resolve(context);
    const environment = {...this.#environment(name), context};
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

  async inspect(
    name: string,
    signal: AbortSignal,
    onEvent: (event: InspectionEvent) => void,
  ): Promise<EnvironmentReport> {
    const environment = this.#environment(name);
    try {
      const report = await this.#engine(environment).inspect(signal, onEvent);
      this.#reports.set(name, report);
      // The first ones need room to grow; from then on most of what is new is garbage.
      keepHeapTight();
      return report;
    } catch (error) {
      signal.throwIfAborted();
      // One environment's trouble (an engine that isn't supported, git failing) is that environment's own.
      return failedReport(environment, error);
    }
  }

  async findLiveRevision(name: string, signal: AbortSignal, limitMs: number): Promise<EnvironmentReport> {
    const report = await this.#engine(this.#environment(name)).findLiveRevision(signal, limitMs);
    this.#reports.set(name, report);
    return report;
  }

  async follow(name: string, signal: AbortSignal, onEvent: (event: FollowEvent) => void): Promise<void> {
    return this.#engine(this.#environment(name)).follow(signal, event => {
      if (event.type === 'report') this.#reports.set(name, event.report);
      onEvent(event);
    });
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

  async history(name: string, signal: AbortSignal): Promise<readonly Deployment[]> {
    return this.#engine(this.#environment(name)).history(signal);
  }

  async revisions(
    name: string,
    page: {skip: number; limit: number},
    signal: AbortSignal,
  ): Promise<RevisionPage> {
    const {repository} = this.#open();
    const environment = this.#environment(name);
    // Without the cluster the log is still of use: only what is live stays unknown.
    const deployments = await this.history(name, signal).catch(() => []);
    signal.throwIfAborted();
    const {revision} = await desiredTree(repository, environment, false, signal);
    const match = this.#reports.get(name)?.liveMatch;
    return revisionPage(repository, environment, revision, deployments, page, signal, match);
  }

  async commitDetail(
    name: string,
    sha: string,
    signal: AbortSignal,
  ): Promise<{files: readonly FileChange[]; patch: string}> {
    const {repository} = this.#open();
    const {path: folder} = this.#environment(name);
    const [files, patch] = await Promise.all([
      repository.changedFiles(sha, folder, signal),
      repository.patch(sha, folder, signal),
    ]);
    return {files, patch};
  }

  async planSync(name: string, options: SyncOptions, signal: AbortSignal): Promise<SyncPlan> {
    return this.#engine(this.#environment(name)).plan(options, signal);
  }

  async sync(
    plan: SyncPlan,
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
    onEvent: (event: SyncEvent) => void,
    options: {waitSeconds?: number} = {},
  ): Promise<SyncResult> {
    const environment = this.#environment(plan.environment);
    const allowed = this.#permit('sync', environment, confirmed);
    return this.#engine(environment).sync(plan, allowed, signal, onEvent, options);
  }

  async planRevert(request: RevertRequest, signal: AbortSignal): Promise<RevertPreview> {
    await this.#learnSecrets(request.environment, signal);
    return planRevert(this.#changes(), request, signal);
  }

  async revert(
    preview: RevertPreview,
    request: RevertRequest & {via: 'push' | 'pull-request'; title: string; body: string; draft: boolean},
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
  ): Promise<RevertOutcome> {
    const environment = this.#environment(request.environment);
    const allowed = this.#permit(request.via, environment, confirmed);
    return revert(this.#changes(), preview, request, allowed, signal);
  }

  async planPullRequest(name: string, signal: AbortSignal): Promise<PullRequestPreview> {
    await this.#learnSecrets(name, signal);
    return planPullRequest(this.#changes(), name, signal);
  }

  async openPullRequest(
    preview: PullRequestPreview,
    text: {title: string; body: string; draft: boolean},
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
  ): Promise<RevertOutcome> {
    const allowed = this.#permit('pull-request', this.#environment(preview.environment), confirmed);
    return openPullRequest(this.#changes(), preview, text, allowed, signal);
  }

  async reveal(name: string, wanted: SecretKey, signal: AbortSignal): Promise<Revealed> {
    if (!this.revealsSecrets)
      throw new Error('secret values are shown only where --reveal-secrets asks for it');
    const environment = this.#environment(name);
    const connect = async () => this.#connect(environment);
    const where = {environment, repository: this.#open().repository, worktree: this.worktree, connect};
    return revealSecret(wanted, where, signal);
  }

  close(): void {
    this.#connections.close();
  }

  #open(): Opened {
    if (this.#opened === undefined) throw new Error('the workspace was not loaded');
    return this.#opened;
  }

  #environment(name: string): Environment {
    const found = this.#open().result.environments.find(environment => environment.name === name);
    if (found === undefined) throw new Error(`there is no environment "${name}"`);
    return found;
  }

  #engine(environment: Environment): Engine {
    const {repository, result, engines} = this.#open();
    const known = engines.get(environment.name);
    if (known !== undefined) return known;
    const engine = engineFor({
      environment,
      repository,
      connect: async () => this.#connect(environment),
      ignore: result.ignore,
      mask: this.#mask,
      known: this.#known,
      worktree: this.worktree,
      orphans: this.#options.orphans ?? false,
    });
    engines.set(environment.name, engine);
    return engine;
  }

  #connect(environment: Environment): ConnectedCluster {
    const {kubeconfig} = this.#open();
    const {context, name} = environment;
    if (context === null) {
      throw new ClusterError('unreachable', `no kubeconfig context is known for ${name}`, {
        fix: `name one in .gitops-tui.yaml (context: …) or with --context; there are ${kubeconfig.contexts.map(known => known.name).join(', ') || 'none'}`,
      });
    }
    return this.#connections.to(kubeconfig.resolve(context));
  }

  /** Where nothing was compared yet, what git's Secrets hold: a patch may show it elsewhere. */
  async #learnSecrets(name: string, signal: AbortSignal): Promise<void> {
    if (this.#reports.has(name)) return;
    const environment = this.#environment(name);
    try {
      const tree = await desiredTree(this.#open().repository, environment, this.worktree, signal);
      const {resources} = await loadSource(environment, tree, {signal});
      this.#known.keep(name, resources.map(({object}) => object).filter(isSecretKind));
    } catch {
      // What is wrong with git the plan itself will tell.
      signal.throwIfAborted();
    }
  }

  #changes(): ChangeContext {
    const {repository, result} = this.#open();
    return {
      repository,
      environments: result.environments,
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

  #permit(mutation: Mutation, environment: Environment, confirmed: 'yes' | {typed: string}): Permit {
    const answer = permit(mutation, environment, this, confirmed);
    if (!answer.allowed) throw new Error(answer.reason);
    return answer.permit;
  }
}
