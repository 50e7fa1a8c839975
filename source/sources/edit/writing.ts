import {lineEnd, lineStart, type WritingStyle} from './style.ts';

/** A part of a text and what shall stand there instead. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** A document's text and how it is written. */
export interface Writing {
  text: string;
  style: WritingStyle;
}

/** Lines after the one that an offset is on. */
export function insertLines(after: number, lines: readonly string[], {text, style}: Writing): Splice {
  const end = lineEnd(text, after);
  return {start: end, end, text: style.eol + lines.join(style.eol)};
}

/** True where only white space stands before an offset on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return /^\s*$/.test(text.slice(lineStart(text, offset), offset));
}

/** Where the line above ends, its line break left out. */
export function previousLineEnd(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return start === 0 ? 0 : start - (text[start - 2] === '\r' ? 2 : 1);
}
