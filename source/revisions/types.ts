import type {Deployment} from '../engines/types.ts';
import type {Commit, Signature} from '../repository/types.ts';
import type {PullRequestMention} from './pull-request-mention.ts';

/** A row of the revisions screen. */
export interface Revision extends Commit {
  /**
   * `pending`: newer than live; `live`: recorded, or matched exactly; `older`; `nearest`: nobody recorded what is live, and
   * this comes nearest; `unknown`.
   */
  state: 'pending' | 'live' | 'older' | 'nearest' | 'unknown';
  /** The deployments of it that were recorded, newest first. */
  deployments: readonly Deployment[];
  /** The pull request that its message says it came by; null where it says nothing. */
  pullRequest: PullRequestMention | null;
}

/** Which revisions are asked for. */
export interface RevisionRange {
  skip: number;
  limit: number;
  /** The commit that the log begins at: that of the first page, so that the others fit it. Default: what git's side is read at. */
  tip?: string;
  /**
   * What git has at hand, at once: fewer where the folder is touched rarely, and without a word of the cluster, which is
   * told by notes. Default false.
   */
  quick?: boolean;
}

export interface RevisionPage {
  /** The full SHA that the log begins at. */
  tip: string;
  revisions: readonly Revision[];
  /** True where older ones can be asked for. */
  more: boolean;
  /** Why there are no older ones here though there may be elsewhere: what was cloned. Null where nothing is missing. */
  missing: 'shallow' | 'partial' | null;
}

/** What takes its time to be known of a revision; what a note does not say stays as it was. */
export interface RevisionNote {
  sha: string;
  state?: Revision['state'];
  deployments?: readonly Deployment[];
  signature?: Signature;
  /** In how many fields and objects live differs from it; null where that can't be told. */
  differences?: number | null;
}

/** What is to be told of which revisions. */
export interface RevisionQuestion {
  tip: string;
  shas: readonly string[];
  about: readonly ('state' | 'signature' | 'differences')[];
}
