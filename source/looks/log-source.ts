import {setTimeout as sleep} from 'node:timers/promises';
import {ClusterError, type LogReader, type LogRecord} from '../cluster/types.ts';
import {logText} from './log-text.ts';
import type {ContainerSeen, LogLine, LogQuery, LogSource} from './types.ts';

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** What a container's log tells. */
export interface LogEars {
  lines(lines: readonly LogLine[]): void;
  /** How it is read has changed. */
  changed(): void;
}

/** Follows the log of one container of a pod, over its restarts and over connections that break. */
export class ContainerLog {
  readonly pod: string;
  readonly #namespace: string;
  readonly #reader: LogReader;
  readonly #query: LogQuery;
  readonly #ears: LogEars;
  readonly #ended = new AbortController();
  #container: ContainerSeen;
  #state: LogSource['state'] = 'waiting';
  #reason = '';
  /** Time of the last line, and how many lines had it: what is read again is told once. */
  #last = {time: '', count: 0};
  /** Instance that was read to its end. */
  #finished = '';
  #wake: () => void = () => undefined;
  #isRunning = false;

  constructor(
    reader: LogReader,
    place: {namespace: string; pod: string},
    container: ContainerSeen,
    query: LogQuery,
    ears: LogEars,
  ) {
    this.#reader = reader;
    this.#namespace = place.namespace;
    this.pod = place.pod;
    this.#container = container;
    this.#query = query;
    this.#ears = ears;
  }

  get source(): LogSource {
    return {pod: this.pod, container: this.#container, state: this.#state, reason: this.#reason};
  }

  /** The pod says something new of the container. */
  update(container: ContainerSeen): void {
    const before = this.#container;
    this.#container = container;
    if (!this.#query.previous && container.restarts > before.restarts)
      this.note(`started again, for the ${ordinal(container.restarts)} time${lastWords(before, container)}`);
    if (container.instance !== before.instance || container.state !== before.state) this.#wake();
    if (this.#state === 'waiting') this.#reason = waitingFor(container);
  }

  /** Reads until the signal, or `end`. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const until = AbortSignal.any([signal, this.#ended.signal]);
    let pause = firstPauseMs;
    while (!until.aborted) {
      const {instance} = this.#container;
      if (!this.#mayRead() || this.#finished === instance) {
        this.#set(this.#finished === instance ? 'ended' : 'waiting', waitingFor(this.#container));
        await this.#change(until);
        continue;
      }
      const before = this.#last;
      this.#set('reading', '');
      try {
        await this.#read(until);
        if (until.aborted) return;
        // One that runs on and whose stream ended was cut off, or its end is not told yet: it is asked again.
        const ended = this.#query.previous || this.#container.state !== 'running';
        if (ended || this.#container.instance !== instance) this.#finished = instance;
        else await this.#rest(this.#last === before ? pause : firstPauseMs, until);
      } catch (error) {
        if (until.aborted) return;
        const reason = error instanceof ClusterError ? error.reason : undefined;
        const message = error instanceof Error ? error.message : String(error);
        if (reason === 'forbidden') {
          const fix = error instanceof ClusterError && error.fix !== undefined ? `; ${error.fix}` : '';
          this.#set('refused', `${message}${fix}`);
          return;
        }
        if (reason === 'invalid') {
          // The kubelet has none of it yet, or any more.
          this.#set('waiting', message);
          await this.#rest(pause, until);
        } else if (reason === 'not-found') {
          this.#set('ended', 'the pod is gone');
          await this.#change(until);
        } else {
          if (this.#state !== 'broken') this.note(`the log broke off: ${message}`, 'trouble');
          this.#set('broken', message);
          await this.#rest(pause, until);
        }
      }
      pause = this.#last === before ? Math.min(pause * 2, longestPauseMs) : firstPauseMs;
    }
  }

  /** Ends it: the pod is gone. */
  end(): void {
    this.#ended.abort();
  }

  /** Says something between the lines. */
  note(text: string, kind: 'note' | 'trouble' = 'note'): void {
    const time = `${new Date().toISOString().slice(0, 23)}000000Z`;
    this.#ears.lines([{time, pod: this.pod, container: this.#container.name, text, kind}]);
  }

  #mayRead(): boolean {
    return this.#query.previous ? this.#container.hasPrevious : this.#container.hasLog;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const {previous, from} = this.#query;
    const known = this.#last;
    let same = known.count;
    const records = this.#reader.logs(this.#namespace, this.pod, {
      container: this.#container.name,
      follow: !previous,
      previous,
      ...(known.time !== '' ? {sinceTime: known.time} : startOf(from)),
      signal,
    });
    for await (const batch of records) {
      const lines: LogLine[] = [];
      for (const record of batch) {
        // The server begins at the whole second: what was told already comes again.
        if (known.time !== '' && record.time !== '') {
          if (record.time < known.time) continue;
          if (record.time === known.time && same-- > 0) continue;
        }
        lines.push(this.#line(record));
      }
      if (lines.length > 0) this.#ears.lines(lines);
    }
  }

  #line({time, text, cut}: LogRecord): LogLine {
    if (time !== '') {
      this.#last = {time, count: time === this.#last.time ? this.#last.count + 1 : 1};
    }
    return {time, pod: this.pod, container: this.#container.name, text: logText(text, cut), kind: 'log'};
  }

  #set(state: LogSource['state'], reason: string): void {
    if (this.#state === state && this.#reason === reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#ears.changed();
  }

  /** Waits until the pod tells something new of the container. */
  async #change(signal: AbortSignal): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>();
    const stop = () => resolve();
    this.#wake = stop;
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    await promise;
    signal.removeEventListener('abort', stop);
    this.#wake = () => undefined;
  }

  /** Waits so long, or until the pod tells something new. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const rested = new AbortController();
    const either = AbortSignal.any([signal, rested.signal]);
    await Promise.race([this.#change(either), sleep(ms, undefined, {signal: either}).catch(() => undefined)]);
    rested.abort();
  }
}

/** Where a log begins, as the API has it. */
function startOf(from: LogQuery['from']): {tailLines: number} | {sinceTime: string} {
  return 'lines' in from
    ? {tailLines: from.lines}
    : {sinceTime: new Date(Date.now() - from.seconds * 1000).toISOString()};
}

/** Why a container has no log to read. */
export function waitingFor({state, reason, message}: ContainerSeen): string {
  if (state === 'terminated') return '';
  if (state === 'running') return '';
  const why = [reason === '' ? 'not started' : reason, message].filter(text => text !== '');
  return why.join(': ');
}

function lastWords(before: ContainerSeen, now: ContainerSeen): string {
  const ended = before.state === 'terminated' ? before : now.state === 'terminated' ? now : null;
  if (ended === null) return '';
  const reason = ended.reason === '' ? '' : ` (${ended.reason})`;
  return `: it ended with ${ended.exitCode ?? 'no exit code'}${reason}`;
}

function ordinal(count: number): string {
  const last = count % 10;
  const isTeen = Math.floor((count % 100) / 10) === 1;
  const end = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][last] ?? 'th');
  return `${count}${end}`;
}
