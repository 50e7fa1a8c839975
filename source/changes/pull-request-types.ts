import type {ForgeRule} from '../engines/permission.ts';
import type {MergeMethod, PullRequestState} from '../forges/types.ts';
import type {EnvironmentEffect} from './effect/types.ts';
import type {PullRequestChange} from './pull-request-change.ts';

/** A look at a pull request that is followed. */
export interface PullRequestSeen {
  /** Null until the first look succeeds; after a failure the one before it still stands. */
  state: PullRequestState | null;
  /** Why the last look failed; null where it did not. */
  error: string | null;
  /** When it is tried again: ISO 8601; null where it just succeeded. */
  retryAt: string | null;
}

/** What a pull request changes, and what that does to each environment that it touches, rendered and on its cluster. */
export interface PullRequestEffect extends PullRequestChange {
  effects: readonly EnvironmentEffect[];
}

/** A merge as it is confirmed. */
export interface PullRequestMerge {
  number: number;
  /** The full SHA that was looked at. */
  head: string;
  method: MergeMethod;
  deleteBranch: boolean;
}

/** What a forge says of straight pushes to an environment's branch. */
export interface EnvironmentRule extends ForgeRule {
  environment: string;
}
