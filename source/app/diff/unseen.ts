// What no terminal shows, or shows as a space: controls, format characters (but the joiners of scripts and emoji), spaces
// that are none of the keyboard's, halves of characters.
const unseen = /(?![ \t\u200C\u200D])[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cs}]/gu;
const usual = /^[\t\u0020-\u007E]*$/;

/**
 * A line of a change with what can't be seen written out, as less has it: `^M`, `^[`, `<U+00A0>`. Where a line differs from
 * another in nothing else, that is the difference; and an escape sequence that is written out is none any more.
 */
export function withUnseen(text: string): string {
  if (usual.test(text)) return text;
  return text.replace(unseen, character => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`;
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}
