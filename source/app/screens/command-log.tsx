import {errandWords} from '../../journal/command-line.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import type {JournalEntry} from '../session.ts';
import {logPanes} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {type CommandLogScreen, chosenEntry, shownEntries} from '../state/screens/command-log-screen.ts';
import {fit, type Line, line, span} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {clipMiddle} from '../text/width.ts';
import {entryLines, outcomeTones as tones, tookWords} from './entry-lines.ts';
import {nothingShown, viewWords} from './view-words.ts';
import type {ViewProps} from './views.tsx';

/** What was really run and asked: programs, and requests to clusters, forges and registries. */
export function CommandLogView({state, screen, look}: ViewProps<CommandLogScreen>) {
  const {columns} = state.size;
  const panes = logPanes(state.size);
  const shown = shownEntries(screen);
  const chosen = chosenEntry(screen);
  const detail =
    chosen === undefined ? [] : entryLines(chosen, state.now, columns - 4, look).slice(0, panes.detail - 2);
  return (
    <ListAndDetail
      columns={columns}
      look={look}
      list={{
        title: line(span('What was run', 'strong'), countWords(shown.items)),
        right: viewWords(screen, {shown, listed: 'newest', only: 'failures only'}, look),
        scroll: {top: screen.list.top, height: panes.list - 3, length: shown.keys.length},
        rows: panes.list,
        lines: listLines(screen, state.now, columns - 4, panes.list - 3, look),
      }}
      detail={{title: line(span('In full', 'strong')), rows: panes.detail, lines: detail}}
    />
  );
}

function countWords(entries: readonly JournalEntry[]): string {
  const running = entries.filter(({outcome}) => outcome === 'running').length;
  return ` ${entries.length}${running > 0 ? `, ${running} running` : ''}`;
}

function listLines(
  screen: CommandLogScreen,
  now: number,
  columns: number,
  height: number,
  look: Look,
): Line[] {
  if (screen.entries === null) return [];
  if (screen.entries.length === 0) return [line('Nothing was run yet.')];
  const shown = shownEntries(screen);
  const nothing = nothingShown(screen, shown, 'well');
  if (nothing !== null) return nothing;
  const {top} = screen.list;
  const chosen = chosenIndex(screen.list, shown.keys);
  const head = line(
    span(
      `  ${'UTC'.padEnd(9)}${'TOOK'.padStart(7)}  ${'ANSWER'.padEnd(9)}${'SIZE'.padStart(7)}  WHAT`,
      'dim',
    ),
  );
  const rows = shown.items
    .slice(top, top + height)
    .map((entry, index) => entryLine(entry, index + top === chosen, now, columns, look));
  return [head, ...rows];
}

function entryLine(entry: JournalEntry, isChosen: boolean, now: number, columns: number, look: Look): Line {
  const {ellipsis} = look.glyphs;
  const answer = entry.outcome === 'failed' || entry.outcome === 'running' ? entry.outcome : entry.says;
  const start = line(
    span(isChosen ? '> ' : '  ', 'strong'),
    span(`${clockOf(entry.startedAt)} `, 'dim'),
    tookWords(entry, now).padStart(7),
    '  ',
    span(answer.padEnd(9), tones[entry.outcome]),
    sizeWords(entry.bytes).padStart(7),
    '  ',
  );
  const what = clipMiddle(errandWords(entry.errand), Math.max(10, columns - 38), ellipsis);
  return fit([...start, span(what)], columns, ellipsis);
}

function clockOf(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

function sizeWords(bytes: number | null): string {
  if (bytes === null) return '';
  if (bytes < 1000) return `${bytes}B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)}kB` : `${(bytes / 1_000_000).toFixed(1)}MB`;
}
