// Runs every test (or those whose paths are given) and ends with one line: `N passed, N failed`.
import {glob} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {run} from 'node:test';
import {spec} from 'node:test/reporters';
import {fileURLToPath} from 'node:url';
import {ensureGitea} from '../test/gitea/build.ts';
import {ensureRegistry} from '../test/registry/build.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

// The devDependency `node` puts this on the scripts' PATH; with --ignore-scripts npm leaves it out without a word.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `The tests run on the Node.js that npm installs here (24 or later), not on ${process.version}. ` +
      'Start them with `npm test`, and let install scripts run.',
  );
  process.exit(2);
}

const given = process.argv.slice(2);
const files = given.length > 0 ? given : await Array.fromAsync(glob('test/**/*.test.{ts,tsx}'));
// The cluster's programs are built by its own set-up; those that few tests use, where one of those is to run.
if (files.some(file => file.includes('gitea'))) {
  await ensureGitea({onProgress: line => process.stderr.write(`test gitea: ${line}\n`)});
}
if (files.some(file => /registr|images/.test(file))) {
  await ensureRegistry({onProgress: line => process.stderr.write(`test registry: ${line}\n`)});
}
const counts = {passed: 0, failed: 0, skipped: 0};

const events = run({
  files: files.sort().map(file => path.resolve(file)),
  // Two at once on a small machine: the API server that they share wants a core too.
  concurrency: 2,
  // The property test runs as long as it is told to.
  timeout: (10 * 60 + Number(process.env['GITOPS_TUI_PROPERTY_SECONDS'] ?? 0)) * 1000,
  execArgv: ['--import', 'tsx', '--disable-warning=ExperimentalWarning'],
  globalSetupPath: path.join(root, 'test/cluster/global-setup.ts'),
});
events.on('test:summary', summary => {
  if (summary.file !== undefined) return;
  counts.passed = summary.counts.passed;
  counts.failed = summary.counts.failed + summary.counts.cancelled;
  counts.skipped = summary.counts.skipped;
  if (!summary.success) process.exitCode = 1;
});
const report = events.compose(new spec());
report.pipe(process.stdout, {end: false});
report.on('end', () => {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
});
