import type {BaselineOutcome, BaselinePreview, BaselineRequest} from '../changes/baseline.ts';
import type {EnvironmentEffect, RenderedEffect} from '../changes/effect/types.ts';
import type {ImageEvent, ImageReport} from '../changes/images/types.ts';
import type {PullRequestList} from '../changes/open-pull-requests.ts';
import type {VersionMatrix} from '../changes/promotion/matrix.ts';
import type {PromotionChoices} from '../changes/promotion/types.ts';
import type {
  EnvironmentRule,
  PullRequestEffect,
  PullRequestMerge,
  PullRequestSeen,
} from '../changes/pull-request-types.ts';
import type {
  ChangeOrder,
  ChangeOutcome,
  ChangePreview,
  ChangeRequest,
  PullRequestPreview,
} from '../changes/types.ts';
import type {EnvironmentReport} from '../drift/types.ts';
import type {Revealed, SecretKey} from '../engines/reveal.ts';
import type {
  Deployment,
  FollowEvent,
  InspectionEvent,
  SyncEvent,
  SyncOptions,
  SyncPlan,
  SyncResult,
} from '../engines/types.ts';
import type {ContextNote} from '../environments/settle-file.ts';
import type {Environment} from '../environments/types.ts';
import type {
  MergeResult,
  PullRequest,
  PullRequestChanges,
  PullRequestState,
  Written,
} from '../forges/types.ts';
import type {JournalEntry} from '../journal/types.ts';
import type {
  EarlierLines,
  EarlierLogs,
  EventsSeen,
  FieldNews,
  FieldQuestion,
  LogNews,
  LogQuery,
  LookTarget,
} from '../looks/types.ts';
import type {FileChange, RepositorySummary, ResolvableConflict} from '../repository/types.ts';
import type {Problem} from '../resources/problem.ts';
import type {RevisionNote, RevisionPage, RevisionQuestion, RevisionRange} from '../revisions/types.ts';

export type {AdoptedField, AdoptedResource, AdoptRequest, LeftField} from '../changes/adoption/types.ts';
export type {BaselineOutcome, BaselinePreview, BaselineRequest} from '../changes/baseline.ts';
export type {EnvironmentEffect, RenderedEffect} from '../changes/effect/types.ts';
export type {ImageEvent, ImageReport, ImageState, ImageUpdate} from '../changes/images/types.ts';
export type {ListedPullRequest, PullRequestList} from '../changes/open-pull-requests.ts';
export type {
  EnvironmentRule,
  PullRequestEffect,
  PullRequestMerge,
  PullRequestSeen,
} from '../changes/pull-request-types.ts';
export type {
  AdoptPreview,
  ChangeOrder,
  ChangeOutcome,
  ChangePreview,
  ChangeRequest,
  ImagesRequest,
  PromotePreview,
  PullRequestPreview,
  RevertPreview,
  RevertRequest,
} from '../changes/types.ts';
export type {Revealed, RevealedSide, SecretKey} from '../engines/reveal.ts';
export type {
  Check,
  MergeMethod,
  MergeResult,
  PullRequest,
  PullRequestChanges,
  PullRequestState,
  Written,
} from '../forges/types.ts';
export type {JournalEntry} from '../journal/types.ts';
export type {RepositorySummary, ResolvableConflict, Signature} from '../repository/types.ts';
export type {PullRequestMention} from '../revisions/pull-request-mention.ts';
export type {
  Revision,
  RevisionNote,
  RevisionPage,
  RevisionQuestion,
  RevisionRange,
} from '../revisions/types.ts';

/** A context of the kubeconfig. */
export interface ContextChoice {
  name: string;
  /** URL of its API server; '' where the kubeconfig names none. */
  server: string;
  /** True for the kubeconfig's current one. */
  current: boolean;
}

/** An environment with the context it was given, and how that is written down. */
export interface ContextChosen {
  environment: Environment;
  note: ContextNote;
}

/** What runs: compared, followed, and brought to what git says. */
export interface ClusterSession {
  inspect(
    environment: string,
    signal: AbortSignal,
    onEvent: (event: InspectionEvent) => void,
  ): Promise<EnvironmentReport>;
  /** The last report with the commit that live is nearest to; see Engine.findLiveRevision. */
  findLiveRevision(environment: string, signal: AbortSignal, limitMs: number): Promise<EnvironmentReport>;
  /** Tells each change of an environment's verdict until the signal; see Engine.follow. Rejects where it can't be followed. */
  follow(environment: string, signal: AbortSignal, onEvent: (event: FollowEvent) => void): Promise<void>;
  history(environment: string, signal: AbortSignal): Promise<readonly Deployment[]>;
  planSync(environment: string, options: SyncOptions, signal: AbortSignal): Promise<SyncPlan>;
  /** `confirmed` goes to the one place that decides whether a mutation is allowed. */
  sync(
    plan: SyncPlan,
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
    onEvent: (event: SyncEvent) => void,
    /** How long to wait for health: seconds, 0 for not at all. Default 300. */
    options?: {waitSeconds?: number},
  ): Promise<SyncResult>;
}

/** The commits of an environment. */
export interface CommitSession {
  /** A page of the commits of its folder, newest first. */
  revisions(environment: string, range: RevisionRange, signal: AbortSignal): Promise<RevisionPage>;
  /** Tells what takes its time to be known of some of them, each as it is known. What can't be known is not told. */
  revisionNotes(
    environment: string,
    question: RevisionQuestion,
    signal: AbortSignal,
    onNote: (note: RevisionNote) => void,
  ): Promise<void>;
  /** Files that a commit changes in the environment, and its patch. */
  commitDetail(
    environment: string,
    sha: string,
    signal: AbortSignal,
  ): Promise<{files: readonly FileChange[]; patch: string}>;
  /**
   * The pull request that brought a commit, as the forge knows it; null where it knows none, or can't be asked. The forge is
   * asked once for each.
   */
  commitPullRequest(environment: string, sha: string, signal: AbortSignal): Promise<PullRequest | null>;
  /** What a commit changes of what the environment wants, rendered: against its first parent. */
  commitEffect(environment: string, sha: string, signal: AbortSignal): Promise<RenderedEffect>;
}

/** What a change of git does before it is made. */
export interface EffectSession {
  /**
   * What a change does to an environment: what it wants then, rendered, and what would become of that on its cluster.
   * `from` and `to` are full object IDs: `to` a commit or a tree, `from` a commit, null for nothing. The cluster is asked
   * (`ask`), asked where it was inspected in this session (`at-hand`), or left alone (`no`). Trouble with the files or the
   * cluster is part of the answer.
   */
  effect(
    environment: string,
    change: {from: string | null; to: string},
    options: {cluster: 'ask' | 'at-hand' | 'no'},
    signal: AbortSignal,
  ): Promise<EnvironmentEffect>;
}

/** Changes of git: planned and shown, then made. */
export interface ChangeSession {
  /** What a change of git would do. Only objects are written; rejects with the reason where it can't be planned. */
  planChange(request: ChangeRequest, signal: AbortSignal): Promise<ChangePreview>;
  /**
   * Commits and pushes: to the branch itself, or to a branch for a pull request, which is opened where a token is found.
   * `confirmed` goes to the one place that decides whether a mutation is allowed.
   */
  makeChange(
    preview: ChangePreview,
    order: ChangeOrder,
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
  ): Promise<ChangeOutcome>;
  /** What a pull request of the local commits that the remote lacks would hold (`P` outside a revert). */
  planPullRequest(environment: string, signal: AbortSignal): Promise<PullRequestPreview>;
  openPullRequest(
    preview: PullRequestPreview,
    order: Omit<ChangeOrder, 'via'>,
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
  ): Promise<ChangeOutcome>;
}

/** The images of an environment, and what their registries have. */
export interface ImageSession {
  /**
   * Asks for each image of an environment what its policy would choose; tells all images at first, then each as its registry
   * answers. What goes wrong with one is in its own answer. `fresh` asks anew what was asked minutes ago.
   */
  imageUpdates(
    environment: string,
    signal: AbortSignal,
    onEvent: (event: ImageEvent) => void,
    options: {fresh: boolean},
  ): Promise<ImageReport>;
}

/** Revisions that are marked as known good; and what a person does about a change's conflicts. */
export interface BaselineSession {
  /** What marking a revision as known good would do; rejects with the reason where it can't be marked. */
  planBaseline(request: BaselineRequest, signal: AbortSignal): Promise<BaselinePreview>;
  /** Marks it, and shares the mark. `confirmed` goes to the one place that decides whether a mutation is allowed. */
  makeBaseline(
    preview: BaselinePreview,
    note: string,
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
  ): Promise<BaselineOutcome>;
  /** The file in which a conflict is resolved: as it was left, else with git's markers; and the line of the first. */
  conflictFile(conflict: ResolvableConflict, signal: AbortSignal): Promise<{file: string; line: number}>;
}

/** Pull requests on the forge of the repository's remote. Rejects with the reason, which says what to do. */
export interface PullRequestSession {
  /** The open ones with the environments that each touches; with a name those that touch this one. */
  pullRequests(environment: string | null, signal: AbortSignal): Promise<PullRequestList>;
  /** Checks, reviews, comments, and whether it could be merged now. */
  pullRequest(number: number, signal: AbortSignal): Promise<PullRequestState>;
  /** Tells the same again whenever it is looked at, until it is merged or closed or the signal aborts. */
  followPullRequest(
    number: number,
    signal: AbortSignal,
    onSeen: (seen: PullRequestSeen) => void,
  ): Promise<void>;
  /**
   * What it changes: the files and the patch of a merge onto its base as it is now, and what that does to each environment
   * that it touches. `cluster` is as of `effect`.
   */
  pullRequestChange(
    request: PullRequest,
    options: {cluster: 'ask' | 'at-hand' | 'no'},
    signal: AbortSignal,
  ): Promise<PullRequestEffect>;
  /** Merges exactly the head that was seen. `confirmed` as `mergeSubject` wants it. */
  mergePullRequest(
    order: PullRequestMerge,
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
  ): Promise<MergeResult>;
  /** Makes it a draft or ready, sets labels, asks for reviews. */
  updatePullRequest(
    number: number,
    changes: PullRequestChanges,
    confirmed: 'yes',
    signal: AbortSignal,
  ): Promise<Written>;
  /** What the forge says of straight pushes to each environment's branch; only those that it was asked of, none with --no-fetch. */
  forgeRules(signal: AbortSignal): Promise<readonly EnvironmentRule[]>;
}

/** Looking closer at what runs. What can't be seen is part of what is told; rejects where the cluster can't be asked at all. */
export interface LooksSession {
  /** Tells conditions and events, and each change of them, until the signal. */
  followEvents(
    environment: string,
    target: LookTarget,
    signal: AbortSignal,
    onSeen: (seen: EventsSeen) => void,
  ): Promise<void>;
  /** Tells the logs of a workload's pods, as they are written, until the signal. */
  followLogs(
    environment: string,
    query: LogQuery,
    signal: AbortSignal,
    onNews: (news: LogNews) => void,
  ): Promise<void>;
  /** Lines before those that are known. */
  earlierLogs(environment: string, question: EarlierLogs, signal: AbortSignal): Promise<EarlierLines>;
  /** Tells of a field what stands there, who owns it, and which commits changed it, each as it is known. */
  fieldDetail(
    environment: string,
    question: FieldQuestion,
    signal: AbortSignal,
    onNews: (news: FieldNews) => void,
  ): Promise<void>;
}

/** From one environment to the next. */
export interface PromotionSession {
  /** What an environment could get from another one; from what it is promoted from where none is named. */
  promotionChoices(environment: string, from: string | null, signal: AbortSignal): Promise<PromotionChoices>;
  /** Which version of each application is in which environment, as git has it and as far as is known runs. */
  versions(signal: AbortSignal): Promise<VersionMatrix>;
}

/** What was really run and asked: programs, and requests to clusters, forges and registries. */
export interface JournalSession {
  /** Does some work; what it runs and asks, now and later, is remembered under this question. */
  within<T>(question: string, work: () => T): T;
  /** Tells all that is remembered, oldest first, now and, twice a second at most, when it changes; until the signal. */
  followJournal(signal: AbortSignal, onEntries: (entries: readonly JournalEntry[]) => void): Promise<void>;
}

/** A program that the user's own preferences run, its arguments as they are: there is never a shell. */
export interface ProgramOrder {
  /** The command's name, for whoever reads it. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly in: 'terminal' | 'background' | 'pager';
  /** It may change something. */
  readonly changes: boolean;
  /** The environment that it is about; null for none. */
  readonly environment: string | null;
}

/** What a program left behind. A status that is not 0 is an answer, too. */
export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Programs of the user's own that don't need the terminal. */
export interface ProgramSession {
  /** Rejects where it may not be run, can't be started, takes too long or was ended. */
  runProgram(
    order: ProgramOrder,
    confirmed: 'yes' | {typed: string},
    signal: AbortSignal,
  ): Promise<ProgramResult>;
}

/**
 * All that the app knows of the world. It is made by `commands/open`; tests make their own. Every call takes an
 * AbortSignal; every answer belongs to the call, so the app can drop late ones.
 */
export interface Session
  extends ClusterSession,
    CommitSession,
    ChangeSession,
    EffectSession,
    BaselineSession,
    PullRequestSession,
    ImageSession,
    PromotionSession,
    LooksSession,
    JournalSession,
    ProgramSession {
  readonly version: string;
  readonly readOnly: boolean;
  /** True with --worktree: git's side is the working tree, shown as such. */
  readonly worktree: boolean;
  /** The line to paste in a second terminal to make drift; only in the demo. */
  readonly demoHint: string | null;
  /** True with --reveal-secrets: then `reveal` may be asked. */
  readonly revealsSecrets: boolean;
  /** Environments, the header and what went wrong on the way; first call of the app. */
  load(signal: AbortSignal): Promise<{
    repository: RepositorySummary;
    environments: readonly Environment[];
    problems: readonly Problem[];
    /** How many contexts the kubeconfig has; without any, git's side is all there is to show. */
    contextCount: number;
    /** Where the kubeconfig was looked for, in words, and whether there is one. */
    kubeconfig?: {where: string; found: boolean};
  }>;
  /** The kubeconfig's contexts, to choose from for an environment that has none. */
  contexts(): Promise<readonly ContextChoice[]>;
  /**
   * Gives an environment a context for this session, and tells how that would be written down in the config file; with
   * `write` it is. Rejects where writing is refused (a read-only session) or fails.
   */
  setContext(environment: string, context: string, options: {write: boolean}): Promise<ContextChosen>;
  /** Asks the remote for new commits (git fetch), then gives the header again. */
  fetch(signal: AbortSignal): Promise<RepositorySummary>;
  /**
   * Tells a new header when the checkout or the remote's branch has moved, until the signal; asks the remote for new
   * commits now and then. Call it after `load`; it waits for it.
   */
  followRepository(signal: AbortSignal, onMove: (repository: RepositorySummary) => void): Promise<void>;
  /**
   * One secret value of git and of the cluster, read at this moment: the only answer that holds one. Rejects without
   * --reveal-secrets.
   */
  reveal(environment: string, wanted: SecretKey, signal: AbortSignal): Promise<Revealed>;
  /** Ends connections. What still runs is cancelled by its own signal. */
  close(): void;
}
