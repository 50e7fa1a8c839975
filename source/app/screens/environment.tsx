import {Box} from 'ink';
import {Panel} from '../components/panel.tsx';
import {keyWord} from '../keys/key-words.ts';
import {diffSheet} from '../overlays/diff-sheet.ts';
import {viewOf} from '../overlays/view.ts';
import {diffHeight, environmentPanes, treeHeight} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {chosenDiff, gapOf, isSplit} from '../state/screens/diff-of.ts';
import {hiddenResources, keysOf, rowsOf} from '../state/screens/environment-screen.ts';
import {resourceList} from '../state/screens/tree.ts';
import {
  type AppState,
  type EnvironmentScreen,
  type EnvironmentState,
  environmentNamed,
  resourcesOf,
} from '../state/state.ts';
import {isShown} from '../state/waiting.ts';
import {barOf} from '../text/bar.ts';
import {dimmed, type Line, line, lineWidth, span} from '../text/line.ts';
import {progressWords} from '../text/status.ts';
import type {Look} from '../text/theme.ts';
import {clipMiddle} from '../text/width.ts';
import {wrapLine} from '../text/wrap-line.ts';
import {detailLines} from './detail-lines.ts';
import {agePart, emptyTreeLines, noDiffLine, troubleLine} from './environment-words.ts';
import {treeLine} from './tree-lines.ts';
import {viewWords} from './view-words.ts';

interface EnvironmentProps {
  readonly state: AppState;
  readonly screen: EnvironmentScreen;
  readonly look: Look;
  readonly frame: number;
}

/** What drifted in one environment, as a tree, over or beside the diff of the chosen resource. */
export function EnvironmentView(props: EnvironmentProps) {
  const {wide} = environmentPanes(props.state.size);
  return (
    <Box flexDirection={wide ? 'row' : 'column'}>
      <TreePane {...props} />
      <DiffPane {...props} />
    </Box>
  );
}

function TreePane({state, screen, look, frame}: EnvironmentProps) {
  const known = environmentNamed(state, screen.environment);
  const {tree} = environmentPanes(state.size);
  const rows = rowsOf(state, screen);
  const chosen = chosenIndex(screen.list, keysOf(rows));
  const {top} = screen.list;
  const height = treeHeight(state);
  const rangeStart = screen.rangeFrom === null ? -1 : rows.findIndex(({key}) => key === screen.rangeFrom);
  const isStale = known !== undefined && known.failure !== null;
  const lines = rows.slice(top, top + height).map((row, offset) => {
    const index = top + offset;
    const inRange =
      rangeStart >= 0 && index >= Math.min(rangeStart, chosen) && index <= Math.max(rangeStart, chosen);
    const isChosen = index === chosen;
    const drawn = treeLine({
      row,
      chosen: isChosen,
      inRange,
      screen,
      columns: tree.columns - 4,
      look,
      now: state.now,
      isStale,
    });
    return isStale && !isChosen ? dimmed(drawn) : drawn;
  });
  if (rows.length === 0) {
    const words = emptyTreeLines(known, state, screen, {look, frame, now: state.now});
    lines.push(...words.flatMap(each => wrapLine(each, tree.columns - 4)));
  }
  const trouble = known === undefined ? null : troubleLine(state, known, state.now, look);
  if (trouble !== null) {
    while (lines.length < height) lines.push([]);
    lines.push(trouble);
  }
  return (
    <Panel
      title={treeTitle(state, screen, look)}
      right={progressPart(known, state, tree.columns) ?? treeView(state, screen, look)}
      scroll={{top, height, length: rows.length}}
      columns={tree.columns}
      rows={tree.rows}
      lines={lines}
      look={look}
      tone={screen.pane === 'tree' ? 'plain' : 'dim'}
    />
  );
}

function treeTitle(state: AppState, screen: EnvironmentScreen, look: Look): Line {
  const known = environmentNamed(state, screen.environment);
  const summary = known?.report?.summary;
  if (summary === undefined) return line(span('Drift', 'strong'));
  const {modified, missing, extra, unknown, synced} = summary;
  const drifted = modified + missing + extra;
  const {glyphs} = look;
  return line(
    span(`Drift ${drifted} of ${drifted + unknown + synced}`, 'strong'),
    span(`  ${glyphs.modified}${modified}`, modified > 0 ? 'drift' : 'plain'),
    span(` ${glyphs.missing}${missing}`, missing > 0 ? 'bad' : 'plain'),
    span(` ${glyphs.extra}${extra}`, extra > 0 ? 'bad' : 'plain'),
    ...(unknown > 0 ? [span(` ${glyphs.unknown}${unknown} unknown`, 'drift')] : []),
    ...agePart(known, state.now),
  );
}

/** How far the comparison is, once that takes its time: `comparing 300/890 [===.......]`. */
function progressPart(known: EnvironmentState | undefined, {now}: AppState, columns: number): Line | null {
  const progress = known?.progress ?? null;
  if (progress === null || !isShown(progress.since, now)) return null;
  const bar = columns < 70 ? '' : barOf(progress.done, progress.total ?? 0, 12);
  return line(span(`${progressWords(progress, now)}${bar === '' ? '' : ` ${bar}`}`, 'busy'));
}

function treeView(state: AppState, screen: EnvironmentScreen, look: Look): Line {
  const known = resourcesOf(environmentNamed(state, screen.environment));
  const rows = rowsOf(state, screen);
  const shown = {...resourceList.shown(known, screen), keys: keysOf(rows)};
  const hidden = hiddenResources(screen, rows, known);
  return viewWords(screen, {shown, listed: 'name', hidden, only: 'drift only', all: 'all'}, look);
}

function DiffPane({state, screen, look}: EnvironmentProps) {
  const {diff, detail, wide} = environmentPanes(state.size);
  const {lines, top, row} = chosenDiff(state, screen);
  const height = diffHeight(state);
  const columns = diff.columns - 4;
  const chosen = row?.kind === 'field' ? row.field.path : null;
  const next = screen.pane === 'diff' ? gapOf(state, screen) : null;
  const sheet = diffSheet([], lines, isSplit(state, screen), {look, chosen, next, isYaml: () => true});
  const {line: lineOf} = viewOf(sheet, {}, columns, look);
  const content = Array.from({length: Math.min(height, sheet.length - top)}, (_, index) =>
    lineOf(top + index),
  );
  if (row !== undefined && row.kind !== 'namespace') {
    if (lines.length === 0) content.push(noDiffLine(row.resource));
    while (content.length < height) content.push([]);
    if (wide) content.push([]);
    const room = wide ? detail - 1 : detail;
    content.push(...detailLines({row, rows: room, columns, look, now: state.now}));
  }
  return (
    <Panel
      title={diffTitle(state, screen, diff.columns, look)}
      right={line(
        isSplit(state, screen) ? `${keyWord(state, 'split')} unified` : `${keyWord(state, 'split')} split`,
      )}
      columns={diff.columns}
      rows={diff.rows}
      lines={content}
      look={look}
      tone={screen.pane === 'diff' ? 'plain' : 'dim'}
    />
  );
}

function diffTitle(state: AppState, screen: EnvironmentScreen, columns: number, look: Look): Line {
  const {row} = chosenDiff(state, screen);
  if (row === undefined || row.kind === 'namespace') return line(span('Diff', 'dim'));
  const {resource} = row;
  const {ellipsis} = look.glyphs;
  const location = (row.kind === 'field' ? row.field.location : undefined) ?? resource.source;
  const name = clipMiddle(resource.id.name, Math.floor(columns / 3), ellipsis);
  const start = line(span(name, 'strong'), '  ', span('-git', 'removed'), ' ', span('+live', 'added'));
  // The border, the right part and the spaces around both.
  const room = columns - 19 - lineWidth(start);
  if (location === null || location === undefined || room < 8) return start;
  return [...start, span('  '), span(clipMiddle(`${location.file}:${location.line}`, room, ellipsis))];
}
