import {ListAndDetail} from '../components/list-and-detail.tsx';
import {keySpan} from '../keys/key-words.ts';
import type {ListedPullRequest, PullRequestSeen} from '../session.ts';
import {pullRequestPanes, pullRequestsHeight} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {chosenRequest, pullRequestKeys, shownPullRequests} from '../state/screens/pull-requests-screen.ts';
import type {AppState, PullRequestsScreen} from '../state/state.ts';
import {ageOf} from '../text/age.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {type Column, columnWidths, tableHead, tableRow} from '../text/table.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {checkMark} from './feedback-lines.ts';
import {summaryLines} from './pull-request-lines.ts';
import {nothingShown, viewWords} from './view-words.ts';

interface PullRequestsProps {
  readonly state: AppState;
  readonly screen: PullRequestsScreen;
  readonly look: Look;
  readonly frame: number;
}

const columns: readonly Column[] = [
  {title: '#', right: true},
  {title: 'TITLE', yields: {order: 1, least: 20}},
  {title: 'AUTHOR', yields: {order: 3, least: 5}},
  {title: 'AGE'},
  {title: 'CHECKS', yields: {order: 5, least: 6}},
  {title: 'APPROVED', yields: {order: 4, least: 4}},
  {title: 'ENVIRONMENTS', yields: {order: 2, least: 12}},
];

/** The open pull requests: what each touches, how far it is, and what the chosen one would do to the environments. */
export function PullRequestsView(props: PullRequestsProps) {
  const {state, screen, look, frame} = props;
  const panes = pullRequestPanes(state.size);
  const chosen = chosenRequest(state, screen);
  const style = {look, frame, columns: state.size.columns - 4, now: state.now};
  return (
    <ListAndDetail
      columns={state.size.columns}
      look={look}
      list={{
        title: title(screen),
        right: viewWords(screen, {shown: shownPullRequests(state, screen), listed: 'listed'}, look),
        scroll: {
          top: screen.list.top,
          height: pullRequestsHeight(state),
          length: pullRequestKeys(state, screen).length,
        },
        rows: panes.list,
        lines: listLines(props),
      }}
      detail={{
        title: chosen === undefined ? [] : line(span(`#${chosen.number} ${chosen.title}`, 'strong')),
        rows: panes.detail,
        lines: chosen === undefined ? [] : summaryLines({state, screen, request: chosen, style}),
      }}
    />
  );
}

function title({environment, answer}: PullRequestsScreen): Line {
  const where = answer?.forge ? ` on ${answer.forge}` : '';
  const which = environment === null ? '' : ` that touch ${environment}`;
  return line(span(`Pull requests${which}`, 'strong'), where);
}

function listLines({state, screen, look, frame}: PullRequestsProps): Line[] {
  const {glyphs} = look;
  const room = state.size.columns - 4;
  const {answer, failure} = screen;
  if (failure !== null)
    return [
      ...wrap(`${glyphs.failed} ${failure.message}`, room).map(text => line(span(text, 'bad'))),
      ...(failure.fix === undefined ? [] : [line(`  ${failure.fix}`)]),
      line('  ', keySpan(state, 'refresh'), ' tries again'),
    ];
  if (answer === null) return [line(span(`${spinnerOf(glyphs, frame)} asking the forge`, 'busy'))];
  if (answer.forge === null)
    return [
      ...wrap(`Open pull requests can't be told: ${answer.reason}`, room).map(text => line(text)),
      ...(answer.url === null
        ? []
        : [line(keySpan(state, 'browse'), ' opens ', span(answer.url, 'busy'), ' in the browser')]),
    ];
  const all = shownPullRequests(state, screen);
  const nothing = nothingShown(screen, all);
  if (nothing !== null) return nothing;
  if (all.total === 0) {
    const others = answer.requests.length;
    if (screen.environment === null || others === 0) return [line('No pull request is open.')];
    return [
      line(
        `None of the ${others} open ones touches ${screen.environment}; `,
        span('.', 'strong'),
        ' shows all.',
      ),
    ];
  }
  const {top} = screen.list;
  const requests = all.items.slice(top, top + pullRequestsHeight(state));
  const cells = requests.map(request => cellsOf(request, state.seen.get(request.number), state.now, look));
  const widths = columnWidths(columns, cells, room - 2);
  const chosen = chosenIndex(screen.list, all.keys);
  const rows = cells.map((row, index): Line => {
    const marker = span(index + top === chosen ? '> ' : '  ', 'strong');
    return [marker, ...tableRow(columns, row, widths, glyphs.ellipsis)];
  });
  return [[span('  '), ...tableHead(columns, widths, glyphs.ellipsis)], ...rows];
}

function cellsOf(
  request: ListedPullRequest,
  seen: PullRequestSeen | undefined,
  now: number,
  look: Look,
): Line[] {
  const isSaid = /^(?:draft|wip|\[draft\]|\[wip\])/i.test(request.title);
  const state = request.state === 'open' ? '' : ` (${request.state})`;
  return [
    line(String(request.number)),
    line(request.draft && !isSaid ? span('draft: ', 'dim') : '', request.title, span(state, 'drift')),
    line(request.author ?? span('-', 'dim')),
    line(request.updatedAt === null ? span('-', 'dim') : ageOf(request.updatedAt, now)),
    checksCell(seen, look),
    approvalsCell(seen, look),
    request.environments.length === 0 ? line(span('none', 'dim')) : line(request.environments.join(', ')),
  ];
}

function checksCell(seen: PullRequestSeen | undefined, look: Look): Line {
  const checks = seen?.state?.checks;
  if (checks === undefined) return line(span(seen === undefined ? look.glyphs.times : '?', 'dim'));
  if (checks === null) return line(span('?', 'dim'));
  if (checks.length === 0) return line(span('none', 'dim'));
  const number = (...results: string[]) => checks.filter(({result}) => results.includes(result)).length;
  const failed = number('failed', 'cancelled');
  if (failed > 0) return [checkMark('failed', look), span(`${failed} failed`, 'bad')];
  const open = number('running', 'waiting');
  if (open > 0) return [checkMark('running', look), span(`${checks.length - open}/${checks.length}`, 'busy')];
  return [checkMark('passed', look), span(`${checks.length} passed`, 'good')];
}

function approvalsCell(seen: PullRequestSeen | undefined, look: Look): Line {
  const state = seen?.state;
  if (!state) return line(span(seen === undefined ? look.glyphs.times : '?', 'dim'));
  const against = state.reviews.filter(({verdict}) => verdict === 'changes-requested');
  if (against.length > 0) return line(span(`${look.glyphs.failed} by ${against[0]?.author}`, 'bad'));
  const given = state.reviews.filter(({verdict}) => verdict === 'approved').length;
  const wanted = state.protection?.approvals ?? 0;
  if (wanted > 0) return line(span(`${given}/${wanted}`, given >= wanted ? 'good' : 'drift'));
  return given === 0 ? line(span('-', 'dim')) : line(span(`${look.glyphs.synced} ${given}`, 'good'));
}
