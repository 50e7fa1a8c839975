import {plain} from '../../text/plain.ts';
import type {RevealedSide} from '../session.ts';
import type {RevealDialog} from '../state/dialogs/dialog.ts';
import {shownTime, valueLines} from '../state/dialogs/reveal-dialog.ts';
import {dialogSteps} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {buttons} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {failureLines} from './proposal-content.ts';

type Props = DialogProps<RevealDialog>;

/** What the dialog with a secret value shows: which key to reveal, then its value in git and live. */
export function revealContent(props: Props): DialogContent {
  const {namespace, name} = props.dialog.secret;
  return {title: `Secret ${namespace}/${name}`, lines: bodyLines(props)};
}

function bodyLines({state, dialog, look, frame, columns}: Props): Line[] {
  const {stage, keys} = dialog;
  switch (stage.at) {
    case 'choosing': {
      const height = dialogSteps(state);
      const chosen = chosenIndex(stage.list, keys);
      const {top} = stage.list;
      return [
        line('Which value is to be shown?'),
        [],
        ...keys
          .slice(top, top + height)
          .map((key, index) => line(span(top + index === chosen ? '> ' : '  ', 'strong'), key)),
        ...(keys.length > height ? [line(span(`  ${keys.length} keys`, 'dim'))] : []),
        [],
        line(span('enter', 'strong'), ' shows it   ', span('esc', 'strong'), ' leaves them masked'),
      ];
    }
    case 'planning': {
      const spinner = spinnerOf(look.glyphs, frame);
      return [
        line(span(`${spinner} reading ${stage.key}`, 'busy')),
        [],
        buttons('cancel', 'Cancel', null, false),
      ];
    }
    case 'shown': {
      const {git, live} = stage.revealed;
      const rows = valueLines(dialogSteps(state));
      const isSame = 'text' in git && 'text' in live && git.text === live.text;
      return [
        line('key   ', span(stage.key, 'strong'), span(isSame ? '   git and live are equal' : '', 'dim')),
        ...sideLines('git', git, stage.top, rows, columns),
        ...sideLines('live', live, stage.top, rows, columns),
        [],
        line(span(`hidden again after ${shownTime / 1000} s, and by any move`, 'dim')),
        buttons('cancel', 'Hide', null, false),
      ];
    }
    case 'failed':
      return failureLines(state, stage.problem, columns, look);
  }
}

function sideLines(name: string, side: RevealedSide, top: number, rows: number, columns: number): Line[] {
  const room = columns - 6;
  const label = (text: string, index: number, tone: 'plain' | 'dim'): Line =>
    line((index === 0 ? name : '').padEnd(6), span(text, tone));
  if ('none' in side) return wrap(side.none, room).map((text, index) => label(text, index, 'dim'));
  if ('bytes' in side) return [label(`binary, ${side.bytes} bytes`, 0, 'dim')];
  if (side.text === '') return [label('empty', 0, 'dim')];
  const lines = plain(side.text).split('\n');
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const shown = lines
    .slice(0, end)
    .slice(top, top + rows)
    .flatMap(text => pieces(text, room));
  const more = end - top - rows;
  return [
    ...shown.map((text, index) => label(text, index, 'plain')),
    ...(more > 0 ? [label(`${more} lines more: j`, 1, 'dim')] : []),
  ];
}

/** A value is cut anywhere: it has no words to be wrapped at, and its spaces count. */
function pieces(text: string, room: number): string[] {
  const characters = [...text];
  const found: string[] = [];
  for (let at = 0; at === 0 || at < characters.length; at += room)
    found.push(characters.slice(at, at + room).join(''));
  return found;
}
