import type {Grounded} from '../text/layers.ts';
import type {Sheet} from './sheet.ts';

/**
 * What is searched for, as it is compared: without regard to case, unless there is a capital in it (as less and vim have
 * it). Null for nothing.
 */
export function patternOf(query: string): RegExp | null {
  if (query === '') return null;
  return new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), /\p{Lu}/u.test(query) ? 'gu' : 'giu');
}

/** Where a pattern stands in a text, as grounds of it; `here` marks the line that a jump led to. */
export function matchesOf(pattern: RegExp, text: string, here = false): Grounded[] {
  return [...text.matchAll(pattern)].map(({index, 0: found}) => ({
    from: index,
    to: index + found.length,
    ground: here ? 'match-here' : 'match',
  }));
}

interface Found {
  readonly query: string;
  /** Lines that hold it, in order. */
  readonly lines: readonly number[];
}

const texts = new WeakMap<object, {readonly whole: string; readonly starts: Uint32Array}>();
const found = new WeakMap<object, Found>();

/** The lines of a sheet that hold what is searched for. Kept for the last query: every frame asks. */
export function linesWith(sheet: Sheet, query: string): readonly number[] {
  const known = found.get(sheet.source);
  if (known?.query === query) return known.lines;
  const lines = find(sheet, query);
  found.set(sheet.source, {query, lines});
  return lines;
}

function find(sheet: Sheet, query: string): number[] {
  const pattern = patternOf(query);
  if (pattern === null) return [];
  const {whole, starts} = textOf(sheet);
  const lines: number[] = [];
  for (let match = pattern.exec(whole); match !== null; match = pattern.exec(whole)) {
    const line = lineAt(starts, match.index);
    lines.push(line);
    // One match of a line is enough: the next line is next.
    const next = starts[line + 1];
    if (next === undefined) break;
    pattern.lastIndex = next;
  }
  return lines;
}

/** All lines as one text, which is searched faster than a hundred thousand. */
function textOf(sheet: Sheet): {whole: string; starts: Uint32Array} {
  let known = texts.get(sheet.source);
  if (known === undefined) {
    const lines = Array.from({length: sheet.length}, (_, index) => sheet.text(index));
    const starts = new Uint32Array(lines.length);
    let at = 0;
    for (const [index, text] of lines.entries()) {
      starts[index] = at;
      at += text.length + 1;
    }
    known = {whole: lines.join('\n'), starts};
    texts.set(sheet.source, known);
  }
  return known;
}

function lineAt(starts: Uint32Array, position: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
