/** Tags as people read them, each once: a mark of what is known good (`repository/baseline.ts`) by its environment. */
export function shownTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map(tag => tag.replace(/^gitops-tui\/good\/([^/]+)\/.*$/, 'good:$1')))];
}
