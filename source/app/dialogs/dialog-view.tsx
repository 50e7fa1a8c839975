import {Box} from 'ink';
import {Panel} from '../components/panel.tsx';
import type {Dialog} from '../state/dialogs/dialog.ts';
import {placeInQueue} from '../state/dialogs/sync-queue.ts';
import {line, span} from '../text/line.ts';
import {baselineContent} from './baseline-content.ts';
import {changeContent} from './change-content.ts';
import {contextContent} from './context-content.ts';
import type {DialogContent, DialogProps} from './dialog.ts';
import {editRequestContent} from './edit-request-content.ts';
import {mergeContent} from './merge-content.ts';
import {programContent} from './program-content.ts';
import {pullRequestContent} from './pull-request-content.ts';
import {revealContent} from './reveal-content.ts';
import {syncContent} from './sync-content.ts';
import {type DialogWindow, dialogWindow} from './window.ts';

/** The open dialog, in the middle of the screen, in front of it. */
export function DialogView(props: Omit<DialogProps, 'columns'>) {
  const {state, dialog, look} = props;
  const {columns, rows} = state.size;
  const width = widthOf(columns);
  const {title} = contentOf({...props, columns: width - 4}, dialog);
  const {lines} = visibleOf(props);
  const height = lines.length + 2;
  return (
    <Box
      position="absolute"
      marginLeft={Math.floor((columns - width) / 2)}
      marginTop={1 + Math.max(0, Math.floor((rows - 2 - height) / 2))}
    >
      <Panel
        title={line(span(`${title}${placeInQueue(state)}`, 'strong'))}
        right={dialog.protected ? line(span(' PROTECTED ', 'alarm')) : []}
        columns={width}
        rows={height}
        lines={lines}
        look={look}
        tone={dialog.protected ? 'bad' : 'plain'}
      />
    </Box>
  );
}

/** What of the open dialog's text can be seen; and how long what scrolls of it is. */
export function visibleOf(props: Omit<DialogProps, 'columns'>): DialogWindow {
  const {columns, rows} = props.state.size;
  const {lines} = contentOf({...props, columns: widthOf(columns) - 4}, props.dialog);
  return dialogWindow(lines, rows - 4, props.state.dialogTop);
}

function widthOf(columns: number): number {
  return Math.min(columns - 4, 84);
}

/** What a dialog shows, all of it. */
export function contentOf(props: DialogProps, dialog: Dialog): DialogContent {
  switch (dialog.kind) {
    case 'sync':
      return syncContent({...props, dialog});
    case 'change':
      return changeContent({...props, dialog});
    case 'baseline':
      return baselineContent({...props, dialog});
    case 'edit-request':
      return editRequestContent({...props, dialog});
    case 'merge':
      return mergeContent({...props, dialog});
    case 'program':
      return programContent({...props, dialog});
    case 'reveal':
      return revealContent({...props, dialog});
    case 'context':
      return contextContent({...props, dialog});
    case 'pull-request':
      return pullRequestContent({...props, dialog});
  }
}
