// What may hold secret values on disk, gone however a process ends.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, watch} from 'node:fs';
import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {makeTemporaryFolder} from '../../source/process/temporary-folder.ts';
import {stringifyJson} from '../../source/resources/json.ts';
import {openTerminal} from '../app/terminal.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

const cli = fileURLToPath(new URL('../../source/cli.ts', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

test('a temporary folder is for this user only, and goes when it is disposed of', async () => {
  let folder = '';
  {
    await using made = await makeTemporaryFolder('test');
    folder = made.path;
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  }
  assert.ok(!existsSync(folder));
});

/** A repository with a Secret that a kustomize builds which does not end, and a folder for what is temporary. */
async function endlessBuild(t: TestContext) {
  const folder = temporaryFolder(t);
  const at = (...names: string[]) => path.join(folder, ...names);
  for (const name of ['bin', 'tmp', 'ready']) mkdirSync(at(name));
  const repository = await newRepository(at('infra'));
  await repository.commit('Start', {
    '.gitops-tui.yaml': stringifyJson({environments: [{name: 'test', path: 'deploy', context: 'none'}]}),
    'deploy/kustomization.yaml': 'secretGenerator: [{name: login, files: [password]}]\n',
    'deploy/password': 'hunter2',
  });
  await writeFile(
    at('bin/kustomize'),
    `#!/bin/sh\n{ pwd; echo $$; } > '${at('ready/new')}' && mv '${at('ready/new')}' '${at('ready/where')}'\nexec sleep 600\n`,
  );
  await chmod(at('bin/kustomize'), 0o755);
  await writeFile(
    at('kubeconfig'),
    stringifyJson({
      'current-context': 'none',
      clusters: [{name: 'none', cluster: {server: 'https://127.0.0.1:9'}}],
      contexts: [{name: 'none', context: {cluster: 'none', user: 'none', namespace: 'default'}}],
      users: [{name: 'none', user: {token: 'none'}}],
    }),
  );
  const appeared = new Promise<void>(resolve => {
    const watcher = watch(at('ready'), (_, name) => {
      if (name === 'where') resolve();
    });
    t.after(() => watcher.close());
  });
  return {
    args: ['--import', tsx, cli],
    where: ['-C', repository.root, '--kubeconfig', at('kubeconfig')],
    env: {PATH: `${at('bin')}:${process.env['PATH']}`, TMPDIR: at('tmp')},
    /** Resolves once it builds; gives the folder in which it does. */
    async building(): Promise<string> {
      await appeared;
      const [place = '', pid] = readFileSync(at('ready/where'), 'utf8').split('\n');
      // It outlives a parent that was killed.
      t.after(() => {
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {
          // It ended with its parent.
        }
      });
      return place;
    },
    left: () => readdirSync(at('tmp')).filter(name => name.startsWith('gitops-tui')),
    tmp: at('tmp'),
  };
}

const url = new URL('../../source/process/temporary-folder.ts', import.meta.url).href;

/** Makes a folder in a process of its own, which then ends in the midst of it. */
async function makeAndExit(env: Record<string, string>): Promise<void> {
  const code = `await (await import(${JSON.stringify(url)})).makeTemporaryFolder('kustomize'); process.exit(3);`;
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '--eval', code], {
    env: {...process.env, ...env},
    stdio: 'inherit',
  });
  assert.deepEqual(await once(child, 'exit'), [3, null]);
}

describe('a kill during a build leaves no copy of the files', () => {
  function startDiff(t: TestContext, {args, where, env}: Awaited<ReturnType<typeof endlessBuild>>) {
    const command = spawn(process.execPath, [...args, 'diff', 'test', ...where], {
      env: {...process.env, ...env},
      stdio: 'ignore',
    });
    t.after(() => command.kill('SIGKILL'));
    return {command, ended: once(command, 'exit')};
  }

  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    test(`a command, ${signal}`, async t => {
      const build = await endlessBuild(t);
      const {command, ended} = startDiff(t, build);
      assert.equal(readFileSync(path.join(await build.building(), 'password'), 'utf8'), 'hunter2');
      assert.equal(build.left().length, 1);
      command.kill(signal);
      await ended;
      assert.deepEqual(build.left(), []);
    });
  }

  test('the app, SIGTERM', async t => {
    const {args, where, env, building, left} = await endlessBuild(t);
    await using app = openTerminal({command: process.execPath, args: [...args, ...where, '--no-fetch'], env});
    await building();
    assert.equal(left().length, 1);
    app.kill('SIGTERM');
    await app.ended(120);
    assert.deepEqual(left(), []);
  });

  test('SIGKILL leaves one, which a later process removes', async t => {
    const build = await endlessBuild(t);
    const {command, ended} = startDiff(t, build);
    await build.building();
    command.kill('SIGKILL');
    await ended;
    const [name = ''] = build.left();
    await makeAndExit(build.env);
    assert.deepEqual(build.left(), [name], 'it may be in use by a process that can not be seen from here');
    utimesSync(path.join(build.tmp, name), 0, 0);
    await makeAndExit(build.env);
    assert.deepEqual(build.left(), []);
  });
});
