/** What the kubeconfig offers. */
export interface Contexts {
  names: readonly string[];
  /** Its current-context; null where it states none. */
  current: string | null;
}

/**
 * The kubeconfig context of an environment: the one of its name, else the only one that ends in its name after a dash, a
 * slash, an underscore, a colon or an at sign (`kind-dev`, `arn:aws:eks:…:cluster/dev`). Anything less sure is null, for
 * the user to settle: a wrong cluster is worse than none.
 */
export function contextFor(environment: string, contexts: Contexts): string | null {
  const name = environment.slice(environment.lastIndexOf('/') + 1);
  for (const wanted of new Set([environment, name])) {
    if (contexts.names.includes(wanted)) return wanted;
  }
  const endings = ['-', '/', '_', ':', '@'].map(separator => separator + name);
  const [only, ...more] = contexts.names.filter(context => {
    if (!endings.some(ending => context.endsWith(ending))) return false;
    // `aks-pre-prod` and `non-prod` say that they are something else.
    return !/(?:^|[^a-z])(?:non?|not|pre)[-_]$/i.test(context.slice(0, -name.length));
  });
  return only !== undefined && more.length === 0 ? only : null;
}
