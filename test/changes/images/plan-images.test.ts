import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {collectImages} from '../../../source/changes/images/collect.ts';
import {planChange} from '../../../source/changes/plan.ts';
import type {ImagesPreview, ImagesRequest} from '../../../source/changes/types.ts';
import type {ImageRule} from '../../../source/environments/types.ts';
import {policyWords} from '../../../source/registries/policy.ts';
import type {JsonObject} from '../../../source/resources/json.ts';
import {loadSource} from '../../../source/sources/load.ts';
import {type GitFolder, temporaryFolder, withRemote} from '../../repository/git-folder.ts';
import {hasKubectl} from '../../sources/kubectl.ts';
import {contextOf, environment} from '../context.ts';

const production = environment('production', {path: 'production'});
const staging = environment('staging', {path: 'staging'});
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const skip = hasKubectl() ? false : 'no kubectl on PATH';

function pods(kind: string, name: string, containers: string, more = ''): string {
  const pod = `containers:\n${containers}`;
  const indented = (text: string, by: number) => text.replace(/^/gm, ' '.repeat(by));
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}${more}\nspec:\n  template:\n    spec:\n${indented(pod, 6)}\n`;
}

const container = (name: string, image: string) => `  - name: ${name}\n    image: ${image}`;

/** A checkout with a remote that holds these files, and what asks it. */
async function shop(t: TestContext, files: Record<string, string>) {
  const {checkout, remote} = await withRemote(temporaryFolder(t), files);
  const context = await contextOf(checkout.root, [production, staging]);
  return {
    checkout,
    remote,
    async plan(
      ...updates: (readonly [image: string, target: string, marker?: string])[]
    ): Promise<ImagesPreview> {
      const request: ImagesRequest = {
        kind: 'images',
        environment: 'production',
        updates: updates.map(([image, target, marker = null]) => ({image, target, marker})),
      };
      const preview = await planChange(context, request);
      assert.equal(preview.kind, 'images');
      return preview as ImagesPreview;
    },
    async collect(
      more: {rules?: ImageRule[]; liveObjects?: JsonObject[]; liveImages?: Map<string, string>} = {},
    ) {
      const {repository} = context;
      const tree = repository.tree(await repository.resolve('HEAD'));
      const {resources} = await loadSource(production, tree);
      const options = {repository, environment: production, tree, resources, rules: [], ...more};
      return collectImages(options);
    },
  };
}

/** What a plan changes, line by line. */
function changed({plan}: ImagesPreview): string[] {
  return plan.patch.split('\n').filter(line => /^[-+](?![-+])/.test(line));
}

test('an image is set wherever it stands: in each container, each kind of workload, each file', async t => {
  const {plan} = await shop(t, {
    'production/web.yaml': pods(
      'Deployment',
      'web',
      `${container('a', 'app:1.0 # why')}\n${container('b', "'app:1.0'")}`,
    ),
    'production/all.yaml': `${pods('DaemonSet', 'log', container('a', 'app:1.0'))}---\n${pods('StatefulSet', 'db', container('a', 'db:1'))}`,
    'production/cron.json': `{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"c"},
 "spec":{"jobTemplate":{"spec":{"template":{"spec":{"initContainers":[{"name":"i","image":"app:1.0"}]}}}}}}\n`,
    'production/custom.yaml':
      'apiVersion: acme.example/v1\nkind: Fleet\nmetadata: {name: f}\nspec: {members: [{pod: {containers: [{name: m, image: "app:1.0"}]}}]}\n',
    'staging/web.yaml': pods('Deployment', 'web', container('a', 'app:1.0')),
  });
  const preview = await plan(['app:1.0', 'app:1.1']);
  assert.deepEqual(preview.plan.warnings, []);
  assert.deepEqual(
    preview.plan.files.map(({path}) => path),
    ['production/all.yaml', 'production/cron.json', 'production/custom.yaml', 'production/web.yaml'],
  );
  const added = changed(preview).filter(line => line.startsWith('+'));
  assert.equal(added.length, 5);
  assert.ok(
    added.some(line => line.endsWith('image: app:1.1 # why')),
    added.join('\n'),
  );
  assert.ok(added.some(line => line.endsWith("image: 'app:1.1'")));
  assert.equal(preview.plan.message.split('\n')[0], 'Update app from 1.0 to 1.1 in production');
  assert.deepEqual(preview.alsoAffects, []);
});

test('the same updates have the same branch, others another', async t => {
  const {plan} = await shop(t, {
    'production/web.yaml': pods('Deployment', 'web', `${container('a', 'a:1')}\n${container('b', 'b:1')}`),
  });
  const one = await plan(['a:1', 'a:2'], ['b:1', 'b:2']);
  const same = await plan(['b:1', 'b:2'], ['a:1', 'a:2']);
  const other = await plan(['a:1', 'a:2']);
  assert.match(one.pullRequestBranch, /^gitops-tui\/images-production-[0-9a-f]{7}$/);
  assert.equal(same.pullRequestBranch, one.pullRequestBranch);
  assert.notEqual(other.pullRequestBranch, one.pullRequestBranch);
});

test('a plan is made on what the remote has, and an image that is no longer there is said to be gone', async t => {
  const {plan, checkout, remote} = await shop(t, {
    'production/web.yaml': pods('Deployment', 'web', container('a', 'app:1.0')),
  });
  const old = await checkout.git('rev-parse', 'HEAD');
  await checkout.commit('Somebody else was faster', {
    'production/web.yaml': pods('Deployment', 'web', container('a', 'app:1.5')),
  });
  await checkout.git('push', '--quiet', 'origin', 'main');
  await checkout.git('reset', '--quiet', '--hard', old);
  await assert.rejects(plan(['app:1.0', 'app:1.1']), /app:1\.0 is left as it is: nothing in git has it/);
  assert.equal(await remote.git('rev-list', '--count', 'main'), '2');
});

test('what can’t be set is left out with a warning, and what can is planned', async t => {
  const {plan} = await shop(t, {
    'production/web.yaml': pods('Deployment', 'web', `${container('a', 'a:1')}\n${container('b', 'b:1')}`),
    'production/shared.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: x, image: &image c:1}\n  - {name: y, image: *image}\n',
  });
  const preview = await plan(['a:1', 'a:2'], ['c:1', 'c:2'], ['gone:1', 'gone:2']);
  assert.equal(preview.plan.warnings?.length, 2, preview.plan.warnings?.join('\n'));
  assert.match(preview.plan.warnings?.[0] ?? '', /^c:1 is left as it is: .*(?:alias|edited)/);
  assert.match(preview.plan.warnings?.[1] ?? '', /^gone:1 is left as it is: nothing in git has it/);
  assert.deepEqual(changed(preview), ['-          image: a:1', '+          image: a:2']);
});

test('another image than the one that stands there is refused', async t => {
  const {plan} = await shop(t, {'production/web.yaml': pods('Deployment', 'web', container('a', 'app:1.0'))});
  await assert.rejects(plan(['app:1.0', 'evil.example/app:1.1']), /is another image than app:1\.0/);
  await assert.rejects(plan(['app:1.0', 'app:1.1 --x']), /is no image’s name/);
});

test('tag and digest are set together, in a manifest and in a kustomization', {skip}, async t => {
  const {plan} = await shop(t, {
    'production/kustomization.yaml': `resources: [web.yaml]
images:
- name: other
  newTag: "1"
  digest: ${digest('a')}
`,
    'production/web.yaml': pods(
      'Deployment',
      'web',
      `${container('a', `app:1.0@${digest('1')}`)}\n${container('b', 'other:0')}`,
    ),
  });
  const manifest = await plan([`app:1.0@${digest('1')}`, `app:1.1@${digest('2')}`]);
  assert.deepEqual(
    changed(manifest).map(line => line.replace(/^(.) +image: /, '$1')),
    [`-app:1.0@${digest('1')}`, `+app:1.1@${digest('2')}`],
  );
  const rendered = `other:1@${digest('a')}`;
  const entry = await plan([rendered, `other:2@${digest('b')}`]).catch((error: Error) => error);
  // Older kustomizations leave the tag out where there is a digest.
  const either =
    entry instanceof Error ? await plan([`other@${digest('a')}`, `other@${digest('b')}`]) : entry;
  assert.ok(changed(either).includes(`+  digest: ${digest('b')}`), changed(either).join('\n'));
});

test('a base that others share stays as it is: the environment’s own kustomization gets the entry', {
  skip,
}, async t => {
  const {plan} = await shop(t, {
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'base/web.yaml': pods('Deployment', 'web', `${container('a', 'a:1')}\n${container('b', 'b:1')}`),
    'production/kustomization.yaml': `# what runs
resources: [../base]
images:
  # pinned after the outage
  - name: a
    newTag: "1" # keep
`,
    'staging/kustomization.yaml': 'resources: [../base]\n',
  });
  const preview = await plan(['a:1', 'a:2'], ['b:1', 'b:2']);
  assert.deepEqual(
    preview.plan.files.map(({path}) => path),
    ['production/kustomization.yaml'],
  );
  assert.deepEqual(changed(preview), [
    '-    newTag: "1" # keep',
    '+    newTag: "2" # keep',
    '+  - name: b',
    '+    newTag: "2"',
  ]);
  assert.deepEqual(preview.alsoAffects, []);
});

test('a patch that is a block of text in the kustomization is edited in there', {skip}, async t => {
  const {plan} = await shop(t, {
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'base/web.yaml': pods('Deployment', 'web', container('a', 'app:1.0')),
    'production/kustomization.yaml': `resources: [../base]
patches:
  # tuned by hand
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          spec:
            containers:
              - name: a
                image: app:1.1 # newer here
`,
  });
  const preview = await plan(['app:1.1', 'app:1.2']);
  assert.deepEqual(changed(preview), [
    '-                image: app:1.1 # newer here',
    '+                image: app:1.2 # newer here',
  ]);
});

test('markers set what they mark, also where no pod is rendered: a Helm release’s values', async t => {
  const release = (tag: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: flux-system}
spec:
  values:
    image:
      repository: ghcr.io/acme/web # {"$imagepolicy": "flux-system:web:name"}
      tag: ${tag} # {"$imagepolicy": "flux-system:web:tag"}
    other: 1.0.0
`;
  const {plan, collect} = await shop(t, {
    'flux/policies.yaml': `apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImagePolicy
metadata: {name: web, namespace: flux-system}
spec: {imageRepositoryRef: {name: web}, policy: {semver: {range: 1.x}}}
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageRepository
metadata: {name: web, namespace: flux-system}
spec: {image: ghcr.io/acme/web}
`,
    'production/web.yaml': release('1.0.0'),
    'production/sidecar.yaml': pods('Deployment', 'side', container('a', 'ghcr.io/acme/web:1.0.0')),
  });
  const images = await collect();
  assert.deepEqual(
    images.map(({image, marker, users}) => [image, marker, users.length]),
    [['ghcr.io/acme/web:1.0.0', 'flux-system:web', 1]],
  );
  const preview = await plan(['ghcr.io/acme/web:1.0.0', 'ghcr.io/acme/web:1.4.0', 'flux-system:web']);
  // As Flux would: what bears no marker is not set.
  assert.deepEqual(changed(preview), [
    '-      tag: 1.0.0 # {"$imagepolicy": "flux-system:web:tag"}',
    '+      tag: 1.4.0 # {"$imagepolicy": "flux-system:web:tag"}',
  ]);
});

test('policies are found wherever they stand, the nearest to the image first', async t => {
  const flux = (name: string, range: string) => `---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: ${name}, namespace: flux-system}
spec: {imageRepositoryRef: {name: ${name}}, policy: {semver: {range: ${range}}}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: ${name}, namespace: flux-system}
spec: {image: acme/${name}}
`;
  const {collect} = await shop(t, {
    'clusters/one/images.yaml': flux('marked', '1.x'),
    'argocd/application.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: production
  annotations: {"argocd-image-updater.argoproj.io/image-list": "acme/argo:~2, acme/marked:~9, acme/weave:~9"}
spec: {sources: [{path: ./production/}]}
`,
    'argocd/other.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: elsewhere
  annotations: {"argocd-image-updater.argoproj.io/image-list": "acme/ruled:~7"}
spec: {source: {path: production-eu}}
`,
    'production/all.yaml': [
      pods(
        'Deployment',
        'marked',
        container('a', 'acme/marked:1.0.0 # {"$imagepolicy": "flux-system:marked"}'),
      ),
      pods('Deployment', 'lost', container('a', 'acme/lost:1.0.0 # {"$imagepolicy": "flux-system:lost"}')),
      pods(
        'Deployment',
        'weave',
        container('a', 'acme/weave:1'),
        '\n  annotations: {fluxcd.io/tag.a: "semver:~1"}',
      ),
      pods('Deployment', 'argo', container('a', 'acme/argo:2.0')),
      pods('Deployment', 'ruled', container('a', 'docker.io/acme/ruled:3')),
      pods('Deployment', 'free', container('a', 'free:4')),
    ].join('---\n'),
  });
  const rules = [
    {image: 'acme/argo', policy: 'semver:0', origin: '.gitops-tui.yaml:1'},
    {image: 'docker.io/acme/*', policy: 'semver:~3', origin: '.gitops-tui.yaml:2'},
  ];
  const liveImages = new Map([['apps/Deployment/free/a', 'free:5']]);
  const said = (await collect({rules, liveImages})).map(({image, policy, live}) => [
    image.replace(/.*\//, ''),
    policy === null ? '' : 'problem' in policy.policy ? policy.policy.problem : policyWords(policy.policy),
    policy?.origin ?? '',
    live.join(),
  ]);
  assert.deepEqual(said, [
    ['argo:2.0', 'semver ~2', 'argocd-image-updater', ''],
    ['lost:1.0.0', 'the ImagePolicy that its marker names is not in this repository', 'flux', ''],
    ['marked:1.0.0', 'semver 1.x without ^.*\\.sig$', 'flux', ''],
    ['weave:1', 'semver ~1', 'flux-v1', ''],
    ['ruled:3', 'semver ~3', 'config', ''],
    ['free:4', '', '', 'free:5'],
  ]);
  const liveObjects: JsonObject[] = [
    {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      metadata: {name: 'lost', namespace: 'flux-system'},
      spec: {imageRepositoryRef: {name: 'lost'}, policy: {alphabetical: {}}},
    },
    {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImageRepository',
      metadata: {name: 'lost', namespace: 'flux-system'},
      spec: {image: 'acme/lost', exclusionList: []},
    },
  ];
  const lost = (await collect({liveObjects})).find(({image}) => image.includes('lost'));
  assert.ok(lost?.policy && !('problem' in lost.policy.policy));
  assert.equal(policyWords(lost.policy.policy), 'alphabetical asc');
});

test('what is read of a repository is only what is committed in it', async t => {
  const {checkout, collect}: {checkout: GitFolder; collect: () => Promise<readonly unknown[]>} = await shop(
    t,
    {
      'production/web.yaml': pods('Deployment', 'web', container('a', 'app:1.0')),
    },
  );
  checkout.write('production/more.yaml', pods('Deployment', 'more', container('a', 'more:1.0')));
  assert.equal((await collect()).length, 1);
});
