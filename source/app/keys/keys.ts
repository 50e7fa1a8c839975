/** The character that a key types in a text field; null for a key that types none. */
export function typedBy(key: string): string | null {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : null;
}
