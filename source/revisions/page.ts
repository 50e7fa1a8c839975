import type {LiveMatch} from '../drift/types.ts';
import type {Deployment} from '../engines/types.ts';
import {LogReader} from '../repository/log-reader.ts';
import type {Repository} from '../repository/types.ts';
import {DeployedRows, type DeployedStates} from './deployed-rows.ts';
import {mentionedPullRequest} from './pull-request-mention.ts';
import type {RevisionPage, RevisionRange} from './types.ts';

/** A page that is not there after so many ms comes in parts: a person waits for it, and then watches it grow. */
const quickMs = 120;
const growingMs = 500;

/** The commits of one environment's folder, a page at a time, and what was deployed of them. */
export class EnvironmentRevisions {
  readonly #repository: Repository;
  readonly #path: string;
  readonly #deployed: DeployedRows;
  #log: {tip: string; reader: LogReader} | undefined;

  constructor(repository: Repository, path: string) {
    this.#repository = repository;
    this.#path = path;
    this.#deployed = new DeployedRows(repository, path);
  }

  /** A page of the commits that touch the folder, newest first; `states` says what is known of the cluster. Throws RepositoryError. */
  async page(
    tip: string,
    {skip, limit, quick = false, tip: asked}: RevisionRange,
    states: DeployedStates | null,
    signal?: AbortSignal,
  ): Promise<RevisionPage> {
    // Who asks from the top anew sees the branches and tags of now: a mark may have come to a commit that is no news.
    if (skip === 0 && asked === undefined) this.close();
    const isFirst = this.#log?.tip !== tip;
    const {reader} = this.#logFrom(tip);
    const withinMs = isFirst ? quickMs : growingMs;
    const rows = await reader.page({skip, limit, ...(quick ? {withinMs} : {})}, signal);
    return {
      tip,
      revisions: rows.commits.map(commit => ({
        ...commit,
        state: states?.stateOf(commit.sha) ?? 'unknown',
        deployments: states?.deploymentsOf(commit.sha) ?? [],
        pullRequest: mentionedPullRequest(commit),
      })),
      more: rows.more,
      missing: rows.brokenOff ? 'partial' : !rows.more && this.#repository.shallow ? 'shallow' : null,
    };
  }

  #logFrom(tip: string): {tip: string; reader: LogReader} {
    if (this.#log?.tip === tip) return this.#log;
    this.close();
    this.#log = {tip, reader: new LogReader(this.#repository.git, {from: tip, path: this.#path})};
    return this.#log;
  }

  /** What was deployed of them, as DeployedRows tells it. */
  states(
    tip: string,
    deployments: readonly Deployment[],
    match: LiveMatch | undefined,
    signal?: AbortSignal,
  ): Promise<DeployedStates> {
    return this.#deployed.states(tip, deployments, match, signal);
  }

  /** Ends what runs. A later page starts it anew. */
  close(): void {
    this.#log?.reader.close();
    this.#log = undefined;
  }
}
