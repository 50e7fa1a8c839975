import type {ClusterEvent, LookTarget} from '../../looks/types.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import {chosenIndex} from '../state/lists/list.ts';
import {
  chosenEvent,
  type EventsRow,
  type EventsScreen,
  eventsRows,
  isWell,
  targetWords,
} from '../state/screens/events-screen.ts';
import {eventsHeight, eventsPanes} from '../state/screens/look-layout.ts';
import type {AppState} from '../state/state.ts';
import {ageOf, ago} from '../text/age.ts';
import {type Line, line, span, type Tone, wrap} from '../text/line.ts';
import {type Column, columnWidths, tableHead, tableRow} from '../text/table.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';

interface EventsProps {
  readonly state: AppState;
  readonly screen: EventsScreen;
  readonly look: Look;
  readonly frame: number;
}

/** What happens to a resource, or in an environment; below it the chosen row in full. */
export function EventsView(props: EventsProps) {
  const {state, screen, look} = props;
  const {columns} = state.size;
  const panes = eventsPanes(state.size);
  const chosen = chosenEvent(screen);
  return (
    <ListAndDetail
      columns={columns}
      look={look}
      list={{
        title: line(span(`Events ${targetWords(screen.target)}`, 'strong')),
        right: rightPart(screen),
        rows: panes.list,
        lines: listLines(props),
      }}
      detail={{
        title: chosen === undefined ? [] : line(span(titleOf(chosen), 'strong')),
        rows: panes.detail,
        lines: chosen === undefined ? [] : detailLines(chosen, state, screen),
      }}
    />
  );
}

function rightPart(screen: EventsScreen): Line {
  const {seen, query, warnings} = screen;
  const parts = [
    ...(warnings ? ['warnings only'] : []),
    ...(query === '' ? [] : [`/${query}`]),
    ...(seen === null || !seen.isRead ? [] : [count(seen.events.length, 'event')]),
  ];
  return line(span(parts.join('  '), 'dim'));
}

function titleOf(row: EventsRow): string {
  switch (row.kind) {
    case 'condition':
      return row.condition.type;
    case 'pod':
      return `Pod/${row.pod.namespace}/${row.pod.name}`;
    case 'event': {
      const {kind, namespace, name} = row.event.about;
      return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
    }
  }
}

const sections: Readonly<Record<EventsRow['kind'], readonly Column[]>> = {
  condition: [
    {title: 'CONDITION', yields: {order: 2, least: 12}},
    {title: 'STATUS'},
    {title: 'FOR', right: true},
    {title: 'REASON', yields: {order: 1, least: 8}},
    {title: 'MESSAGE', yields: {order: 0, least: 8}},
  ],
  pod: [
    {title: 'POD', yields: {order: 0, least: 16}, cut: clipMiddle},
    {title: 'STATUS'},
    {title: 'READY'},
    {title: 'RESTARTS', right: true},
    {title: 'AGE', right: true},
  ],
  event: [
    {title: 'LAST', right: true},
    {title: 'TIMES'},
    {title: 'TYPE'},
    {title: 'REASON', yields: {order: 1, least: 12}},
    {title: 'OBJECT', yields: {order: 0, least: 18}, cut: clipMiddle},
    {title: 'MESSAGE', yields: {order: 2, least: 8}},
  ],
};

function listLines({state, screen, look, frame}: EventsProps): Line[] {
  const {glyphs} = look;
  const room = state.size.columns - 4;
  const {seen, failure} = screen;
  const said = troubleLines(screen, look, room);
  if (seen === null && failure === null)
    return [line(span(`${spinnerOf(glyphs, frame)} reading events`, 'busy'))];
  const rows = eventsRows(screen);
  const {top} = screen.list;
  const height = Math.max(1, eventsHeight(state) - Math.max(0, said.length - spareLines(rows)));
  const shown = rows.slice(top, top + height);
  const chosen = chosenIndex(
    screen.list,
    rows.map(({key}) => key),
  );
  const lines: Line[] = [...said];
  for (const kind of ['condition', 'pod', 'event'] as const) {
    const own = shown.filter(row => row.kind === kind);
    if (own.length === 0) continue;
    const columns = sections[kind];
    const cells = own.map(row => cellsOf(row, screen, state.now, look));
    const widths = columnWidths(columns, cells, room - 2);
    lines.push([span('  '), ...tableHead(columns, widths, glyphs.ellipsis)]);
    for (const [index, row] of own.entries()) {
      const isChosen = rows[chosen] === row;
      lines.push([
        span(isChosen ? '> ' : '  ', 'strong'),
        ...tableRow(columns, cells[index] ?? [], widths, glyphs.ellipsis),
      ]);
    }
  }
  if (seen !== null && !rows.some(({kind}) => kind === 'event'))
    lines.push(...emptyLines(screen, room, look, frame));
  return lines;
}

/** Lines that would name sections which are not there. */
function spareLines(rows: readonly EventsRow[]): number {
  return 3 - new Set(rows.map(({kind}) => kind)).size;
}

/** Why there is no event to be seen: each reason in its own words. */
function emptyLines({seen, query, warnings}: EventsScreen, room: number, look: Look, frame: number): Line[] {
  if (seen === null) return [];
  if (!seen.isRead && seen.problems.length === 0)
    return [line(span(`${spinnerOf(look.glyphs, frame)} reading events`, 'busy'))];
  if (!seen.isRead) return [];
  const words =
    seen.events.length > 0
      ? query !== '' || warnings
        ? 'No event is like that: . and / show others.'
        : ''
      : 'No events: nothing happened lately. A cluster forgets them after a while, by default an hour.';
  return words === '' ? [] : wrap(words, room - 2).map(text => line('  ', span(text, 'dim')));
}

/** What could not be seen, and what is not there. */
function troubleLines({seen, failure, target}: EventsScreen, look: Look, room: number): Line[] {
  const all = [...(failure === null ? [] : [failure]), ...(seen?.problems ?? [])];
  // What is followed to tell it (events, the object, its pods) fails alike where the cluster is gone: once is enough.
  const problems = [...new Map(all.map(problem => [problem.message, problem])).values()];
  const said = problems.slice(0, 2).flatMap(({message, fix}) => [
    ...wrap(`${look.glyphs.failed} ${message}`, room)
      .slice(0, 2)
      .map(text => line(span(text, 'bad'))),
    ...(fix === undefined ? [] : [line('  ', span(fix, 'dim'))]),
  ]);
  if (seen?.isMissing === true && target.of === 'resource')
    said.push(line(span('It is not in the cluster: events are of what went by its name.', 'drift')));
  const object = seen?.object ?? null;
  if (object?.deleting !== null && object?.deleting !== undefined)
    said.push(line(span('It is being deleted.', 'drift')));
  if (
    object !== null &&
    object.observed !== null &&
    object.generation !== null &&
    object.observed < object.generation
  )
    said.push(
      line(
        span(
          `Its controller has seen generation ${object.observed}, it is at ${object.generation}: what follows is of before.`,
          'drift',
        ),
      ),
    );
  return said;
}

function cellsOf(row: EventsRow, {target}: EventsScreen, now: number, look: Look): Line[] {
  switch (row.kind) {
    case 'condition': {
      const {type, status, since, reason, message, good, stale} = row.condition;
      const tone: Tone = stale ? 'drift' : good === null ? 'plain' : good ? 'good' : 'bad';
      const glyph = stale
        ? look.glyphs.unknown
        : good === null
          ? look.glyphs.times
          : good
            ? look.glyphs.synced
            : look.glyphs.failed;
      return [
        line(span(`${glyph} `, tone), type),
        line(span(stale ? `${status} (stale)` : status, tone)),
        line(since === null ? '' : ageOf(since, now)),
        line(reason),
        line(span(message, 'dim')),
      ];
    }
    case 'pod': {
      const {name, status, ready, total, restarts, created} = row.pod;
      const isGood = isWell(row.pod);
      const tone: Tone = isGood ? 'good' : status === 'Running' || status === 'Pending' ? 'drift' : 'bad';
      return [
        line(name),
        line(span(`${isGood ? look.glyphs.synced : look.glyphs.failed} ${status}`, tone)),
        line(span(`${ready}/${total}`, ready === total ? 'plain' : 'drift')),
        line(span(String(restarts), restarts > 0 ? 'drift' : 'plain')),
        line(ageOf(created, now)),
      ];
    }
    case 'event': {
      const {last, type, reason, about, message, relation} = row.event;
      const isNormal = type === 'Normal';
      return [
        line(last === null ? '' : ageOf(last, now)),
        line(timesOf(row.event, now)),
        line(span(type, isNormal ? 'dim' : 'bad')),
        line(reason),
        line(objectWords(about, relation, target, look.glyphs.ellipsis)),
        line(span(message, 'dim')),
      ];
    }
  }
}

/** What an event is about, in short: of what is looked at the kind, of a pod that it owns the end of its name. */
function objectWords(
  {kind, name}: {kind: string; name: string},
  relation: ClusterEvent['relation'],
  target: LookTarget,
  ellipsis: string,
): string {
  if (relation === 'itself') return kind;
  if (relation === 'former') return `earlier ${kind}`;
  const isItsOwn = relation === 'owned' && target.of === 'resource' && name.startsWith(`${target.id.name}-`);
  return isItsOwn ? `${kind}/${ellipsis}${name.slice(name.lastIndexOf('-') + 1)}` : `${kind}/${name}`;
}

/** `x17/40m`, as kubectl has it: how often, over how long. */
function timesOf(
  {count: times, first, last}: {count: number; first: string | null; last: string | null},
  now: number,
): string {
  if (times <= 1) return '';
  const over = first === null || last === null || first === last ? '' : `/${ageOf(first, now)}`;
  return `x${times}${over}`;
}

function detailLines(row: EventsRow, state: AppState, screen: EventsScreen): Line[] {
  const room = state.size.columns - 4;
  const {now} = state;
  const wrapped = (text: string, tone: Tone = 'plain') =>
    wrap(text, room).map(part => line(span(part, tone)));
  switch (row.kind) {
    case 'condition': {
      const {status, since, reason, message, stale} = row.condition;
      const generation = screen.seen?.object?.generation ?? null;
      return [
        line(
          span(status, 'strong'),
          reason === '' ? '' : `  ${reason}`,
          span(since === null ? '' : `  since ${ago(since, now)}`, 'dim'),
        ),
        ...(stale
          ? [line(span(`stated of an earlier generation than ${generation ?? 'the one of now'}`, 'drift'))]
          : []),
        ...wrapped(message),
      ];
    }
    case 'pod':
      return row.pod.containers.flatMap(({name, kind, state: at, reason, message, exitCode, restarts}) => [
        line(
          span(kind === 'container' ? name : `${name} (${kind})`, 'strong'),
          `  ${at}`,
          span(reason === '' ? '' : `  ${reason}`, at === 'running' || exitCode === 0 ? 'plain' : 'bad'),
          exitCode === null ? '' : `  exit code ${exitCode}`,
          span(restarts === 0 ? '' : `  started again ${count(restarts, 'time')}`, 'drift'),
        ),
        ...(message === '' ? [] : wrapped(`  ${message}`, 'dim')),
      ]);
    case 'event': {
      const {type, reason, message, source, count: times, first, last, about} = row.event;
      const seen =
        times > 1 && first !== null && last !== null
          ? `${times} times, first ${ago(first, now)}, last ${ago(last, now)}`
          : last === null
            ? ''
            : ago(last, now);
      return [
        line(
          span(type, type === 'Normal' ? 'plain' : 'bad'),
          `  ${reason}`,
          span(`  ${seen}`, 'dim'),
          span(source === '' ? '' : `  told by ${source}`, 'dim'),
        ),
        ...(about.field === '' ? [] : [line(span(about.field, 'dim'))]),
        ...wrapped(message),
      ];
    }
  }
}
