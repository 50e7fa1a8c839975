import assert from 'node:assert/strict';
import {mkdtemp, realpath, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import type {ProgramOrder} from '../../source/app/session.ts';
import {permit} from '../../source/engines/permission.ts';
import {programsPart} from '../../source/workspace/programs.ts';
import {environment} from '../app/fake-data.ts';

const never = new AbortController().signal;

function order(argv: readonly string[], more: Partial<ProgramOrder> = {}): ProgramOrder {
  return {name: 'mine', argv, in: 'background', changes: false, environment: null, ...more};
}

describe('programs of the user’s own', () => {
  let folder = '';
  before(async () => {
    folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gitops-tui-programs-')));
  });
  after(() => rm(folder, {recursive: true, force: true}));

  const part = (readOnly = false) =>
    programsPart(
      {
        environment: name => environment(name, {protected: name === 'production'}),
        permit(mutation, subject, confirmed) {
          const answer = permit(mutation, subject, {readOnly}, confirmed);
          if (!answer.allowed) throw new Error(answer.reason);
          return answer.permit;
        },
      },
      {repository: folder, kubeconfig: '/tmp/mine.yaml'},
    );

  test('run in the repository, on the kubeconfig, each argument as it is', async () => {
    const script =
      'process.stdout.write(JSON.stringify([process.cwd(), process.env.KUBECONFIG, ...process.argv.slice(1)]))';
    const odd = ['a b', '; rm -rf x', '$(id)', '`id`', 'two\nlines', '--flag', '\'"', '*'];
    const {exitCode, stdout} = await part().runProgram(
      order([process.execPath, '-e', script, '--', ...odd]),
      'yes',
      never,
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(JSON.parse(stdout), [folder, '/tmp/mine.yaml', ...odd]);
  });

  test('a status is an answer, a program that is not there is not', async () => {
    const {exitCode, stderr} = await part().runProgram(
      order([process.execPath, '-e', 'console.error("no"); process.exit(3)']),
      'yes',
      never,
    );
    assert.deepEqual([exitCode, stderr], [3, 'no\n']);
    await assert.rejects(
      part().runProgram(order(['no-such-program']), 'yes', never),
      /no-such-program was not found/,
    );
  });

  test('ends with the signal', async () => {
    const stop = new AbortController();
    const running = part().runProgram(
      order([process.execPath, '-e', 'setInterval(() => {}, 1000)']),
      'yes',
      stop.signal,
    );
    stop.abort();
    await assert.rejects(running, /was cancelled/);
  });

  const changing = (name: string | null) =>
    order([process.execPath, '-e', ''], {changes: true, environment: name});
  for (const [words, asked, confirmed, readOnly, reason] of [
    ['in a read-only session', 'staging', 'yes', true, /read-only/],
    ['without the name of what is protected', 'production', 'yes', false, /its name must be typed/],
    ['with a wrong one', 'production', {typed: 'prod'}, false, /"prod" is not production/],
    ['with no environment', null, 'yes', false, /no environment is chosen/],
  ] as const) {
    test(`one that may change something is refused ${words}`, () =>
      assert.rejects(part(readOnly).runProgram(changing(asked), confirmed, never), reason));
  }

  test('one that may change something runs once it is allowed', async () => {
    assert.equal((await part().runProgram(changing('staging'), 'yes', never)).exitCode, 0);
    assert.equal((await part().runProgram(changing('production'), {typed: 'production'}, never)).exitCode, 0);
  });
});
