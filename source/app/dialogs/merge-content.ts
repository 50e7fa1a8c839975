import {keySpan, keyWord} from '../keys/key-words.ts';
import {feedbackLines} from '../screens/feedback-lines.ts';
import type {MergeDialog} from '../state/dialogs/dialog.ts';
import {mergeBlocked} from '../state/dialogs/merge-dialog.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {buttons, checkbox} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {failureLines} from './proposal-content.ts';

type Props = DialogProps<MergeDialog>;

const methodWords = {
  merge: 'a merge commit',
  squash: 'one commit of all (squash)',
  rebase: 'its commits on top of the base (rebase)',
  'fast-forward': 'the base moves on to its head (fast-forward)',
} as const;

/** What the dialog of a merge shows: exactly what goes where, the method, what is in the way; then what became of it. */
export function mergeContent(props: Props): DialogContent {
  return {title: `Merge #${props.dialog.request.number}`, lines: bodyLines(props)};
}

function bodyLines(props: Props): Line[] {
  const {dialog, look, frame, columns} = props;
  const {stage, request} = dialog;
  const {synced} = look.glyphs;
  switch (stage.at) {
    case 'preview':
    case 'typing':
      return previewLines(props);
    case 'running':
      return [
        line(
          span(
            `${spinnerOf(look.glyphs, frame)} merging ${dialog.head.slice(0, 7)} into ${request.base}`,
            'busy',
          ),
        ),
        line(
          span(stage.stopping ? 'Stopping…' : 'esc stops waiting; what the forge has begun it ends', 'dim'),
        ),
      ];
    case 'result': {
      const {result} = stage;
      const words = result.merged
        ? `${synced} merged into ${request.base}${result.sha === null ? '' : ` as ${result.sha.slice(0, 7)}`}`
        : `${synced} the forge has taken the order and merges by itself when it may`;
      return [
        line(span(words, 'good')),
        ...result.notes.flatMap(note => wrap(note, columns).map(text => line(span(text, 'drift')))),
        [],
        buttons('cancel', 'Close', null, false),
      ];
    }
    case 'failed':
      return failureLines(props.state, stage.problem, columns, look);
  }
}

function previewLines(props: Props): Line[] {
  const {dialog, state, columns, look, frame} = props;
  const {request, head, method, stage, typing} = dialog;
  const seen = state.seen.get(request.number);
  const blocked = mergeBlocked(dialog, seen?.state);
  const from = request.fork === null ? request.branch : `${request.fork}:${request.branch}`;
  const environments = request.environments.join(', ') || 'no environment';
  // The buttons and the name to type must stay in sight, however many checks there are.
  const room = Math.max(2, state.size.rows - 17);
  const feedback = feedbackLines(seen, {look, frame, columns, now: state.now, comments: 1}).slice(0, room);
  return [
    line(span(request.title, 'strong')),
    line(span('Merges  ', 'dim'), `${from} at ${head.slice(0, 7)} ${look.glyphs.arrow} ${request.base}`),
    line(span('Changes ', 'dim'), span(environments, dialog.protected ? 'strong' : 'plain')),
    line(
      span('As      ', 'dim'),
      methodWords[method],
      '  ',
      keySpan(state, 'merge-method'),
      span(' another way', 'dim'),
    ),
    request.fork === null
      ? [
          span('        '),
          ...checkbox(dialog.deleteBranch, keyWord(state, 'label-or-branch'), 'delete the branch afterwards'),
        ]
      : line(span('        the branch is in a fork and stays', 'dim')),
    [],
    ...feedback,
    [],
    ...(stage.at === 'typing' || blocked === null
      ? []
      : wrap(`It can't be merged now: ${blocked}`, columns).map(text => line(span(text, 'drift')))),
    ...(typing === null || stage.at === 'typing'
      ? []
      : [line('Protected: Merge then asks you to type ', span(typing, 'strong'))]),
    ...(stage.at === 'typing'
      ? [
          line('Type ', span(typing ?? '', 'strong'), ' to merge: ', span(stage.typed, 'strong'), '_'),
          line(span('enter merges once it is that, esc goes back', 'dim')),
        ]
      : [buttons(dialog.focus, 'Cancel', 'Merge', blocked !== null)]),
  ];
}
