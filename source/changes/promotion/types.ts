import type {SourceLocation} from '../../resources/problem.ts';

/** What can be promoted: the versions of images, other fields, objects that one side lacks, whole files. */
export type PromotionGroup = 'images' | 'values' | 'objects' | 'files';

/** The groups in the order in which they are shown. */
export const promotionGroups: readonly PromotionGroup[] = ['images', 'values', 'objects', 'files'];

/** One thing in which two environments differ, as it may be shown: values of Secrets are masks. */
export interface PromotionItem {
  /** Tells it apart from all others of the two environments: `images:Deployment/web:spec…image`. */
  id: string;
  group: PromotionGroup;
  /** The object, as the target calls it: `Deployment/web`; a file's path. */
  subject: string;
  /** The name that the object has in every environment: `web`; a file's path within its environment. */
  application: string;
  /** The field, or the container of an image; '' for objects and files. */
  what: string;
  /** What the target has; null where it has nothing. */
  now: string | null;
  /** What it would have; null where it would have nothing. */
  wanted: string | null;
  /** Where the source's files set it; null where that can't be told. */
  source: SourceLocation | null;
  /** Where the target's files set it, or would. */
  target: SourceLocation | null;
  /** Why it is likely an environment's own; null where nothing says so. It then moves only if it alone was chosen. */
  own: string | null;
  /** Why it can't be promoted; null where it can. */
  refused: string | null;
  /** What should be known before it is chosen. */
  notes: readonly string[];
  /** True where it is chosen unless somebody says otherwise. */
  byDefault: boolean;
  /** For a file: its unified diff, values of Secrets hidden. */
  patch?: string;
}

/** What an environment could get from another one, to choose from. */
export interface PromotionChoices {
  /** The environment that would change. */
  environment: string;
  from: string;
  /** The commits that were read: full SHAs. */
  revisions: {source: string; target: string};
  /** By group, in the order of the objects in the target. */
  items: readonly PromotionItem[];
  /** What differs and is never promoted, in words: namespaces, prefixes of names. */
  own: readonly string[];
  /** What should be known of the two before anything is promoted: the source has drifted, a commit is not pushed. */
  cautions: readonly string[];
  /** Where the two are branches: what merging the one into the other would bring; null where they are not. */
  merge: MergeChoice | null;
}

/** Merging the branch of one environment into that of another. */
export interface MergeChoice {
  source: string;
  target: string;
  /** Commits that the target's branch lacks. */
  commits: number;
  /** Commits that only the target's branch has. */
  ahead: number;
}

/** A promotion that is asked for. */
export interface PromoteRequest {
  kind: 'promote';
  /** The environment that changes. */
  environment: string;
  /** Where it comes from. */
  from: string;
  /** The source's commit; null for the newest of its branch. */
  source: string | null;
  /** Single items, or the source's whole branch. */
  way: 'items' | 'merge';
  /** Ids of the chosen items; null for those that are chosen by default. */
  items: readonly string[] | null;
}
