import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {run} from '../../source/process/run.ts';

/** A real repository in a folder of its own, made with git alone: what the code under test is held to. */
export interface GitFolder {
  root: string;
  /** Runs git here and gives its output without the last line end. Throws where git fails. */
  git(...args: string[]): Promise<string>;
  write(file: string, content: string): void;
  /** Writes files, commits everything and gives the new commit's SHA. */
  commit(message: string, files?: Record<string, string | null>): Promise<string>;
}

/** Away from the settings of whoever runs the tests, and with times that do not depend on when they do. */
export const isolated = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada Lovelace',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada Lovelace',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

// The code under test inherits this process's environment.
process.env['GIT_CONFIG_GLOBAL'] = isolated.GIT_CONFIG_GLOBAL;
process.env['GIT_CONFIG_NOSYSTEM'] = isolated.GIT_CONFIG_NOSYSTEM;

/** A temporary folder that goes away with the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'gitops-tui-test-')));
  context.after(() => rmSync(folder, {recursive: true, force: true, maxRetries: 3}));
  return folder;
}

let clock = Date.UTC(2026, 0, 1);

/** git in a folder that exists. */
export function gitIn(root: string): GitFolder {
  const git = async (...args: string[]) => {
    clock += 60_000;
    const date = new Date(clock).toISOString();
    const env = {...isolated, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date};
    const result = await run('git', args, {cwd: root, env});
    if (result.exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}${result.stdout}`);
    return result.stdout.replace(/\n$/, '');
  };
  const write = (file: string, content: string) => {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), {recursive: true});
    writeFileSync(target, content);
  };
  return {
    root,
    git,
    write,
    async commit(message, files = {}) {
      for (const [file, content] of Object.entries(files)) {
        if (content === null) rmSync(path.join(root, file), {recursive: true});
        else write(file, content);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

/** A new repository on branch main. */
export async function newRepository(root: string, ...options: string[]): Promise<GitFolder> {
  mkdirSync(root, {recursive: true});
  const folder = gitIn(root);
  await folder.git('init', '--quiet', '--initial-branch=main', ...options);
  return folder;
}

/** A checkout whose branch main is pushed to (and tracks) a bare remote named origin. */
export async function withRemote(
  folder: string,
  files: Record<string, string>,
): Promise<{checkout: GitFolder; remote: GitFolder; first: string}> {
  const remote = await newRepository(path.join(folder, 'remote.git'), '--bare');
  const checkout = await newRepository(path.join(folder, 'checkout'));
  const first = await checkout.commit('Start', files);
  await checkout.git('remote', 'add', 'origin', remote.root);
  await checkout.git('push', '--quiet', '--set-upstream', 'origin', 'main');
  return {checkout, remote, first};
}

/** Gives a repository an identity to commit with, as a user has one. */
export async function identify(folder: GitFolder): Promise<void> {
  await folder.git('config', 'user.name', 'Grace Hopper');
  await folder.git('config', 'user.email', 'grace@example.com');
}

/** Makes a checkout as untidy as a real one: a stash, a staged file, a changed one, an untracked one. */
export async function untidy(checkout: GitFolder, tracked: string): Promise<void> {
  checkout.write('stashed.yaml', 'stash: 1\n');
  await checkout.git('add', 'stashed.yaml');
  await checkout.git('stash', 'push', '--quiet');
  checkout.write('staged.yaml', 'staged: 1\n');
  await checkout.git('add', 'staged.yaml');
  checkout.write(tracked, 'dirty: 1\n');
  checkout.write('untracked.yaml', 'new: 1\n');
}
