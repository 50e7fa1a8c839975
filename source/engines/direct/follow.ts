import {setTimeout as sleep} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {ClusterError} from '../../cluster/types.ts';
import type {EnvironmentReport} from '../../drift/types.ts';
import type {Problem} from '../../resources/problem.ts';
import type {FollowEvent} from '../types.ts';
import type {Asks} from './compare/dry-runs.ts';
import {connectTo} from './connection.ts';
import type {DirectEngineOptions} from './engine.ts';
import {type GitSide, gitSide} from './follow-git.ts';
import type {Inspector} from './inspect.ts';
import type {Connection, Git, Inspection} from './inspection.ts';
import {Bell} from './live/bell.ts';
import {LiveMirror} from './live/live-mirror.ts';
import type {FollowedCluster} from './live/live-place.ts';
import {pulse} from './live/pulse.ts';

/** How patient a follower is, in ms. */
export interface FollowTiming {
  /** Changes are gathered this long before they are judged. */
  gather: number;
  /** So long nothing may change before it is found out which revision is live. */
  calm: number;
  /** A cluster that was silent for this long is asked whether it is still there. */
  silence: number;
  /** What could not be decided is tried again after this. */
  undecided: number;
  /** What may not be watched is read again this often. */
  poll: number;
  /** A kind that is not served is asked for at most this often. */
  discovery: number;
  /** After a cluster was lost: the first pause; it doubles up to the longest. */
  firstPause: number;
  longestPause: number;
  /** A server that comes back may refuse everything until it has its roles again. */
  grace: number;
}

export const usualFollowTiming: FollowTiming = {
  gather: 50,
  calm: 1000,
  silence: 10_000,
  undecided: 15_000,
  poll: 15_000,
  discovery: 5000,
  firstPause: 500,
  longestPause: 15_000,
  grace: 10_000,
};

/** A wait that took this much longer than it should was a sleep of the whole machine. */
const asleepMs = 10_000;

/** Follows one environment: see Engine.follow. */
export class Follower {
  readonly #inspector: Inspector;
  readonly #options: DirectEngineOptions;
  readonly #tell: (event: FollowEvent) => void;
  readonly #timing: FollowTiming;
  readonly #gitSide: GitSide;
  readonly #bell = new Bell();
  #stamp = '';
  #git: Git | undefined;
  #connection: Connection | undefined;
  #mirror: LiveMirror | undefined;
  #told: EnvironmentReport | undefined;
  #lost: {since: number | null; pause: number; message: string} | null = null;
  /** True where a request failed in a way that a lost connection would explain. */
  #suspicious = false;
  /** When trouble was noticed last, by performance.now(). */
  #troubleAt = 0;
  #discoveredAt = 0;
  #matching: AbortController | undefined;

  constructor(
    inspector: Inspector,
    options: DirectEngineOptions,
    tell: (event: FollowEvent) => void,
    timing: FollowTiming = usualFollowTiming,
  ) {
    this.#inspector = inspector;
    this.#options = options;
    this.#tell = tell;
    this.#timing = timing;
    this.#gitSide = gitSide(options.repository, options.environment, options.worktree);
  }

  /** Follows until the signal; see Engine.follow. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = this.#gitSide.onStamp(stamp => {
      if (stamp !== this.#stamp) this.#bell.ring();
    });
    try {
      while (!signal.aborted) {
        const pause = await this.#round(signal);
        await this.#rest(pause, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      stop();
      this.#mirror?.close();
      this.#matching?.abort();
    }
  }

  /** Looks at everything once; gives in how many ms to look again by itself, null for not at all. */
  async #round(signal: AbortSignal): Promise<number | null> {
    await this.#readGit(signal);
    const problem = await this.#reach(signal);
    if (problem !== null) return this.#lose(problem);
    const {inspection, discovered} = await this.#judge(signal);
    if (this.#suspicious) {
      this.#suspicious = false;
      const trouble = await this.#pulse(signal);
      // Alive: it was the trouble of one kind or one webhook, which the report tells.
      if (trouble !== null) return this.#lose(trouble);
    }
    const {report, view} = inspection;
    if (this.#isStarting(report)) {
      this.#mirror?.forget(performance.now());
      return this.#timing.firstPause;
    }
    const isNews = this.#told === undefined || this.#lost !== null || !isSame(this.#told, report);
    this.#lost = null;
    this.#told = report;
    if (isNews) {
      this.#tell({type: 'report', report});
      this.#match(inspection, signal);
    }
    const unserved = view?.examined.some(({target}) => target.kind === undefined) ?? false;
    if (unserved && !discovered) return this.#timing.discovery;
    return unserved || report.syncStatus === 'Unknown' || report.summary.unknown > 0
      ? this.#timing.undecided
      : null;
  }

  /** Finds, besides, which revision is live where nobody recorded it. */
  #match(inspection: Inspection, signal: AbortSignal): void {
    this.#matching?.abort();
    const matching = new AbortController();
    this.#matching = matching;
    const limited = AbortSignal.any([signal, matching.signal]);
    const run = async () => {
      // It is work for a while: not in the middle of a burst.
      await sleep(this.#timing.calm, undefined, {signal: limited, ref: false});
      const report = await this.#inspector.findLiveRevision(inspection, limited);
      if (limited.aborted || (this.#told !== undefined && isSame(this.#told, report))) return;
      this.#told = report;
      this.#tell({type: 'report', report});
    };
    run().catch(() => {
      // Ended, or overtaken by the next report.
    });
  }

  async #readGit(signal: AbortSignal): Promise<void> {
    // Before the reading: what moves while it is read is seen the next time.
    const stamp = await this.#gitSide.stamp(signal).catch(() => '');
    signal.throwIfAborted();
    if (this.#git !== undefined && stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#git = await this.#inspector.readGit(signal);
  }

  /** Makes sure of the connection; null where it is there. */
  async #reach(signal: AbortSignal): Promise<Problem | null> {
    if (this.#connection === undefined) {
      const connection = await connectTo(this.#options, signal);
      if ('unreachable' in connection) return connection.unreachable;
      this.#connection = connection;
      this.#mirror = new LiveMirror(connection.cluster, {
        pollMs: this.#timing.poll,
        changed: () => this.#bell.ring(),
        failed: () => {
          this.#suspect();
          this.#bell.ring();
        },
      });
    }
    if (this.#lost === null && !this.#suspicious) return null;
    const problem = await this.#pulse(signal);
    if (problem !== null) return problem;
    // What was missed meanwhile is not known; connections that look alive may be dead.
    this.#suspicious = false;
    this.#mirror?.forget(this.#troubleAt);
    if (this.#lost !== null) this.#lost.since ??= Date.now();
    return null;
  }

  async #judge(signal: AbortSignal): Promise<{inspection: Inspection; discovered: boolean}> {
    const [git, connection, mirror] = [this.#git, this.#connection, this.#mirror];
    if (git === undefined || connection === undefined || mirror === undefined)
      throw new Error('there is nothing to judge yet');
    const mayDiscover = Date.now() - this.#discoveredAt >= this.#timing.discovery;
    if (mayDiscover) this.#discoveredAt = Date.now();
    const suspect = <T>(request: Promise<T>): Promise<T> =>
      request.catch((error: unknown) => {
        if (error instanceof ClusterError && isSuspicious(error)) this.#suspect();
        throw error;
      });
    const reads = {
      list: (...question: Parameters<LiveMirror['list']>) => suspect(mirror.list(...question)),
      get: (...question: Parameters<LiveMirror['get']>) => suspect(mirror.get(...question)),
      prepare: (...question: Parameters<LiveMirror['prepare']>) => suspect(mirror.prepare(...question)),
    };
    const means = {reads, asks: asksOf(connection.cluster, suspect), mayDiscover};
    const inspection = await this.#inspector.judge(git, connection, means, signal, () => {});
    mirror.sweep();
    return {inspection, discovered: mayDiscover};
  }

  #pulse(signal: AbortSignal): Promise<Problem | null> {
    const {cluster, namespace} = this.#connection ?? {};
    if (cluster === undefined || namespace === undefined) throw new Error('there is no connection yet');
    return pulse(cluster, namespace, this.#options.environment.name, signal);
  }

  /** The connection may be dead: what was read before now is not to be trusted when it is back. */
  #suspect(): void {
    this.#suspicious = true;
    this.#troubleAt = performance.now();
  }

  /** Tells once that the cluster is out of reach; gives the pause until the next try. */
  #lose(problem: Problem): number {
    this.#troubleAt = performance.now();
    const {firstPause, longestPause} = this.#timing;
    const pause = this.#lost === null ? firstPause : Math.min(2 * this.#lost.pause, longestPause);
    const isNews = this.#lost?.message !== problem.message;
    this.#lost = {since: null, pause, message: problem.message};
    if (isNews) this.#tell({type: 'lost', problem});
    return pause;
  }

  /** True for a report of a server that was just found again and can tell less than before. */
  #isStarting(report: EnvironmentReport): boolean {
    const since = this.#lost?.since ?? null;
    if (since === null || this.#told === undefined || Date.now() - since > this.#timing.grace) return false;
    return (
      report.summary.unknown > this.#told.summary.unknown || report.errors.length > this.#told.errors.length
    );
  }

  /** Waits until something changes, something is due, or the cluster is silent for good. */
  async #rest(pause: number | null, signal: AbortSignal): Promise<void> {
    const due = pause === null ? Number.POSITIVE_INFINITY : performance.now() + pause;
    while (!signal.aborted) {
      const ms = Math.max(0, Math.min(due - performance.now(), this.#timing.silence));
      const began = Date.now();
      const rang = await this.#bell.wait(ms, signal);
      if (Date.now() - began > ms + asleepMs) {
        this.#connection?.cluster.wake?.();
        this.#suspect();
      }
      if (rang) {
        await new Bell().wait(this.#timing.gather, signal);
        return;
      }
      if (this.#suspicious || performance.now() >= due) return;
      if (this.#connection === undefined || this.#lost !== null) continue;
      const problem = await this.#pulse(signal);
      if (problem !== null) {
        this.#lose(problem);
        return;
      }
    }
  }
}

function asksOf(cluster: FollowedCluster, suspect: <T>(request: Promise<T>) => Promise<T>): Asks {
  return {
    get: (...question) => suspect(cluster.get(...question)),
    apply: (...question) => suspect(cluster.apply(...question)),
    jsonPatch: (...question) => suspect(cluster.jsonPatch(...question)),
    allowed: (...question) => suspect(cluster.allowed(...question)),
  };
}

/** True for an error that a lost connection would explain. */
function isSuspicious({reason}: ClusterError): boolean {
  return reason === 'unreachable' || reason === 'timeout' || reason === 'unauthorized' || reason === 'server';
}

function isSame(before: EnvironmentReport, after: EnvironmentReport): boolean {
  const {resources: old, ...rest} = before;
  const {resources, ...others} = after;
  return (
    old.length === resources.length &&
    // Most are the very same object.
    old.every((drift, index) => drift === resources[index] || isDeepStrictEqual(drift, resources[index])) &&
    isDeepStrictEqual(rest, others)
  );
}
