import {keySpan} from '../keys/key-words.ts';
import type {BaselinePreview} from '../session.ts';
import type {BaselineDialog} from '../state/dialogs/dialog.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {buttons} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {failureLines} from './proposal-content.ts';

type Props = DialogProps<BaselineDialog>;

/** So many of the earlier marks are named. */
const named = 3;

/** What the dialog of a baseline shows: what is marked, what was before, where it is shared; then what became of it. */
export function baselineContent(props: Props): DialogContent {
  const {environment, commit} = props.dialog;
  return {title: `Mark ${commit.slice(0, 7)} as known good for ${environment}`, lines: bodyLines(props)};
}

function bodyLines(props: Props): Line[] {
  const {dialog, look, frame, columns} = props;
  const {stage} = dialog;
  const spinner = spinnerOf(look.glyphs, frame);
  switch (stage.at) {
    case 'planning':
      return [
        line(span(dialog.about, 'strong')),
        line(span(`${spinner} asking for the marks of others`, 'busy')),
        [],
        buttons('cancel', 'Cancel', null, false),
      ];
    case 'preview':
      return [
        ...previewLines(dialog, stage.plan, columns),
        ...(dialog.protected
          ? [line('Protected: Mark then asks you to type ', span(dialog.environment, 'strong'))]
          : []),
        buttons(dialog.focus, 'Cancel', 'Mark', false),
      ];
    case 'typing':
      return [
        ...previewLines(dialog, stage.plan, columns),
        line('Type ', span(dialog.environment, 'strong'), ' to mark: ', span(stage.typed, 'strong'), '_'),
        line(span('enter marks once it is that, esc goes back', 'dim')),
      ];
    case 'running':
      return [
        line(span(`${spinner} marking and sharing`, 'busy')),
        line(span(stage.stopping ? 'Stopping…' : 'esc stops it; a mark that is made is kept', 'dim')),
      ];
    case 'result': {
      const {ok, message, retry} = stage.marked;
      const words = `${ok ? look.glyphs.synced : look.glyphs.failed} ${message}`;
      return [
        ...wrap(words, columns).map(text => line(span(text, ok ? 'good' : 'bad'))),
        ...(retry
          ? [line(keySpan(props.state, 'retry'), ' tries the same step again: the mark is kept')]
          : []),
        [],
        buttons('cancel', 'Close', null, false),
      ];
    }
    case 'failed':
      return failureLines(props.state, stage.problem, columns, look);
  }
}

function previewLines(dialog: BaselineDialog, preview: BaselinePreview, columns: number): Line[] {
  const {known, shared, remote, warnings} = preview;
  const marks = known.slice(0, named).map(({commit, time, by, tag}, index) => {
    const where = remote === null || shared.includes(tag) ? '' : '   only here';
    return line(
      span(index === 0 ? 'Until now  ' : '           ', 'dim'),
      `${commit.slice(0, 7)}  ${time.slice(0, 10)}  ${by}`,
      span(where, 'drift'),
    );
  });
  const share =
    remote === null
      ? 'an annotated tag in this repository: there is no remote'
      : `an annotated tag, pushed to ${remote}: everybody sees it`;
  return [
    ...warnings.flatMap(warning => wrap(`! ${warning}`, columns).map(text => line(span(text, 'drift')))),
    line(span(dialog.about, 'strong')),
    line(span('Makes      ', 'dim'), share),
    ...(marks.length === 0 ? [line(span('None is marked yet', 'dim'))] : marks),
    line(span('U in its revisions then goes back to it in one dialog', 'dim')),
    [],
  ];
}
