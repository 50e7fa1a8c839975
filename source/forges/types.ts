/** Which software a forge runs; Forgejo speaks Gitea's API. */
export type ForgeKind =
  | 'github'
  | 'gitlab'
  | 'gitea'
  | 'bitbucket'
  | 'bitbucket-data-center'
  | 'azure-devops';

/** A repository on a forge, as its remote URL names it. */
export interface ForgeRepository {
  forge: ForgeKind;
  host: string;
  /** Path of the repository on the host without `.git`: `owner/name`, with GitLab's subgroups. */
  path: string;
}

/** From where to where a pull request leads. */
export interface PullRequestSides {
  base: string;
  branch: string;
  /** Path of the fork that holds the branch, where it is not in the repository itself (GitHub, GitLab, Gitea). */
  fork?: string | undefined;
}

export interface PullRequestDraft extends PullRequestSides {
  title: string;
  body: string;
  draft: boolean;
  /** Names of labels that the repository has. Bitbucket has no labels. */
  labels?: readonly string[] | undefined;
  /** Login names; `group/team` asks a team where the forge has teams (GitHub, Gitea). */
  reviewers?: readonly string[] | undefined;
}

/** What became of a pull request. Without a token there is only the URL at which a person can open it. */
export type PullRequestResult =
  | {
      opened: true;
      url: string;
      number: number;
      updated: boolean;
      /** What the forge did not do though the pull request is there: a label or a reviewer that it does not know. */
      notes?: readonly string[];
    }
  | {opened: false; compareUrl: string | null; reason: string};

/** A pull request (GitLab: merge request) as lists show it. Texts are plain lines: no escape, no line break. */
export interface PullRequest {
  number: number;
  url: string;
  title: string;
  state: 'open' | 'merged' | 'closed';
  draft: boolean;
  author: string | null;
  branch: string;
  base: string;
  /** The full SHA of the branch's tip; what `merge` wants to be handed back. */
  head: string;
  /** The repository that the branch is in where that is another one: a fork's path. */
  fork: string | null;
  updatedAt: string | null;
}

/** One of a forge's checks of a pull request's head: a job, a build, a status, a policy. */
export interface Check {
  name: string;
  result: 'waiting' | 'running' | 'passed' | 'failed' | 'cancelled' | 'skipped';
  /** Whether the base branch demands it; null where the forge does not say. */
  required: boolean | null;
  url: string | null;
  summary: string | null;
}

/** What one person (or team) last said; `requested` is one whose word is still awaited. */
export interface Review {
  author: string;
  verdict: 'approved' | 'changes-requested' | 'commented' | 'requested';
  at: string | null;
}

/** A remark on the whole, or on a line of a file. The body may have several lines; escapes are gone. */
export interface Comment {
  author: string;
  body: string;
  at: string | null;
  file: string | null;
  line: number | null;
  /** Of a thread that can be resolved; null for one that can't. */
  resolved: boolean | null;
}

/** Whether a merge would be taken now. `checking`: the forge is at it, ask again. `unknown`: only a merge would tell. */
export interface Mergeability {
  verdict: 'allowed' | 'blocked' | 'checking' | 'unknown';
  /** What is in the way, in words for people. */
  reasons: readonly string[];
}

/** What the base branch demands; null where the token may not know. */
export interface Protection {
  approvals: number | null;
  checks: readonly string[] | null;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase' | 'fast-forward';

/** All that is shown of one pull request. */
export interface PullRequestState {
  pullRequest: PullRequest;
  /** Null where the token may not see them: nothing is known then, which is not that all is well. */
  checks: readonly Check[] | null;
  reviews: readonly Review[];
  /** Oldest first. */
  comments: readonly Comment[];
  mergeability: Mergeability;
  protection: Protection | null;
  /** The ways to merge that the repository allows; the first is its default. */
  methods: readonly MergeMethod[];
}

export interface PullRequestChanges {
  title?: string;
  body?: string;
  /** False makes a draft ready for review. */
  draft?: boolean;
  /** Added to those there are. */
  labels?: readonly string[] | undefined;
  reviewers?: readonly string[] | undefined;
}

/** What the user may do in a repository, as its forge says it. Null is "not known", which is not "allowed". */
export interface Rights {
  /** Whether it takes branches that the user pushes. */
  push: boolean | null;
  /** Whether the branch that was asked for takes the user's commits straight; null too where none was asked for. */
  straight: boolean | null;
  /** Why it does not, or why that is not known, as a clause; null where it does. */
  reason: string | null;
  /** Path of the repository that this one was forked from. */
  forkOf: string | null;
}

/** A pull request that was written, and what of the wish was not done. */
export interface Written {
  pullRequest: PullRequest;
  notes: readonly string[];
}

export interface MergeOrder {
  /** The full SHA that was looked at: nothing else is merged. */
  head: string;
  method: MergeMethod;
  deleteBranch?: boolean | undefined;
}

/** `queued`: the forge took the order and merges by itself (Azure DevOps, a merge train, a merge queue). */
export type MergeResult =
  | {merged: true; sha: string | null; notes: readonly string[]}
  | {merged: false; queued: true; notes: readonly string[]};

/**
 * One repository on its forge, as one user. All methods throw ForgeError, whose message says what to do next, and the
 * abort's reason when aborted. Nothing is retried: opening finds what a lost answer had opened.
 */
export interface Forge {
  readonly repository: ForgeRepository;
  /** The open pull request of exactly this branch, of this repository or of the fork that is named, into `base`. */
  findOpen(sides: PullRequestSides, signal?: AbortSignal): Promise<PullRequest | null>;
  /** Opens one. ForgeError `exists` where there is an open one already. */
  open(draft: PullRequestDraft, signal?: AbortSignal): Promise<Written>;
  update(number: number, changes: PullRequestChanges, signal?: AbortSignal): Promise<Written>;
  /** The open ones, most recently updated first; at most 200. */
  list(signal?: AbortSignal): Promise<PullRequest[]>;
  /** Paths that a pull request changes, the old path of a renamed file among them. */
  files(number: number, signal?: AbortSignal): Promise<string[]>;
  state(number: number, signal?: AbortSignal): Promise<PullRequestState>;
  /** The pull requests that brought a commit, or would; left out where a forge can't be asked that. */
  ofCommit?(sha: string, signal?: AbortSignal): Promise<PullRequest[]>;
  /** What the user may do here, and on this branch where one is named. */
  rights(branch: string | null, signal?: AbortSignal): Promise<Rights>;
  /** Merges exactly `order.head`. ForgeError `moved` where the branch has other commits now, `blocked` where it may not be. */
  merge(number: number, order: MergeOrder, signal?: AbortSignal): Promise<MergeResult>;
}
