import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {run} from '../../process/run.ts';
import {exampleHistory} from './history.ts';

/** The example repository on disk. */
export interface ExampleRepository {
  /** The user's checkout. */
  checkout: string;
  /** The bare repository that it pushes to. */
  remote: string;
  /** Full SHAs, oldest first, as `exampleHistory` tells them. */
  commits: readonly string[];
}

/**
 * Makes the example repository with its history and a bare upstream below an empty folder, so that pushes and reverts
 * are real. Throws where git is missing or fails. `now` (milliseconds) is what the commits' ages count from.
 */
export async function createExampleRepository(
  folder: string,
  now: number,
  signal?: AbortSignal,
): Promise<ExampleRepository> {
  const checkout = path.join(folder, 'shop');
  const remote = path.join(folder, 'upstream', 'shop.git');
  await mkdir(checkout, {recursive: true});
  const git = async (args: readonly string[], env: Record<string, string> = {}) => {
    // The user's own configuration (signing, hooks, templates) must not get into an example.
    const isolated = {GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...env};
    const result = await run('git', args, {cwd: checkout, env: isolated, signal});
    if (result.exitCode !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr.trim()}`);
    return result.stdout.trim();
  };

  await git(['init', '--quiet', '--initial-branch=main']);
  await git(['config', 'user.name', 'You']);
  await git(['config', 'user.email', 'you@shop.example']);
  await git(['config', 'commit.gpgSign', 'false']);
  const commits: string[] = [];
  for (const commit of exampleHistory()) {
    await rm(path.join(checkout, 'environments'), {recursive: true, force: true});
    for (const [name, text] of Object.entries(commit.files)) {
      const file = path.join(checkout, name);
      await mkdir(path.dirname(file), {recursive: true});
      await writeFile(file, text);
    }
    await git(['add', '--all']);
    const date = new Date(now - commit.ago).toISOString();
    await git(['commit', '--quiet', '--message', commit.message], {
      GIT_AUTHOR_NAME: commit.author,
      GIT_AUTHOR_EMAIL: commit.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: commit.author,
      GIT_COMMITTER_EMAIL: commit.email,
      GIT_COMMITTER_DATE: date,
    });
    commits.push(await git(['rev-parse', 'HEAD']));
  }
  await git(['clone', '--quiet', '--bare', '--', checkout, remote]);
  await git(['remote', 'add', 'origin', remote]);
  await git(['fetch', '--quiet', 'origin']);
  await git(['branch', '--quiet', '--set-upstream-to=origin/main', 'main']);
  return {checkout, remote, commits};
}
