type Variables = Readonly<Record<string, string | undefined>>;

/** Bytes of text that a terminal's clipboard takes by OSC 52: with base64 and the rest, 100,000 are the most that all allow. */
export const clipboardLimit = 74_994;

// GNU screen drops a string sequence that is longer (MAXSTR in its source).
const screenChunk = 760;

/** The sequence that sets the terminal's clipboard; it moves no cursor. Or why there is none, for people. */
export type Clipboard = {readonly sequence: string} | {readonly refused: string};

/**
 * How the terminal's clipboard is set (OSC 52, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html). tmux takes the plain
 * sequence where `set-clipboard` is on, and hands on a wrapped one where `allow-passthrough` is; GNU screen only hands on,
 * in pieces.
 */
export function clipboardOf(text: string, env: Variables): Clipboard {
  const {TERM: term = '', TERM_PROGRAM: program} = env;
  if (/^(?:|dumb|unknown|linux|cons25|vt\d+|ansi)$/.test(term))
    return {refused: `a terminal of TERM=${term} has no clipboard`};
  if (program === 'Apple_Terminal') return {refused: "macOS's Terminal lets no program set its clipboard"};
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > clipboardLimit)
    return {refused: `it is ${bytes.length} bytes, terminals take ${clipboardLimit}`};
  const plain = `\u001B]52;c;${bytes.toString('base64')}\u0007`;
  if (env['TMUX'] !== undefined)
    return {sequence: `${plain}\u001BPtmux;${plain.replaceAll('\u001B', '\u001B\u001B')}\u001B\\`};
  return {sequence: env['STY'] === undefined ? plain : wrapped(plain)};
}

function wrapped(sequence: string): string {
  const chunks = sequence.match(new RegExp(`.{1,${screenChunk}}`, 'g')) ?? [];
  return chunks.map(chunk => `\u001BP${chunk}\u001B\\`).join('');
}
