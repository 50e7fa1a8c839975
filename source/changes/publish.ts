import type {EnvironmentReport} from '../drift/types.ts';
import type {Permit} from '../engines/permission.ts';
import type {Engine} from '../engines/types.ts';
import type {Environment} from '../environments/types.ts';
import type {KnownForges} from '../forges/known.ts';
import {RepositoryError} from '../repository/error.ts';
import type {PushResult, Repository} from '../repository/types.ts';
import type {Mask} from '../secrets/mask.ts';
import type {SourceFiles} from './affected.ts';
import type {Renderings} from './effect/renderings.ts';
import type {Standings} from './standing.ts';

/** What changes of git need to know of the world. */
export interface ChangeContext {
  repository: Repository;
  /** All of them: a change of one may reach others. */
  environments: readonly Environment[];
  /** Without it only folders tell which environments a file belongs to. */
  sourceFiles?: SourceFiles;
  /** Asks an environment's cluster, for changes that are about what is live. */
  engine?: (environment: Environment) => Engine;
  /** A text without the values of Secrets that are known, as it may go into git. */
  redact?: (text: string) => string;
  forges: KnownForges;
  standings: Standings;
  /** What environments want at commits, kept for a session; without it a planner renders for itself. */
  renderings?: Renderings;
  /** The session's own, so that equal secret values read equal. */
  mask?: Mask;
  /** The last comparison of an environment with its cluster. */
  lastReport?(environment: string): EnvironmentReport | undefined;
}

/** The environment of this name. Throws RepositoryError. */
export function environmentNamed(context: ChangeContext, name: string): Environment {
  const found = context.environments.find(environment => environment.name === name);
  if (found !== undefined) return found;
  throw new RepositoryError('unknown-path', `there is no environment "${name}"`);
}

/** Throws where a permit is for something else: a mistake of ours, never the user's. */
export function checkPermit(permit: Permit, mutation: Permit['mutation'], environment: string): void {
  if (permit.mutation === mutation && permit.environment === environment) return;
  throw new Error(
    `a permit to ${permit.mutation} ${permit.environment} does not allow ${mutation} of ${environment}`,
  );
}

/** A message and what to do about it, in one text. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fix = error instanceof RepositoryError ? error.fix : undefined;
  return fix === undefined ? error.message : `${error.message}\n${fix}`;
}

/** What a failed push means, in the remote's own words. */
export function pushFailure(remote: string, result: PushResult & {pushed: false}): string {
  switch (result.reason) {
    case 'moved':
      return result.message;
    case 'refused':
      return `${remote} refused the push: ${result.message}`;
    case 'unauthorized':
      return `${remote} did not accept who you are: ${result.message}`;
    case 'unreachable':
      return `${remote} could not be reached: ${result.message}`;
  }
}
