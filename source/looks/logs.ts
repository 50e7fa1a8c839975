import type {ConnectedCluster} from '../cluster/types.ts';
import type {Problem} from '../resources/problem.ts';
import {problemOf} from './follow-list.ts';
import {followFamily} from './follow-pods.ts';
import {Gathered} from './gathered.ts';
import {ContainerLog} from './log-source.ts';
import {logText} from './log-text.ts';
import {podSeen} from './pods.ts';
import type {EarlierLines, EarlierLogs, LogLine, LogNews, LogQuery, LogSource, PodSeen} from './types.ts';

/** So many lines are kept, here and on the screen. */
export const keptLines = 20_000;
/** So many containers are read at once: each is a connection to the API server, and from there to a kubelet. */
export const mostSources = 40;
/** Lines of this long are told together. */
const gatherMs = 100;
/** So many containers are asked at once for their earlier lines. */
const askedAtOnce = 6;

/**
 * Follows the logs of all containers of an object's pods, merged by time as they come: those of pods that join, and over
 * restarts. Ends with the signal. Trouble is told; rejects where the cluster can't be asked at all.
 */
export async function followLogs(
  cluster: ConnectedCluster,
  query: LogQuery,
  signal: AbortSignal,
  tell: (news: LogNews) => void,
): Promise<void> {
  const follower = new Follower(cluster, query, signal, tell);
  try {
    await followFamily(cluster, query.target, signal, ({object, isKnown, pods, isRead, problems}) => {
      const missing: Problem[] =
        isKnown && object === null && problems.length === 0
          ? [
              {
                severity: 'warning',
                message: `there is no ${query.target.id.kind} ${query.target.id.name} in the cluster`,
              },
            ]
          : [];
      follower.see(pods.map(podSeen), isRead, [...missing, ...problems]);
    });
  } finally {
    follower.end();
  }
}

class Follower {
  readonly #cluster: ConnectedCluster;
  readonly #query: LogQuery;
  readonly #signal: AbortSignal;
  readonly #tell: (news: LogNews) => void;
  readonly #news: Gathered;
  /** By pod's uid and container. */
  readonly #logs = new Map<string, ContainerLog>();
  readonly #known = new Set<string>();
  #left: LogSource[] = [];
  #pods: readonly PodSeen[] = [];
  #problems: readonly Problem[] = [];
  #isRead = false;
  #hasChanged = false;
  #lines: LogLine[] = [];
  #dropped = 0;

  constructor(
    cluster: ConnectedCluster,
    query: LogQuery,
    signal: AbortSignal,
    tell: (news: LogNews) => void,
  ) {
    this.#cluster = cluster;
    this.#query = query;
    this.#signal = signal;
    this.#tell = tell;
    this.#news = new Gathered(gatherMs, signal, () => this.#say());
  }

  /** The pods that there are now. */
  see(all: readonly PodSeen[], isRead: boolean, problems: readonly Problem[]): void {
    if (this.#signal.aborted) return;
    const isFirst = !this.#isRead;
    const before = this.#pods;
    this.#pods = [...all].sort((a, b) =>
      a.created < b.created ? -1 : a.created > b.created ? 1 : a.name < b.name ? -1 : 1,
    );
    this.#isRead ||= isRead;
    this.#problems = problems;
    const wanted = this.#pods.filter(({name}) => this.#query.pod === null || name === this.#query.pod);
    this.#left = [];
    for (const pod of wanted) this.#seePod(pod, !isFirst && !before.some(({uid}) => uid === pod.uid));
    for (const {uid, name, deleting} of before) {
      const now = all.find(pod => pod.uid === uid);
      if (now === undefined) this.#lose(uid, name);
      else if (now.deleting && !deleting) this.#note(name, 'the pod is being deleted');
    }
    this.#changed();
  }

  end(): void {
    for (const log of this.#logs.values()) log.end();
    this.#news.end();
  }

  #seePod(pod: PodSeen, isNew: boolean): void {
    if (isNew && !this.#known.has(pod.uid)) this.#note(pod.name, 'a new pod');
    this.#known.add(pod.uid);
    for (const container of pod.containers) {
      const key = `${pod.uid} ${container.name}`;
      const known = this.#logs.get(key);
      if (known !== undefined) known.update(container);
      else if (this.#logs.size < mostSources) this.#start(key, pod, container);
      else {
        const reason = `only ${mostSources} containers are read at once`;
        this.#left.push({pod: pod.name, container, state: 'left-out', reason});
      }
    }
  }

  #start(key: string, {namespace, name}: PodSeen, container: PodSeen['containers'][number]): void {
    const log = new ContainerLog(this.#cluster, {namespace, pod: name}, container, this.#query, {
      lines: lines => this.#add(lines),
      changed: () => this.#changed(),
    });
    this.#logs.set(key, log);
    log.run(this.#signal).catch(error => {
      this.#problems = [...this.#problems, problemOf(error)];
      this.#changed();
    });
  }

  #lose(uid: string, name: string): void {
    this.#note(name, 'the pod is gone');
    for (const [key, log] of this.#logs) {
      if (!key.startsWith(`${uid} `)) continue;
      log.end();
      this.#logs.delete(key);
    }
  }

  #note(pod: string, text: string): void {
    const time = `${new Date().toISOString().slice(0, 23)}000000Z`;
    this.#add([{time, pod, container: '', text, kind: 'note'}]);
  }

  #add(lines: readonly LogLine[]): void {
    for (const line of lines) this.#lines.push(line);
    // What the screen can't keep either is not sorted, carried and drawn.
    if (this.#lines.length > 2 * keptLines) {
      this.#dropped += this.#lines.length - keptLines;
      this.#lines = inOrder(this.#lines).slice(-keptLines);
    }
    this.#news.later();
  }

  #changed(): void {
    this.#hasChanged = true;
    this.#news.later();
  }

  #say(): void {
    if (this.#hasChanged) {
      this.#hasChanged = false;
      const sources = [...[...this.#logs.values()].map(({source}) => source), ...this.#left];
      this.#tell({
        type: 'sources',
        pods: this.#pods,
        sources,
        problems: this.#problems,
        isRead: this.#isRead,
      });
    }
    if (this.#lines.length === 0) return;
    const lines = inOrder(this.#lines);
    const dropped = this.#dropped;
    this.#lines = [];
    this.#dropped = 0;
    this.#tell({type: 'lines', lines, dropped});
  }
}

/** By time; lines of one time, and those without any, stay behind what they came after. */
export function inOrder(lines: readonly LogLine[]): LogLine[] {
  let isSorted = true;
  let last = '';
  const timed = lines.map(line => {
    if (line.time !== '' && line.time < last) isSorted = false;
    if (line.time !== '') last = line.time;
    return {line, time: line.time === '' ? last : line.time};
  });
  if (isSorted) return [...lines];
  return timed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({line}) => line);
}

/** The lines before those that are known of some containers; `isAll` where there are no more. Rejects where none can be asked. */
export async function earlierLogs(
  cluster: ConnectedCluster,
  {target, previous, sources, lines: more}: EarlierLogs,
  signal: AbortSignal,
): Promise<EarlierLines> {
  const found: LogLine[] = [];
  let isAll = true;
  const failures: unknown[] = [];
  const waiting = [...sources];
  const ask = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const {pod, container, before, have} = next;
      const tailLines = have + more;
      let count = 0;
      try {
        const options = {container, previous, tailLines, signal};
        for await (const records of cluster.logs(target.id.namespace, pod, options)) {
          for (const {time, text, cut} of records) {
            count++;
            if (time === '' || time >= before) continue;
            found.push({time, pod, container, text: logText(text, cut), kind: 'log'});
          }
        }
        if (count >= tailLines) isAll = false;
      } catch (error) {
        signal.throwIfAborted();
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({length: askedAtOnce}, ask));
  if (failures.length > 0 && failures.length === sources.length) throw failures[0];
  return {lines: inOrder(found), isAll};
}
