/** What of a screen is printed: everything as words, a row with the key by which it is chosen. */
export interface ShownText {
  /** What the screen is about, and what should be known before its rows. */
  readonly head: readonly string[];
  readonly rows: readonly {
    readonly key: string;
    readonly text: string;
    /** Lines that stand between this row and the one before it. */
    readonly above?: readonly string[];
  }[];
  /** What is said below the rows, or instead of them. */
  readonly foot: readonly string[];
  /** All about the chosen row. */
  readonly detail: readonly string[];
}
