import type {Client} from './client.ts';
import {failureOfException} from './errors.ts';
import {objectPath} from './paths.ts';
import type {ApiRequest} from './request.ts';
import {ClusterError, type LogOptions, type LogRecord} from './types.ts';

/** A line is kept up to so many bytes: a stack of JSON without an end must not fill the memory. */
const longestLine = 16_384;

const pods = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  verbs: ['get'],
  subresources: ['log'],
} as const;

/** Reads a container's log as it comes; see LogReader. */
export async function* readLog(
  client: Client,
  namespace: string,
  pod: string,
  options: LogOptions,
): AsyncGenerator<readonly LogRecord[]> {
  const {container, follow, previous, tailLines, sinceTime, signal} = options;
  const request: ApiRequest = {
    method: 'GET',
    path: `${objectPath(pods, namespace, pod)}/log`,
    accept: '*/*',
    query: {
      container,
      // Without the time of each line nothing could be merged, or taken up again where it broke.
      timestamps: 'true',
      follow: follow === true ? 'true' : undefined,
      previous: previous === true ? 'true' : undefined,
      tailLines: tailLines === undefined ? undefined : String(tailLines),
      sinceTime,
    },
    signal,
    access: {verb: 'get', resource: 'pods/log', namespace},
  };
  const {response, done} = await client.stream(request);
  const splitter = new LineSplitter(longestLine);
  try {
    for await (const chunk of response) {
      const records = splitter.add(chunk as Buffer);
      if (records.length > 0) yield records;
    }
    const last = splitter.end();
    if (last.length > 0) yield last;
  } catch (thrown) {
    client.throwIfAborted(signal, thrown);
    throw thrown instanceof ClusterError ? thrown : failureOfException(client.server, thrown).error;
  } finally {
    done();
    response.destroy();
  }
}

/** Takes lines out of bytes as they come: each with its time, and no longer than so many bytes. */
export class LineSplitter {
  readonly #longest: number;
  #held: Buffer[] = [];
  #length = 0;
  #cut = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  add(chunk: Buffer): LogRecord[] {
    const records: LogRecord[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, at));
      records.push(this.#take());
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return records;
  }

  /** What is left without a line end, where the log ends. */
  end(): LogRecord[] {
    return this.#length === 0 ? [] : [this.#take()];
  }

  #keep(bytes: Buffer): void {
    const room = this.#longest - this.#length;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#cut += bytes.length - kept.length;
    if (kept.length === 0) return;
    this.#held.push(kept);
    this.#length += kept.length;
  }

  #take(): LogRecord {
    const [only] = this.#held;
    const bytes = this.#held.length === 1 && only !== undefined ? only : Buffer.concat(this.#held);
    const cut = this.#cut;
    this.#held = [];
    this.#length = 0;
    this.#cut = 0;
    const whole = bytes.toString('utf8');
    // What was cut in the middle of a character is no character.
    return {...timed(cut > 0 ? whole.replace(/\uFFFD$/, '') : whole), cut};
  }
}

const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?/;

/** A line of a log with timestamps: its time in UTC with nine digits, so that times compare as texts, and the rest. */
export function timed(line: string): {time: string; text: string} {
  const found = stamp.exec(line);
  if (found === null) return {time: '', text: line};
  const [all, seconds = '', fraction = '', zone = ''] = found;
  const text = line.slice(all.length);
  const utc = zone === 'Z' ? seconds : utcSeconds(`${seconds}${zone}`);
  return utc === undefined ? {time: '', text: line} : {time: `${utc}.${fraction.padEnd(9, '0')}Z`, text};
}

function utcSeconds(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 19);
}
