import type {ContextNote} from '../../environments/settle-file.ts';
import {canBeWritten} from '../state/dialogs/context-dialog.ts';
import type {ContextDialog} from '../state/dialogs/dialog.ts';
import {dialogSteps} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {fit, type Line, line, span, wrap} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {clipMiddle} from '../text/width.ts';
import {buttons} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {failureLines} from './proposal-content.ts';

type Props = DialogProps<ContextDialog>;

/** What the dialog for an environment's context shows: the contexts, then what can be written down. */
export function contextContent(props: Props): DialogContent {
  return {title: `Cluster of ${props.dialog.environment}`, lines: bodyLines(props)};
}

function bodyLines(props: Props): Line[] {
  const {dialog, look, frame, columns} = props;
  const {stage} = dialog;
  const spinner = spinnerOf(look.glyphs, frame);
  switch (stage.at) {
    case 'planning':
      return [
        line(span(`${spinner} reading the kubeconfig`, 'busy')),
        [],
        buttons('cancel', 'Cancel', null, false),
      ];
    case 'choosing':
      return choiceLines(props, stage);
    case 'asking':
      return askingLines(props, stage.chosen.environment.context ?? '', stage.chosen.note);
    case 'writing':
      return [line(span(`${spinner} writing ${stage.chosen.note.file}`, 'busy'))];
    case 'written': {
      const {note} = stage.chosen;
      if (!note.written)
        return [...notWrittenLines(note, columns), [], buttons('cancel', 'Close', null, false)];
      const words = `${look.glyphs.synced} ${note.file} ${note.isNew ? 'is made' : 'has it'}; commit it for everybody else`;
      return [
        ...wrap(words, columns).map(text => line(span(text, 'good'))),
        [],
        buttons('cancel', 'Close', null, false),
      ];
    }
    case 'failed':
      return failureLines(props.state, stage.problem, columns, look);
  }
}

function choiceLines(
  {state, dialog, look, columns}: Props,
  {contexts, list}: Extract<ContextDialog['stage'], {at: 'choosing'}>,
): Line[] {
  if (contexts.length === 0) {
    return [
      line('The kubeconfig has no contexts.'),
      ...wrap('Set KUBECONFIG, or start with --kubeconfig FILE.', columns).map(text => line(text)),
      [],
      buttons('cancel', 'Close', null, false),
    ];
  }
  const height = dialogSteps(state);
  const chosen = chosenIndex(
    list,
    contexts.map(({name}) => name),
  );
  const widest = Math.max(...contexts.map(({name}) => name.length));
  const room = Math.min(widest, Math.floor((columns - 4) * 0.55));
  const rows = contexts.slice(list.top, list.top + height).map(({name, server, current}, index): Line => {
    const {ellipsis} = look.glyphs;
    const words = `${server}${current ? ' (current)' : ''}`;
    return [
      span(list.top + index === chosen ? '> ' : '  ', 'strong'),
      ...fit(line(clipMiddle(name, room, ellipsis)), room),
      span(`  ${clipMiddle(words, columns - room - 4, ellipsis)}`, 'dim'),
    ];
  });
  const more =
    contexts.length > height
      ? [line(span(`  ${list.top + 1}-${list.top + rows.length} of ${contexts.length}`, 'dim'))]
      : [];
  return [
    line('On which kubeconfig context does ', span(dialog.environment, 'strong'), ' run?'),
    [],
    ...rows,
    ...more,
    [],
    line(
      span('enter', 'strong'),
      ' compares with it, until you quit   ',
      span('esc', 'strong'),
      ' leaves it open',
    ),
  ];
}

function askingLines({dialog, columns}: Props, context: string, note: ContextNote): Line[] {
  const head = line(
    span(dialog.environment, 'strong'),
    ' is compared with ',
    span(context, 'strong'),
    ' until you quit.',
  );
  if (!canBeWritten(dialog)) {
    const why = dialog.readOnly ? 'this session is read-only (--read-only)' : note.reason;
    return [
      head,
      [],
      ...notWrittenLines({...note, reason: why}, columns),
      [],
      buttons('cancel', 'Close', null, false),
    ];
  }
  return [
    head,
    [],
    line(
      note.isNew ? `To keep it, ${note.file} would be made, with:` : `To keep it, ${note.file} would get:`,
    ),
    ...noteLines(note, 'added'),
    [],
    buttons(dialog.focus, 'Not now', note.isNew ? 'Make it' : 'Write it', false),
  ];
}

function notWrittenLines(note: ContextNote, columns: number): Line[] {
  const words = `${note.file} is not written: ${note.reason}. To keep it, put this there (c copies it):`;
  return [...wrap(words, columns).map(text => line(span(text, 'drift'))), ...noteLines(note, 'plain')];
}

/** As many of the lines as a dialog has room for. */
function noteLines({lines}: ContextNote, tone: 'added' | 'plain'): Line[] {
  const all = lines.trimEnd().split('\n');
  const shown = all.slice(0, 10).map(text => line(span(`  ${text}`, tone)));
  return all.length > 10 ? [...shown, line(span(`  and ${all.length - 10} lines more`, 'dim'))] : shown;
}
