import {signatureWord} from '../../revisions/signature-words.ts';
import {shownTags} from '../../text/tags.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import {keySpan} from '../keys/key-words.ts';
import {revisionPanes, revisionsHeight, wideFrom} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {isWaiting} from '../state/requests.ts';
import {
  chosenRevision,
  notedRevision,
  revisionKeys,
  shownRevisions,
} from '../state/screens/revisions-screen.ts';
import {type AppState, environmentNamed, type RevisionsScreen} from '../state/state.ts';
import {ageOf} from '../text/age.ts';
import {type Line, line, span} from '../text/line.ts';
import {type Column, columnWidths, tableHead, tableRow} from '../text/table.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {revisionDetailLines, signatureGlyph, signatureTone} from './revision-detail.ts';
import {nothingShown, viewWords} from './view-words.ts';

interface RevisionsProps {
  readonly state: AppState;
  readonly screen: RevisionsScreen;
  readonly look: Look;
  readonly frame: number;
}

const narrow: readonly Column[] = [
  {title: 'SHA'},
  {title: 'WHEN'},
  {title: 'AUTHOR', yields: {order: 2, least: 6}},
  {title: 'SUBJECT', yields: {order: 1, least: 20}},
  {title: 'SIG'},
  {title: 'DIFF', right: true},
  {title: 'DEPLOYED', yields: {order: 3, least: 10}},
];

/** Where there is room: tags, pull requests, and what a signature is in words. */
const wide: readonly Column[] = [
  {title: 'SHA'},
  {title: 'WHEN'},
  {title: 'AUTHOR', yields: {order: 3, least: 6}},
  {title: 'SUBJECT', yields: {order: 1, least: 24}},
  {title: 'TAGS', yields: {order: 2, least: 6}},
  {title: 'PR'},
  {title: 'SIGNED', yields: {order: 4, least: 6}},
  {title: 'DIFF', right: true},
  {title: 'DEPLOYED', yields: {order: 5, least: 10}},
];

/** The commits of an environment: which one is live, what is pending, and what each changes. */
export function RevisionsView(props: RevisionsProps) {
  const {state, screen, look} = props;
  const panes = revisionPanes(state.size);
  const chosen = chosenRevision(screen);
  return (
    <ListAndDetail
      columns={state.size.columns}
      look={look}
      list={{
        title: title(state, screen),
        right: viewWords(screen, {shown: shownRevisions(screen), listed: 'log'}, look),
        scroll: {
          top: screen.list.top,
          height: revisionsHeight(state),
          length: revisionKeys(screen).length,
        },
        rows: panes.list,
        lines: listLines(props),
      }}
      detail={{
        title: line(span(chosen?.sha.slice(0, 7) ?? '', 'strong')),
        rows: panes.detail,
        lines: clipped(revisionDetailLines(state, screen, look, props.frame), panes.detail - 2, look),
      }}
    />
  );
}

/** The lines that there is room for; the last one says how many there are besides, on the whole screen. */
function clipped(lines: readonly Line[], room: number, {glyphs}: Look): readonly Line[] {
  if (lines.length <= room) return lines;
  const rest = lines.length - room + 1;
  return [
    ...lines.slice(0, room - 1),
    line(span(`${glyphs.ellipsis} ${count(rest, 'more line')}: enter`, 'dim')),
  ];
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
    return [...lines, line('  ', keySpan(state, 'refresh'), ' tries again')];
  }
  // A filter and an order are about what is read so far.
  const soFar = screen.revisions.length > 0 ? `, ${screen.revisions.length} commits so far` : '';
  const reading = line(span(`${spinnerOf(glyphs, frame)} reading git log${soFar}`, 'busy'));
  const end = screen.more ? reading : missingLine(screen);
  if (screen.revisions.length === 0) {
    if (screen.more && isWaiting(state, ({name}) => name === 'revisions')) return [reading];
    return [line('No commit touches this folder.'), ...(end === null ? [] : [end])];
  }
  const nothing = nothingShown(screen, shownRevisions(screen));
  if (nothing !== null) return [...nothing, ...(end === null ? [] : [end])];
  const {top} = screen.list;
  const height = revisionsHeight(state);
  const all = shownRevisions(screen);
  const shown = all.items.slice(top, top + height);
  const isWide = state.size.columns >= wideFrom;
  const columns = isWide ? wide : narrow;
  const cells = shown.map(revision =>
    revisionCells(notedRevision(screen, revision), isWide, state.now, look),
  );
  const widths = columnWidths(columns, cells, state.size.columns - 4 - 2);
  const chosen = chosenIndex(screen.list, revisionKeys(screen));
  const rows = cells.map((row, index): Line => {
    const marker = span(index + top === chosen ? '> ' : '  ', 'strong');
    return [marker, ...tableRow(columns, row, widths, glyphs.ellipsis)];
  });
  const last = end !== null && shown.length < height ? [[span('  '), ...end]] : [];
  return [[span('  '), ...tableHead(columns, widths, glyphs.ellipsis)], ...rows, ...last];
}

/** Why the list ends, where that is not where history began. */
function missingLine({missing}: RevisionsScreen): Line | null {
  switch (missing) {
    case null:
      return null;
    case 'shallow':
      return line(span('Older commits were not cloned: git fetch --unshallow', 'drift'));
    case 'partial':
      return line(span('Older trees were not cloned: git fetch --refetch --filter=blob:none', 'drift'));
  }
}

type Noted = ReturnType<typeof notedRevision>;

function revisionCells(revision: Noted, isWide: boolean, now: number, look: Look): Line[] {
  const {signature} = revision;
  const signed =
    signature === undefined
      ? ''
      : span(isWide ? signatureWord(signature) : signatureGlyph(signature, look), signatureTone(signature));
  const named = [line(revision.sha.slice(0, 7)), line(ageOf(revision.time, now)), line(revision.author)];
  const rest = [line(signed), differencesCell(revision), deployedCell(revision, now, look)];
  if (isWide) {
    const tags = span(shownTags(revision.tags).join(', '), 'drift');
    return [...named, line(revision.subject), line(tags), line(revision.pullRequest?.mark ?? ''), ...rest];
  }
  // A tag is worth more than the end of a subject.
  const tags = revision.tags.length === 0 ? [] : [span(`${shownTags(revision.tags).join(', ')} `, 'drift')];
  return [...named, line(...tags, revision.subject), ...rest];
}

/** In how many fields live differs; dim while that is being counted anew. */
function differencesCell({differences, stale}: Noted): Line {
  if (differences === undefined) return [];
  if (differences === null) return line(span('?', 'dim'));
  return line(span(String(differences), stale ? 'dim' : differences === 0 ? 'good' : 'drift'));
}

function deployedCell(revision: Noted, now: number, look: Look): Line {
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
  // Until it is asked, that is no answer.
  return line(span(revision.state === 'unknown' && !revision.stale ? '?' : '', 'dim'));
}
