/**
 * Runs a task for each item, at most `size` at once, and gives the results in the items' order. The first task that
 * throws ends it: no further task is started.
 */
export async function inPool<T, R>(
  items: readonly T[],
  size: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        // The index is below the length: the item is there.
        results[index] = await task(items[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({length: Math.min(size, items.length)}, worker));
  return results;
}
