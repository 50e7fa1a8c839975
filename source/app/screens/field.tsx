import type {FieldOwnerSeen, FieldSide} from '../../looks/types.ts';
import {formatIdentity, identityKey} from '../../resources/identity.ts';
import {type Json, stringifyJson} from '../../resources/json.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import {chosenIndex} from '../state/lists/list.ts';
import {
  chosenFieldRow,
  type FieldRow,
  type FieldScreen,
  fieldRows,
  ignoredAt,
} from '../state/screens/field-screen.ts';
import {fieldHeight, fieldPanes} from '../state/screens/look-layout.ts';
import {type AppState, environmentNamed, resourcesOf} from '../state/state.ts';
import {ageOf, ago} from '../text/age.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {shortPair} from '../text/shorten.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {shortValue} from '../text/value.ts';
import {clipMiddle, padEnd} from '../text/width.ts';

interface FieldProps {
  readonly state: AppState;
  readonly screen: FieldScreen;
  readonly look: Look;
  readonly frame: number;
}

/** A field of a resource: both sides, who owns it, which commits changed it; below the chosen row in full. */
export function FieldView(props: FieldProps) {
  const {state, screen, look} = props;
  const {columns} = state.size;
  const panes = fieldPanes(state.size);
  const chosen = chosenFieldRow(screen);
  return (
    <ListAndDetail
      columns={columns}
      look={look}
      list={{
        title: line(span(clipMiddle(screen.path, Math.floor(columns * 0.6), look.glyphs.ellipsis), 'strong')),
        right: line(span(formatIdentity(screen.question.id), 'dim')),
        rows: panes.list,
        lines: listLines(props),
      }}
      detail={{
        title: chosen === undefined ? [] : line(span(titleOf(chosen), 'strong')),
        rows: panes.detail,
        lines: detailLines(props, panes.detail - 2),
      }}
    />
  );
}

const sideNames = {git: 'Git', live: 'Live', applied: 'Last applied'} as const;

function titleOf(row: FieldRow): string {
  switch (row.kind) {
    case 'side':
      return row.key === 'applied' ? 'What kubectl apply noted last' : `${sideNames[row.key]} in full`;
    case 'owner':
      return row.owner.manager;
    case 'commit':
      return row.commit.sha.slice(0, 7);
  }
}

function listLines({state, screen, look, frame}: FieldProps): Line[] {
  const {glyphs} = look;
  const room = state.size.columns - 4;
  const rows = fieldRows(screen);
  const chosen = chosenIndex(
    screen.list,
    rows.map(({key}) => key),
  );
  const {top} = screen.list;
  const shown = rows.slice(top, top + fieldHeight(state));
  const lines: Line[] = [];
  const busy = (text: string) => line(span(`  ${spinnerOf(glyphs, frame)} ${text}`, 'busy'));
  const add = (kind: FieldRow['kind'], head: Line | null) => {
    const own = shown.filter(row => row.kind === kind);
    if (head !== null) lines.push(head);
    for (const row of own) {
      const marker = span(rows[chosen] === row ? '> ' : '  ', 'strong');
      lines.push([marker, ...rowLine(row, state, look, room - 2, frame)]);
    }
  };
  add('side', null);
  if (screen.live !== null) add('owner', line(span(`  CLUSTER  ${ownerWords(screen)}`, 'dim')));
  const commits = screen.commits.length;
  add('commit', line(span('  GIT', 'dim'), span('  commits that changed it, rendered', 'dim')));
  if (screen.failure !== null) lines.push(line(span(`  ${glyphs.failed} ${screen.failure.message}`, 'bad')));
  else if (screen.walked === null) lines.push(busy('reading the history'));
  else if (top + shown.length >= rows.length)
    lines.push(line(span(`  ${walkedWords(screen, commits, state.now)}`, 'dim')));
  return lines;
}

function ownerWords({live, owners}: FieldScreen): string {
  if (live !== null && 'problem' in live) return 'who set it is not known';
  if (owners.length > 0) return 'field managers, the last to write first';
  return live !== null && 'value' in live
    ? 'no field manager owns it: a default, or older than the books that the server keeps'
    : 'nobody owns it';
}

function walkedWords({walked}: FieldScreen, commits: number, now: number): string {
  if (walked === null) return '';
  const {commits: read, end, until} = walked;
  const found = commits === 0 ? 'none changed it' : '';
  const far =
    end === 'more'
      ? `the last ${read} commits were read, to ${until === null ? '' : ago(until, now)}: older ones are not known`
      : end === 'cut-off'
        ? `${read} commits were read: older ones were not cloned`
        : `${read} commits were read, all that there are`;
  return found === '' ? far : `${found}; ${far}`;
}

function rowLine(row: FieldRow, state: AppState, look: Look, room: number, frame: number): Line {
  const {ellipsis, arrow} = look.glyphs;
  switch (row.kind) {
    case 'side': {
      const name = padEnd(sideNames[row.key], 13);
      if (row.side === null)
        return line(span(name, 'dim'), span(`${spinnerOf(look.glyphs, frame)} reading`, 'busy'));
      return line(span(name, 'dim'), ...sideSpans(row.side, room - 13, look));
    }
    case 'owner': {
      const {manager, operation, subresource, time, owns, path} = row.owner;
      const part = owns === 'field' ? '' : owns === 'around' ? `all of ${path}` : `${path} in it`;
      return line(
        padEnd(time === null ? '-' : ageOf(time, state.now), 5),
        span(padEnd(manager, 26, ellipsis)),
        span(padEnd(subresource === '' ? operation : `${operation} ${subresource}`, 15, ellipsis), 'dim'),
        span(clipMiddle(part, Math.max(1, room - 46), ellipsis), 'dim'),
      );
    }
    case 'commit': {
      const {sha, time, author, subject, before, after} = row.commit;
      const half = Math.max(12, Math.floor(room * 0.38));
      const [from, to] = shortPair(valueWords(before), valueWords(after), half - arrow.length - 2, ellipsis);
      return line(
        padEnd(ageOf(time, state.now), 5),
        span(`${sha.slice(0, 7)}  `, 'strong'),
        span(padEnd(author, 12, ellipsis)),
        '  ',
        span(from, 'removed'),
        span(` ${arrow} `, 'dim'),
        span(to, 'added'),
        span(`  ${subject}`, 'dim'),
      );
    }
  }
}

function valueWords(value: Json | undefined): string {
  return value === undefined ? 'none' : shortValue(value);
}

function sideSpans(side: FieldSide, room: number, look: Look): Line {
  if ('value' in side) return line(clipMiddle(shortValue(side.value), room, look.glyphs.ellipsis));
  if ('none' in side) return line(span(side.none, 'dim'));
  return line(span(`${look.glyphs.failed} ${side.problem.message}`, 'bad'));
}

function detailLines(props: FieldProps, height: number): Line[] {
  const {state, screen} = props;
  const room = state.size.columns - 4;
  const row = chosenFieldRow(screen);
  const lines = row === undefined ? [] : detailOf(row, props, room);
  if (lines.length <= height) return lines;
  const left = lines.length - height + 1;
  return [...lines.slice(0, height - 1), line(span(`${left} more lines: c copies all of it`, 'dim'))];
}

function detailOf(row: FieldRow, {state, screen}: FieldProps, room: number): Line[] {
  const words = (text: string) => wrap(text, room).map(part => line(part));
  const {now} = state;
  switch (row.kind) {
    case 'side': {
      const place =
        row.key === 'git' && screen.location !== null
          ? [line(span(`${screen.location.file}:${screen.location.line}`, 'dim'))]
          : row.key === 'git'
            ? []
            : row.key === 'live'
              ? ignoredLines(state, screen)
              : [];
      return [...place, ...(row.side === null ? [] : valueLines(row.side, words))];
    }
    case 'owner':
      return ownerLines(row.owner, now, words);
    case 'commit': {
      const {sha, author, time, subject, before, after} = row.commit;
      return [
        line(span(sha, 'dim'), `  ${author}  ${ago(time, now)}`),
        ...words(subject),
        line(span('before', 'removed')),
        ...words(before === undefined ? 'none' : wholeValue(before)),
        line(span('after', 'added')),
        ...words(after === undefined ? 'none' : wholeValue(after)),
      ];
    }
  }
}

function valueLines(side: FieldSide, words: (text: string) => Line[]): Line[] {
  if ('value' in side) return words(wholeValue(side.value));
  if ('none' in side) return words(side.none);
  const {message, fix} = side.problem;
  return words(fix === undefined ? message : `${message}; ${fix}`);
}

function wholeValue(value: Json): string {
  return typeof value === 'string' ? value : stringifyJson(value, 2);
}

/** The rules that ignore this field, what it is part of, or something in it. */
function ignoredLines(state: AppState, {environment, question, path}: FieldScreen): Line[] {
  const key = identityKey(question.id);
  const resource = resourcesOf(environmentNamed(state, environment)).find(({id}) => identityKey(id) === key);
  const rules = ignoredAt(resource?.hidden ?? [], path);
  if (rules.length === 0) return [line(span('no rule ignores it', 'dim'))];
  return rules.map(({path: at, because}) => line(span(at === path ? because : `${at}: ${because}`, 'drift')));
}

function ownerLines(owner: FieldOwnerSeen, now: number, words: (text: string) => Line[]): Line[] {
  const {manager, operation, subresource, time, owns, path} = owner;
  const how = operation === 'Apply' ? 'by server-side apply' : 'by an update';
  const where = subresource === '' ? '' : `, through ${subresource}`;
  const what =
    owns === 'field'
      ? 'It owns this field.'
      : owns === 'around'
        ? `It owns ${path} as a whole, this field with it.`
        : `It owns ${path}, which is part of this field.`;
  const when =
    time === null
      ? 'When is not kept.'
      : `It last wrote something of what it owns ${ago(time, now)} (${time}).`;
  return [
    ...words(`${what} Written ${how}${where}.`),
    ...words(when),
    ...words(
      `${manager} is a program: which person ran it the server does not keep here; its audit log may.`,
    ),
  ];
}
