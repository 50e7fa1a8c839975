import {ListAndDetail} from '../components/list-and-detail.tsx';
import {logPanes} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {
  chosenProblem,
  type ProblemsScreen,
  shownProblems,
  type ToldProblem,
} from '../state/screens/problems-screen.ts';
import type {AppState} from '../state/state.ts';
import {ageOf} from '../text/age.ts';
import {fit, type Line, line, span, wrap} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {nothingShown, viewWords} from './view-words.ts';
import type {ViewProps} from './views.tsx';

/** Everything that is wrong now, with its cause, its place and what to do about it. */
export function ProblemsView({state, screen, look}: ViewProps<ProblemsScreen>) {
  const {columns} = state.size;
  const panes = logPanes(state.size);
  const shown = shownProblems(state, screen);
  const chosen = chosenProblem(state, screen);
  const detail = chosen === undefined ? [] : detailLines(chosen, columns - 4).slice(0, panes.detail - 2);
  return (
    <ListAndDetail
      columns={columns}
      look={look}
      list={{
        title: line(span('Problems', 'strong'), ` ${shown.total}`),
        right: viewWords(screen, {shown, listed: 'newest', only: 'errors only'}, look),
        scroll: {top: screen.list.top, height: panes.list - 3, length: shown.keys.length},
        rows: panes.list,
        lines: listLines(state, screen, columns - 4, panes.list - 3, look),
      }}
      detail={{title: line(span('In full', 'strong')), rows: panes.detail, lines: detail}}
    />
  );
}

function listLines(
  state: AppState,
  screen: ProblemsScreen,
  columns: number,
  height: number,
  look: Look,
): Line[] {
  const shown = shownProblems(state, screen);
  if (shown.total === 0) return [line(span(`${look.glyphs.synced} Nothing went wrong.`, 'good'))];
  const nothing = nothingShown(screen, shown, 'only a warning');
  if (nothing !== null) return nothing;
  const {top} = screen.list;
  const chosen = chosenIndex(screen.list, shown.keys);
  const width = Math.min(16, Math.max(3, ...shown.items.map(({who}) => who.length)));
  const head = line(
    span(`    ${'ENV'.padEnd(width)}  ${'KIND'.padEnd(11)}  ${'AGE'.padEnd(4)}  PROBLEM`, 'dim'),
  );
  const rows = shown.items.slice(top, top + height).map((told, index): Line => {
    const {who, kind, problem, at} = told;
    const isChosen = index + top === chosen;
    const tone = problem.severity === 'error' ? 'bad' : 'drift';
    const {location} = problem;
    const where = location === undefined ? '' : `${location.file}:${location.line}: `;
    return fit(
      line(
        span(isChosen ? '> ' : '  ', 'strong'),
        span(`${problem.severity === 'error' ? look.glyphs.failed : '!'} `, tone),
        ...fit(line(who === '' ? '-' : who), width, look.glyphs.ellipsis),
        `  ${kind.padEnd(11)}  `,
        span((at === null ? '' : ageOf(at, state.now)).padEnd(4), 'dim'),
        '  ',
        span(where, 'dim'),
        span(problem.message, tone),
      ),
      columns,
      look.glyphs.ellipsis,
    );
  });
  return [head, ...rows];
}

function detailLines({who, problem, resource, kind}: ToldProblem, columns: number): Line[] {
  const {location, message, fix, severity} = problem;
  const text = (title: string, words: string, tone: 'plain' | 'bad' | 'drift' | 'strong' = 'plain'): Line[] =>
    wrap(words, columns - 8).map((part, index) =>
      line(span((index === 0 ? title : '').padEnd(8), 'dim'), span(part, tone)),
    );
  const column = location?.column === undefined ? '' : `:${location.column}`;
  const jump =
    resource !== null
      ? 'enter goes to the object'
      : kind === 'sync'
        ? 'enter shows the sync'
        : who !== ''
          ? 'enter goes to the environment'
          : '';
  return [
    ...text('Cause', message, severity === 'error' ? 'bad' : 'drift'),
    ...(location === undefined
      ? []
      : text('File', `${location.file}:${location.line}${column}   e opens it`)),
    ...(fix === undefined ? [] : text('To do', fix, 'strong')),
    line(span([jump, 'r tries again', 'c copies it'].filter(Boolean).join(', '), 'dim')),
  ];
}
