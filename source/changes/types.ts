import type {PullRequestResult} from '../forges/types.ts';
import type {Mainline} from '../repository/revert/steps.ts';
import type {ChangePlan, Commit, FileChange, RevertMode, RevertPlan} from '../repository/types.ts';
import type {AdoptPlan, AdoptRequest} from './adoption/types.ts';
import type {PromoteRequest, PromotionItem} from './promotion/types.ts';

/** A revert: the folder of an environment as a commit had it, or commits to it undone. */
export interface RevertRequest {
  kind: 'revert';
  environment: string;
  /** The commit to go back to: a SHA, or whatever git resolves to one. null is the last known good one (`baseline.ts`). */
  target: string | null;
  mode: RevertMode;
  /** The newest commit that is undone: later ones stay. Not for `restore`. */
  until?: string;
  /** True to undo the target itself, alone, and to keep what came after it. Not for `restore`. */
  only?: boolean;
  /** Which parent of a merge is the side that stays; else the first. */
  mainlines?: readonly Mainline[];
  /** Conflicts (by ID) for which what the user wrote in the editor is to be used. */
  resolved?: readonly string[];
}

/** Image updates: each image that git names, and what it is to be instead. */
export interface ImagesRequest {
  kind: 'images';
  environment: string;
  updates: readonly {
    /** As git writes it. */
    image: string;
    /** The same image at another tag or digest. */
    target: string;
    /** `namespace:name` of the Flux policy whose markers say where it is set; null for none. */
    marker: string | null;
  }[];
}

/** A change of git that is asked for, by its kind; each kind has a planner (`change.ts`). */
export type ChangeRequest = RevertRequest | AdoptRequest | ImagesRequest | PromoteRequest;

/** What a planner makes of a request. */
export interface Planned<P extends ChangePlan = ChangePlan> {
  plan: P;
  /** Branch for a pull request: `gitops-tui/revert-production-9be01d4`. The same change has the same name. */
  pullRequestBranch: string;
}

/** What a change of git would do, shown before anything is done. */
interface PreviewOf<R extends {kind: string}, P extends ChangePlan = ChangePlan> extends Planned<P> {
  kind: R['kind'];
  /** What was asked for, names resolved: planning it again on a newer tip makes the same change. */
  request: R;
  /** Other environments whose sources hold files that change. */
  alsoAffects: readonly string[];
  /** Why pushing straight to the branch is not possible; null where it is. */
  pushRefused: string | null;
}

export type RevertPreview = PreviewOf<RevertRequest, RevertPlan>;

export type ImagesPreview = PreviewOf<ImagesRequest>;

/** A promotion, and the items that go with it. */
export interface PromotePreview extends PreviewOf<PromoteRequest> {
  items: readonly PromotionItem[];
}

/** What an adoption would write, and what of it git then says as it is live. */
export type AdoptPreview = PreviewOf<AdoptRequest, AdoptPlan>;

export type ChangePreview = RevertPreview | AdoptPreview | ImagesPreview | PromotePreview;

/** How a change goes out, and its words. */
export interface ChangeOrder {
  via: 'push' | 'pull-request';
  /** The commit's subject, and the pull request's title. */
  title: string;
  body: string;
  draft: boolean;
  reviewers?: readonly string[];
  labels?: readonly string[];
  /** False leaves out the user's own commit hooks, as `git commit --no-verify` does. Default true. */
  verify?: boolean;
}

/** What became of a change, or of a pull request of commits that were there. */
export interface ChangeOutcome {
  ok: boolean;
  /** The new commit, once made: it is kept even where the push failed. */
  commit: string | null;
  /** Branch that was (or can be) pushed. */
  branch: string;
  pullRequest: PullRequestResult | null;
  /** What happened, for people; after a refusal also what to do now. */
  message: string;
  /** True where the same step can be tried again as it is. */
  retry: boolean;
  /**
   * A plan to be looked at and confirmed instead of the old one: made again on the tip of a branch that had moved, or with
   * what the user's own hooks made of the files.
   */
  newPreview?: ChangePreview;
  /**
   * True where what was approved still holds for `newPreview`: it changes files exactly as the old one did, or only the
   * user's own hooks made the difference. Without it nobody has approved the new plan yet.
   */
  stillApproved?: boolean;
}

/** A pull request before it is opened: commits of the checked-out branch that the environment's branch lacks upstream. */
export interface PullRequestPreview {
  environment: string;
  base: string;
  /** The base's tip, whose template the body holds. */
  baseTip: string;
  branch: string;
  head: string;
  commits: readonly Commit[];
  files: readonly FileChange[];
  patch: string;
  title: string;
  body: string;
  /** Why there is nothing to open; null where there is. */
  nothing: string | null;
  /** True where a token was found; else the compare URL will be shown. */
  hasToken: boolean;
  /** What should be known before it is opened: that it goes by the user's fork. */
  warnings: readonly string[];
}
