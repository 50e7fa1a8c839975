type Variables = Readonly<Record<string, string | undefined>>;

/** Of a terminal that answers nothing and may even print a question (Linux's console, teletypes). */
const answersNothing = /^(?:linux|dumb|unknown|cons25|vt52|ansi|)$/;

const background = '\u001B]11;?\u0007';
const keyboard = '\u001B[?u';
/** DA1: every terminal answers it, after what it was asked before. */
const attributes = '\u001B[c';

/**
 * What a terminal is asked once: its background's colour (OSC 11), whether it knows the kitty keyboard protocol, its attributes.
 * '' for a terminal that must not be asked. GNU screen answers for itself and keeps questions that it doesn't know: that for
 * the colour is put through to the terminal around it. tmux answers for its terminal.
 */
export function questions(env: Variables): string {
  if (answersNothing.test(env['TERM'] ?? '')) return '';
  const isScreen = env['STY'] !== undefined && env['TMUX'] === undefined;
  return (isScreen ? `\u001BP${background}\u001B\\` : background) + keyboard + attributes;
}

/** The questions above, and that for the terminal's presence (DSR 5, see output/link.ts). */
const everyQuestion = [background, keyboard, attributes, '\u001B[5n'];

/** True for an output that holds a question about the terminal itself: its answer must not come to another program. */
export function asks(output: string): boolean {
  return [background, keyboard, attributes].some(question => output.includes(question));
}

/** An output without its questions. */
export function unasked(output: string): string {
  return everyQuestion.reduce((rest, question) => rest.replaceAll(question, ''), output);
}

/**
 * The kitty keyboard protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/): keys that can't be mistaken for one another (1),
 * with their place on a Latin keyboard (4), so that ctrl-c is ctrl-c in every alphabet. It asks what is on now: from the
 * answer on, ESC is never a key.
 */
export const kittyKeyboard = {on: `\u001B[>5u${keyboard}`, off: '\u001B[<u'};

/** Pasted text comes between marks. */
export const pasteMarks = {on: '\u001B[?2004h', off: '\u001B[?2004l'};

/** Presses and the wheel are told, in SGR's way. The terminal's own selection then needs shift. */
export const mouseReports = {on: '\u001B[?1000h\u001B[?1006h', off: '\u001B[?1006l\u001B[?1000l'};
