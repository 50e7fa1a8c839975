// The program as scripts run it, on the demo's repository and clusters.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {load as parseYaml} from 'js-yaml';
import {type Demo, startDemo} from '../../source/demo/demo.ts';
import {run} from '../../source/process/run.ts';

const cli = fileURLToPath(new URL('../../source/cli.ts', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

let demo: Demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());

/** Runs the program on the demo. */
function gitopsTui(...args: string[]) {
  const {repository, kubeconfig} = demo;
  const where = ['-C', repository, '--kubeconfig', kubeconfig];
  return run(process.execPath, ['--import', tsx, cli, ...args, ...where]);
}

describe('a wrong command line ends with 2, words on standard error and no more', () => {
  for (const [args, words] of [
    [['diff', '--config'], /^gitops-tui: --config is empty/],
    [['__proto__'], /^gitops-tui: "__proto__" is neither a folder nor a command/],
    [['constructor'], /^gitops-tui: "constructor" is neither a folder nor a command/],
    [['sync', 'development', 'staging', '--yes'], /^gitops-tui: sync takes one environment/],
    [['diff', 'nope'], /^gitops-tui: there is no environment "nope"; there are development, staging/],
  ] satisfies [string[], RegExp][]) {
    test(args.join(' '), async () => {
      const {exitCode, stdout, stderr} = await gitopsTui(...args);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /^ +at /m, 'no stack');
      assert.deepEqual([exitCode, stdout], [2, '']);
    });
  }
});

describe('a document', () => {
  test('is the same in JSON and in YAML, and alone on standard output', async () => {
    const [json, yaml] = await Promise.all([
      gitopsTui('diff', 'staging', '-o', 'json'),
      gitopsTui('diff', 'staging', '-o', 'yaml'),
    ]);
    assert.deepEqual([json.exitCode, yaml.exitCode, json.stderr, yaml.stderr], [1, 1, '', '']);
    // Masks are made with a key of each run.
    const unmasked = (text: string) => text.replaceAll(/\*{3}[0-9a-f]{8}/g, '***');
    assert.deepEqual(parseYaml(unmasked(yaml.stdout)), JSON.parse(unmasked(json.stdout)));
  });

  test('tells of a config file that leaves no environment, with its place', async t => {
    const config = path.join(path.dirname(demo.kubeconfig), 'wrong.yaml');
    await writeFile(config, 'environments:\n  - nmae: staging\n');
    const json = await gitopsTui('status', '-o', 'json', '--config', config);
    assert.equal(json.exitCode, 2);
    const {environments, errors} = JSON.parse(json.stdout);
    assert.deepEqual(environments, []);
    assert.deepEqual(
      errors.map((error: {line: number; column: number}) => [error.line, error.column]),
      [
        [2, 5],
        [2, 5],
      ],
    );
    for (const command of [['status'], ['sync', 'staging'], ['log', 'staging']]) {
      await t.test(command.join(' '), async () => {
        const {exitCode, stdout, stderr} = await gitopsTui(...command, '--config', config);
        assert.match(stderr, /wrong\.yaml:2:5: environments\[0\]\.nmae is no key of this file/);
        assert.deepEqual([exitCode, stdout], [2, '']);
      });
    }
  });
});

test('a reader that leaves early is no failure', async () => {
  const {repository, kubeconfig} = demo;
  const args = ['--import', tsx, cli, 'diff', '-o', 'json', '-C', repository, '--kubeconfig', kubeconfig];
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'pipe']});
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const status = await new Promise(resolve => child.on('close', resolve));
  assert.deepEqual([status, stderr], [1, '']);
});

test('a plan changes nothing and tells by its exit status whether there is work', async () => {
  const versions = async () =>
    (
      await run('kubectl', [
        '--kubeconfig',
        demo.kubeconfig,
        '--context',
        'staging',
        'get',
        'all,cm,secret',
        '-A',
        '-o',
        'yaml',
      ])
    ).stdout;
  const before = await versions();
  assert.match(before, /resourceVersion/);
  for (const flags of [[], ['--dry-run'], ['--dry-run', '--yes'], ['--prune']]) {
    assert.equal((await gitopsTui('sync', 'staging', ...flags)).exitCode, 1, flags.join(' '));
  }
  assert.equal(await versions(), before);
  const revert = await gitopsTui('revert', 'production', 'HEAD~1', '--yes');
  assert.match(revert.stdout, /^Blocked: production is protected: .* \(--pull-request\)$/m);
  assert.doesNotMatch(revert.stdout, /With --yes|Nothing was changed/);
  assert.equal(revert.exitCode, 2);
});
