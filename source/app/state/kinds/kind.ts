import type {Problem} from '../../../resources/problem.ts';
import type {Action, ListAction} from '../actions.ts';
import type {Answer, Call, CallEvent} from '../calls.ts';
import type {Step} from '../lists/list.ts';
import type {Shown} from '../lists/listing.ts';
import type {AppState, Screen} from '../state.ts';

/** What a screen that can be filtered, sorted and marked has besides. */
export interface ListingKind<S extends Screen> {
  /** Names of the fields that a filter knows: `kind:Deployment`. */
  readonly fields: readonly string[];
  /** How the shown order is called, which way it goes, and how many rows there are without the filter. */
  shown(state: AppState, screen: S): Pick<Shown<unknown>, 'keys' | 'total' | 'order'>;
  nextOrder(sort: string): string;
  /** True where the chosen row can be marked, else why not; without it nothing is done to several at once. */
  canMark?(state: AppState, screen: S): true | string;
  /** What `.` hides and `n` passes, in words: `in sync`; without it neither does anything. */
  readonly passes?: string;
  /** Keys of what is marked and not to be seen now; by default those of no row. */
  hidden?(state: AppState, screen: S): number;
  /** After one of the keys that all lists have. */
  reduce(state: AppState, screen: S, action: Exclude<ListAction, {type: 'sort'}>): S;
}

/**
 * What a screen does with what all screens have: rows, keys, answers. Everything is pure; what is left out has the plain
 * behaviour, which `screen-kinds.ts` gives.
 */
export interface ScreenKind<S extends Screen> {
  /** What the keys of lists need: names of the fields for its filter, its orders, the reasons why a row can't be marked. */
  readonly listing?: ListingKind<S>;
  /** The keys of what can be chosen, and how many rows of it are in sight. */
  rows(state: AppState, screen: S): {readonly keys: readonly string[]; readonly height: number};
  /** How many lines of the terminal are above its first row, the header among them; without it no click chooses a row. */
  above?(state: AppState, screen: S): number;
  /** True where there are more rows than are known. */
  hasMore?(screen: S): boolean;
  /** A step through it; by default through its rows. */
  move?(state: AppState, screen: S, by: Step): AppState;
  /** Chooses the row of a key; by default in its rows. */
  choose?(state: AppState, screen: S, key: string): AppState;
  enter?(state: AppState, screen: S): AppState;
  /** A step out within the screen; null where the screen itself is left. */
  back?(state: AppState, screen: S): AppState | null;
  /** Asks again for what is shown. */
  refresh(state: AppState, screen: S): AppState;
  /** After anything happened: by default the choice is kept on its object and in sight. */
  settle?(state: AppState, screen: S): AppState;
  /** Actions that only this screen knows. */
  reduce?(state: AppState, screen: S, action: Action): AppState;
  /** What is told on the way to an answer that this screen waits for. */
  news?(state: AppState, screen: S, events: readonly CallEvent[]): AppState;
  /** An answer to what this screen asked; it was asked by this very screen: others' are taken back when they are left. */
  answered?(state: AppState, screen: S, call: Call, answer: Answer): AppState;
  /** The same for what failed. */
  failed?(state: AppState, screen: S, call: Call, problem: Problem): AppState;
  /** After the screen in front of it was left: what it waited for was taken back when it was covered. */
  uncovered?(state: AppState, screen: S): AppState;
  /** After git moved, by a fetch, a pull or a change of ours. */
  gitMoved?(state: AppState, screen: S): AppState;
  /** The clock. */
  tick?(state: AppState, screen: S): AppState;
  /** What `c` copies here; null for nothing. */
  copyable(state: AppState, screen: S): string | null;
}
