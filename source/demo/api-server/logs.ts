import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {Response} from './respond.ts';
import {ApiError, badRequest, invalid} from './status.ts';

/** A line that a container wrote, and when (ms). */
export interface WrittenLine {
  time: number;
  text: string;
}

/** What containers write: all lines of a container from a time on, up to another (ms), in order. */
export type LogBook = (
  pod: JsonObject,
  container: string,
  range: {from: number; to: number; previous: boolean},
) => readonly WrittenLine[];

/** A container that writes does so between two looks. */
const everyMs = 250;

/**
 * GET of a pod's log: plain text, a line each, going on as it is written where `follow` asks for it. Errors are those of the
 * real server. A pod that is on no node has no content there, too.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/strategy.go (LogLocation)
 */
export function answerLog(
  pod: JsonObject,
  parameters: URLSearchParams,
  response: Response,
  book: LogBook,
  clock: () => Date,
): void {
  const container = containerOf(pod, parameters.get('container') ?? '');
  const options = optionsOf(parameters);
  const status = statusOf(pod, container);
  if (stringAt(objectAt(pod, 'spec'), 'nodeName') === undefined) {
    response.writeHead(204);
    response.end();
    return;
  }
  checkStarted(pod, container, status, options.previous);
  const now = clock().getTime();
  const started = startOf(status, options.previous);
  const from = Math.max(started ?? now, options.since ?? 0);
  const range = {from, to: options.previous ? endOf(status) : now, previous: options.previous};
  const known = started === undefined ? [] : book(pod, container, range);
  const shown = options.tail === undefined ? known : options.tail === 0 ? [] : known.slice(-options.tail);
  response.writeHead(200, {'content-type': 'text/plain', 'cache-control': 'no-cache, private'});
  const write = (lines: readonly WrittenLine[]) => {
    const text = lines
      .map(({time, text}) => `${options.timestamps ? `${stampOf(time)} ` : ''}${text}\n`)
      .join('');
    if (text !== '') response.write(text);
  };
  write(shown);
  const isRunning = isObject(objectAt(status, 'state')['running']);
  if (!options.follow || options.previous || !isRunning) {
    response.end();
    return;
  }
  // The head goes out although nothing may be written for long.
  if ('flushHeaders' in response && typeof response.flushHeaders === 'function') response.flushHeaders();
  let last = now;
  const timer = setInterval(() => {
    const to = clock().getTime();
    write(book(pod, container, {from: last, to, previous: false}));
    last = to;
  }, everyMs);
  timer.unref();
  response.on('close', () => clearInterval(timer));
}

interface LogOptions {
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  tail: number | undefined;
  since: number | undefined;
}

function optionsOf(parameters: URLSearchParams): LogOptions {
  const flag = (name: string) => /^(1|true)$/.test(parameters.get(name) ?? '');
  const tail = numberOf(parameters, 'tailLines');
  const seconds = numberOf(parameters, 'sinceSeconds');
  const time = parameters.get('sinceTime');
  const causes = [];
  if (tail !== undefined && tail < 0)
    causes.push({
      type: 'invalid' as const,
      field: 'tailLines',
      message: `${tail}: must be greater than or equal to 0`,
    });
  if (seconds !== undefined && seconds < 1)
    causes.push({
      type: 'invalid' as const,
      field: 'sinceSeconds',
      message: `${seconds}: must be greater than 0`,
    });
  if (causes.length > 0) throw invalid({group: '', plural: 'pods', kind: 'PodLogOptions'}, '', causes);
  const since =
    time !== null ? Date.parse(time) : seconds === undefined ? undefined : Date.now() - seconds * 1000;
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    tail,
    // The real one looks at whole seconds.
    since: since === undefined ? undefined : Math.floor(since / 1000) * 1000,
  };
}

function numberOf(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  return text === null || !/^-?\d+$/.test(text) ? undefined : Number(text);
}

function containerOf(pod: JsonObject, asked: string): string {
  const names = (list: string) =>
    listAt(objectAt(pod, 'spec'), list).map(item => stringAt(item, 'name') ?? '');
  const main = names('containers');
  const inits = names('initContainers');
  const name = stringAt(objectAt(pod, 'metadata'), 'name') ?? '';
  const [only] = main;
  if (asked === '') {
    if (only !== undefined && main.length === 1) return only;
    const others = inits.length === 0 ? '' : ` or one of the init containers: [${inits.join(' ')}]`;
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${main.join(' ')}]${others}`,
    );
  }
  if (main.includes(asked) || inits.includes(asked)) return asked;
  throw badRequest(`container ${asked} is not valid for pod ${name}`);
}

function statusOf(pod: JsonObject, container: string): JsonObject {
  const status = objectAt(pod, 'status');
  const all = [...listAt(status, 'containerStatuses'), ...listAt(status, 'initContainerStatuses')];
  const found = all.find(item => stringAt(item, 'name') === container);
  return isObject(found) ? found : {};
}

/** The kubelet's refusals, as the API server hands them on. */
function checkStarted(pod: JsonObject, container: string, status: JsonObject, previous: boolean): void {
  const name = stringAt(objectAt(pod, 'metadata'), 'name') ?? '';
  const before = objectAt(objectAt(status, 'lastState'), 'terminated');
  const state = objectAt(status, 'state');
  if (previous) {
    if (stringAt(before, 'containerID') !== undefined) return;
    throw refused(`previous terminated container "${container}" in pod "${name}" not found`);
  }
  if (isObject(state['running']) || isObject(state['terminated']) || 'containerID' in before) return;
  const reason = stringAt(objectAt(state, 'waiting'), 'reason') ?? '';
  throw refused(`container "${container}" in pod "${name}" is waiting to start: ${reason}`);
}

function refused(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

function startOf(status: JsonObject, previous: boolean): number | undefined {
  const state = objectAt(status, 'state');
  const told = previous
    ? objectAt(objectAt(status, 'lastState'), 'terminated')
    : isObject(state['running'])
      ? objectAt(state, 'running')
      : objectAt(state, 'terminated');
  const time = Date.parse(stringAt(told, 'startedAt') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function endOf(status: JsonObject): number {
  return Date.parse(stringAt(objectAt(objectAt(status, 'lastState'), 'terminated'), 'finishedAt') ?? '') || 0;
}

/** With nine digits of a second, as a kubelet writes times. */
function stampOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23)}000000Z`;
}
