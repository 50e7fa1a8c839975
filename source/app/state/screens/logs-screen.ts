import {shortNames} from '../../../looks/pods.ts';
import type {LogNews, LogQuery, LogSource, PodSeen} from '../../../looks/types.ts';
import type {Problem} from '../../../resources/problem.ts';
import {patternOf} from '../../overlays/search.ts';
import {startOf, widthOf} from '../../text/width.ts';
import type {InputLine} from '../input-line.ts';
import {bodyRows} from '../layout.ts';
import {emptyList, type ListState, type Step} from '../lists/list.ts';
import type {AppState} from '../state.ts';
import {type KeptLine, type LogLines, noLines, sourceKey} from './log-lines.ts';

/** The logs of a workload's pods. */
export interface LogsScreen {
  readonly id: 'logs';
  readonly environment: string;
  /** Nothing is chosen in it. */
  readonly list: ListState;
  readonly query: LogQuery;
  readonly pods: readonly PodSeen[];
  readonly sources: readonly LogSource[];
  readonly problems: readonly Problem[];
  readonly isRead: boolean;
  readonly failure: Problem | null;
  readonly known: LogLines;
  /** Only lines of this pod; null for all. */
  readonly pod: string | null;
  /** The first row in sight; null follows the end. */
  readonly top: {readonly id: number; readonly row: number} | null;
  readonly wrap: boolean;
  readonly times: boolean;
  /** First column that is shown of lines that are cut. */
  readonly left: number;
  readonly search: string;
  readonly typing: InputLine | null;
  /** The line where the last match was found. */
  readonly here: number | null;
  /** True once the kubelets have no earlier lines. */
  readonly isAll: boolean;
}

/** How far back logs begin; the first one at first. */
const ranges: readonly LogQuery['from'][] = [{lines: 500}, {seconds: 300}, {seconds: 3600}, {lines: 5000}];

export function logsScreen(environment: string, target: LogQuery['target'], pod: string | null): LogsScreen {
  return {
    id: 'logs',
    environment,
    list: emptyList,
    query: {target, previous: false, from: {lines: 500}, pod: null},
    pods: [],
    sources: [],
    problems: [],
    isRead: false,
    failure: null,
    known: noLines,
    pod,
    top: null,
    wrap: false,
    times: false,
    left: 0,
    search: '',
    typing: null,
    here: null,
    isAll: false,
  };
}

/** The screen as it begins anew, with another question perhaps. */
export function begunAnew(screen: LogsScreen, query: Partial<LogQuery> = {}): LogsScreen {
  return {
    ...screen,
    query: {...screen.query, ...query},
    sources: [],
    problems: [],
    isRead: false,
    failure: null,
    known: noLines,
    top: null,
    here: null,
    isAll: false,
  };
}

export function nextRange(from: LogQuery['from']): LogQuery['from'] {
  const at = ranges.findIndex(range => JSON.stringify(range) === JSON.stringify(from));
  return ranges[(at + 1) % ranges.length] ?? {lines: 500};
}

/** `the last 500 lines`, `the last 5 minutes`. */
export function rangeWords(from: LogQuery['from']): string {
  if ('lines' in from) return `the last ${from.lines.toLocaleString('en')} lines`;
  return from.seconds < 3600 ? `the last ${from.seconds / 60} minutes` : 'the last hour';
}

/** The screen after news. */
export function withSources(screen: LogsScreen, news: Extract<LogNews, {type: 'sources'}>): LogsScreen {
  const {pods, sources, problems, isRead} = news;
  return {...screen, pods, sources, problems, isRead};
}

const filtered = new WeakMap<readonly KeptLine[], {pod: string; lines: readonly KeptLine[]}>();

/** The lines that are shown. */
export function shownLines({known: {lines}, pod}: LogsScreen): readonly KeptLine[] {
  if (pod === null) return lines;
  const before = filtered.get(lines);
  if (before?.pod === pod) return before.lines;
  const own = lines.filter(line => line.pod === pod);
  filtered.set(lines, {pod, lines: own});
  return own;
}

/** The names of all pods that were read, for their short names, and whether any has several containers. */
export function namesOf({sources, pods, known: {counts}}: LogsScreen): {
  short: ReadonlyMap<string, string>;
  hasContainers: boolean;
} {
  const read = [...counts.keys()].map(key => key.slice(0, key.indexOf(' ')));
  const names = [...new Set([...pods.map(({name}) => name), ...read])];
  const byPod = Map.groupBy(sources, ({pod}) => pod);
  const hasContainers = [...byPod.values()].some(own => own.length > 1);
  return {short: shortNames(names), hasContainers};
}

/** The sources that are not read as they should be, which the screen says below the lines. */
export function troubledSources({sources, pod, query}: LogsScreen): readonly LogSource[] {
  return sources.filter(
    source =>
      (pod === null || source.pod === pod) &&
      (source.state === 'refused' ||
        source.state === 'broken' ||
        source.state === 'left-out' ||
        (!query.previous && source.container.state === 'waiting')),
  );
}

/** Rows of the screen: inside the panel, what is said below the lines among them. */
export function logRows(state: AppState, screen: LogsScreen): {lines: number; trouble: number} {
  const inside = Math.max(1, bodyRows(state) - 2);
  const troubled = troubledSources(screen);
  const refused = troubled.filter(source => source.state === 'refused').length;
  const said =
    troubled.length - Math.max(0, refused - 1) + screen.problems.length + (screen.failure === null ? 0 : 1);
  const trouble = shownLines(screen).length === 0 ? 0 : Math.min(said, 3, Math.floor(inside / 3));
  return {lines: inside - trouble, trouble};
}

/** What stands in front of a line's text. */
export function prefixOf(
  line: KeptLine,
  screen: LogsScreen,
  {short, hasContainers}: ReturnType<typeof namesOf>,
): {time: string; source: string} {
  const width = Math.max(0, ...[...short.values()].map(widthOf));
  const name = short.get(line.pod) ?? line.pod;
  const container = hasContainers && line.container !== '' ? `/${line.container}` : '';
  const several = short.size > 1 || hasContainers;
  return {
    time: screen.times ? `${line.time === '' ? ' '.repeat(12) : line.time.slice(11, 23)} ` : '',
    source: several ? `${name}${' '.repeat(Math.max(0, width - widthOf(name)))}${container} ` : '',
  };
}

/** A row on the screen: a line, and which part of it. */
export interface LogRow {
  readonly line: KeptLine;
  readonly index: number;
  readonly row: number;
  /** The first row of a line has its prefix in front. */
  readonly text: string;
}

/** A text in pieces of so many columns. */
export function pieces(text: string, columns: number): string[] {
  if (widthOf(text) <= columns) return [text];
  const found: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const piece = startOf(rest, Math.max(2, columns));
    found.push(piece === '' ? rest.slice(0, 1) : piece);
    rest = rest.slice(Math.max(1, piece.length));
  }
  return found;
}

/** How wide a text is shown beside its prefix. */
export function textColumns(state: AppState, screen: LogsScreen, line: KeptLine): number {
  const {time, source} = prefixOf(line, screen, namesOf(screen));
  return Math.max(10, state.size.columns - 4 - widthOf(time) - widthOf(source));
}

function rowsOfLine(state: AppState, screen: LogsScreen, line: KeptLine, index: number): LogRow[] {
  if (!screen.wrap) return [{line, index, row: 0, text: line.text}];
  return pieces(line.text, textColumns(state, screen, line)).map((text, row) => ({line, index, row, text}));
}

/** The rows in sight. */
export function rowsInSight(state: AppState, screen: LogsScreen): readonly LogRow[] {
  const lines = shownLines(screen);
  const {lines: height} = logRows(state, screen);
  const start = topOf(state, screen);
  const rows: LogRow[] = [];
  for (let index = start.index; index < lines.length && rows.length < height; index++) {
    const line = lines[index];
    if (line === undefined) break;
    const own = rowsOfLine(state, screen, line, index);
    rows.push(...(index === start.index ? own.slice(start.row) : own));
  }
  return rows.slice(0, height);
}

/** Where the first row in sight is; where the end is followed, so that the last row is the last in sight. */
function topOf(state: AppState, screen: LogsScreen): {index: number; row: number} {
  const end = endTop(state, screen);
  if (screen.top === null) return end;
  const lines = shownLines(screen);
  const {id, row} = screen.top;
  const index = lines.findIndex(line => line.id === id);
  // What was there has gone: the oldest that is left.
  const at = index < 0 ? {index: 0, row: 0} : {index, row};
  return at.index > end.index || (at.index === end.index && at.row > end.row) ? end : at;
}

function endTop(state: AppState, screen: LogsScreen): {index: number; row: number} {
  const lines = shownLines(screen);
  const {lines: height} = logRows(state, screen);
  return before(state, screen, {index: lines.length, row: 0}, height);
}

/** The place so many rows above another one, or the beginning. */
function before(
  state: AppState,
  screen: LogsScreen,
  from: {index: number; row: number},
  rows: number,
): {index: number; row: number} {
  const lines = shownLines(screen);
  let left = rows - from.row;
  if (left <= 0) return {index: from.index, row: from.row - rows};
  for (let index = from.index - 1; index >= 0; index--) {
    const line = lines[index];
    const own = line === undefined ? 0 : rowsOfLine(state, screen, line, index).length;
    if (own >= left) return {index, row: own - left};
    left -= own;
  }
  return {index: 0, row: 0};
}

function after(
  state: AppState,
  screen: LogsScreen,
  from: {index: number; row: number},
  rows: number,
): {index: number; row: number} {
  const lines = shownLines(screen);
  let left = rows + from.row;
  for (let index = from.index; index < lines.length; index++) {
    const line = lines[index];
    const own = line === undefined ? 0 : rowsOfLine(state, screen, line, index).length;
    if (left < own) return {index, row: left};
    left -= own;
  }
  return {index: Math.max(0, lines.length - 1), row: 0};
}

/** The screen after a step; `isTop` where it stands at the first line that is known. */
export function movedLogs(
  state: AppState,
  screen: LogsScreen,
  by: Step,
): {screen: LogsScreen; isTop: boolean} {
  const lines = shownLines(screen);
  const {lines: height} = logRows(state, screen);
  if (by === 'last') return {screen: {...screen, top: null}, isTop: false};
  const from = topOf(state, screen);
  const rows = {
    first: Number.NEGATIVE_INFINITY,
    'page-up': -Math.max(1, height - 1),
    'page-down': Math.max(1, height - 1),
    'half-up': -Math.max(1, Math.floor(height / 2)),
    'half-down': Math.max(1, Math.floor(height / 2)),
  };
  const steps = typeof by === 'number' ? by : rows[by];
  const isTop = steps < 0 && from.index === 0 && from.row === 0;
  if (steps > 0 && screen.top === null) return {screen, isTop: false};
  const to =
    steps === Number.NEGATIVE_INFINITY
      ? {index: 0, row: 0}
      : steps < 0
        ? before(state, screen, from, -steps)
        : after(state, screen, from, steps);
  const line = lines[to.index];
  return {screen: line === undefined ? screen : {...screen, top: {id: line.id, row: to.row}}, isTop};
}

/** The screen at the next line below (or above) that holds what is searched for; null where there is none. */
export function foundInLogs(
  state: AppState,
  screen: LogsScreen,
  by: 1 | -1,
  isNew: boolean,
): LogsScreen | null {
  const pattern = patternOf(screen.search);
  if (pattern === null) return null;
  const lines = shownLines(screen);
  const here = screen.here === null ? -1 : lines.findIndex(({id}) => id === screen.here);
  const sight = rowsInSight(state, screen);
  // A new search begins at the end of what is in sight and goes back: in a log the latest counts.
  const start = here >= 0 && !isNew ? here + by : (sight.at(by < 0 ? -1 : 0)?.index ?? 0);
  for (let index = start; index >= 0 && index < lines.length; index += by) {
    const line = lines[index];
    pattern.lastIndex = 0;
    if (line === undefined || !pattern.test(line.text)) continue;
    const inSight = sight.some(row => row.index === index);
    const half = Math.floor(logRows(state, screen).lines / 2);
    const top = before(state, screen, {index, row: 0}, half);
    const first = lines[inSight ? (sight[0]?.index ?? 0) : top.index];
    const row = inSight ? (sight[0]?.row ?? 0) : top.row;
    return {...screen, here: line.id, top: first === undefined ? null : {id: first.id, row}};
  }
  return null;
}

/** The pods that can be looked at alone, in order. */
export function podChoices({pods, known: {counts}}: LogsScreen): readonly string[] {
  const names = new Set(pods.map(({name}) => name));
  for (const key of counts.keys()) names.add(key.slice(0, key.indexOf(' ')));
  return [...names];
}

/** The first known line of each container that is read, and how many lines came of it: what to ask for earlier ones. */
export function earliest({known: {lines, counts}, sources}: LogsScreen): {
  pod: string;
  container: string;
  before: string;
  have: number;
}[] {
  const first = new Map<string, string>();
  for (const line of lines) {
    const key = sourceKey(line);
    if (line.kind === 'log' && line.time !== '' && !first.has(key)) first.set(key, line.time);
  }
  return sources.flatMap(({pod, container}) => {
    const before = first.get(sourceKey({pod, container: container.name}));
    if (before === undefined) return [];
    return [
      {
        pod,
        container: container.name,
        before,
        have: counts.get(sourceKey({pod, container: container.name})) ?? 0,
      },
    ];
  });
}
