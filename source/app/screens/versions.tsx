import type {MatrixEnvironment, VersionCell, VersionRow} from '../../changes/promotion/matrix.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import {keySpan} from '../keys/key-words.ts';
import {versionsHeight, versionsPanes} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {
  chosenVersion,
  columnIndex,
  shownVersions,
  type VersionsScreen,
  versionKeys,
  versionRows,
} from '../state/screens/versions-screen.ts';
import {type AppState, environmentNamed} from '../state/state.ts';
import {ageOf, ago} from '../text/age.ts';
import {fit, type Line, line, lineWidth, span, type Tone, wrap} from '../text/line.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {clipEnd, clipMiddle, padEnd} from '../text/width.ts';
import {nothingShown, viewWords} from './view-words.ts';

interface VersionsProps {
  readonly state: AppState;
  readonly screen: VersionsScreen;
  readonly look: Look;
  readonly frame: number;
}

/** Columns that an application's name takes at most, and an environment's cells at least and at most. */
const nameColumns = 26;
const cellColumns = {least: 12, most: 26};

/** Which version of each application is in which environment; below it the chosen one. */
export function VersionsView(props: VersionsProps) {
  const {state, screen, look} = props;
  const {columns} = state.size;
  const panes = versionsPanes(state.size);
  const {row, environment} = chosenVersion(screen);
  return (
    <ListAndDetail
      columns={columns}
      look={look}
      list={{
        title: line(span('Versions', 'strong'), titleWords(screen)),
        right: viewWords(
          screen,
          {shown: shownVersions(screen), listed: 'listed', only: 'differing only'},
          look,
        ),
        scroll: {top: screen.list.top, height: versionsHeight(state), length: versionKeys(screen).length},
        rows: panes.list,
        lines: listLines(props),
      }}
      detail={{
        title:
          row === undefined ? [] : line(span(`${row.application} in ${environment?.name ?? ''}`, 'strong')),
        rows: panes.detail,
        lines: detailLines(props),
      }}
    />
  );
}

function titleWords({matrix}: VersionsScreen): string {
  return matrix === null
    ? ''
    : ` ${count(matrix.rows.length, 'application')} in ${count(matrix.environments.length, 'environment')}`;
}

function listLines({state, screen, look, frame}: VersionsProps): Line[] {
  const {glyphs} = look;
  if (screen.matrix === null) {
    if (screen.failure !== null)
      return [
        line(span(`${glyphs.failed} ${screen.failure.message}`, 'bad')),
        line('  ', keySpan(state, 'refresh'), ' tries again'),
      ];
    return [line(span(`${spinnerOf(glyphs, frame)} reading what git has everywhere`, 'busy'))];
  }
  const rows = versionRows(screen);
  const layout = layoutOf(state, screen, state.size.columns - 4 - 2, look);
  const {top} = screen.list;
  const chosen = chosenIndex(screen.list, versionKeys(screen));
  const shown = rows.slice(top, top + versionsHeight(state));
  const unread = screen.matrix.environments.filter(({problem}) => problem !== null);
  const [first] = unread;
  const empty =
    first !== undefined
      ? `${glyphs.failed} ${unread.map(({name}) => name).join(', ')} could not be read: ${first.problem}`
      : screen.driftOnly
        ? 'Every application is where it should be.'
        : 'No environment runs an image.';
  const nothing = screen.filter === '' ? null : nothingShown(screen, shownVersions(screen));
  return [
    headLine(state, screen, layout, look),
    ...shown.map((row, index) => rowLine(state, screen, row, layout, index + top === chosen, look)),
    ...(nothing ?? []),
    ...(rows.length === 0 && nothing === null
      ? wrap(empty, state.size.columns - 4).map(text =>
          line(span(text, first === undefined ? 'plain' : 'bad')),
        )
      : []),
    ...(rows.length === 0 && nothing === null && first !== undefined
      ? [line('  ', keySpan(state, 'refresh'), ' tries again')]
      : []),
  ];
}

interface Layout {
  name: number;
  /** The environments that are in sight, and how wide each is. */
  columns: readonly {index: number; width: number}[];
  left: boolean;
  right: boolean;
}

/** The columns that fit, the chosen one among them. */
function layoutOf(state: AppState, screen: VersionsScreen, room: number, look: Look): Layout {
  const environments = screen.matrix?.environments ?? [];
  const rows = versionRows(screen);
  const name = Math.min(nameColumns, Math.max(11, ...rows.map(({application}) => application.length)));
  const widths = environments.map((environment, index) => {
    const cells = rows.map(row => lineWidth(cellLine(row.cells[index] ?? null, state, look)));
    return Math.min(
      cellColumns.most,
      Math.max(cellColumns.least, columnWords(state, environment).length + 2, ...cells),
    );
  });
  const chosen = Math.max(0, columnIndex(screen));
  let [first, last] = [chosen, chosen];
  let used = name + 2 + (widths[chosen] ?? 0);
  // To the left first: what it is promoted from says most about an environment.
  for (;;) {
    const left = widths[first - 1];
    const right = widths[last + 1];
    if (left !== undefined && used + 2 + left <= room) {
      first--;
      used += 2 + left;
    } else if (right !== undefined && used + 2 + right <= room) {
      last++;
      used += 2 + right;
    } else break;
  }
  const columns = widths.slice(first, last + 1).map((width, index) => ({index: first + index, width}));
  return {name, columns, left: first > 0, right: last < environments.length - 1};
}

/** An environment's name, and a sign where it could not be read, or where what runs in it is not known any more. */
function columnWords(state: AppState, {name, problem}: MatrixEnvironment): string {
  return `${name}${problem === null ? (hasFailed(state, name) ? ' ?' : '') : ' x'}`;
}

/** True where the cluster could not be asked lately: what is said to run is what ran. */
function hasFailed(state: AppState, name: string): boolean {
  return (environmentNamed(state, name)?.failure ?? null) !== null;
}

function headLine(
  state: AppState,
  screen: VersionsScreen,
  {name, columns, left, right}: Layout,
  look: Look,
): Line {
  const chosen = columnIndex(screen);
  const title = left
    ? `${padEnd('APPLICATION', name - 2, look.glyphs.ellipsis)} <`
    : padEnd('APPLICATION', name);
  return [
    span('  '),
    span(title, 'dim'),
    ...columns.flatMap(({index, width}) => {
      const environment = screen.matrix?.environments[index];
      const words = environment === undefined ? '' : columnWords(state, environment);
      const tone: Tone = index === chosen ? 'strong' : environment?.protected === true ? 'bad' : 'dim';
      const marked = index === chosen ? `[${clipEnd(words, width - 2, look.glyphs.ellipsis)}]` : words;
      return [span('  '), span(padEnd(marked, width, look.glyphs.ellipsis), tone)];
    }),
    ...(right ? [span(' >', 'dim')] : []),
  ];
}

function rowLine(
  state: AppState,
  screen: VersionsScreen,
  row: VersionRow,
  {name, columns}: Layout,
  isChosen: boolean,
  look: Look,
): Line {
  const {ellipsis} = look.glyphs;
  const at = columnIndex(screen);
  return [
    span(isChosen ? '> ' : '  ', 'strong'),
    span(padEnd(clipMiddle(row.application, name, ellipsis), name)),
    ...columns.flatMap(({index, width}) => {
      const cell = cellLine(row.cells[index] ?? null, state, look);
      const lead = isChosen && index === at ? span(' >', 'strong') : span('  ');
      return [lead, ...fit(cell, width, ellipsis)];
    }),
  ];
}

/** `v1.8.2`, `v1.8.0 behind 3d`, `1.8.2 (live 1.8.0)`; `(ran 1.8.0)` where the cluster does not answer any more. */
function cellLine(cell: VersionCell | null, state: AppState, look: Look): Line {
  if (cell === null) return line(span(look.glyphs.times, 'dim'));
  const word = hasFailed(state, cell.environment) ? 'ran' : 'live';
  const live = cell.live === null ? [] : [span(` (${word} ${cell.live.version})`, 'drift')];
  return line(span(cell.version, toneOf(cell)), ...live, ...againstSpans(cell, state.now));
}

function againstSpans({against, since}: VersionCell, now: number): Line {
  if (against === null || against === 'same') return [];
  const age = since === null ? '' : ` ${ageOf(since, now)}`;
  return [span(` ${against}${age}`, 'drift')];
}

function toneOf({against}: VersionCell): Tone {
  return against === 'behind' || against === 'differs' ? 'drift' : 'plain';
}

function detailLines({state, screen, look}: VersionsProps): Line[] {
  const {row, environment, cell} = chosenVersion(screen);
  const room = state.size.columns - 4;
  const said: Line[] = [];
  if (environment?.problem)
    said.push(...wrap(environment.problem, room).map(text => line(span(text, 'bad'))));
  else if (environment?.compared === false)
    said.push(line(span(`what runs in ${environment.name} is not known: it was not compared`, 'dim')));
  else if (environment !== undefined && hasFailed(state, environment.name)) {
    const {checkedAt = null} = environmentNamed(state, environment.name) ?? {};
    const when = checkedAt === null ? '' : `: this is from ${ago(checkedAt, state.now)}`;
    said.push(
      line(span(`${look.glyphs.unknown} what runs in ${environment.name} now is not known${when}`, 'bad')),
    );
  }
  if (row === undefined) return said;
  if (cell === undefined) return [line(`${environment?.name ?? ''} has no ${row.application}`), ...said];
  const {ellipsis} = look.glyphs;
  const place = cell.location === null ? '' : `${cell.location.file}:${cell.location.line}`;
  const lines = [
    line(span('Git     ', 'dim'), clipMiddle(cell.image, room - 8, ellipsis)),
    line(span('Set in  ', 'dim'), clipMiddle(place, room - 8, ellipsis)),
  ];
  if (cell.live !== null)
    lines.push(
      line(
        span(hasFailed(state, cell.environment) ? 'Ran     ' : 'Runs    ', 'dim'),
        span(clipMiddle(cell.live.image, room - 8, ellipsis), 'drift'),
      ),
    );
  const from = environment?.promotesFrom ?? null;
  if (from !== null && cell.against !== null && cell.against !== 'same')
    lines.push(line(span('Against ', 'dim'), againstWords(cell, from, state.now)));
  return [...lines, ...said];
}

function againstWords({against, since}: VersionCell, from: string, now: number): string {
  const age = since === null ? '' : `, which has had its version for ${ageOf(since, now)}`;
  if (against === 'ahead') return `ahead of ${from}`;
  return against === 'behind' ? `behind ${from}${age}` : `differs from ${from}${age}`;
}
