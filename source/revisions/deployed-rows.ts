import type {LiveMatch} from '../drift/types.ts';
import {inPool} from '../engines/direct/pool.ts';
import type {Deployment} from '../engines/types.ts';
import {checkObjectId, isObjectId, pathArguments, withoutFetching} from '../repository/git.ts';
import {hasCommit} from '../repository/refs.ts';
import type {Repository} from '../repository/types.ts';
import type {Revision} from './types.ts';

/** What the cluster says of revisions. */
export interface DeployedStates {
  stateOf(sha: string): Revision['state'];
  deploymentsOf(sha: string): readonly Deployment[];
}

/** Each is a git process. */
const parallel = 4;

/**
 * Which rows of an environment's log were deployed, are live or wait: what is deployed is often a commit that changed
 * something else. Commits never change, so what was found out once is kept.
 */
export class DeployedRows {
  readonly #repository: Repository;
  readonly #path: string;
  readonly #rows = new Map<string, string | null>();
  #pending: {of: string; shas: ReadonlySet<string>} | undefined;

  constructor(repository: Repository, path: string) {
    this.#repository = repository;
    this.#path = path;
  }

  /**
   * `deployments` are newest first: the first that a sync recorded is what is live. Where there is none, `match` is what live
   * was found to be nearest to; without that, what another tool says counts. Throws RepositoryError.
   */
  async states(
    tip: string,
    deployments: readonly Deployment[],
    match: LiveMatch | undefined,
    signal?: AbortSignal,
  ): Promise<DeployedStates> {
    const deployed = deployments.map(({revision}) => revision);
    const recorded = deployments.find(({tool}) => tool === undefined)?.revision;
    const found = recorded === undefined ? match : undefined;
    const matched = found?.differences === 0 ? found.revision : undefined;
    const exact = recorded ?? (found === undefined ? deployed[0] : matched);
    const wanted = [...new Set([...deployed, ...(found === undefined ? [] : [found.revision])])];
    const [, pending] = await Promise.all([
      inPool(wanted, parallel, revision => this.#learnRow(revision, signal)),
      this.#pendingCommits(tip, exact, signal),
    ]);
    const rowOf = (revision: string | undefined) =>
      revision === undefined ? undefined : (this.#rows.get(revision) ?? undefined);
    const live = rowOf(exact);
    const near = found === undefined || found.differences === 0 ? undefined : rowOf(found.revision);
    return {
      stateOf(sha) {
        if (near !== undefined && sha === near) return 'nearest';
        if (pending === null || live === undefined) return 'unknown';
        if (sha === live) return 'live';
        return pending.has(sha) ? 'pending' : 'older';
      },
      deploymentsOf: sha => deployments.filter(({revision}) => rowOf(revision) === sha),
    };
  }

  /** The last commit to the folder that a revision holds; null for one that this repository does not have. */
  async #learnRow(revision: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#rows.has(revision)) return;
    if (!(await isHere(this.#repository, revision, signal))) return;
    const [row] = await this.#repository.log({from: revision, path: this.#path, limit: 1}, signal);
    this.#rows.set(revision, row?.sha ?? null);
  }

  /** Commits to the folder that the live revision lacks; null where the live revision is not known here. */
  async #pendingCommits(
    tip: string,
    live: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlySet<string> | null> {
    if (live === undefined || !(await isHere(this.#repository, live, signal))) return null;
    const of = `${live}..${tip}`;
    if (this.#pending?.of === of) return this.#pending.shas;
    const range = [checkObjectId(tip), `^${live}`, ...pathArguments(this.#path)];
    const output = await this.#repository.git.text(['rev-list', ...range], {signal, env: withoutFetching});
    const shas = new Set(output.split('\n'));
    this.#pending = {of, shas};
    return shas;
  }
}

async function isHere({git}: Repository, sha: string, signal: AbortSignal | undefined): Promise<boolean> {
  return isObjectId(sha) && hasCommit(git, sha, {signal, env: withoutFetching});
}
