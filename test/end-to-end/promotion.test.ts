// Promotion from the command line: the demo's repository, its remote and its clusters, the program as scripts run it.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {type Demo, startDemo} from '../../source/demo/demo.ts';
import {run} from '../../source/process/run.ts';
import {fingerprint} from '../repository/fingerprint.ts';

const cli = fileURLToPath(new URL('../../source/cli.ts', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

let demo: Demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());

function gitopsTui(...args: string[]) {
  const where = ['-C', demo.repository, '--kubeconfig', demo.kubeconfig];
  return run(process.execPath, ['--import', tsx, cli, ...args, ...where]);
}

async function git(...args: string[]): Promise<string> {
  return (await run('git', ['-C', demo.repository, ...args])).stdout.trim();
}

describe('promote', {concurrency: false}, () => {
  test('tells what differs, warns of what runs, and plans what is chosen by default', async () => {
    const {exitCode, stdout, stderr} = await gitopsTui('promote', 'production', '--pull-request');
    assert.equal(stderr, '');
    assert.match(stdout, /^What production could get from staging\n/);
    // The demo's staging drifted, and its checkout is a version behind.
    assert.match(stdout, /^Warning: staging runs something else than its git says: \d+ modified/m);
    assert.match(
      stdout,
      /^ {2}\[ \] Deployment\/checkout api: shop\/checkout:v1\.8\.2 -> shop\/checkout:v1\.8\.1\n +production is ahead/m,
    );
    assert.match(stdout, /^ {2}\[x\] StatefulSet\/redis redis: redis:7\.2 -> redis:7\.4$/m);
    assert.match(
      stdout,
      /^ {2}\[ \] Ingress\/web:spec\.rules\[0\]\.host: shop\.example -> staging\.shop\.example\n +own: /m,
    );
    assert.match(stdout, /^ {3}- {2}Secret\/database:stringData\.password: \*{3}\w{8} -> \*{3}\w{8}$/m);
    assert.match(stdout, /^\+ {10}image: redis:7\.4$/m);
    assert.match(
      stdout,
      /^With --yes: pushes gitops-tui\/promote-staging-to-production-\w{7}-\w{6} and opens a pull request$/m,
    );
    assert.doesNotMatch(stdout, /example-(?:staging|production)/);
    assert.equal(exitCode, 1);
  });

  test('a protected environment takes it by pull request only', async () => {
    const {exitCode, stdout} = await gitopsTui('promote', 'production', '--yes');
    assert.match(stdout, /^Blocked: production is protected: changes go through a pull request/m);
    assert.equal(exitCode, 2);
  });

  test('what is named is promoted, pushed and in the matrix; the checkout stays', async () => {
    const before = fingerprint(demo.repository);
    const old = await git('rev-parse', 'origin/main');
    const {exitCode, stdout} = await gitopsTui(
      'promote',
      'staging',
      'Deployment/web:spec.replicas',
      '--from',
      'development',
      '--yes',
    );
    assert.match(stdout, /pushed \w{7} to origin\/main; your checkout is as it was/);
    assert.equal(exitCode, 0);
    const remote = await git('remote', 'get-url', 'origin');
    const bare = async (...args: string[]) => (await run('git', ['-C', remote, ...args])).stdout.trim();
    assert.equal(await bare('rev-parse', 'main^'), old);
    assert.equal(await bare('diff', '--name-only', 'main^', 'main'), 'environments/staging/web.yaml');
    assert.match(await bare('show', 'main:environments/staging/web.yaml'), /^ {2}replicas: 1$/m);
    assert.match(
      await bare('log', '-1', '--format=%B', 'main'),
      /^Promote development to staging: 1 value\n[\s\S]*\nPromotes-From: development \w{40}\nEnvironment: staging$/,
    );
    assert.deepEqual(fingerprint(demo.repository), before);
  });

  test('names and groups that are not there are refused', async () => {
    const wrong = await gitopsTui('promote', 'production', 'redsi');
    assert.match(wrong.stderr, /^gitops-tui: nothing that differs is called redsi/m);
    const group = await gitopsTui('promote', 'production', '--only', 'pictures');
    assert.match(group.stderr, /^gitops-tui: --only takes images, values, objects, files, all or merge/);
    const from = await gitopsTui('promote', 'development');
    assert.match(from.stderr, /^gitops-tui: nothing says what development is promoted from: --from staging/m);
    const merge = await gitopsTui('promote', 'production', '--only', 'merge');
    assert.match(merge.stderr, /folders of one branch: there is nothing to merge/);
    assert.deepEqual(
      [wrong, group, from, merge].map(({exitCode}) => exitCode),
      [2, 2, 2, 2],
    );
  });
});

test('versions prints the matrix, with what runs where that is another', async () => {
  const [text, json] = await Promise.all([gitopsTui('versions'), gitopsTui('versions', '-o', 'json')]);
  assert.equal(text.exitCode, 0, text.stderr);
  assert.match(text.stdout, /^APPLICATION +DEVELOPMENT +STAGING +PRODUCTION$/m);
  assert.match(text.stdout, /^redis +7\.4 +7\.4 +7\.2 behind$/m);
  // Production waits for its last commit.
  assert.match(text.stdout, /^checkout .* v1\.8\.2 \(live v1\.8\.1\) ahead$/m);
  const document = JSON.parse(json.stdout);
  assert.equal(document.schemaVersion, 1);
  const redis = document.applications.find(({application}: {application: string}) => application === 'redis');
  const production = redis.versions.at(-1);
  assert.equal(production.against, 'behind');
  assert.match(production.since, /^\d{4}-\d\d-\d\dT/);
  assert.equal(production.source.file, 'environments/production/redis.yaml');
});
