import type {Dialog} from '../state/dialogs/dialog.ts';
import type {AppState} from '../state/state.ts';
import type {Line} from '../text/line.ts';
import type {Look} from '../text/theme.ts';

/** What a dialog is drawn with. */
export interface DialogProps<D extends Dialog = Dialog> {
  readonly state: AppState;
  readonly dialog: D;
  readonly look: Look;
  readonly frame: number;
  /** Columns inside its border. */
  readonly columns: number;
}

/** What a dialog shows. */
export interface DialogContent {
  readonly title: string;
  readonly lines: readonly Line[];
}
