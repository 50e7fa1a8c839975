/**
 * A program's arguments as they are read: one that is not plain (a space, a quote, a control character, nothing at all) in
 * quotes, what can't be seen in it spelt out.
 */
export function shownArguments(argv: readonly string[]): string[] {
  return argv.map(argument =>
    /^[\p{L}\p{N}@%+=:,./_{}[\]*?~^#-]+$/u.test(argument)
      ? argument
      : JSON.stringify(argument).replace(/[\u007F-\u009F\p{Cf}\u2028\u2029]/gu, spelt),
  );
}

function spelt(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
