import type {FileChange} from '../../repository/types.ts';
import type {Problem} from '../../resources/problem.ts';
import {keySpan} from '../keys/key-words.ts';
import {feedbackLines} from '../screens/feedback-lines.ts';
import type {ChangeOutcome} from '../session.ts';
import type {ProposalBase, ProposalField} from '../state/dialogs/dialog.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';
import {buttons} from './buttons.ts';
import type {DialogProps} from './dialog.ts';

/** What is written of a proposal: title, body, draft mark, whom to ask, labels; with the cursor where it is edited. */
export function titleLines(state: AppState, dialog: ProposalBase): Line[] {
  const body = dialog.body === '' ? 'none' : count(dialog.body.split('\n').length, 'line');
  return [
    titleLine(state, dialog),
    line(
      span('Body    ', 'dim'),
      body,
      '  ',
      keySpan(state, 'edit-body'),
      span(' edits in $EDITOR   ', 'dim'),
      dialog.draft ? span('[x] ', 'strong') : '[ ] ',
      keySpan(state, 'force-or-draft'),
      ' draft   ',
      keySpan(state, 'edit-reviewers'),
      span(' review   ', 'dim'),
      keySpan(state, 'label-or-branch'),
      span(' label', 'dim'),
    ),
    ...namesLine('Review  ', dialog.reviewers, editedText(dialog, 'reviewers')),
    ...namesLine('Labels  ', dialog.labels, editedText(dialog, 'labels')),
  ];
}

/** The title; with the cursor while it is edited. */
export function titleLine(state: AppState, dialog: ProposalBase): Line {
  const title = editedText(dialog, 'title');
  return title === null
    ? line(span('Title   ', 'dim'), dialog.title, '  ', keySpan(state, 'edit-title'), span(' edits', 'dim'))
    : line(span('Title   ', 'dim'), span(title, 'strong'), '_');
}

/** The text of a field while it is edited. */
function editedText({field = 'title', editing}: ProposalBase, name: ProposalField): string | null {
  return editing !== null && field === name ? editing : null;
}

/** Names of people or labels; nothing while there are none. */
export function namesLine(title: string, names: readonly string[] = [], editing: string | null): Line[] {
  if (editing !== null) return [line(span(title, 'dim'), span(editing, 'strong'), '_')];
  return names.length === 0 ? [] : [line(span(title, 'dim'), names.join(', '))];
}

/** The files of a proposal: how many, and the first of them by name. */
export function filesLines(
  state: AppState,
  files: readonly FileChange[],
  columns: number,
  look: Look,
): Line[] {
  const shown = files.slice(0, 3).map(file => {
    const change = file.binary ? ' binary' : ` +${file.added} -${file.removed}`;
    return line(`        ${clipMiddle(file.path, columns - 22, look.glyphs.ellipsis)}`, span(change, 'dim'));
  });
  const more = files.length > 3 ? [line(span(`        and ${files.length - 3} more`, 'dim'))] : [];
  return [
    line(span('Files   ', 'dim'), `${files.length}   `, keySpan(state, 'dialog-patch'), ' shows the patch'),
    ...shown,
    ...more,
  ];
}

/** What became of a change or a pull request: what is kept after a refusal, where to look, what to do now. */
export function outcomeLines(props: DialogProps, outcome: ChangeOutcome): Line[] {
  const {state, columns, look} = props;
  const glyph = outcome.ok ? look.glyphs.synced : look.glyphs.failed;
  const lines = wrap(`${glyph} ${outcome.message}`, columns).map(text =>
    line(span(text, outcome.ok ? 'good' : 'bad')),
  );
  if (outcome.commit !== null) lines.push(line(span('Commit  ', 'dim'), outcome.commit.slice(0, 12)));
  if (outcome.branch !== '') lines.push(line(span('Branch  ', 'dim'), outcome.branch));
  lines.push(...pullRequestLines(state, outcome, columns));
  if (outcome.retry)
    lines.push(line(keySpan(state, 'retry'), ' tries the same step again: the commit is kept'));
  return [...lines, ...liveLines(props, outcome), [], buttons('cancel', 'Close', null, false)];
}

/** The feedback on the pull request that was opened, as it comes in. */
function liveLines({state, look, frame, columns}: DialogProps, {pullRequest}: ChangeOutcome): Line[] {
  if (pullRequest?.opened !== true) return [];
  const style = {look, frame, columns, now: state.now, comments: 2};
  return [[], ...feedbackLines(state.seen.get(pullRequest.number), style)];
}

function pullRequestLines(state: AppState, {pullRequest, message}: ChangeOutcome, columns: number): Line[] {
  if (pullRequest === null) return [];
  const keys = line(
    span('        ', 'dim'),
    keySpan(state, 'browse'),
    ' opens it   ',
    keySpan(state, 'copy'),
    ' copies the address',
  );
  if (pullRequest.opened) {
    const words = pullRequest.updated ? 'updated' : 'opened';
    return [
      line(`Pull request #${pullRequest.number} ${words}:`),
      ...addressLines(pullRequest.url, columns),
      keys,
    ];
  }
  // The message may have said why already.
  const words = message.includes(pullRequest.reason) ? '' : `No pull request opened: ${pullRequest.reason}`;
  const reason = words === '' ? [] : wrap(words, columns).map(text => line(span(text, 'drift')));
  if (pullRequest.compareUrl === null) return reason;
  return [...reason, line('Open it here:'), ...addressLines(pullRequest.compareUrl, columns), keys];
}

function addressLines(url: string, columns: number): Line[] {
  return wrap(url, columns).map(text => line(span(text, 'busy')));
}

/** A step that failed outright. */
export function failureLines(state: AppState, problem: Problem, columns: number, look: Look): Line[] {
  const fix = problem.fix === undefined ? [] : wrap(problem.fix, columns).map(text => line(text));
  return [
    ...wrap(`${look.glyphs.failed} ${problem.message}`, columns).map(text => line(span(text, 'bad'))),
    ...fix,
    line(keySpan(state, 'retry'), ' tries again'),
    [],
    buttons('cancel', 'Close', null, false),
  ];
}
