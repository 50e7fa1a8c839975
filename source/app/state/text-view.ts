import type {InputLine} from './input-line.ts';

/** How a text in front of everything is looked at; what is left out is as at first. */
export interface TextView {
  /** The first column that is shown of lines that are too long. */
  readonly left?: number;
  /** Lines that are too long are wrapped instead. */
  readonly wrap?: boolean;
  /** A diff in two columns. */
  readonly split?: boolean;
  /** Equal lines that are kept around a change. */
  readonly context?: number;
  /** The gaps of a diff that were opened. */
  readonly opened?: ReadonlySet<number>;
  /** What is searched for; '' for nothing. */
  readonly query?: string;
  /** The query while it is typed. */
  readonly typing?: InputLine | null;
  /** The line where the last jump (to a change, a file, a match) led. */
  readonly here?: number | null;
  /** Also what the API server wrote for itself. */
  readonly managed?: boolean;
}

/** Where a jump in a text leads. */
export type Jump = 'next' | 'previous' | 'next-file' | 'previous-file' | 'first-match';

/** What the keys of a text do. Lines and rows are told by who draws it, as `move` is. */
export type TextAction =
  /** `top` is the row that shows what was the first before. */
  | {type: 'text-view'; change: TextView; top?: number}
  /** Opens a gap (`at`) of a diff; null where none is in sight. */
  | {type: 'text-gap'; at?: number | null}
  | {type: 'text-jump'; jump: Jump; to?: {readonly line: number; readonly top: number} | null};

/** Lines around a change where a diff has the whole screen. */
export const wideContext = 12;
