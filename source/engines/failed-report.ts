import type {EnvironmentReport} from '../drift/types.ts';
import type {Environment} from '../environments/types.ts';
import type {Problem} from '../resources/problem.ts';

/** The report of an environment that could not be inspected at all: Unknown, with the reason. */
export function failedReport(environment: Environment, error: unknown): EnvironmentReport {
  return {
    environment: environment.name,
    context: environment.context,
    engine: 'direct',
    protected: environment.protected,
    syncStatus: 'Unknown',
    healthStatus: 'Unknown',
    desiredRevision: null,
    liveRevision: null,
    summary: {synced: 0, modified: 0, missing: 0, extra: 0, unknown: 0},
    resources: [],
    errors: [problemOf(error)],
  };
}

function problemOf(error: unknown): Problem {
  const problem: Problem = {
    severity: 'error',
    message: error instanceof Error ? error.message : String(error),
  };
  if (error instanceof Error && 'fix' in error && typeof error.fix === 'string') problem.fix = error.fix;
  return problem;
}
