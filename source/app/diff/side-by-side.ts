import type {DiffLine} from './diff-lines.ts';
import {likeness} from './partner.ts';

/** A row of the diff in two columns: git on the left, the cluster on the right; null where one side has no line. */
export interface DiffPair {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
  /** Where the lines are among those of the unified diff; -1 for none. */
  readonly leftAt: number;
  readonly rightAt: number;
}

const cache = new WeakMap<readonly DiffLine[], readonly DiffPair[]>();

/** The lines of a diff in two columns: what is removed stands beside what is added in its place. */
export function sideBySide(lines: readonly DiffLine[]): readonly DiffPair[] {
  let pairs = cache.get(lines);
  if (pairs === undefined) {
    pairs = pairsOf(lines);
    cache.set(lines, pairs);
  }
  return pairs;
}

function pairsOf(lines: readonly DiffLine[]): DiffPair[] {
  const pairs: DiffPair[] = [];
  const pair = (leftAt: number, rightAt: number) => {
    pairs.push({left: lines[leftAt] ?? null, right: lines[rightAt] ?? null, leftAt, rightAt});
  };
  /** Lines of both sides beside one another, from the first on. */
  const zip = (removed: number, removedEnd: number, added: number, addedEnd: number) => {
    for (let offset = 0; removed + offset < removedEnd || added + offset < addedEnd; offset += 1)
      pair(
        removed + offset < removedEnd ? removed + offset : -1,
        added + offset < addedEnd ? added + offset : -1,
      );
  };
  for (let at = 0; at < lines.length; ) {
    const start = at;
    while (lines[at]?.mark === '-') at += 1;
    const middle = at;
    while (lines[at]?.mark === '+') at += 1;
    if (at === start) {
      pair(at, at);
      at += 1;
      continue;
    }
    let [removed, added] = [start, middle];
    for (const [before, after] of likeness(lines.slice(start, middle), lines.slice(middle, at))) {
      zip(removed, start + before, added, middle + after);
      pair(start + before, middle + after);
      removed = start + before + 1;
      added = middle + after + 1;
    }
    zip(removed, middle, added, at);
  }
  return pairs;
}
