import type {Json} from '../../resources/json.ts';
import {intoFlow, jsonText, outOfFlow} from './flow.ts';
import {columnOf, lineEnd, lineStart, type WritingStyle} from './style.ts';
import type {MappingEntry, MappingNode, SequenceNode, TextNode} from './tree.ts';
import {skipBlank} from './tree.ts';
import {
  blockLines,
  entryLines,
  flowText,
  isFilled,
  keyTextOf,
  literalBlock,
  scalarTexts,
  valueColumn,
} from './write.ts';
import {insertLines, isFirstOnLine, previousLineEnd, type Splice, type Writing} from './writing.ts';

/** Where a node stands: as the value of an entry, as an item, or as the whole document. */
export type Parent =
  | {type: 'entry'; mapping: MappingNode; entry: MappingEntry}
  | {type: 'item'; sequence: SequenceNode; index: number}
  | {type: 'document'};

/** The ways to write another value in a node's place, the one that fits best first. */
export function replacements(node: TextNode, parent: Parent, value: Json, writing: Writing): Splice[][] {
  const {text, style} = writing;
  const isFlow = isInFlow(parent);
  if (style.isJson) return [[put(node, jsonText(value, node.start, writing), writing)]];
  const before =
    node.type === 'scalar' ? {style: node.style, text: text.slice(node.start, node.end)} : undefined;
  if (isFlow) {
    const texts =
      typeof value === 'object' && value !== null
        ? [flowText(value, style)]
        : scalarTexts(value, style, true, before);
    return texts.map(written => [put(node, written, writing)]);
  }
  if (isFilled(value)) {
    return styles(style).map(used => blockReplacement(node, parent, value, {text, style: used}));
  }
  if (typeof value === 'object' && value !== null)
    return [onLine(node, parent, flowText(value, style), writing)];
  const inline = scalarTexts(value, style, false, before).map(written =>
    onLine(node, parent, written, writing),
  );
  if (typeof value !== 'string') return inline;
  const isBlock = isBlockText(node);
  if (!isBlock && !value.includes('\n')) return inline;
  const column = isBlock ? blockColumn(text, node) : parentColumn(text, parent) + style.unit;
  const lines = literalBlock(value, column, Math.max(1, column - parentColumn(text, parent)));
  if (lines === undefined) return inline;
  const [head = '', ...body] = lines;
  const block = hasCommentBehind(node, text)
    ? [...onLine(node, parent, head, writing), insertLines(node.end, body, writing)]
    : onLine(node, parent, lines.join(style.eol), writing);
  return [block, ...inline];
}

/** The ways to add an entry at the end of a mapping. */
export function additions(mapping: MappingNode, name: string, value: Json, writing: Writing): Splice[][] {
  const {text, style} = writing;
  const last = mapping.entries.at(-1);
  if (mapping.isFlow) {
    const key =
      style.isJson || usesDoubleQuotes(text, mapping) ? JSON.stringify(name) : keyTextOf(name, style, true);
    return [
      intoFlow(
        mapping,
        last?.start,
        entryEnd(last),
        writing,
        at => `${key}: ${style.isJson ? jsonText(value, at, writing) : flowText(value, style)}`,
      ),
    ];
  }
  const first = mapping.entries[0];
  if (first === undefined) return [];
  const column = columnOf(text, first.start);
  return styles(style).map(used => [
    insertLines(mapping.end, entryLines(name, value, column, used), writing),
  ]);
}

/** The ways to add an item to a list, before the item at `index` or at the end. */
export function insertions(sequence: SequenceNode, index: number, value: Json, writing: Writing): Splice[][] {
  const {text, style} = writing;
  const before = sequence.items[index - 1];
  if (sequence.isFlow) {
    if (index < sequence.items.length) {
      const next = sequence.items[index];
      const at = next?.value.outer ?? sequence.start + 1;
      return [
        [
          {
            start: at,
            end: at,
            text: `${style.isJson ? jsonText(value, at, writing) : flowText(value, style)}, `,
          },
        ],
      ];
    }
    return [
      intoFlow(sequence, before?.value.outer, before?.value.end, writing, at =>
        style.isJson ? jsonText(value, at, writing) : flowText(value, style),
      ),
    ];
  }
  const column = columnOf(text, sequence.items[0]?.dash ?? sequence.start);
  const found = styles(style).map(used => {
    const lines = blockLines([value], column, used);
    if (before !== undefined) return [insertLines(before.value.end, lines, writing)];
    const first = sequence.items[0]?.dash ?? sequence.start;
    if (!isFirstOnLine(text, first)) {
      // Behind the dash of a list that this one is an item of.
      const moved = `${lines.join(style.eol).trimStart()}${style.eol}${' '.repeat(column)}`;
      return [{start: first, end: first, text: moved}];
    }
    const start = lineStart(text, first);
    return [{start, end: start, text: lines.map(line => line + style.eol).join('')}];
  });
  return found;
}

/** The ways to take an entry out of a mapping. */
export function entryRemovals(
  mapping: MappingNode,
  entry: MappingEntry,
  parent: Parent,
  writing: Writing,
): Splice[][] {
  if (mapping.entries.length === 1) return emptied(mapping, parent, '{}', writing);
  const index = mapping.entries.indexOf(entry);
  const part = {start: entry.start, end: Math.max(entry.key.end, entry.value.end)};
  const next = mapping.entries[index + 1]?.start;
  return mapping.isFlow
    ? outOfFlow(part, next, entryEnd(mapping.entries[index - 1]), writing)
    : outOfBlock(part, next, writing);
}

/** The ways to take an item out of a list. */
export function itemRemovals(
  sequence: SequenceNode,
  index: number,
  parent: Parent,
  writing: Writing,
): Splice[][] {
  const item = sequence.items[index];
  if (item === undefined) return [];
  if (sequence.items.length === 1) return emptied(sequence, parent, '[]', writing);
  const part = {start: item.dash, end: Math.max(item.dash + 1, item.value.end)};
  const next = sequence.items[index + 1]?.dash;
  return sequence.isFlow
    ? outOfFlow(part, next, sequence.items[index - 1]?.value.end, writing)
    : outOfBlock(part, next, writing);
}

function isInFlow(parent: Parent): boolean {
  return (
    (parent.type === 'entry' && parent.mapping.isFlow) || (parent.type === 'item' && parent.sequence.isFlow)
  );
}

// A tag goes with the value that it was about; an anchor stays, and a comment behind the head of a block of text.
function put(node: TextNode, written: string, {text}: Writing): Splice {
  const anchor = node.anchor === undefined ? '' : `&${node.anchor} `;
  const needsSpace = node.outer > 0 && /[:,-]/.test(text[node.outer - 1] ?? '');
  const beside = written.replace(/^[^\r\n]*/, line => line + headComment(node, text));
  return {start: node.outer, end: node.end, text: `${needsSpace ? ' ' : ''}${anchor}${beside}`};
}

function hasCommentBehind(node: TextNode, text: string): boolean {
  return /^[ \t]+#/.test(text.slice(node.end, lineEnd(text, node.end)));
}

// The comment behind the `|` of a block of text.
function headComment(node: TextNode, text: string): string {
  return isBlockText(node) ? (/^\S+([ \t]+#[^\r\n]*)/.exec(text.slice(node.start))?.[1] ?? '') : '';
}

function isBlockText(node: TextNode): boolean {
  return node.type === 'scalar' && (node.style === 'literal' || node.style === 'folded');
}

// Beside its key or dash, also where the old value starts on a line below; a comment beside them stays.
function onLine(node: TextNode, parent: Parent, written: string, writing: Writing): Splice[] {
  const {text} = writing;
  const splice = put(node, written, writing);
  const isCollection = node.type === 'mapping' || node.type === 'sequence';
  if (!isCollection || node.isFlow || !isFirstOnLine(text, node.outer)) return [splice];
  const indicator = indicatorEnd(text, parent);
  const start = previousLineEnd(text, node.outer);
  if (indicator === undefined || start < indicator) return [splice];
  const inserted = ` ${splice.text.trimStart()}`;
  // A comment behind its last line was about that.
  const end = lineEnd(text, node.end);
  if (start === indicator) return [{start, end, text: inserted}];
  return [
    {start: indicator, end: indicator, text: inserted},
    {start, end, text: ''},
  ];
}

// After the colon of its key, or its dash.
function indicatorEnd(text: string, parent: Parent): number | undefined {
  if (parent.type === 'item') return (parent.sequence.items[parent.index]?.dash ?? -2) + 1;
  if (parent.type === 'document') return undefined;
  const colon = skipBlank(text, parent.entry.key.end);
  return text[colon] === ':' ? colon + 1 : undefined;
}

function blockReplacement(
  node: TextNode,
  parent: Parent,
  value: Json[] | {[key: string]: Json},
  writing: Writing,
): Splice[] {
  const {text, style} = writing;
  const isBlock = (node.type === 'mapping' || node.type === 'sequence') && !node.isFlow;
  if (parent.type === 'document') {
    return [{start: node.outer, end: node.end, text: blockLines(value, 0, style).join(style.eol)}];
  }
  const outer = parentColumn(text, parent);
  const lines = blockLines(
    value,
    parent.type === 'item' ? outer + 2 : valueColumn(value, outer, style),
    style,
  );
  const anchor = node.anchor === undefined ? '' : ` &${node.anchor}`;
  const head = anchor + headComment(node, text);
  const start =
    parent.type === 'item'
      ? (parent.sequence.items[parent.index]?.dash ?? node.outer) + 1
      : text.slice(0, node.outer).trimEnd().length;
  // The rest of the line, a comment, stays beside the key or dash; one behind a collection's last line was about that.
  if (!isBlock && hasCommentBehind(node, text)) {
    return [{start, end: node.end, text: head}, insertLines(node.end, lines, writing)];
  }
  const end = isBlock ? lineEnd(text, node.end) : node.end;
  if (parent.type === 'item' && head === '') {
    return [{start, end, text: ` ${lines.join(style.eol).trimStart()}`}];
  }
  return [{start, end, text: [head, ...lines].join(style.eol)}];
}

function emptied(
  node: MappingNode | SequenceNode,
  parent: Parent,
  brackets: string,
  writing: Writing,
): Splice[][] {
  if (node.isFlow) return [[{start: node.start, end: node.end, text: brackets}]];
  if (parent.type === 'document') return [[{start: node.start, end: node.end, text: brackets}]];
  return [onLine(node, parent, brackets, writing)];
}

function outOfBlock(
  part: {start: number; end: number},
  next: number | undefined,
  {text}: Writing,
): Splice[][] {
  const start = lineStart(text, part.start);
  const end = lineEnd(text, part.end);
  const after = text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
  if (isFirstOnLine(text, part.start)) {
    // The last line of a file without a line break at its end: the one before loses its own.
    const isCutOff = after === text.length && !text.endsWith('\n');
    const from =
      isCutOff && start > 0 ? lineEnd(text, start - 1 - (text[start - 2] === '\r' ? 1 : 0)) : start;
    return [[{start: from, end: isCutOff ? text.length : after, text: ''}]];
  }
  // Beside a dash: the next one moves up, unless comments stand between.
  const gap = next === undefined ? '' : text.slice(after, next);
  const isClose = next !== undefined && /^[ \t]*$/.test(gap);
  const alone = [{start: part.start, end, text: ''}];
  return isClose ? [[{start: part.start, end: next, text: ''}]] : [alone];
}

function parentColumn(text: string, parent: Parent): number {
  if (parent.type === 'document') return 0;
  if (parent.type === 'entry') return columnOf(text, parent.entry.start);
  return columnOf(text, parent.sequence.items[parent.index]?.dash ?? parent.sequence.start);
}

function blockColumn(text: string, node: TextNode): number {
  const body = text.slice(lineEnd(text, node.start), node.end);
  const indents = [...body.matchAll(/^([ ]*)[^\s]/gm)].map(([, spaces = '']) => spaces.length);
  return indents.length === 0 ? columnOf(text, node.start) : Math.min(...indents);
}

function usesDoubleQuotes(text: string, mapping: MappingNode): boolean {
  return mapping.entries.length > 0 && mapping.entries.every(({key}) => text[key.start] === '"');
}

function entryEnd(entry: MappingEntry | undefined): number | undefined {
  return entry === undefined ? undefined : Math.max(entry.key.end, entry.value.end);
}

function styles(style: WritingStyle): WritingStyle[] {
  return style.hasBlocks ? [style, {...style, hasBlocks: false}] : [style];
}
