import type {SourceLocation} from '../../resources/problem.ts';
import type {ImagePolicy} from '../policy.ts';

/** Whose policy it is. */
export type PolicyOrigin = 'flux' | 'flux-v1' | 'argocd-image-updater' | 'config';

/** A policy that somebody wrote down. */
export interface StatedPolicy {
  origin: PolicyOrigin;
  /** What it is called: `ImagePolicy flux-system/podinfo`, `Application argocd/shop`, `.gitops-tui.yaml:12`. */
  name: string;
  /** Where it stands in git; null where only the cluster has it. */
  location: SourceLocation | null;
  /** What it says, or why that can't be done. */
  policy: ImagePolicy | {problem: string};
  /** True where a digest is to be written beside the tag, or in its place. */
  pinsDigest: boolean;
  /** What the tool on the cluster chose last; null where that is not known, left out where there is no such tool. */
  latest?: {tag: string; digest: string | null} | null;
}
