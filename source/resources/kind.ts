/** A kind that a server serves at one version, from its discovery. */
export interface Kind {
  group: string;
  version: string;
  kind: string;
  /** The name in the URL: `deployments`. */
  plural: string;
  namespaced: boolean;
  verbs: readonly string[];
  /** Names of its subresources: `status`, `scale`. */
  subresources: readonly string[];
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(kind: {group: string; version: string}): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
