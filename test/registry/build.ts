import {fileURLToPath} from 'node:url';
import {ensureGoProgram, type Missing, type ProgramOptions} from '../cluster/go-program.ts';
import {isClusterOff, isClusterRequired} from '../cluster/required.ts';

/**
 * Finds the CNCF's registry (Distribution) in the cache, else builds it with Go: half a minute.
 * Throws instead of answering `missing` where real parts are required (CI=true or GITOPS_TUI_REQUIRE_CLUSTER=1).
 */
export async function ensureRegistry(options: ProgramOptions = {}): Promise<string | Missing> {
  const found = isClusterOff()
    ? {missing: 'GITOPS_TUI_CLUSTER=off'}
    : await ensureGoProgram(
        {
          folder: import.meta.dirname,
          cache: 'test-registry',
          program: 'registry',
          target: './registry',
          sources: ['go.mod', 'go.sum', 'registry/main.go'],
          cgo: false,
        },
        options,
      );
  if (typeof found !== 'string' && isClusterRequired())
    throw new Error(`the real registry is required: ${found.missing}`);
  return found;
}

// Run as a script, so that it is built before the tests start and their time limits run.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const say = (line: string) => process.stderr.write(`test registry: ${line}\n`);
  const found = await ensureRegistry({onProgress: say});
  if (typeof found === 'string') process.stdout.write(`${found}\n`);
  else {
    say(`not available: ${found.missing}`);
    process.exitCode = 1;
  }
}
