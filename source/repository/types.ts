import type {Problem} from '../resources/problem.ts';
import type {Git} from './git.ts';

/** A commit of git log. Times are ISO 8601. Texts come as git has them: strip them before they reach a screen. */
export interface Commit {
  sha: string;
  parents: readonly string[];
  author: string;
  email: string;
  /** Author date. */
  time: string;
  subject: string;
  body: string;
  /** Tags and branches that point at it. */
  refs: readonly string[];
  /** Which of those are tags. */
  tags: readonly string[];
}

/** What is known of a commit's signature. */
export interface Signature {
  /**
   * `unknown-signer`: it is good, and nothing says whose key that is; `expired`: good, by a key (or of a time) that is over;
   * `unchecked`: there is one that can't be verified here, which says nothing of it.
   */
  verdict: 'good' | 'unknown-signer' | 'expired' | 'revoked' | 'bad' | 'none' | 'unchecked';
  /** Whom the key belongs to, as the keyring or the allowed signers say. */
  signer: string | null;
  key: string | null;
  /** What else there is to know, for people: why it can't be checked. */
  reason: string | null;
}

/** What changed in a file between two revisions. */
export interface FileChange {
  path: string;
  added: number;
  removed: number;
  /** True where git calls it binary; the counts are 0 then. */
  binary: boolean;
}

/** A file of a git tree. `path` is relative to the repository's root. */
export interface TreeEntry {
  path: string;
  /** `120000` is a symbolic link: data, never followed. */
  mode: string;
  oid: string;
}

/** Files to read desired state from: a revision's tree, or the working tree where the user asked for it. */
export interface Tree {
  /** The full SHA, or 'worktree'. */
  readonly revision: string;
  /** Regular files (and symbolic links, by mode) below a folder ('' is the root), sorted by path. */
  list(folder: string, signal?: AbortSignal): Promise<TreeEntry[]>;
  /** Submodules below a folder, by path: what they hold is in no tree of this repository. */
  submodules?(folder: string, signal?: AbortSignal): Promise<string[]>;
  /** A file's bytes; throws RepositoryError where there is none. Many at once are read in one go. */
  read(entries: readonly TreeEntry[], signal?: AbortSignal): Promise<Map<string, Buffer>>;
  /**
   * Writes the whole tree (not only a folder: kustomize bases lie elsewhere) into an empty folder of the disk. Gives a
   * problem for each file that was left out: a symbolic link that leads out of the tree, a name no disk should be given.
   */
  export(destination: string, signal?: AbortSignal): Promise<Problem[]>;
}

/** Who last changed a line. */
export interface BlameLine {
  sha: string;
  author: string;
  time: string;
  subject: string;
}

export interface LogOptions {
  /** Commit to start from: a full SHA. */
  from: string;
  /** Only commits that touch this folder; '' for all. */
  path: string;
  limit: number;
  skip?: number;
  /** Leave out what this commit reaches: for "the commits after it". */
  notReachableFrom?: string;
  /** Merges count as one step, and what they brought does not: the branch's own history. */
  firstParent?: boolean;
}

/** What is known of the repository's state. */
export interface RepositoryHead {
  /** Full SHA, or null in a repository without commits. */
  sha: string | null;
  /** Null when detached. */
  branch: string | null;
}

export interface Remote {
  name: string;
  /** As git will use it (insteadOf applied), user info removed. */
  url: string;
}

/** A branch on a remote, and what the last fetch saw of it. */
export interface RemoteBranch {
  remote: string;
  /** Its name on the remote: `main`. */
  branch: string;
  /** Its tip as last fetched: a full SHA, null where it was never fetched. */
  sha: string | null;
}

/**
 * A git repository, read through its objects: nothing here touches the checkout, the index, the stash, HEAD or the
 * configuration. Everything throws RepositoryError. Revisions are full SHAs: `resolve` makes them of what people type.
 */
export interface Repository {
  /** Top of the checkout; the repository's own folder where it is bare. */
  readonly root: string;
  readonly bare: boolean;
  /** True where older commits were not fetched: log and blame end early. */
  readonly shallow: boolean;
  /** The commands beneath, for the modules of source/repository. */
  readonly git: Git;
  head(signal?: AbortSignal): Promise<RepositoryHead>;
  /** Local branches, by name. */
  branches(signal?: AbortSignal): Promise<Map<string, string>>;
  /** The full SHA of the commit that a ref, a short SHA or an expression names. */
  resolve(ref: string, signal?: AbortSignal): Promise<string>;
  /** The remote of a branch, else `origin`, else the only one; null where there is none. */
  remote(branch?: string | null, signal?: AbortSignal): Promise<Remote | null>;
  /** Where a local branch is pushed to and fetched from; null where there is no remote. */
  upstreamOf(branch: string, signal?: AbortSignal): Promise<RemoteBranch | null>;
  /** The remote's default branch as of the last clone or `git remote set-head`; null where unknown. */
  defaultBranch(remote: string, signal?: AbortSignal): Promise<string | null>;
  tree(revision: string): Tree;
  /** Tracked files and untracked ones that are not ignored, as they are on disk. Throws in a bare repository. */
  worktreeTree(): Tree;
  log(options: LogOptions, signal?: AbortSignal): Promise<Commit[]>;
  commit(sha: string, signal?: AbortSignal): Promise<Commit>;
  /** Files below a folder that a commit changes, against its first parent. */
  changedFiles(sha: string, path: string, signal?: AbortSignal): Promise<FileChange[]>;
  /** The same between two commits or trees. */
  changes(from: string, to: string, path: string, signal?: AbortSignal): Promise<FileChange[]>;
  /** The patch of a commit below a folder, against its first parent; as `diff` shows it. */
  patch(sha: string, path: string, signal?: AbortSignal): Promise<string>;
  /** Unified diff between two commits or trees below a folder, for people: values of Secrets are hidden. */
  diff(from: string, to: string, path: string, signal?: AbortSignal): Promise<string>;
  /**
   * Who last changed lines of a file (from 1) at a revision or in the 'worktree'. Lines that the file does not have, that
   * are not committed yet, or whose history was not fetched are left out.
   */
  blame(
    revision: string,
    file: string,
    lines: readonly number[],
    signal?: AbortSignal,
  ): Promise<Map<number, BlameLine>>;
  /** Commits that `sha` has and `other` lacks, and the other way round. */
  aheadBehind(sha: string, other: string, signal?: AbortSignal): Promise<{ahead: number; behind: number}>;
  isAncestor(ancestor: string, descendant: string, signal?: AbortSignal): Promise<boolean>;
  /** The best common ancestor, null where there is none. */
  mergeBase(a: string, b: string, signal?: AbortSignal): Promise<string | null>;
  /** Asks a remote for new commits. FETCH_HEAD stays as it is. */
  fetch(remote: string, signal?: AbortSignal): Promise<void>;
  /** The tip of a remote's branch, asked for now; null where it has none of that name. */
  remoteTip(remote: string, branch: string, signal?: AbortSignal): Promise<string | null>;
  /** Pushes a commit to a branch of a remote: never by force, with the user's own pre-push hook. */
  push(remote: string, sha: string, branch: string, signal?: AbortSignal): Promise<PushResult>;
}

/** A plan of one new commit on a branch's tip, made without touching anything of the user's. */
export interface ChangePlan {
  /** The folder that it is about, '' for all. */
  path: string;
  /** The tip that the new commit goes on: the remote's branch where there is one. */
  base: string;
  baseRef: string;
  branch: string;
  files: readonly FileChange[];
  /** Unified diff of base to result, for the preview. */
  patch: string;
  /** The tree of the result, already in the object database; equal to base's tree means nothing to do. */
  resultTree: string;
  /** The commit's message: a subject, what it says, and the trailers. */
  message: string;
  /** Lines such as `Environment: production`, which an edited message must keep: machines read them. */
  trailers: readonly string[];
  /** A second parent of the new commit, where it merges one: a full SHA. */
  mergeParent?: string;
  /** Files that could not be merged: nothing is committed then. */
  conflicts: readonly Conflict[];
  /** Remote that the commit goes to; null (or left out) where there is none: then it stays in this repository. */
  remote?: string | null;
  /** What should be known before it is approved: the remote could not be asked, the branch is new there. */
  warnings?: readonly string[];
}

/** A file that could not be merged. */
export interface Conflict {
  path: string;
  /** The parts that conflict, for people: no secret value is in them. */
  hunks: string;
  /** How it can be resolved in an editor; left out where it can't: `hunks` says why. */
  resolve?: ResolvableConflict;
}

/** A conflict that a person can resolve in an editor. */
export interface ResolvableConflict {
  /** The same for the same three versions of the file, whatever commit they stand in. */
  id: string;
  path: string;
  /** The merged file with git's markers: an object's ID. */
  blob: string;
  /** True where one side deleted the file and the other changed it. */
  deleted: boolean;
  /** The commit that is undone, in words: what the second side of the markers is without. */
  undone: string;
  /** True where the user has written a resolution, which was not asked to be used. */
  isResolved: boolean;
  /** What is to be said of what was written already; null where nothing was. */
  note: string | null;
}

/** A merge among commits that are undone. */
export interface MergeStep {
  sha: string;
  subject: string;
  /** How many it has. */
  parents: number;
  /** The parent that it is undone to, from 1. */
  mainline: number;
  /** True where it says that it brought its own branch into other work: its first parent isn't the branch's own side. */
  isForeign: boolean;
}

/**
 * How a revert goes about it. `restore`: the folder becomes what it was at the target, whatever changed it since, and
 * nothing else changes. `revert-commits`: each commit that touched the folder is undone, newest first, with all that it
 * changed, in other folders too; what other commits did stays. `environment-only`: the same, but only inside the folder.
 */
export type RevertMode = 'restore' | 'revert-commits' | 'environment-only';

/** A plan to bring a folder back to an earlier commit, or to undo commits. */
export interface RevertPlan extends ChangePlan {
  mode: RevertMode;
  /** The commit to go back to; the last one before those that are undone. */
  target: Commit;
  /** The newest commit that is undone, where later ones stay. */
  until?: Commit;
  /** The commits that are undone, newest first. */
  undone: readonly Commit[];
  /** The merges among them, newest first. */
  merges: readonly MergeStep[];
  /** Conflicts that the user has resolved, by `ResolvableConflict.id`. */
  resolved: readonly string[];
}

/** What became of a push. */
export type PushResult =
  | {pushed: true; ref: string; sha: string}
  | {pushed: false; reason: 'moved' | 'refused' | 'unreachable' | 'unauthorized'; message: string};

/** What the header shows of the repository. */
export interface RepositorySummary {
  name: string;
  path: string;
  /** True where there is no checkout: there are no files to edit then. */
  bare: boolean;
  branch: string | null;
  head: string | null;
  /** Commits that the remote has and the checkout lacks, and the other way round; null where unknown. */
  behind: number | null;
  ahead: number | null;
  remoteUrl: string | null;
}
