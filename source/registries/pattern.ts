import {RE2JS} from 're2js';

/** A regular expression of Go's, which can't run without end whatever it is and whatever it is tried on. */
export interface Pattern {
  /** True where it matches anywhere in the text, as Go's MatchString. */
  matches(text: string): boolean;
  /**
   * What a template makes of the first match, as Go's Expand (https://pkg.go.dev/regexp#Regexp.Expand): `$name`, `${name}`,
   * `$1`, `$$`; a group that is not there is empty. Null where nothing matches.
   */
  expand(text: string, template: string): string | null;
}

const longest = 1000;

/** Compiles a regular expression as Go's regexp does (RE2's syntax, `(?P<name>…)`); a sentence where it is none. */
export function goPattern(expression: string): Pattern | string {
  if (expression.length > longest) return 'the regular expression is too long';
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(expression);
  } catch {
    return `"${expression}" is no regular expression of Go's`;
  }
  const {groupCount, named} = {groupCount: compiled.groupCount(), named: compiled.namedGroups()};
  return {
    matches: text => compiled.matcher(text).find(),
    expand(text, template) {
      const matcher = compiled.matcher(text);
      if (!matcher.find()) return null;
      const groupOf = (name: string): string => {
        if (/^\d+$/.test(name)) return Number(name) <= groupCount ? (matcher.group(Number(name)) ?? '') : '';
        return Object.hasOwn(named, name) ? (matcher.group(name) ?? '') : '';
      };
      return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, plain?: string, braced?: string) =>
        all === '$$' ? '$' : groupOf(plain ?? braced ?? ''),
      );
    },
  };
}

/** A glob in which only `*` is special, as Weave Flux had it (https://pkg.go.dev/github.com/ryanuber/go-glob). */
export function starGlob(glob: string): (text: string) => boolean {
  const pieces = glob.split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text => text === glob;
  return text => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

/**
 * A glob as Go's filepath.Match reads it (https://pkg.go.dev/path#Match): `*`, `?`, `[a-z]`, `[^a]`, `\`; a text of several
 * lines or slashes is no tag. A sentence where it is none.
 */
export function pathGlob(glob: string): ((text: string) => boolean) | string {
  let expression = '^';
  for (const [piece] of glob.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|./gs)) {
    if (piece === '*') expression += '[^/]*';
    else if (piece === '?') expression += '[^/]';
    else if (piece.startsWith('[') && piece.length > 1) expression += piece;
    else if (piece === '[' || piece === '\\') return `"${glob}" is no pattern`;
    else expression += quoted(piece.startsWith('\\') ? piece.slice(1) : piece);
  }
  const pattern = goPattern(`${expression}$`);
  return typeof pattern === 'string' ? `"${glob}" is no pattern` : pattern.matches;
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
