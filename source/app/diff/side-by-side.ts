import type {DiffLine} from './diff-lines.ts';

/** A row of the diff in two columns: git on the left, the cluster on the right; null where one side has no line. */
export interface DiffPair {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
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
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
      pairs.push({left: removed[index] ?? null, right: added[index] ?? null});
    }
    removed = [];
    added = [];
  };
  for (const diffLine of lines) {
    if (diffLine.mark === '-') {
      // What is removed after something was added belongs to the next change.
      if (added.length > 0) flush();
      removed.push(diffLine);
    } else if (diffLine.mark === '+') {
      added.push(diffLine);
    } else {
      flush();
      pairs.push({left: diffLine, right: diffLine});
    }
  }
  flush();
  return pairs;
}
