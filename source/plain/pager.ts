/** A long text, a page at a time. */
export interface Pager {
  /** The first page of a text; what was left of another one is forgotten. */
  open(lines: readonly string[]): string[];
  /** The next page; null where there is none. */
  more(): string[] | null;
}

/** A pager for as many lines as `rows` says at the time. */
export function createPager(rows: () => number): Pager {
  let lines: readonly string[] = [];
  let next = 0;
  const page = (): string[] => {
    const from = next;
    const room = Math.max(3, rows());
    // A last line alone is not worth a question.
    next = lines.length - from <= room + 1 ? lines.length : from + room;
    const shown = lines.slice(from, next);
    return next < lines.length
      ? [...shown, `Lines ${from + 1} to ${next} of ${lines.length}; more shows the next.`]
      : shown;
  };
  return {
    open(text) {
      lines = text;
      next = 0;
      return page();
    },
    more: () => (next < lines.length ? page() : null),
  };
}
