import type {Check, PullRequestSeen, PullRequestState} from '../session.ts';
import {ageOf} from '../text/age.ts';
import {type Line, line, type Span, span, type Tone, wrap} from '../text/line.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';

/** What the feedback on a pull request is drawn with. */
export interface FeedbackStyle {
  readonly look: Look;
  readonly frame: number;
  readonly columns: number;
  readonly now: number;
  /** At most so many comments, the newest; all without it. */
  readonly comments?: number;
}

type Review = PullRequestState['reviews'][number];

/** What the developer waits for: whether it can be merged, its checks, reviews and comments, as last looked at. */
export function feedbackLines(seen: PullRequestSeen | undefined, style: FeedbackStyle): Line[] {
  const {look, frame, columns, now} = style;
  const {failed} = look.glyphs;
  if (seen === undefined) return [line(span(`${spinnerOf(look.glyphs, frame)} asking the forge`, 'busy'))];
  const lines: Line[] = [];
  if (seen.error !== null) {
    const again = seen.retryAt === null ? '' : `; asked again at ${seen.retryAt.slice(11, 16)} UTC`;
    lines.push(...worded(`${failed} ${seen.error}${again}`, 'bad', columns));
    if (seen.state !== null) lines.push(line(span('What follows is from before that.', 'dim')));
  }
  const {state} = seen;
  if (state === null) return lines;
  return [
    ...lines,
    ...verdictLines(state, columns, look),
    ...checkLines(state.checks, columns, look),
    ...reviewLines(state, look),
    ...commentLines(state, style, now),
  ];
}

function verdictLines({pullRequest, mergeability}: PullRequestState, columns: number, look: Look): Line[] {
  const {synced, failed, unknown} = look.glyphs;
  if (pullRequest.state !== 'open')
    return [line(span(`${pullRequest.state === 'merged' ? synced : failed} ${pullRequest.state}`, 'strong'))];
  const because = mergeability.reasons.join('; ');
  switch (mergeability.verdict) {
    case 'allowed':
      return worded(`${synced} it can be merged${because === '' ? '' : ` (${because})`}`, 'good', columns);
    case 'blocked':
      return worded(
        `${failed} not to be merged yet: ${because || 'the forge does not say why'}`,
        'drift',
        columns,
      );
    default:
      return worded(`${unknown} ${because || 'whether it can be merged is not known'}`, 'dim', columns);
  }
}

const order: readonly Check['result'][] = ['failed', 'cancelled', 'running', 'waiting', 'passed', 'skipped'];

function checkLines(checks: readonly Check[] | null, columns: number, look: Look): Line[] {
  if (checks === null) return [line(span('Checks   ', 'dim'), 'the token may not see them')];
  if (checks.length === 0) return [line(span('Checks   ', 'dim'), 'none')];
  const sorted = [...checks].sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result));
  const loud = sorted.filter(({result}) => result !== 'passed' && result !== 'skipped');
  const calm = sorted.filter(({result}) => result === 'passed' || result === 'skipped');
  const rows = loud.map(check => [checkMark(check.result, look), ...checkWords(check)]);
  if (calm.length > 0) {
    const names = calm.map(({name}) => name).join(', ');
    const [first = ''] = wrap(`${count(calm.length, 'check')} passed or skipped: ${names}`, columns - 12);
    rows.push([span(`${look.glyphs.synced} `, 'good'), span(first)]);
  }
  return rows.map((row, index) => [span(index === 0 ? 'Checks   ' : '         ', 'dim'), ...row]);
}

function checkWords({name, result, required, summary}: Check): Span[] {
  const words = required === true ? `${result}, required` : result;
  return line(
    span(name, 'strong'),
    ` ${words}`,
    span(summary === null ? '' : `: ${summary}`, 'dim'),
  ) as Span[];
}

/** Glyph and tone of a check's result. */
export function checkMark(result: Check['result'], look: Look): Span {
  const {synced, failed, times, modified} = look.glyphs;
  const marks: Record<Check['result'], [string, Tone]> = {
    passed: [synced, 'good'],
    failed: [failed, 'bad'],
    cancelled: [failed, 'drift'],
    running: [modified, 'busy'],
    waiting: [times, 'dim'],
    skipped: [times, 'dim'],
  };
  const [glyph, tone] = marks[result];
  return span(`${glyph} `, tone);
}

function reviewLines({reviews, protection}: PullRequestState, look: Look): Line[] {
  const wanted = protection?.approvals ?? null;
  const given = reviews.filter(({verdict}) => verdict === 'approved').length;
  const needed = wanted === null || wanted === 0 ? '' : `${given} of ${wanted} approvals   `;
  if (reviews.length === 0)
    return [line(span('Reviews  ', 'dim'), needed === '' ? 'none yet' : needed.trimEnd())];
  return [[span('Reviews  ', 'dim'), span(needed), ...reviews.flatMap(review => reviewWords(review, look))]];
}

function reviewWords({author, verdict}: Review, look: Look): Span[] {
  const {synced, failed, times} = look.glyphs;
  const words: Record<Review['verdict'], [string, Tone]> = {
    approved: [`${synced} ${author} approves`, 'good'],
    'changes-requested': [`${failed} ${author} wants changes`, 'bad'],
    commented: [`${times} ${author} commented`, 'plain'],
    requested: [`${times} ${author} is asked`, 'dim'],
  };
  const [text, tone] = words[verdict];
  return [span(text, tone), span('   ')];
}

function commentLines({comments}: PullRequestState, {columns, ...style}: FeedbackStyle, now: number): Line[] {
  const shown = comments.slice(-Math.max(1, style.comments ?? comments.length));
  const hidden = comments.length - shown.length;
  const lines = shown.flatMap(({author, body, at, file, line: at1, resolved}) => {
    const where = file === null ? '' : ` on ${file}${at1 === null ? '' : `:${at1}`}`;
    const done = resolved === true ? ' (resolved)' : '';
    const head = line(
      span('         ', 'dim'),
      span(author, 'strong'),
      span(`${at === null ? '' : ` ${ageOf(at, now)}`}${where}${done}`, 'dim'),
    );
    const text = wrap(body.trim(), columns - 11);
    const few = style.comments === undefined ? text : text.slice(0, 2);
    const more =
      few.length < text.length ? [line(span(`           ${style.look.glyphs.ellipsis}`, 'dim'))] : [];
    return [head, ...few.map(part => line(`           ${part}`)), ...more];
  });
  if (lines.length === 0) return [line(span('Comments ', 'dim'), 'none')];
  const title = hidden > 0 ? `the last ${shown.length} of ${comments.length}` : String(comments.length);
  return [line(span('Comments ', 'dim'), title), ...lines];
}

function worded(text: string, tone: Tone, columns: number): Line[] {
  return wrap(text, columns).map((part, index) => line(span(index === 0 ? part : `  ${part}`, tone)));
}
