/** Whether a missing cluster is a failure rather than a reason to skip. */
export function isClusterRequired(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.CI === 'true' || env.GITOPS_TUI_REQUIRE_CLUSTER === '1';
}

/** Whether this tier was switched off by hand, so that nothing is built for it. */
export function isClusterOff(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.GITOPS_TUI_CLUSTER === 'off';
}
