import {ensureBinaries, ensureHelm} from './build.ts';
import {shareCluster} from './shared.ts';

// For `node --test --test-global-setup`: all test files of a run share one cluster.
let stop: (() => Promise<void>) | undefined;

/** Builds what is missing before any time limit of a test runs, and offers the cluster to the tests. */
export async function globalSetup(): Promise<void> {
  const options = {onProgress: (line: string) => process.stderr.write(`test cluster: ${line}\n`)};
  await ensureBinaries(options);
  await ensureHelm(options);
  stop = await shareCluster();
}

/** Ends the cluster of this run. */
export async function globalTeardown(): Promise<void> {
  await stop?.();
}
