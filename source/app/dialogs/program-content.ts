import type {ProgramDialog} from '../state/dialogs/dialog.ts';
import {wantsName} from '../state/dialogs/program-dialog.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {shownArguments} from '../text/shown-argument.ts';
import {buttons} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';

const whereWords = {
  terminal: 'it has this terminal until it ends',
  background: 'beside the app; its end is told',
  pager: 'its output is shown here',
} as const;

/** What the dialog of a command of the user's own shows: each argument of what would run, as it is. */
export function programContent({dialog, columns}: DialogProps<ProgramDialog>): DialogContent {
  const {order, environment, stage, focus} = dialog;
  const lines: Line[] = [
    ...shownArguments(order.argv).flatMap((argument, index) =>
      wrap(argument, columns - 9).map((text, part) =>
        line(
          span(index === 0 && part === 0 ? 'Runs     ' : '         ', 'dim'),
          span(text, index === 0 ? 'strong' : 'plain'),
        ),
      ),
    ),
    line(span('Where    ', 'dim'), whereWords[order.in]),
    order.changes
      ? line(span('It may change something: nobody here knows what', 'drift'))
      : line(span('It only looks, says your preferences', 'dim')),
    [],
  ];
  if (stage.at === 'typing') {
    lines.push(
      line('Type ', span(environment, 'strong'), ' to run it: ', span(stage.typed, 'strong'), '_'),
      line(span('enter runs it once it is that, esc goes back', 'dim')),
    );
  } else {
    if (wantsName(dialog))
      lines.push(line('Protected: Run then asks you to type ', span(environment, 'strong')));
    lines.push(buttons(focus, 'Cancel', 'Run', false));
  }
  return {title: environment === '' ? order.name : `${order.name}: ${environment}`, lines};
}
