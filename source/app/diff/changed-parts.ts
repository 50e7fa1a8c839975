import {diffArrays} from 'diff';

/** A stretch of a line, `from` and `to` as in slice. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

// Words, white space and single signs: `v1.8.2` to `v1.8.0` changes in its last number.
const pieces = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
// Longer lines are compared from both ends only: that takes no time.
const longest = 2000;
// Where less than this share of the longer line is left, nothing is: the lines have nothing to do with each other.
const leastCommon = 0.3;

/**
 * What differs between a line and the one that took its place: stretches of both. Empty where the lines have so little in
 * common that a mark on nearly everything would say nothing.
 */
export function changedParts(
  before: string,
  after: string,
): {readonly before: readonly Stretch[]; readonly after: readonly Stretch[]} {
  const none = {before: [], after: []};
  if (before === after) return none;
  const parts =
    before.length > longest || after.length > longest ? byEnds(before, after) : byWords(before, after);
  const changed = (stretches: readonly Stretch[]) =>
    stretches.reduce((sum, {from, to}) => sum + to - from, 0);
  // The indent is no likeness: every line of a block has it.
  const common = before.trimStart().length - changed(inText(before, parts.before));
  const whole = Math.max(before.trim().length, after.trim().length);
  return common < whole * leastCommon && before.trim() !== after.trim() ? none : parts;
}

function inText(text: string, stretches: readonly Stretch[]): Stretch[] {
  const indent = text.length - text.trimStart().length;
  return stretches.flatMap(({from, to}) => (to <= indent ? [] : [{from: Math.max(from, indent), to}]));
}

function byWords(before: string, after: string): {before: Stretch[]; after: Stretch[]} {
  const changes = diffArrays(before.match(pieces) ?? [], after.match(pieces) ?? [], {maxEditLength: 200});
  if (changes === undefined) return byEnds(before, after);
  const result = {before: [] as Stretch[], after: [] as Stretch[]};
  let [left, right] = [0, 0];
  for (const {value, added, removed} of changes) {
    const length = value.reduce((sum, piece) => sum + piece.length, 0);
    if (removed) result.before.push({from: left, to: left + length});
    if (added) result.after.push({from: right, to: right + length});
    if (!added) left += length;
    if (!removed) right += length;
  }
  return result;
}

function byEnds(before: string, after: string): {before: Stretch[]; after: Stretch[]} {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const stretch = (text: string) => (text.length - end > start ? [{from: start, to: text.length - end}] : []);
  return {before: stretch(before), after: stretch(after)};
}
