import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import * as v from 'valibot';
import {ensureGoProgram, type Missing, type ProgramOptions} from '../cluster/go-program.ts';
import {isClusterOff, isClusterRequired} from '../cluster/required.ts';

const here = import.meta.dirname;
const modulePath = 'code.gitea.io/gitea';

/** A Gitea to start, and where its templates and locales lie. */
export type GiteaProgram = {program: string; staticRoot: string};

/**
 * Finds Gitea in the cache, else builds it with Go and a C compiler (for SQLite).
 * Throws instead of answering `missing` where real parts are required (CI=true or GITOPS_TUI_REQUIRE_CLUSTER=1).
 */
export async function ensureGitea(options: ProgramOptions = {}): Promise<GiteaProgram | Missing> {
  const found = await find(options);
  if ('missing' in found && isClusterRequired())
    throw new Error(`the real Gitea is required: ${found.missing}`);
  return found;
}

async function find(options: ProgramOptions): Promise<GiteaProgram | Missing> {
  if (isClusterOff()) return {missing: 'GITOPS_TUI_CLUSTER=off'};
  const program = await ensureGoProgram(
    {
      folder: here,
      cache: 'test-gitea',
      program: 'gitea',
      target: './gitea',
      sources: ['go.mod', 'go.sum', 'gitea/main.go'],
      linking: async () => [`-X main.Version=${(await requiredVersion()).slice(1)}`],
      tags: ['sqlite', 'sqlite_unlock_notify'],
      cgo: true,
    },
    options,
  );
  if (typeof program !== 'string') return program;
  try {
    // The program was built without its templates: it reads them from the module's own folder.
    const {stdout} = await promisify(execFile)('go', ['mod', 'download', '-json', modulePath], {
      cwd: here,
      env: {...process.env, GOWORK: 'off'},
      timeout: 300_000,
    });
    return {program, staticRoot: v.parse(v.object({Dir: v.string()}), JSON.parse(stdout)).Dir};
  } catch (error) {
    return {missing: `Go can't provide the module ${modulePath}: ${error}`};
  }
}

async function requiredVersion(): Promise<string> {
  const found = /^(?:require )?\s*code\.gitea\.io\/gitea (v\S+)$/m.exec(
    await readFile(join(here, 'go.mod'), 'utf8'),
  );
  if (!found?.[1]) throw new Error('test/gitea/go.mod requires no code.gitea.io/gitea');
  return found[1];
}

// Run as a script, so that it is built before the tests start and their time limits run.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const say = (line: string) => process.stderr.write(`test gitea: ${line}\n`);
  const found = await ensureGitea({onProgress: say});
  if ('missing' in found) {
    say(`not available: ${found.missing}`);
    process.exitCode = 1;
  } else {
    process.stdout.write(`${found.program}\n`);
  }
}
