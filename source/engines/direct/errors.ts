import type {ClusterError} from '../../cluster/types.ts';
import type {Problem} from '../../resources/problem.ts';

/** An error of a room below as a problem of the environment: its cause and, where it has one, its fix. */
export function problemOf(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const fix = error instanceof Error && 'fix' in error ? error.fix : undefined;
  return {severity: 'error', message, ...(typeof fix === 'string' ? {fix} : {})};
}

/** Why one resource could not be read, for its row. */
export function unreadable(error: ClusterError): string {
  return error.reason === 'forbidden' ? `not allowed to read it: ${error.message}` : error.message;
}
