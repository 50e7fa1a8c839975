import {Box} from 'ink';
import type {Deployment} from '../../engines/types.ts';
import {Panel} from '../components/panel.tsx';
import type {Revision} from '../session.ts';
import {revisionPanes, revisionsHeight} from '../state/layout.ts';
import {chosenIndex} from '../state/list.ts';
import {isWaiting} from '../state/requests.ts';
import {chosenRevision, revisionKeys} from '../state/revisions-screen.ts';
import {type AppState, type CommitDetail, environmentNamed, type RevisionsScreen} from '../state/state.ts';
import {ageOf, ago} from '../text/age.ts';
import {type Line, line, span} from '../text/line.ts';
import {type Column, columnWidths, tableHead, tableRow} from '../text/table.ts';
import type {Look} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';

interface RevisionsProps {
  readonly state: AppState;
  readonly screen: RevisionsScreen;
  readonly look: Look;
  readonly frame: number;
}

const columns: readonly Column[] = [
  {title: 'SHA'},
  {title: 'WHEN'},
  {title: 'AUTHOR', yields: {order: 2, least: 6}},
  {title: 'SUBJECT', yields: {order: 1, least: 24}},
  {title: 'DEPLOYED', yields: {order: 3, least: 10}},
];

/** The commits of an environment: which one is live, what is pending, and what each changes. */
export function RevisionsView(props: RevisionsProps) {
  const {state, screen, look} = props;
  const panes = revisionPanes(state.size);
  const chosen = chosenRevision(screen);
  return (
    <Box flexDirection="column">
      <Panel
        title={title(state, screen)}
        columns={state.size.columns}
        rows={panes.list}
        lines={listLines(props)}
        look={look}
        tone="plain"
      />
      <Panel
        title={line(span(chosen?.sha.slice(0, 7) ?? '', 'strong'))}
        columns={state.size.columns}
        rows={panes.detail}
        lines={chosen === undefined ? [] : detailLines(props, chosen)}
        look={look}
      />
    </Box>
  );
}

function title(state: AppState, screen: RevisionsScreen): Line {
  const path = environmentNamed(state, screen.environment)?.environment.path ?? '';
  return line(span(`Revisions ${screen.environment}`, 'strong'), path === '' ? '' : `: ${path}`);
}

function listLines({state, screen, look, frame}: RevisionsProps): Line[] {
  const {glyphs} = look;
  if (screen.failure !== null) {
    const {message, fix} = screen.failure;
    const lines = [line(span(`${glyphs.failed} ${message}`, 'bad'))];
    if (fix !== undefined) lines.push(line(`  ${fix}`));
    return [...lines, line('  ', span('r', 'strong'), ' tries again')];
  }
  if (screen.revisions.length === 0) {
    if (!isWaiting(state, ({name}) => name === 'revisions')) return [line('No commit touches this folder.')];
    return [line(span(`${glyphs.spinner[frame % glyphs.spinner.length]} reading git log`, 'busy'))];
  }
  const {top} = screen.list;
  const shown = screen.revisions.slice(top, top + revisionsHeight(state));
  const cells = shown.map(revision => revisionCells(revision, state.now, look));
  const widths = columnWidths(columns, cells, state.size.columns - 4 - 2);
  const chosen = chosenIndex(screen.list, revisionKeys(screen));
  const rows = cells.map((row, index): Line => {
    const marker = span(index + top === chosen ? '> ' : '  ', 'strong');
    return [marker, ...tableRow(columns, row, widths, glyphs.ellipsis)];
  });
  return [[span('  '), ...tableHead(columns, widths, glyphs.ellipsis)], ...rows];
}

function revisionCells(revision: Revision, now: number, look: Look): Line[] {
  return [
    line(revision.sha.slice(0, 7)),
    line(ageOf(revision.time, now)),
    line(revision.author),
    line(revision.subject),
    deployedCell(revision, now, look),
  ];
}

function deployedCell(revision: Revision, now: number, look: Look): Line {
  const last = revision.deployments[0];
  if (revision.state === 'live') {
    return line(
      span(`${look.glyphs.live} live`, 'good'),
      last === undefined ? '' : ` ${ageOf(last.time, now)}`,
    );
  }
  if (revision.state === 'nearest') return line(span('live?', 'drift'));
  if (revision.state === 'pending') return line(span('pending', 'drift'));
  if (last !== undefined) return line(`${ageOf(last.time, now)} by ${last.by}`);
  return line(span(revision.state === 'unknown' ? '?' : '', 'dim'));
}

function detailLines({state, screen, look, frame}: RevisionsProps, revision: Revision): Line[] {
  const {glyphs} = look;
  const room = state.size.columns - 4;
  const refs = revision.refs.length === 0 ? '' : `   ${revision.refs.join(', ')}`;
  const lines = [
    line(
      span(revision.author, 'strong'),
      ` <${revision.email}>  ${localTime(revision.time)}`,
      span(refs, 'busy'),
    ),
    line(span(revision.subject, 'strong')),
    ...revision.deployments.slice(0, 2).map(deployment => deploymentLine(deployment, state.now)),
  ];
  const detail = screen.details.get(revision.sha);
  if (detail === undefined) {
    return [
      ...lines,
      line(span(`${glyphs.spinner[frame % glyphs.spinner.length]} reading the commit`, 'busy')),
    ];
  }
  if (detail.problem !== null)
    return [...lines, line(span(`${glyphs.failed} ${detail.problem.message}`, 'bad'))];
  return [...lines, ...fileLines(detail, room, look)];
}

function deploymentLine(deployment: Deployment, now: number): Line {
  const prune = deployment.pruned ? 'prune on' : 'prune off';
  return line(
    span('Deployed  ', 'dim'),
    `${ago(deployment.time, now)} by ${deployment.by}, ${prune}, took ${Math.round(deployment.tookSeconds)}s`,
  );
}

function fileLines({files}: CommitDetail, room: number, look: Look): Line[] {
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  const head = line(
    span('Files     ', 'dim'),
    count(files.length, 'file'),
    span(` +${added}`, 'added'),
    span(` -${removed}`, 'removed'),
  );
  const rows = files.map(file =>
    line(
      `  ${clipMiddle(file.path, room - 16, look.glyphs.ellipsis)}`,
      ...(file.binary
        ? [span(' binary', 'dim')]
        : [span(` +${file.added}`, 'added'), span(` -${file.removed}`, 'removed')]),
    ),
  );
  return [head, ...rows];
}

/** A commit's time as its author's clock had it: `2026-08-05 14:02`. */
function localTime(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
