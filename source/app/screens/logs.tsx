import {formatIdentity} from '../../resources/identity.ts';
import {Panel} from '../components/panel.tsx';
import {matchesOf, patternOf} from '../overlays/search.ts';
import {bodyRows} from '../state/layout.ts';
import {
  type LogRow,
  type LogsScreen,
  logRows,
  namesOf,
  prefixOf,
  rangeWords,
  rowsInSight,
  shownLines,
  troubledSources,
} from '../state/screens/logs-screen.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, type Span, span, type Tone, wrap} from '../text/line.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {startOf} from '../text/width.ts';

interface LogsProps {
  readonly state: AppState;
  readonly screen: LogsScreen;
  readonly look: Look;
  readonly frame: number;
}

/** The logs of a workload's pods, merged by time. */
export function LogsView(props: LogsProps) {
  const {state, screen, look} = props;
  return (
    <Panel
      title={titleOf(screen)}
      right={rightOf(screen)}
      columns={state.size.columns}
      rows={bodyRows(state)}
      lines={linesOf(props)}
      look={look}
      tone="plain"
    />
  );
}

function titleOf(screen: LogsScreen): Line {
  const {query, pod} = screen;
  const name = pod ?? formatIdentity(query.target.id);
  return line(
    span(`Logs ${name}`, 'strong'),
    span(query.previous ? '  before the last start' : '', 'drift'),
    span(pod === null && screen.pods.length > 0 ? `  ${count(screen.pods.length, 'pod')}` : '', 'dim'),
  );
}

function rightOf(screen: LogsScreen): Line {
  const {top, known, search, query} = screen;
  // Of one pod: its own.
  const lines = shownLines(screen).length;
  return line(
    span(search === '' ? '' : `/${search}  `, 'dim'),
    span(`${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}  `, 'dim'),
    span(known.dropped > 0 ? `${known.dropped.toLocaleString('en')} gone  ` : '', 'drift'),
    query.previous ? '' : top === null ? span('following', 'good') : span('stopped', 'drift'),
  );
}

function linesOf(props: LogsProps): Line[] {
  const {state, screen} = props;
  if (shownLines(screen).length === 0) return emptyLines(props);
  const names = namesOf(screen);
  const pattern = patternOf(screen.search);
  const {lines: height, trouble} = logRows(state, screen);
  const rows = rowsInSight(state, screen).map(row => rowLine(state, screen, row, names, pattern));
  while (rows.length < height) rows.push([]);
  return [...rows, ...troubleLines(props).slice(0, trouble)];
}

const noteTones: Readonly<Record<LogRow['line']['kind'], Tone>> = {
  log: 'plain',
  note: 'busy',
  trouble: 'bad',
};

function rowLine(
  state: AppState,
  screen: LogsScreen,
  {line: known, row, text}: LogRow,
  names: ReturnType<typeof namesOf>,
  pattern: RegExp | null,
): Line {
  const {time, source} = prefixOf(known, screen, names);
  const isFirst = row === 0;
  const room = state.size.columns - 4;
  const shown = isFirst && !screen.wrap ? fromColumn(text, screen.left, room) : text;
  const tone = noteTones[known.kind];
  return [
    span(isFirst ? time : ' '.repeat(time.length), 'dim'),
    span(isFirst ? source : ' '.repeat(source.length), 'comment'),
    ...(known.kind === 'log' ? [] : [span(isFirst ? '-- ' : '   ', tone)]),
    ...marked(shown, pattern, known.id === screen.here, tone),
  ];
}

/** A text from a column on; no more of it than could be shown. */
function fromColumn(text: string, left: number, room: number): string {
  const rest = left === 0 ? text : text.slice(startOf(text, left).length);
  // A line may be long: what is beyond the screen is not measured.
  return rest.length > room * 4 ? rest.slice(0, room * 4) : rest;
}

function marked(text: string, pattern: RegExp | null, here: boolean, tone: Tone): Span[] {
  if (pattern === null) return [span(text, tone)];
  const spans: Span[] = [];
  let at = 0;
  for (const {from, to, ground} of matchesOf(pattern, text, here)) {
    if (from > at) spans.push(span(text.slice(at, from), tone));
    spans.push(span(text.slice(from, to), tone, ground));
    at = to;
  }
  if (at < text.length) spans.push(span(text.slice(at), tone));
  return spans;
}

/** What is to be said besides lines: what is not read, and why. */
function troubleLines({state, screen, look}: LogsProps): Line[] {
  const {failed} = look.glyphs;
  const {failure, problems} = screen;
  const names = namesOf(screen);
  const room = state.size.columns - 4;
  const whole = [...(failure === null ? [] : [failure]), ...problems].map(({message, fix, severity}) =>
    line(
      span(
        `${failed} ${message}${fix === undefined ? '' : `; ${fix}`}`,
        severity === 'error' ? 'bad' : 'drift',
      ),
    ),
  );
  const troubled = troubledSources(screen);
  const refused = troubled.filter(({state: at}) => at === 'refused');
  // Who may not read one may read none: that is said once.
  const told = troubled.filter(source => source.state !== 'refused' || source === refused[0]);
  const sources = told.map(({pod, container, state: at, reason}) => {
    const others = at === 'refused' && refused.length > 1 ? ` and ${count(refused.length - 1, 'other')}` : '';
    const name = `${names.short.get(pod) ?? pod}/${container.name}${others}`;
    const says =
      at === 'broken' ? `the log broke off and is tried again: ${reason}` : reason || waits(container);
    return line(span(`${failed} ${name}: `, 'bad'), span(startOf(says, room * 4), 'dim'));
  });
  return [...whole, ...sources];
}

function waits({reason, message}: {reason: string; message: string}): string {
  return [reason, message].filter(text => text !== '').join(': ');
}

function wrapped(spans: Line, columns: number): Line[] {
  const text = spans.map(part => part.text).join('');
  return wrap(text, columns).map(part => line(span(part, spans[0]?.tone ?? 'plain')));
}

/** Why there is no line: each reason in its own words. */
function emptyLines(props: LogsProps): Line[] {
  const {state, screen, look, frame} = props;
  const room = state.size.columns - 4;
  // There is room for all of it.
  const said = troubleLines(props).flatMap(spans => wrapped(spans, room));
  const words = (text: string, tone: Tone = 'plain') => wrap(text, room).map(part => line(span(part, tone)));
  if (screen.failure !== null) return said;
  if (!screen.isRead && said.length === 0)
    return [line(span(`${spinnerOf(look.glyphs, frame)} looking for its pods`, 'busy'))];
  if (!screen.isRead) return said;
  if (screen.pods.length === 0) {
    const why = screen.problems.length > 0 ? '' : 'It has no pods now: new ones are followed as they come.';
    return [...said, ...words(why)];
  }
  const reading = screen.sources.some(({state: at}) => at === 'reading');
  if (screen.query.previous) {
    const none = screen.sources.every(({container}) => !container.hasPrevious);
    return [
      ...words(none ? 'None of its containers was started again: there is nothing from before.' : 'reading'),
      ...said,
    ];
  }
  const quiet = reading ? `Nothing in ${rangeWords(screen.query.from)}: what comes is shown.` : '';
  return [...words(quiet), ...said];
}
