import type {MappingNode, SequenceNode, TextNode} from './tree.ts';

/** How a document is written, as far as it shows: what is added to it is written the same way. */
export interface WritingStyle {
  /** Columns that a nested mapping is further in than its key. */
  unit: number;
  /** Columns that a list's dashes are further in than its key: mostly 0 or `unit`. */
  dashes: number;
  quote: 'single' | 'double';
  eol: '\n' | '\r\n';
  /** Keys and texts are always in double quotes, as in JSON. */
  isJson: boolean;
  /** What JSON is pushed in by. */
  jsonIndent: string;
  /** A new text of several lines is written as a block, not in quotes. */
  hasBlocks: boolean;
}

/** As most people write YAML. */
export const usualStyle: WritingStyle = {
  unit: 2,
  dashes: 0,
  quote: 'double',
  eol: '\n',
  isJson: false,
  jsonIndent: '  ',
  hasBlocks: true,
};

/** The style of a document: that of its first nested mapping, its first list, of most of its quoted texts. */
export function styleOf(text: string, root: TextNode, isJson: boolean): WritingStyle {
  const seen: Seen = {single: 0, double: 0};
  look(text, root, seen);
  return {
    unit: seen.unit ?? 2,
    dashes: seen.dashes ?? 0,
    quote: seen.single > seen.double ? 'single' : 'double',
    eol: /\r\n/.test(text) ? '\r\n' : '\n',
    isJson,
    jsonIndent: /\n([ \t]+)"/.exec(text)?.[1] ?? '  ',
    hasBlocks: !isJson,
  };
}

/** How many columns an offset is from the start of its line. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Where the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, its line break left out. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return newline > 0 && text[newline - 1] === '\r' && newline > offset ? newline - 1 : newline;
}

interface Seen {
  unit?: number;
  dashes?: number;
  single: number;
  double: number;
}

function look(text: string, node: TextNode, seen: Seen): void {
  if (node.type === 'scalar') {
    if (node.style === 'single') seen.single++;
    if (node.style === 'double') seen.double++;
  } else if (node.type === 'sequence') {
    for (const {value} of node.items) look(text, value, seen);
  } else if (node.type === 'mapping') {
    for (const {key, value} of node.entries) {
      if (value.type === 'mapping' || value.type === 'sequence') measure(text, key, value, seen);
      look(text, value, seen);
    }
  }
}

// Only what stands on lines of its own shows how far in it goes.
function measure(text: string, key: TextNode, value: MappingNode | SequenceNode, seen: Seen): void {
  if (value.isFlow || lineStart(text, value.start) === lineStart(text, key.start)) return;
  const distance = columnOf(text, value.start) - columnOf(text, key.start);
  if (value.type === 'sequence') seen.dashes ??= Math.max(0, distance);
  else if (distance > 0) seen.unit ??= distance;
}
