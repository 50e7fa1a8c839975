/** How much of something is done, as a bar of so many columns: `[====......]`. '' where there is nothing to do, or no room. */
export function barOf(done: number, total: number, columns: number): string {
  const inside = columns - 2;
  if (total <= 0 || inside < 1) return '';
  const full = Math.floor(inside * Math.max(0, Math.min(1, done / total)));
  return `[${'='.repeat(full)}${'.'.repeat(inside - full)}]`;
}
