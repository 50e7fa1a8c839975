import type {Problem} from '../resources/problem.ts';

/** An environment: a folder of the repository (the source) and a kubeconfig context (the cluster) that should be equal. */
export interface Environment {
  name: string;
  /** Folder relative to the repository's root, '' for the root. */
  path: string;
  /** Branch that holds it; null is the checked-out one. */
  branch: string | null;
  /** kubeconfig context; null where it isn't known yet. */
  context: string | null;
  /** For resources that name none; null is the context's own, else `default`. */
  namespace: string | null;
  source: 'auto' | 'directory' | 'kustomize' | 'helm' | 'terraform' | 'ansible';
  engine: 'auto' | 'direct' | 'argocd' | 'flux';
  /** Changes to git only by pull request; a sync asks for the name. */
  protected: boolean;
  promotesFrom: string | null;
  /** How it was found: the config file, or the convention that matched (`environments/*`). */
  origin: string;
}

/** Fields that are never drift, from the config file. */
export interface IgnoreRule {
  /** Globs; undefined matches all. */
  group?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  /** JSON pointers (`/spec/replicas`) or JSONPath (`$.spec.template..image`). */
  paths: readonly string[];
  /** Where it stands, in words: `.gitops-tui.yaml:12`. */
  origin?: string;
}

/** How images are updated, from the config file. */
export interface ImageRule {
  /** A name without tag, as a glob: `nginx`, `ghcr.io/acme/*`. */
  image: string;
  /** `semver:~1.2`, `glob:main-*`, `regexp:…`, `numerical`, `alphabetical`, `newest-build`, `digest:TAG`. */
  policy: string;
  /** A regular expression that tags must match, and what of them is put in order. */
  tags?: string;
  extract?: string;
  /** Where it stands, in words: `.gitops-tui.yaml:12`. */
  origin?: string;
}

export interface EnvironmentsResult {
  environments: Environment[];
  ignore: IgnoreRule[];
  images: ImageRule[];
  /** The config file that was read, relative to the root; null where discovery found the environments. */
  configFile: string | null;
  problems: Problem[];
}
