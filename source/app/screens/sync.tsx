import {formatIdentity, identityKey} from '../../resources/identity.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import {Panel} from '../components/panel.tsx';
import {keySpan} from '../keys/key-words.ts';
import {syncPanes} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {countSteps, endWords, isAllWell, type SyncRun} from '../state/screens/sync-run.ts';
import {
  currentWave,
  type SyncRow,
  type SyncScreen,
  stepWord,
  syncRows,
} from '../state/screens/sync-screen.ts';
import type {AppState} from '../state/state.ts';
import {secondsWords} from '../text/age.ts';
import {fit, type Line, line, type Span, span, type Tone, wrap} from '../text/line.ts';
import {healthTone} from '../text/status.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count, shortRevision} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';
import type {ViewProps} from './views.tsx';

type Props = ViewProps<SyncScreen>;

/** A sync while it runs and after it: its waves, each object, what is waited for, what became of it. */
export function SyncView(props: Props) {
  const {state, screen, look} = props;
  const {columns} = state.size;
  const panes = syncPanes(state.size);
  const run = state.syncs.get(screen.environment);
  if (run === undefined)
    return (
      <Panel title={line('Sync')} columns={columns} rows={panes.list + panes.detail} lines={[]} look={look} />
    );
  const rows = syncRows(run);
  const chosen = chosenIndex(
    screen.list,
    rows.map(({key}) => key),
  );
  const {top} = screen.list;
  const lines = rows
    .slice(top, top + panes.list - 2)
    .map((row, index) => rowLine(props, run, row, index + top === chosen, columns - 4));
  return (
    <ListAndDetail
      columns={columns}
      look={look}
      list={{
        title: titleLine(run),
        right: line(secondsWords((run.end?.at ?? state.now) - run.startedAt)),
        rows: panes.list,
        lines: rows.length === 0 ? [line('There was nothing to do.')] : lines,
        tone: run.protected ? 'bad' : 'plain',
      }}
      detail={{
        title: line(span(run.end === null ? 'Now' : 'Result', 'strong')),
        rows: panes.detail,
        lines: detailLines(props, run, rows[chosen], columns - 4, panes.detail - 2),
      }}
    />
  );
}

function titleLine(run: SyncRun): Line {
  const {done, total} = countSteps(run);
  const title =
    run.end === null
      ? run.stopping
        ? 'Stopping'
        : 'Syncing'
      : isAllWell(run)
        ? 'Synced'
        : done === total
          ? 'Written, but not all is well:'
          : 'Not all synced:';
  const wave = run.end === null ? currentWave(run) : null;
  return line(
    span(`${title} ${run.environment}`, 'strong'),
    `  ${done}/${total}`,
    wave === null ? '' : `  wave ${wave.number} of ${wave.of} (${wave.wave})`,
  );
}

function rowLine(
  {state, look, frame}: Props,
  run: SyncRun,
  row: SyncRow,
  isChosen: boolean,
  columns: number,
): Line {
  const lead = span(isChosen ? '> ' : '  ', 'strong');
  const {ellipsis} = look.glyphs;
  if (row.kind === 'part') {
    const done = row.steps.filter(index => run.progress.steps[index]?.state === 'done').length;
    const words = row.title === 'skipped' ? `${row.steps.length}` : `${done}/${row.steps.length}`;
    return [lead, span(row.title, 'strong'), span(`  ${words}`, 'dim')];
  }
  const {glyph, tone} = mark(run, row, look, frame);
  const room = Math.max(20, Math.floor(columns * 0.46));
  const name = clipMiddle(formatIdentity(row.step.id), room - 4, ellipsis);
  const start = fit([lead, span(`${glyph} `, tone), span(name)], room);
  return fit([...start, span(' '), ...rowWords(run, row, state.now)], columns, ellipsis);
}

type StepRow = Extract<SyncRow, {kind: 'step'}>;

function mark(run: SyncRun, {index, step}: StepRow, look: Look, frame: number): {glyph: string; tone: Tone} {
  const {glyphs} = look;
  if (step.action === 'skip') return {glyph: glyphs.times, tone: 'dim'};
  switch (run.progress.steps[index]?.state) {
    case 'running':
      return {glyph: spinnerOf(glyphs, frame), tone: 'busy'};
    case 'done': {
      const health = run.progress.health.get(identityKey(step.id))?.health ?? 'Healthy';
      if (health === 'Healthy' || health === 'Suspended') return {glyph: glyphs.synced, tone: 'good'};
      return run.end === null
        ? {glyph: spinnerOf(glyphs, frame), tone: 'busy'}
        : {glyph: glyphs.failed, tone: 'bad'};
    }
    case 'failed':
      return {glyph: glyphs.failed, tone: 'bad'};
    case 'unknown':
      return {glyph: glyphs.unknown, tone: 'bad'};
    default:
      return {glyph: glyphs.times, tone: 'dim'};
  }
}

/** `applied, waiting 12s: 2 of 3 replicas are ready`: the state, and what exactly is waited for. */
function rowWords(run: SyncRun, {index, step}: StepRow, now: number): Span[] {
  const told = run.progress.steps[index];
  const state = told?.state ?? 'waiting';
  const word = stepWord(step, state, run.end !== null);
  if (step.action === 'skip')
    return [
      span(word, 'dim'),
      span(step.reason === null ? '' : `: ${step.reason}`, step.trouble === null ? 'dim' : 'drift'),
    ];
  const message = told?.message ?? '';
  switch (state) {
    case 'waiting':
      return [span(word, 'dim')];
    case 'running':
      return [span(`${word} ${secondsWords(now - (told?.since ?? now))}`, 'busy')];
    case 'failed':
    case 'unknown':
      return [span(message === '' ? word : `${word}: ${message}`, 'bad')];
    case 'done':
      return [
        span(word, 'good'),
        ...healthWords(run, step, now),
        span(message === '' ? '' : `: ${message}`, 'dim'),
      ];
  }
}

function healthWords(run: SyncRun, step: StepRow['step'], now: number): Span[] {
  const seen = run.progress.health.get(identityKey(step.id));
  if (seen === undefined) return [];
  const {health, message, since} = seen;
  if (health === 'Healthy') return [span(', healthy', 'good')];
  const what = message === '' ? '' : `: ${message}`;
  if (run.end !== null || health === 'Suspended')
    return [span(`, ${health.toLowerCase()}${what}`, healthTone(health))];
  return [span(`, ${health.toLowerCase()} ${secondsWords(now - since)}${what}`, healthTone(health))];
}

function detailLines(
  {state, look}: Props,
  run: SyncRun,
  row: SyncRow | undefined,
  columns: number,
  rows: number,
): Line[] {
  const lines = [
    totalsLine(run),
    ...(run.end === null ? nowLines(run) : resultLines(state, run, look, columns)),
  ];
  if (row?.kind === 'step' && lines.length < rows) {
    const words = rowWords(run, row, state.now)
      .map(({text}) => text)
      .join('');
    const whole = `${formatIdentity(row.step.id)}: ${words}`;
    lines.push(...wrap(whole, columns).map(text => line(span(text, 'dim'))));
  }
  return lines.slice(0, rows);
}

function totalsLine(run: SyncRun): Line {
  const {done, failed, unknown, running, waiting} = countSteps(run);
  const over = run.end !== null;
  const parts: [number, string, Tone][] = [
    [done, 'done', 'good'],
    [failed, 'failed', 'bad'],
    [unknown, 'unknown', 'bad'],
    [running, 'running', 'busy'],
    [waiting, over ? 'not begun' : 'waiting', over && waiting > 0 ? 'drift' : 'dim'],
  ];
  const told = parts.filter(([number, word]) => number > 0 || word === 'done');
  return [
    span(run.plan.context, 'strong'),
    span(`   git ${shortRevision(run.plan.revision)}   `),
    ...told.flatMap(([number, word, tone], index) => [
      span(index === 0 ? '' : ', '),
      span(`${number} ${word}`, number === 0 ? 'plain' : tone),
    ]),
    span(run.progress.recorded ? ', recorded' : '', 'good'),
  ];
}

function nowLines(run: SyncRun): Line[] {
  const {waiting} = run.progress;
  const lines: Line[] = [];
  if (run.stopping)
    lines.push(line(span('It stops: what is under way is waited for, nothing else begins.', 'drift')));
  if (waiting !== null && waiting.healthy < waiting.total)
    lines.push(line(span(`Waiting for health: ${waiting.healthy} of ${waiting.total} healthy`, 'busy')));
  return lines;
}

function resultLines(state: AppState, run: SyncRun, look: Look, columns: number): Line[] {
  const well = isAllWell(run);
  const tone = well ? 'good' : 'bad';
  const fix = run.end !== null && 'problem' in run.end ? run.end.problem.fix : undefined;
  const {unknown} = countSteps(run);
  return [
    ...wrap(`${well ? look.glyphs.synced : look.glyphs.failed} ${endWords(run)}`, columns).map(text =>
      line(span(text, tone)),
    ),
    ...(fix === undefined ? [] : wrap(fix, columns).map(text => line(text))),
    ...(unknown > 0
      ? [
          line(
            span(
              `${look.glyphs.unknown} ${count(unknown, 'object')} may or may not have been changed: compare before you go on`,
              'bad',
            ),
          ),
        ]
      : []),
    ...(well ? [] : [line(keySpan(state, 'sync-again'), ' plans what is left anew')]),
  ];
}
