import type {Command} from './command.ts';

/** A command's keys as help, manual and README show them; where there is none, its word in the palette. */
export function shownKeys({id, keys}: Pick<Command, 'id' | 'keys'>): readonly string[] {
  if (keys.length === 0) return [`:${id}`];
  const isRun = keys.length > 2 && keys.every((key, index) => key === String(index + 1));
  return isRun ? [`${keys[0]}-${keys.at(-1)}`] : keys;
}
