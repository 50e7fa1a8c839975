import type {Tone} from '../text/line.ts';

/** A tone of a stretch of a line, `from` and `to` as in slice. What no stretch covers is plain. */
export interface Toned {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
}

const quoted = /"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?/y;
const indicator = /[[\]{},]/y;
const anchor = /[&*!][^\s,\]}]*/y;
const bare = /[^\s,[\]{}#:][^,[\]{}#:]*(?:[:#](?=\S)[^,[\]{}#:]*)*/y;
const number = /^[-+]?(?:\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+|0x[\da-fA-F]+|0o[0-7]+)$/;
const literal = /^(?:true|false|null|~|yes|no|on|off|\.inf|-\.inf|\.nan)$/i;
// A key, up to a colon that ends a word: "x": or a.b/c: with anything but what would begin something else.
const key = /("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'&*!|>%@`{}[\],][^#]*?)(\s*:)(?=\s|$)/y;

/**
 * The syntax of one line of YAML (or of JSON, which is YAML): for colours only, so a line is enough, and what is odd is a
 * string. A line inside a block (`|`, `>`) is text: `isInBlock` tells.
 */
export function yamlSyntax(text: string, inBlock: boolean): readonly Toned[] {
  if (inBlock) return [{from: 0, to: text.length, tone: 'string'}];
  const tones: Toned[] = [];
  const add = (from: number, to: number, tone: Tone) => {
    if (to > from) tones.push({from, to, tone});
  };
  let at = /^\s*/.exec(text)?.[0].length ?? 0;
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(text)) {
    add(0, 3, 'punctuation');
    at = 3;
  }
  for (let dash = match(/-\s+|-$/y, text, at); dash !== null; dash = match(/-\s+|-$/y, text, at)) {
    add(at, at + 1, 'punctuation');
    at += dash.length;
  }
  key.lastIndex = at;
  const found = key.exec(text);
  if (found !== null) {
    const [, name = '', colon = ''] = found;
    add(at, at + name.length, 'key');
    add(at + name.length, at + name.length + colon.length, 'punctuation');
    at += name.length + colon.length;
  }
  values(text, at, add);
  return tones;
}

/** What stands behind a key or a dash: a scalar, or a flow of them. */
function values(text: string, start: number, add: (from: number, to: number, tone: Tone) => void): void {
  let at = start;
  // Only in a flow do commas and brackets mean something; a line that begins with a quote is one of JSON, most likely.
  const isFlow = /^\s*[[{\]}]/.test(text.slice(start)) || /^\s*"/.test(text);
  while (at < text.length) {
    const space = match(/\s+/y, text, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    if (text[at] === '#' && (at === 0 || /\s/.test(text[at - 1] ?? ''))) {
      add(at, text.length, 'comment');
      return;
    }
    const string = match(quoted, text, at);
    if (string !== null) {
      const isKey = /^\s*:/.test(text.slice(at + string.length, at + string.length + 8));
      add(at, at + string.length, isKey ? 'key' : 'string');
      at += string.length;
      continue;
    }
    const sign = match(/:/y, text, at) ?? (isFlow ? match(indicator, text, at) : null);
    if (sign !== null) {
      add(at, at + 1, 'punctuation');
      at += 1;
      continue;
    }
    const tag = match(anchor, text, at);
    if (tag !== null) {
      add(at, at + tag.length, 'literal');
      at += tag.length;
      continue;
    }
    const header = match(/[|>][+-]?\d?[+-]?(?=\s*(?:#|$))/y, text, at);
    if (header !== null) {
      add(at, at + header.length, 'punctuation');
      at += header.length;
      continue;
    }
    const word = isFlow ? match(bare, text, at) : match(/.+?(?=\s+#|\s*$)/y, text, at);
    if (word === null) {
      at += 1;
      continue;
    }
    const value = word.trimEnd();
    const isKey = isFlow && text[at + word.length] === ':';
    add(at, at + value.length, isKey ? 'key' : toneOfScalar(value));
    at += word.length;
  }
}

function toneOfScalar(value: string): Tone {
  if (number.test(value)) return 'number';
  return literal.test(value) ? 'literal' : 'string';
}

// How far above a line the head of its block is looked for.
const blockReach = 300;

/**
 * True where a line stands inside a block scalar, by the lines above it: the nearest that is less indented and ends in `|`
 * or `>`. `above` gives the text of the line that many lines above; null where there is none, or another file begins.
 */
export function isInBlock(text: string, above: (distance: number) => string | null): boolean {
  let indent = indentOf(text);
  if (indent === 0) return false;
  for (let distance = 1; distance <= blockReach; distance += 1) {
    const line = above(distance);
    if (line === null) return false;
    if (line.trim() === '') continue;
    const own = indentOf(line);
    if (own >= indent) continue;
    if (/(?:^|[:\s-])[|>][+-]?\d?[+-]?\s*(?:#.*)?$/.test(line)) return true;
    indent = own;
    if (indent === 0) return false;
  }
  return false;
}

function indentOf(text: string): number {
  return text.trim() === '' ? Number.POSITIVE_INFINITY : text.length - text.trimStart().length;
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
