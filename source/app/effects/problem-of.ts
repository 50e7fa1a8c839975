import {isObject} from '../../resources/json.ts';
import type {Problem} from '../../resources/problem.ts';

/** What went wrong, for people: an error's message and, where it carries one, what to do about it. */
export function problemOf(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const fix: unknown = isObject(error) ? error['fix'] : undefined;
  const problem: Problem = {
    severity: 'error',
    message: message === '' ? 'it failed without a word' : message,
  };
  if (typeof fix === 'string' && fix !== '') problem.fix = fix;
  return problem;
}
