/**
 * A glob as Argo CD reads it: `*` and `**`, `?`, `[abc]`, `[!a-z]`, `{one,other}`, a backslash before what is meant as it
 * is. What is none matches nothing.
 * https://github.com/gobwas/glob
 */
export function globTest(glob: string): (text: string) => boolean {
  let depth = 0;
  const expression = glob.replace(/\\.|\[!?[^\]]+\]|[*]+|./gsu, part => {
    if (part.startsWith('\\') && part.length > 1) return escaped(part.slice(1));
    if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^');
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part === '{') depth++;
    if (part === '{') return '(?:';
    if (part === '}' && depth > 0) {
      depth--;
      return ')';
    }
    return part === ',' && depth > 0 ? '|' : escaped(part);
  });
  try {
    const pattern = new RegExp(`^${expression}$`, 'su');
    return text => pattern.test(text);
  } catch {
    return () => false;
  }
}

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\/?*]/g, '\\$&');
}
