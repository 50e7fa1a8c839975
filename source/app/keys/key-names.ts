/** Keys without a character, as they are called everywhere. */
const named = [
  ...['up', 'down', 'left', 'right', 'pgup', 'pgdn', 'home', 'end'],
  ...['enter', 'esc', 'tab', 'shift-tab', 'space', 'backspace', 'delete', 'insert'],
  ...Array.from({length: 12}, (_, index) => `f${index + 1}`),
];

const otherNames: Readonly<Record<string, string>> = {
  escape: 'esc',
  return: 'enter',
  del: 'delete',
  ins: 'insert',
  pageup: 'pgup',
  pagedown: 'pgdn',
  ' ': 'space',
};

/** Keys that never reach a program as themselves. */
const taken: Readonly<Record<string, string>> = {
  'ctrl-a': 'tmux and screen take ctrl-a',
  'ctrl-b': 'tmux takes ctrl-b',
  'ctrl-s': 'terminals stop their output at ctrl-s',
  'ctrl-q': 'terminals go on at ctrl-q',
  'ctrl-c': 'ctrl-c is for leaving, whatever happens',
  'ctrl-h': 'terminals send backspace as ctrl-h',
  'ctrl-i': 'terminals send tab as ctrl-i',
  'ctrl-j': 'terminals send enter as ctrl-j',
  'ctrl-m': 'terminals send enter as ctrl-m',
  'ctrl-[': 'terminals send esc as ctrl-[',
};

/** What a slow link can leave of an arrow key's sequence: nothing that changes something may be bound to it. */
export const brokenArrow: readonly string[] = ['[', 'O', 'A', 'B', 'C', 'D', 'F', 'H', 'esc'];

/** A key as the user wrote it, by its name: `Ctrl-X` is `ctrl-x`; or why nothing can be bound to it. */
export function keyNamed(written: string): {key: string} | {mistake: string} {
  if ([...written].length === 1 && written !== ' ') {
    return /[\p{C}\p{Z}]/u.test(written) ? {mistake: 'it is no key'} : {key: written};
  }
  const lower = written
    .toLowerCase()
    .replace(/^(?:control|c)-(?=.)/, 'ctrl-')
    .replace(/^ctrl\+/, 'ctrl-');
  const key = otherNames[lower] ?? lower;
  const reason = taken[key];
  if (reason !== undefined) return {mistake: reason};
  if (named.includes(key) || /^ctrl-[a-z\]\\^_]$/.test(key) || key === 'ctrl-space') return {key};
  const known = `a key is a character, ctrl- and a letter, or one of ${named.slice(0, 16).join(', ')}, f1 to f12`;
  return {mistake: known};
}
