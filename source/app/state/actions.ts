import type {FollowEvent} from '../../engines/types.ts';
import type {ThemeName} from '../../preferences/types.ts';
import type {RememberedView} from '../../remembered/types.ts';
import type {Problem} from '../../resources/problem.ts';
import type {
  ChangeRequest,
  JournalEntry,
  ProgramOrder,
  PullRequestSeen,
  RepositorySummary,
} from '../session.ts';
import type {Shade} from '../text/themes/theme.ts';
import type {Answer, CallEvent} from './calls.ts';
import type {DialogAction} from './dialogs/dialog.ts';
import type {InputLine} from './input-line.ts';
import type {Step} from './lists/list.ts';
import type {PaletteAction} from './palette.ts';
import type {LookAction} from './screens/look-actions.ts';
import type {PromotionAction} from './screens/promotion-actions.ts';
import type {Overlay, SessionInfo} from './state.ts';
import type {TextAction} from './text-view.ts';

/** What the keys do that all lists have. */
export type ListAction =
  | {type: 'filter'}
  | {type: 'filter-type'; line: InputLine}
  | {type: 'filter-done'}
  | {type: 'filter-clear'}
  /** The next order. */
  /** The next order, or the one of a name. */
  | {type: 'sort'; order?: string}
  | {type: 'drift-only'}
  | {type: 'next-drift'; by: 1 | -1}
  | {type: 'mark'}
  | {type: 'range'}
  | {type: 'mark-all'};

/** What the environment screen's keys do besides. */
export type TreeAction =
  | {type: 'fold'; open: boolean}
  | {type: 'fold-all'; open: boolean}
  | {type: 'pane'}
  | {type: 'split'}
  | {type: 'context'; by: 1 | -1};

/** All that can happen to the state. */
export type Action =
  | {type: 'opened'; session: SessionInfo}
  | {type: 'resized'; columns: number; rows: number}
  | {type: 'answered'; token: number; answer: Answer}
  | {type: 'failed'; token: number; problem: Problem}
  | {type: 'news'; token: number; events: readonly CallEvent[]}
  /** What following an environment tells; `ended` where it can't be followed (any more). */
  | {type: 'followed'; environment: string; event: FollowEvent | {type: 'ended'}}
  | {type: 'repository'; repository: RepositorySummary}
  /** The clock: asks again for what is on the screen and old. */
  | {type: 'tick'}
  | {type: 'refresh'}
  | {type: 'fetch'}
  /** `length` is the number of lines where an overlay or a dialog is scrolled, `height` how many of a dialog's are in sight. */
  | {type: 'move'; by: Step; length?: number; height?: number}
  /** The row with this key, where the shown list has it. */
  | {type: 'choose'; key: string}
  | {type: 'enter'}
  | {type: 'back'}
  /** As `back`; what is waited for is cancelled first. */
  | {type: 'out'}
  | {type: 'go-to'; index: number}
  | {type: 'revisions'}
  | {type: 'pull-requests'}
  /** Only those of one environment, or all. */
  | {type: 'pull-request-scope'}
  /** A look at the pull request that is followed. */
  | {type: 'pull-request-seen'; number: number; seen: PullRequestSeen}
  | {type: 'open-baseline'}
  | {type: 'open-to-baseline'}
  | {type: 'open-merge'}
  | {type: 'open-edit-request'}
  | {type: 'images'}
  | {type: 'overlay'; overlay: Overlay | null}
  | {type: 'text'; text: string}
  | {type: 'open-sync'}
  | {type: 'open-revert'}
  /** The dialog of a change of git; `about` is what it is about. */
  | {type: 'open-change'; request: ChangeRequest; about: string}
  | {type: 'open-pull-request'}
  | {type: 'open-context'}
  /** The screen of an environment's sync. */
  | {type: 'sync-show'; environment: string}
  /** Asks a sync to stop; null is all that run. */
  | {type: 'sync-stop'; environment: string | null}
  | {type: 'sync-follow'}
  | {type: 'command-log'}
  | {type: 'problems'}
  /** What was run and asked, as of now. */
  | {type: 'journal'; entries: readonly JournalEntry[]}
  | {type: 'open-reveal'}
  | {type: 'say'; text: string; tone: 'good' | 'bad' | 'drift'}
  | {type: 'hush'}
  | {type: 'theme'; theme: ThemeName}
  /** The terminal has told its background. */
  | {type: 'background'; shade: Shade}
  | {type: 'quit'; code: number}
  /** The last session's view of this repository. */
  | {type: 'restore'; view: RememberedView}
  | TextAction
  | ListAction
  | LookAction
  | TreeAction
  /** A command of the user's own: shown first; at once where it only looks. */
  | {type: 'open-program'; order: ProgramOrder}
  | {type: 'run-program'; order: ProgramOrder}
  | PaletteAction
  | PromotionAction
  | DialogAction;
