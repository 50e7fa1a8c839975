// Image updates from the command line: a real repository and remote, a real registry, the program as scripts run it.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {run} from '../../source/process/run.ts';
import {type Registry, realRegistry} from '../registry/registry.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {type GitFolder, identify, temporaryFolder, untidy, withRemote} from '../repository/git-folder.ts';
import {hasKubectl} from '../sources/kubectl.ts';

const cli = fileURLToPath(new URL('../../source/cli.ts', import.meta.url));

function deployment(name: string, image: string, more = ''): string {
  return `# The ${name}, kept by hand.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop${more}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name}
          image: ${image}
`;
}

/** A repository whose images are in the registry, each with another kind of policy. */
async function shop(folder: string, {host}: Registry) {
  return withRemote(folder, {
    '.gitops-tui.yaml': `environments:
  - {name: production, path: production, namespace: shop, protected: false}
  - {name: staging, path: staging, namespace: shop}
images:
  - image: ${host}/shop/worker
    policy: numerical
    tags: ^main-(?P<build>[0-9]+)$
    extract: $build
`,
    // Flux's own objects, elsewhere in the repository.
    'flux/images.yaml': `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: web, namespace: flux-system}
spec: {image: ${host}/shop/web, interval: 1h}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: web, namespace: flux-system}
spec:
  imageRepositoryRef: {name: web}
  policy: {semver: {range: 1.x}}
`,
    'flux/application.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: production
  namespace: argocd
  annotations:
    argocd-image-updater.argoproj.io/image-list: api=${host}/shop/api:~2.1
spec: {source: {path: production}}
`,
    'base/kustomization.yaml': 'resources: [web.yaml, base.yaml]\n',
    'base/web.yaml': deployment('web', `${host}/shop/web:0.0.0`),
    'base/base.yaml': deployment('shared', `${host}/shop/shared:1.0.0`),
    'production/kustomization.yaml': `resources:
  - ../base
  - api.yaml # the one of production
  - worker.yaml
  - old.yaml

# What runs here.
images:
  - name: ${host}/shop/web
    newTag: "1.0.0" # {"$imagepolicy": "flux-system:web:tag"}
`,
    'production/api.yaml': deployment('api', `"${host}/shop/api:2.1.0" # by the updater`),
    'production/worker.yaml': deployment('worker', `${host}/shop/worker:main-9`),
    'production/old.yaml': deployment(
      'old',
      `${host}/shop/old:1.0`,
      '\n  annotations:\n    fluxcd.io/automated: "true"\n    fluxcd.io/tag.old: semver:~1',
    ),
    'staging/kustomization.yaml': 'resources: [../base]\n',
  });
}

async function pushAll(registry: Registry): Promise<void> {
  const labels = {'org.opencontainers.image.revision': '0123456789abcdef'};
  await registry.push('shop/web', '1.0.0');
  await registry.push('shop/web', '1.2.0', {created: '2026-02-03T04:05:00Z', labels});
  await registry.push('shop/web', '2.0.0');
  for (const tag of ['2.1.0', '2.1.7', '2.2.0']) await registry.push('shop/api', tag);
  for (const tag of ['main-9', 'main-10', 'feature-99']) await registry.push('shop/worker', tag);
  for (const tag of ['1.0', '1.4', '2.0']) await registry.push('shop/old', tag);
  for (const tag of ['1.0.0', '1.1.0', '1.1.0-debug']) await registry.push('shop/shared', tag);
}

/** Runs the program on a checkout, without anybody's credentials. */
function images(checkout: GitFolder, ...args: string[]) {
  const env = {DOCKER_CONFIG: '/nowhere', REGISTRY_AUTH_FILE: undefined, KUBECONFIG: '/nowhere/config'};
  return run(process.execPath, ['--import', 'tsx', cli, 'images', ...args, '-C', checkout.root], {
    env,
    timeoutMs: 300_000,
  });
}

const skip = hasKubectl() ? false : 'no kubectl on PATH';

test('images that registries have newer ones of are shown, and bumped in git where each is set', {
  skip,
}, async t => {
  const registry = await realRegistry(t);
  if (registry === undefined) return;
  await pushAll(registry);
  const {checkout, remote} = await shop(temporaryFolder(t), registry);
  const {host} = registry;
  await identify(checkout);
  await untidy(checkout, 'production/worker.yaml');
  const before = fingerprint(checkout.root);

  const listed = await images(checkout, 'production', '-o', 'json');
  assert.equal(listed.exitCode, 1, listed.stderr);
  const document = JSON.parse(listed.stdout);
  const told = Object.fromEntries(
    document.images.map((image: Record<string, unknown>) => [
      String(image['image']).replace(`${host}/shop/`, ''),
      [image['state'], String(image['target']).replace(`${host}/shop/`, ''), image['step']],
    ]),
  );
  assert.deepEqual(told, {
    'web:1.0.0': ['newer', 'web:1.2.0', 'minor'],
    'api:2.1.0': ['newer', 'api:2.1.7', 'patch'],
    'worker:main-9': ['newer', 'worker:main-10', 'other'],
    'old:1.0': ['newer', 'old:1.4', 'minor'],
    'shared:1.0.0': ['suggested', 'shared:1.1.0', 'minor'],
  });
  const web = document.images.find((image: {image: string}) => image.image.includes('/web:'));
  assert.deepEqual([web.created, web.revision], ['2026-02-03T04:05:00.000Z', '0123456789abcdef']);
  assert.equal(web.policy.name, 'ImagePolicy flux-system/web');

  const planned = await images(checkout, 'production', '--update');
  assert.equal(planned.exitCode, 1, planned.stdout + planned.stderr);
  assert.match(planned.stdout, /Nothing was changed: --yes does it/);
  assert.equal(await remote.git('rev-list', '--count', 'main'), '1', 'a plan changes nothing');

  const made = await images(checkout, 'production', '--update', '--yes');
  assert.equal(made.exitCode, 0, made.stdout + made.stderr);
  const patch = await remote.git('show', '--format=', '--unified=0', 'main');
  const message = await remote.git('log', '-1', '--format=%B', 'main');
  const changed = patch.split('\n').filter(line => /^[-+](?![-+])/.test(line));
  assert.deepEqual(changed.sort(), [
    `+          image: "${host}/shop/api:2.1.7" # by the updater`,
    `+          image: ${host}/shop/old:1.4`,
    `+          image: ${host}/shop/worker:main-10`,
    `+    newTag: "1.2.0" # {"$imagepolicy": "flux-system:web:tag"}`,
    `-          image: "${host}/shop/api:2.1.0" # by the updater`,
    `-          image: ${host}/shop/old:1.0`,
    `-          image: ${host}/shop/worker:main-9`,
    `-    newTag: "1.0.0" # {"$imagepolicy": "flux-system:web:tag"}`,
  ]);
  assert.match(message, /^Update 4 images in production\n/);
  assert.match(message, new RegExp(`^- ${host}/shop/old:1.0 -> ${host}/shop/old:1.4$`, 'm'));
  assert.match(message, /^Environment: production$/m);
  assert.deepEqual(fingerprint(checkout.root), before, 'the user’s checkout is as it was');
});

test('a suggestion is taken only for an image that is named, and an image of a shared base only here', {
  skip,
}, async t => {
  const registry = await realRegistry(t);
  if (registry === undefined) return;
  await pushAll(registry);
  const {checkout, remote} = await shop(temporaryFolder(t), registry);
  const {host} = registry;
  await identify(checkout);

  const unnamed = await images(checkout, 'staging', '--update', '--yes');
  assert.match(unnamed.stdout, /no policy asks for another image/);
  assert.equal(await remote.git('rev-list', '--count', 'main'), '1');

  const named = await images(checkout, 'staging', 'shared', '--update', '--yes');
  assert.equal(named.exitCode, 0, named.stdout + named.stderr);
  const files = await remote.git('show', '--format=', '--name-only', 'main');
  assert.equal(files, 'staging/kustomization.yaml');
  const own = await remote.git('show', 'main:staging/kustomization.yaml');
  assert.match(own, new RegExp(`images:\n- name: ${host}/shop/shared\n  newTag: 1\\.1\\.0$`));

  const wrong = await images(checkout, 'staging', 'nothing');
  assert.deepEqual([wrong.exitCode, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /no image "nothing" is in git/);
});

test('a protected environment takes an update as a branch for a pull request only', async t => {
  const registry = await realRegistry(t);
  if (registry === undefined) return;
  for (const tag of ['1.0.0', '1.1.0']) await registry.push('shop/web', tag);
  const image = `${registry.host}/shop/web`;
  const {checkout, remote} = await withRemote(temporaryFolder(t), {
    '.gitops-tui.yaml': `environments: [{name: live, path: live, protected: true}]\nimages: [{image: ${image}, policy: 'semver:~1'}]\n`,
    'live/web.yaml': deployment('web', `${image}:1.0.0`),
  });
  await identify(checkout);
  const straight = await images(checkout, 'live', '--update', '--yes');
  assert.equal(straight.exitCode, 2);
  assert.match(straight.stdout, /Blocked: live is protected/);
  const proposed = await images(
    checkout,
    'live',
    '--update',
    '--yes',
    '--pull-request',
    '--title',
    'Bump web',
  );
  assert.equal(proposed.exitCode, 0, proposed.stdout + proposed.stderr);
  assert.equal(await remote.git('rev-list', '--count', 'main'), '1');
  const branch = await remote.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/gitops-tui');
  assert.match(branch, /^gitops-tui\/images-live-[0-9a-f]{7}$/);
  assert.equal(await remote.git('log', '-1', '--format=%s', branch), 'Bump web');
  assert.ok((await remote.git('show', `${branch}:live/web.yaml`)).includes(`image: ${image}:1.1.0`));
  const readOnly = await images(checkout, 'live', '--update', '--yes', '--pull-request', '--read-only');
  assert.equal(readOnly.exitCode, 2, 'a read-only session changes nothing');
});

test('what one registry can’t tell keeps no other image from being told', {skip}, async t => {
  const registry = await realRegistry(t);
  if (registry === undefined) return;
  await registry.push('shop/web', '1.0.0');
  await registry.push('shop/web', '1.1.0');
  const {checkout} = await withRemote(temporaryFolder(t), {
    '.gitops-tui.yaml': 'environments: [{name: here, path: here}]\n',
    'here/web.yaml': deployment('web', `${registry.host}/shop/web:1.0.0`),
    'here/gone.yaml': deployment('gone', `${registry.host}/shop/gone:1.0.0`),
    'here/away.yaml': deployment('away', '127.0.0.1:9/away:1.0.0'),
    'here/odd.yaml': deployment('odd', '"{{ .Values.image }}"'),
  });
  const {exitCode, stdout} = await images(checkout, 'here', '-o', 'json');
  assert.equal(exitCode, 2);
  assert.equal(exitCode, 2);
  const told: {image: string; state: string; problem: string | null}[] = JSON.parse(stdout).images;
  const of = (part: string) => told.find(({image}) => image.includes(part));
  assert.equal(of('/web:')?.state, 'suggested');
  assert.match(of('/gone:')?.problem ?? '', /has no shop\/gone/);
  assert.match(of('/away:')?.problem ?? '', /could not be reached/);
  assert.match(of('Values')?.problem ?? '', /no image’s name/);
});
