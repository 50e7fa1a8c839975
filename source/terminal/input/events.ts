/** A colour as the terminal tells it, 0 to 255 each. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** What the terminal answered to a question; never a key. */
export type Reply =
  | {readonly of: 'foreground' | 'background'; readonly color: Rgb}
  /** Its attributes (DA1): the answer that every terminal gives, so the end of those to questions before it. */
  | {readonly of: 'attributes'}
  /** It is there, and has taken all that it was sent before it was asked (DSR 5). */
  | {readonly of: 'ready'}
  /** It knows the kitty keyboard protocol, and which of it is on. */
  | {readonly of: 'keyboard'; readonly flags: number}
  /** Whether it knows a private mode (DECRPM): 0 for no, 1 set, 2 reset, 3 and 4 for ever so. */
  | {readonly of: 'mode'; readonly mode: number; readonly setting: number};

/** What the mouse did; the place is counted from 0, from the upper left. */
export interface MouseEvent {
  readonly type: 'mouse';
  readonly action: 'press' | 'wheel-up' | 'wheel-down';
  readonly column: number;
  readonly row: number;
}

/** What came from the terminal. */
export type InputEvent =
  /** A key by name: `j`, `G`, `space`, `enter`, `esc`, `ctrl-d`, `shift-tab`, `pgdn`, `f5`. */
  | {readonly type: 'key'; readonly key: string}
  /** Pasted text, without control characters but tabs and line ends (`\n`). `cut` where it was longer than what is kept. */
  | {readonly type: 'paste'; readonly text: string; readonly cut: boolean}
  | MouseEvent
  | {readonly type: 'focus'; readonly focused: boolean}
  | {readonly type: 'reply'; readonly reply: Reply};
