import {keyWord} from '../keys/key-words.ts';
import type {EditRequestDialog} from '../state/dialogs/dialog.ts';
import {blockedBecause} from '../state/dialogs/dialog.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, span} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {buttons, checkbox} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {failureLines, namesLine, outcomeLines, titleLine} from './proposal-content.ts';

type Props = DialogProps<EditRequestDialog>;

/** What the dialog that edits a pull request shows. */
export function editRequestContent(props: Props): DialogContent {
  const {stage} = props.dialog;
  const number = 'preview' in stage ? (stage.preview?.request.number ?? '') : '';
  return {title: `Edit pull request #${number}`, lines: bodyLines(props)};
}

function bodyLines(props: Props): Line[] {
  const {dialog, look, frame, columns} = props;
  const {stage} = dialog;
  switch (stage.at) {
    case 'planning':
      return [];
    case 'preview':
      return previewLines(props.state, dialog);
    case 'running':
      return [line(span(`${spinnerOf(look.glyphs, frame)} writing it`, 'busy'))];
    case 'result':
      return outcomeLines(props, stage.outcome);
    case 'failed':
      return failureLines(props.state, stage.problem, columns, look);
  }
}

function previewLines(state: AppState, dialog: EditRequestDialog): Line[] {
  const {field, editing, reviewers = [], labels = []} = dialog;
  const blocked = blockedBecause(dialog, state.preferences);
  const names = (title: string, key: string, known: readonly string[], name: 'reviewers' | 'labels') =>
    editing !== null && field === name
      ? namesLine(title, known, editing)
      : [
          line(
            span(title, 'dim'),
            known.join(', ') || 'none more',
            '  ',
            span(key, 'strong'),
            span(' adds', 'dim'),
          ),
        ];
  return [
    titleLine(state, dialog),
    [
      span('        '),
      ...checkbox(dialog.draft, keyWord(state, 'force-or-draft'), 'draft: not to be merged yet'),
    ],
    ...names('Review  ', keyWord(state, 'edit-reviewers'), reviewers, 'reviewers'),
    ...names('Labels  ', keyWord(state, 'label-or-branch'), labels, 'labels'),
    [],
    ...(blocked === null ? [] : [line(span(`It can't be written: ${blocked}`, 'drift'))]),
    buttons(dialog.focus, 'Cancel', 'Change', blocked !== null),
  ];
}
