import {keyWord} from '../keys/key-words.ts';
import type {ChangePreview} from '../session.ts';
import {blockedBecause, type ChangeDialog} from '../state/dialogs/dialog.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {buttons, radio} from './buttons.ts';
import {changeTitle, factLines, wayLines} from './change-kinds.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {effectLines} from './effect-content.ts';
import {failureLines, filesLines, outcomeLines, titleLines} from './proposal-content.ts';

type Props = DialogProps<ChangeDialog>;

/** Rows that a dialog can't have: its border, and a line above and below it. */
const outside = 4;

/** What the dialog of a change of git shows: the ways, the preview, the way out; then what became of it. */
export function changeContent(props: Props): DialogContent {
  return {title: changeTitle(props.dialog.request), lines: bodyLines(props)};
}

function bodyLines(props: Props): Line[] {
  const {dialog, look, frame, columns} = props;
  const {stage} = dialog;
  const spinner = spinnerOf(look.glyphs, frame);
  switch (stage.at) {
    case 'planning':
      return [
        line(span(dialog.about, 'strong')),
        ...wayLines(props.state, dialog.request, null, look),
        line(span(`${spinner} working out what that changes`, 'busy')),
        [],
        buttons('cancel', 'Cancel', null, false),
      ];
    case 'preview':
      return previewLines(props, stage.preview, stage.moved);
    case 'running':
      return [
        line(
          span(
            `${spinner} ${dialog.via === 'push' ? 'committing and pushing' : 'committing, pushing a branch, opening a pull request'}`,
            'busy',
          ),
        ),
        line(span(stage.stopping ? 'Stopping…' : 'esc stops it; a commit that is made is kept', 'dim')),
      ];
    case 'result':
      return outcomeLines(props, stage.outcome);
    case 'failed':
      return failureLines(props.state, stage.problem, columns, look);
  }
}

function previewLines(props: Props, preview: ChangePreview, moved: string | null): Line[] {
  const {state, dialog, look, frame, columns} = props;
  const {plan} = preview;
  const {chosen} = look.glyphs;
  const blocked = blockedBecause(dialog, props.state.preferences);
  const push =
    preview.pushRefused === null
      ? [`push to ${plan.branch}`]
      : wrap(`no push to ${plan.branch}: ${preview.pushRefused}`, columns - 7);
  const above = [
    ...(moved === null
      ? []
      : wrap(`Nothing was pushed: ${moved}.`, columns).map(text => line(span(text, 'drift')))),
    ...(plan.warnings ?? []).flatMap(warning => warningLines(warning, columns)),
    line(span(dialog.about, 'strong')),
    ...factLines(preview, columns, look, props.state.size.rows),
    ...wayLines(props.state, dialog.request, preview, look),
    line(span('Onto    ', 'dim'), `${plan.baseRef} ${plan.base.slice(0, 7)}`),
    ...filesLines(props.state, plan.files, columns, look),
    ...conflictLines(preview, columns),
  ];
  const below = [
    [],
    radio(
      dialog.via === 'pull-request',
      chosen,
      keyWord(props.state, 'via-pull-request'),
      `push ${preview.pullRequestBranch}, open a pull request`,
    ),
    radio(
      dialog.via === 'push',
      chosen,
      keyWord(props.state, 'prune'),
      push[0] ?? '',
      preview.pushRefused !== null,
    ),
    ...push.slice(1).map(text => line(span(`       ${text}`, 'dim'))),
    ...(dialog.via === 'pull-request' ? titleLines(props.state, dialog) : []),
    ...(blocked === null
      ? []
      : wrap(`It can't be done: ${blocked}`, columns).map(text => line(span(text, 'drift')))),
    buttons(
      dialog.focus,
      'Cancel',
      dialog.via === 'push' ? 'Commit and push' : 'Push and open',
      blocked !== null,
    ),
  ];
  // What is decided here is never pushed out by what it is decided on: v shows all of that.
  const room = state.size.rows - outside - above.length - below.length;
  return [
    ...above,
    ...effectLines(dialog.effects, {state: props.state, look, frame, columns, room}),
    ...below,
  ];
}

function warningLines(warning: string, columns: number): Line[] {
  return wrap(warning, columns - 2).map((text, index) =>
    line(span(`${index === 0 ? '! ' : '  '}${text}`, 'drift')),
  );
}

function conflictLines({plan}: ChangePreview, columns: number): Line[] {
  return plan.conflicts
    .slice(0, 3)
    .flatMap(({path, resolve}) =>
      wrap(`conflict in ${path}${resolve?.note ? ` (${resolve.note})` : ''}`, columns - 8).map(text =>
        line(span(`        ${text}`, 'bad')),
      ),
    );
}
