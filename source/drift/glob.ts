const globs = new Map<string, RegExp>();

/** `*` is any text, `?` any character; undefined matches all. */
export function matchesGlob(glob: string | undefined, text: string): boolean {
  if (glob === undefined || glob === '*') return true;
  let expression = globs.get(glob);
  if (expression === undefined) {
    const escaped = glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${escaped}$`, 's');
    globs.set(glob, expression);
  }
  return expression.test(text);
}
