import {Box} from 'ink';
import {Panel} from '../components/panel.tsx';
import {Row} from '../components/row.tsx';
import {keySpan} from '../keys/key-words.ts';
import {bodyRows, demoHintLines, overviewNoteRows, overviewRows} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {shownOverview} from '../state/lists/overview-order.ts';
import {placed, problemsInShort} from '../state/problems.ts';
import type {AppState, EnvironmentState, OverviewScreen} from '../state/state.ts';
import {ageOf} from '../text/age.ts';
import {dimmed, type Line, line, span, spread} from '../text/line.ts';
import {environmentStatus, type StatusStyle} from '../text/status.ts';
import {type Column, columnWidths, tableHead, tableRow} from '../text/table.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {shortRevision} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';
import {wrapLine} from '../text/wrap-line.ts';
import {leadOf, nothingShown, viewWords} from './view-words.ts';

interface OverviewProps {
  readonly state: AppState;
  readonly screen: OverviewScreen;
  readonly look: Look;
  readonly frame: number;
}

/** All environments at a glance: which drifted, how far, what is live and who deployed it. */
export function Overview({state, screen, look, frame}: OverviewProps) {
  const {columns} = state.size;
  const notes = noteLines(state, look).slice(0, overviewNoteRows(state));
  const {lines, title} = tableLines(state, screen, look, frame);
  return (
    <Box flexDirection="column">
      <Panel
        title={line(span(title, 'strong'))}
        right={viewWords(screen, {shown: shownOverview(state), listed: 'listed', only: 'drift only'}, look)}
        columns={columns}
        scroll={{top: screen.list.top, height: overviewRows(state), length: shownOverview(state).keys.length}}
        rows={bodyRows(state) - notes.length}
        lines={lines}
        look={look}
      />
      {notes.map((spans, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a note is its place on the screen
        <Row key={index} spans={spans} look={look} />
      ))}
    </Box>
  );
}

function tableLines(
  state: AppState,
  screen: OverviewScreen,
  look: Look,
  frame: number,
): {lines: Line[]; title: string} {
  const shown = shownOverview(state);
  const {items: environments, keys} = shown;
  const waiting = waitingLine(state, look, frame);
  if (waiting !== null)
    return {lines: waiting.flatMap(words => wrapLine(words, state.size.columns - 4)), title: 'Environments'};
  const title =
    environments.length === shown.total
      ? `Environments ${shown.total}`
      : `Environments ${environments.length} of ${shown.total}`;
  const nothing = nothingShown(screen, shown, 'in sync');
  if (nothing !== null) return {lines: nothing, title};
  const hasUnknown = environments.some(({report}) => (report?.summary.unknown ?? 0) > 0);
  const columns: Column[] = [
    {title: 'ENV', yields: {order: 4, least: 8}, cut: clipMiddle},
    {title: 'CONTEXT', yields: {order: 1, least: 9}, cut: clipMiddle},
    {title: 'STATE', yields: {order: 3, least: 10}},
    {title: look.glyphs.modified, right: true},
    {title: look.glyphs.missing, right: true},
    {title: look.glyphs.extra, right: true},
    ...(hasUnknown ? [{title: look.glyphs.unknown, right: true}] : []),
    {title: 'LIVE'},
    {title: 'GIT'},
    {title: 'DEPLOYED', yields: {order: 2, least: 8}},
  ];
  const {top} = screen.list;
  const inSight = environments.slice(top, top + overviewRows(state));
  const style = {look, frame, now: state.now, brief: state.size.columns < 100};
  const cells = inSight.map(known => environmentCells(known, style, hasUnknown));
  const widths = columnWidths(columns, cells, state.size.columns - 4 - 2);
  const chosen = chosenIndex(screen.list, keys);
  const lead = leadOf(screen, keys, look);
  const rows = cells.map((row, index): Line => {
    const isChosen = index + top === chosen;
    const drawn = tableRow(columns, row, widths, look.glyphs.ellipsis);
    const isStale = inSight[index]?.failure !== null;
    return [...lead(index + top, isChosen), ...(isStale && !isChosen ? dimmedButStatus(drawn) : drawn)];
  });
  return {title, lines: [[span('  '), ...tableHead(columns, widths, look.glyphs.ellipsis)], ...rows]};
}

/** What is shown while there is nothing to show, or why there never will be. */
function waitingLine(state: AppState, look: Look, frame: number): Line[] | null {
  if (state.loaded && state.environments.length > 0) return null;
  const {failed} = look.glyphs;
  if (state.failure !== null) {
    const {message, fix} = state.failure;
    const lines = [line(span(`${failed} ${message}`, 'bad'))];
    if (fix !== undefined) lines.push(line(`  ${fix}`));
    return [
      ...lines,
      line('  ', keySpan(state, 'refresh'), ' tries again, ', keySpan(state, 'quit'), ' quits'),
      [],
      line(span('  Or: gitops-tui PATH opens another repository, gitops-tui demo an example.', 'dim')),
    ];
  }
  if (!state.loaded) return [line(span(`${spinnerOf(look.glyphs, frame)} reading the repository`, 'busy'))];
  const again = [
    line('  ', keySpan(state, 'refresh'), ' looks again'),
    line(span('  Or: gitops-tui demo is an example to look around in.', 'dim')),
  ];
  const where = state.repository?.path ?? '';
  if (state.repository?.head === null) {
    return [
      line('There is no commit yet in ', span(where, 'strong')),
      line('Environments are read from commits. Commit their manifests, each in a folder:'),
      line(span('  git add environments', 'busy')),
      line(span('  git commit -m "Environments"', 'busy')),
      line('What is not committed yet: gitops-tui --worktree'),
      ...again,
    ];
  }
  // Where the file that names them is broken nothing was looked for; the notes below say what is wrong with it.
  if (state.problems.some(({severity, environment}) => severity === 'error' && environment === undefined)) {
    return [
      line('No environments could be read in ', span(where, 'strong')),
      line('Mend first what is told below (', keySpan(state, 'problems'), ' tells all of it).'),
      ...again,
    ];
  }
  return [
    line('No environments in ', span(where, 'strong')),
    line('Looked for environments/*, envs/*, overlays/*, clusters/*, apps/*/overlays/*'),
    line('with manifests that are committed (--worktree: also with others).'),
    line('The .gitops-tui.yaml at the root of the repository can name other folders:'),
    ...[
      'environments:',
      '  - name: staging',
      '    path: deploy/staging',
      '    context: NAME-OF-A-KUBECONFIG-CONTEXT',
    ].map(text => line(span(`  ${text}`, 'busy'))),
    ...again,
  ];
}

function environmentCells(known: EnvironmentState, style: StatusStyle, hasUnknown: boolean): Line[] {
  const {look, now} = style;
  const {environment, report} = known;
  // Where nothing could be compared, there are no numbers: a 0 would say that nothing has drifted.
  const isTold = report !== null && (report.syncStatus !== 'Unknown' || report.resources.length > 0);
  const summary = isTold ? report.summary : undefined;
  const counted = (number: number | undefined, tone: 'drift' | 'bad' | 'dim'): Line =>
    line(
      number === undefined
        ? span(look.glyphs.times, 'dim')
        : span(String(number), number > 0 ? tone : 'plain'),
    );
  const last = known.deployments[0];
  return [
    nameCell(known),
    line(environment.context ?? span('-', 'dim')),
    environmentStatus(known, style),
    counted(summary?.modified, 'drift'),
    counted(summary?.missing, 'bad'),
    counted(summary?.extra, 'bad'),
    ...(hasUnknown ? [counted(summary?.unknown, 'dim')] : []),
    line(liveRevision(report)),
    line(shortRevision(report?.desiredRevision ?? null)),
    line(last === undefined ? span('-', 'dim') : `${ageOf(last.time, now)} ${last.by}`),
  ];
}

/** The name, strong where it is protected, with a mark where its branch's forge takes changes by pull request only. */
function nameCell({environment, rule}: EnvironmentState): Line {
  if (environment.protected) return line(span(environment.name, 'strong'));
  return line(environment.name, rule?.straight === false ? span(' pr', 'drift') : '');
}

/** What is live; `~` where nobody recorded it and that commit comes nearest. */
function liveRevision(report: EnvironmentState['report']): string {
  const {liveRevision: live = null, liveMatch} = report ?? {};
  return live === null && liveMatch !== undefined
    ? `~${shortRevision(liveMatch.revision)}`
    : shortRevision(live);
}

function dimmedButStatus(row: Line): Line {
  return row.map(item => (item.tone === 'bad' || item.tone === 'busy' ? item : (dimmed([item])[0] ?? item)));
}

/** What went wrong, the chosen environment's first, and the demo's line. */
function noteLines(state: AppState, look: Look): Line[] {
  const hints = demoHintLines(state).map((text, index) =>
    line(span(`  ${text}`, index === 0 ? 'dim' : 'busy')),
  );
  const room = overviewNoteRows(state) - hints.length;
  const problems = problemsInShort(state);
  const shown = problems.slice(0, Math.max(0, Math.floor(room / 2)));
  const hidden = problems.length - shown.length;
  const lines = shown.flatMap(({who, problem, retry: canRetry}, index): Line[] => {
    const more = index === shown.length - 1 && hidden > 0 ? `  ! ${hidden} more` : '';
    const glyph = problem.severity === 'error' ? look.glyphs.failed : '!';
    const tone = problem.severity === 'error' ? 'bad' : 'drift';
    const fix = problem.fix ?? 'look at it again';
    const cause = line(
      span(` ${glyph} `, tone),
      span(who === '' ? '' : `${who}: `, 'strong'),
      span(placed(problem), tone),
    );
    const retry = line(
      span(more, 'dim'),
      ...(canRetry ? line('  ', keySpan(state, 'refresh'), ' retry ') : [span(' ')]),
    );
    return [spread(cause, retry, state.size.columns, look.glyphs.ellipsis), line(`   ${fix}`)];
  });
  return [...lines, ...hints];
}
