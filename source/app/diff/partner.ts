import {changedParts, type Stretch} from './changed-parts.ts';
import type {DiffLine} from './diff-lines.ts';

// A longer run of changed lines is a rewrite: nobody looks there for the word that changed.
const longestRun = 200;
const cache = new WeakMap<DiffLine, readonly Stretch[]>();
const none: readonly Stretch[] = [];

/** What changed within a changed line, against the line that stands for it on the other side; made when it is seen. */
export function partsOf(lines: readonly DiffLine[], index: number): readonly Stretch[] {
  const line = lines[index];
  if (line === undefined || (line.mark !== '-' && line.mark !== '+')) return none;
  const made = cache.get(line);
  if (made !== undefined) return made;
  compareRun(lines, index);
  return cache.get(line) ?? none;
}

/** Compares the lines of the change around one: those removed with those added behind them. */
function compareRun(lines: readonly DiffLine[], index: number): void {
  const removed = run(lines, index, '-');
  const added = run(lines, index, '+');
  const all = [...removed, ...added];
  for (const line of all) cache.set(line, none);
  if (all.length === 0) cache.set(lines[index] as DiffLine, none);
  for (const [before, after] of likeness(removed, added)) {
    const [left, right] = [removed[before], added[after]];
    if (left === undefined || right === undefined) continue;
    const parts = changedParts(left.text, right.text);
    cache.set(left, parts.before);
    cache.set(right, parts.after);
  }
}

/**
 * Which of the removed lines of a change stands for which of those added, by their indexes, in order. As many on both
 * sides: each for the one in its place. Else each for the first that is like it; what is like none is left out.
 */
export function likeness(
  removed: readonly DiffLine[],
  added: readonly DiffLine[],
): readonly (readonly [number, number])[] {
  if (removed.length === added.length) return removed.map((_, index) => [index, index] as const);
  if (removed.length > longestRun || added.length > longestRun) return [];
  const pairs: [number, number][] = [];
  let from = 0;
  for (const [index, before] of removed.entries()) {
    const at = added.findIndex((after, place) => place >= from && isAlike(before.text, after.text));
    if (at < 0) continue;
    pairs.push([index, at]);
    from = at + 1;
  }
  return pairs;
}

/** The lines of one side of the change around a line; none where it is too long to be compared. */
function run(lines: readonly DiffLine[], index: number, mark: '-' | '+'): DiffLine[] {
  let start = index;
  // The removed lines come first, those added behind them.
  while (lines[start]?.mark === '+' && index - start < longestRun) start -= 1;
  if (lines[start]?.mark !== '-') start += lines[index]?.mark === '+' ? 1 : 0;
  else while (lines[start - 1]?.mark === '-' && index - start < 2 * longestRun) start -= 1;
  let middle = start;
  while (lines[middle]?.mark === '-' && middle - start < longestRun) middle += 1;
  let end = middle;
  while (lines[end]?.mark === '+' && end - middle < longestRun) end += 1;
  const isWhole = lines[middle]?.mark !== '-' && lines[end]?.mark !== '+';
  if (!isWhole) return [];
  return mark === '-' ? lines.slice(start, middle) : lines.slice(middle, end);
}

function isAlike(before: string, after: string): boolean {
  const [a, b] = [before.trim(), after.trim()];
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return start + end >= Math.max(a.length, b.length) / 2;
}
