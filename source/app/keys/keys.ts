/** What Ink tells of a key press. */
export interface InkKey {
  upArrow: boolean;
  downArrow: boolean;
  leftArrow: boolean;
  rightArrow: boolean;
  pageUp: boolean;
  pageDown: boolean;
  home: boolean;
  end: boolean;
  return: boolean;
  escape: boolean;
  ctrl: boolean;
  tab: boolean;
  backspace: boolean;
  delete: boolean;
  meta: boolean;
}

const named: readonly (readonly [keyof InkKey, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pgup'],
  ['pageDown', 'pgdn'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  // Terminals send DEL for the backspace key, which Ink calls delete.
  ['delete', 'backspace'],
];

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
  '\u007F': 'backspace',
};

/**
 * The keys of one chunk of input, by name: `j`, `G`, `space`, `enter`, `esc`, `ctrl-d`. A held key can come as one
 * chunk `jjj`: that is three keys. Keys with meta have no name here: nothing is bound to them.
 */
export function keysOf(input: string, key: InkKey): string[] {
  for (const [flag, name] of named) if (key[flag]) return [name];
  if (key.meta) return [];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  return [...input].flatMap(character => {
    const control = controls[character];
    if (control !== undefined) return [control];
    return character < ' ' ? [] : [character];
  });
}

/** The character that a key types in a text field; null for a key that types none. */
export function typedBy(key: string): string | null {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : null;
}
