import {type Json, stringifyJson} from '../../resources/json.ts';
import {lineEnd, lineStart} from './style.ts';
import {type MappingNode, type SequenceNode, skipBlank} from './tree.ts';
import {isFilled} from './write.ts';
import {isFirstOnLine, type Splice, type Writing} from './writing.ts';

/** Takes an entry or item out of brackets, with one comma; `next` is where the one after it starts. */
export function outOfFlow(
  part: {start: number; end: number},
  next: number | undefined,
  previousEnd: number | undefined,
  {text}: Writing,
): Splice[][] {
  const onOwnLine = isFirstOnLine(text, part.start);
  if (next !== undefined) {
    const comma = skipBlank(text, part.end);
    const end = lineEnd(text, comma);
    // A line of its own goes whole, with a comment at its end.
    if (onOwnLine && next > end) {
      const after = text.startsWith('\r\n', end) ? end + 2 : end + 1;
      return [[{start: lineStart(text, part.start), end: after, text: ''}]];
    }
    return [[{start: part.start, end: next, text: ''}]];
  }
  const comma = skipBlank(text, part.end);
  const end = text[comma] === ',' && previousEnd !== undefined ? comma : part.end;
  return [[{start: previousEnd ?? part.start, end, text: ''}]];
}

/** Puts what `write` gives behind the last member in brackets; it is told where its line's indentation can be seen. */
export function intoFlow(
  node: MappingNode | SequenceNode,
  lastStart: number | undefined,
  lastEnd: number | undefined,
  {text, style}: Writing,
  write: (at: number) => string,
): Splice[] {
  if (lastStart === undefined || lastEnd === undefined) {
    return [{start: node.start + 1, end: node.end - 1, text: write(node.start)}];
  }
  const isMultiLine = isFirstOnLine(text, lastStart);
  const comma = skipBlank(text, lastEnd);
  const hasComma = text[comma] === ',';
  if (!isMultiLine) {
    const at = hasComma ? comma + 1 : lastEnd;
    return [{start: at, end: at, text: `${hasComma ? '' : ','} ${write(node.start)}`}];
  }
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, lastStart)))?.[0] ?? '';
  const isClosedBelow = lineStart(text, node.end - 1) !== lineStart(text, lastEnd);
  const at = isClosedBelow ? lineEnd(text, hasComma ? comma : lastEnd) : hasComma ? comma + 1 : lastEnd;
  const written = `${style.eol}${indent}${write(lastStart)}`;
  if (hasComma) return [{start: at, end: at, text: `${written},`}];
  // The comma stands before a comment, the new line after it.
  return at === lastEnd
    ? [{start: at, end: at, text: `,${written}`}]
    : [
        {start: lastEnd, end: lastEnd, text: ','},
        {start: at, end: at, text: written},
      ];
}

/** JSON, over several lines where the file's is. */
export function jsonText(value: Json, at: number, {text, style}: Writing): string {
  if (!isFilled(value) || !text.trim().includes('\n')) return stringifyJson(value);
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, at)))?.[0] ?? '';
  const spaces = style.jsonIndent;
  return stringifyJson(value, 1)
    .split('\n')
    .map((line, index) => {
      const depth = line.length - line.trimStart().length;
      return index === 0 ? line : indent + spaces.repeat(depth) + line.trimStart();
    })
    .join(style.eol);
}
