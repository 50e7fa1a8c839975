import type {PullRequestPreview} from '../session.ts';
import type {PullRequestDialog} from '../state/dialogs/dialog.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {buttons} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {failureLines, filesLines, outcomeLines, titleLines} from './proposal-content.ts';

type Props = DialogProps<PullRequestDialog>;

/** What the pull request dialog shows: what it would hold, its texts; then where it is. */
export function pullRequestContent(props: Props): DialogContent {
  return {title: `Pull request for ${props.dialog.environment}`, lines: bodyLines(props)};
}

function bodyLines(props: Props): Line[] {
  const {dialog, look, frame, columns} = props;
  const {stage} = dialog;
  const spinner = spinnerOf(look.glyphs, frame);
  switch (stage.at) {
    case 'planning':
      return [
        line(span(`${spinner} looking for commits that the remote lacks`, 'busy')),
        [],
        buttons('cancel', 'Cancel', null, false),
      ];
    case 'preview':
      return previewLines(props, stage.preview);
    case 'running':
      return [
        line(span(`${spinner} pushing ${stage.preview.branch}, opening the pull request`, 'busy')),
        line(span(stage.stopping ? 'Stopping…' : 'esc stops it; a branch that is pushed stays', 'dim')),
      ];
    case 'result':
      return outcomeLines(props, stage.outcome);
    case 'failed':
      return failureLines(props.state, stage.problem, columns, look);
  }
}

function previewLines({state, dialog, look, columns}: Props, preview: PullRequestPreview): Line[] {
  if (preview.nothing !== null) {
    const words = wrap(preview.nothing, columns).map(text => line(text));
    return [...words, [], buttons('cancel', 'Close', null, false)];
  }
  const token = preview.hasToken ? '' : 'no token: the address to open it at will be shown';
  const commits = preview.commits
    .slice(0, 4)
    .map(({sha, subject}) => line(span(`        ${sha.slice(0, 7)} `, 'dim'), subject));
  const more =
    preview.commits.length > 4 ? [line(span(`        and ${preview.commits.length - 4} more`, 'dim'))] : [];
  return [
    ...preview.warnings.flatMap(warning =>
      wrap(`! ${warning}`, columns).map(text => line(span(text, 'drift'))),
    ),
    line(span('Base    ', 'dim'), preview.base, span('   Branch  ', 'dim'), preview.branch),
    line(span('Commits ', 'dim'), `${preview.commits.length}`),
    ...commits,
    ...more,
    ...titleLines(state, dialog),
    ...filesLines(state, preview.files, columns, look),
    ...(token === '' ? [] : [line(span(token, 'drift'))]),
    [],
    buttons(dialog.focus, 'Cancel', 'Push and open', false),
  ];
}
