import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {openRepository} from '../../../source/repository/open.ts';
import {sourceFiles} from '../../../source/sources/load.ts';
import {hasKubectl} from '../../sources/kubectl.ts';
import {deployment} from './objects.ts';
import {idsOf, type PromotionFolder, promotionFolder} from './repository.ts';

const skip = hasKubectl() ? false : 'no kubectl on PATH';

const web = deployment('web', 'shop/web:1.0').replace(
  '      containers:\n',
  '      initContainers:\n        - name: migrate\n          image: shop/web:1.0\n      containers:\n',
);

const report = `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: report
              image: shop/web:1.0
`;

const base = {
  'base/kustomization.yaml': 'resources: [web.yaml, report.yaml]\n',
  'base/web.yaml': web,
  'base/report.yaml': report,
};

/** Two overlays of a base; what a file is part of is told as the session tells it. */
async function overlays(context: TestContext, files: Record<string, string>): Promise<PromotionFolder> {
  const folder = await promotionFolder(context, {...base, ...files});
  const repository = await openRepository(folder.checkout.root);
  folder.context.sourceFiles = async (environment, signal) =>
    sourceFiles(environment, repository.tree(await folder.checkout.git('rev-parse', 'HEAD')), {signal});
  return folder;
}

/** The lines that a plan adds and takes away, by file. */
function changed(patch: string): string[] {
  return patch
    .split('\n')
    .flatMap(line =>
      line.startsWith('+++ ') ? [line.slice(6)] : /^[+-](?![+-]{2} )/.test(line) ? [line] : [],
    );
}

describe('promoting between kustomizations', {skip}, () => {
  test('a version is bumped in the entry that sets it, for all containers of the image at once', async context => {
    const overlay = (tag: string, own: string) =>
      `# What runs here.\nnamespace: shop-${own}\nnamePrefix: ${own}-\nresources:\n  - ../../base\nimages:\n  - name: shop/web # bumped by CI\n    newTag: "${tag}"\n`;
    const folder = await overlays(context, {
      'envs/staging/kustomization.yaml': overlay('1.2', 'stg'),
      'envs/production/kustomization.yaml': overlay('1.1', 'prd'),
    });
    const items = await folder.items();
    assert.deepEqual(
      items
        .filter(({group}) => group !== 'files')
        .map(({subject, what, now, wanted}) => [subject, what, now, wanted]),
      [
        ['Deployment/shop-prd/prd-web', 'app', 'shop/web:1.1', 'shop/web:1.2'],
        ['Deployment/shop-prd/prd-web', 'migrate (init)', 'shop/web:1.1', 'shop/web:1.2'],
        ['CronJob/shop-prd/prd-report', 'report', 'shop/web:1.1', 'shop/web:1.2'],
      ],
    );
    const preview = await folder.plan();
    assert.deepEqual(changed(preview.plan.patch), [
      'envs/production/kustomization.yaml',
      '-    newTag: "1.1"',
      '+    newTag: "1.2"',
    ]);
    assert.deepEqual(preview.alsoAffects, []);
  });

  test('of containers that one entry sets none moves alone, and that is said', async context => {
    const overlay = (tag: string) =>
      `resources:\n  - ../../base\nimages:\n  - name: shop/web\n    newTag: "${tag}"\n`;
    const folder = await overlays(context, {
      'envs/staging/kustomization.yaml': overlay('1.2'),
      'envs/production/kustomization.yaml': overlay('1.1'),
    });
    const only = idsOf(await folder.items()).filter(id => id.includes('CronJob'));
    // Entries of images have the last word in kustomize: no patch overrides them.
    await assert.rejects(
      folder.plan(only),
      /CronJob\/report report can't be promoted: .*Deployment\/web would change too/,
    );
  });

  test('an image of a shared base gets an entry of the target’s own: the base stays', async context => {
    const folder = await overlays(context, {
      'envs/staging/kustomization.yaml':
        'resources:\n  - ../../base\nimages:\n  - name: shop/web\n    newTag: "1.2"\n',
      'envs/production/kustomization.yaml': '# Nothing of its own yet.\nresources:\n  - ../../base\n',
    });
    const preview = await folder.plan();
    assert.deepEqual(changed(preview.plan.patch), [
      'envs/production/kustomization.yaml',
      '+images:',
      '+  - name: shop/web',
      '+    newTag: "1.2"',
    ]);
    assert.deepEqual(preview.alsoAffects, []);
  });

  test('a digest, a new name and a patch are set where they are set', async context => {
    const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
    const overlay = (digit: string) =>
      `resources:\n  - ../../base\npatches:\n  - path: image.yaml\nimages:\n  - name: shop/web\n    newName: ghcr.io/shop/web\n    digest: ${digest(digit)}\n`;
    const patch = (tag: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: side # added here
          image: envoy:${tag}
`;
    const folder = await overlays(context, {
      'envs/staging/kustomization.yaml': overlay('b'),
      'envs/staging/image.yaml': patch('v2'),
      'envs/production/kustomization.yaml': overlay('a'),
      'envs/production/image.yaml': patch('v1'),
    });
    const preview = await folder.plan();
    assert.deepEqual(changed(preview.plan.patch), [
      'envs/production/image.yaml',
      '-          image: envoy:v1',
      '+          image: envoy:v2',
      'envs/production/kustomization.yaml',
      `-    digest: ${digest('a')}`,
      `+    digest: ${digest('b')}`,
    ]);
  });

  test('replicas and settings of a generator, with the name that follows them', async context => {
    const overlay = (count: number, level: string) =>
      `resources:\n  - ../../base\nreplicas:\n  - name: web\n    count: ${count}\nconfigMapGenerator:\n  - name: settings\n    literals:\n      - level=${level}\n`;
    const folder = await overlays(context, {
      'envs/staging/kustomization.yaml': overlay(2, 'debug'),
      'envs/production/kustomization.yaml': overlay(5, 'warn'),
    });
    const items = await folder.items();
    assert.deepEqual(
      items.filter(({group}) => group === 'values').map(({what, now, wanted}) => [what, now, wanted]),
      [
        ['data.level', 'warn', 'debug'],
        ['spec.replicas', '5', '2'],
      ],
    );
    const preview = await folder.plan(idsOf(items, 'values'));
    assert.equal(await folder.planned(preview, 'envs/production/kustomization.yaml'), overlay(2, 'debug'));
  });

  test('an object of the source’s own files comes along with its entry in the resources', async context => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: extra\nspec:\n  ports: [{port: 80}]\n';
    const folder = await overlays(context, {
      'envs/staging/kustomization.yaml': 'namePrefix: stg-\nresources:\n  - ../../base\n  - extra.yaml\n',
      'envs/staging/extra.yaml': service,
      'envs/production/kustomization.yaml': 'namePrefix: prd-\nresources:\n  - ../../base\n',
    });
    const items = await folder.items();
    assert.deepEqual(idsOf(items, 'objects'), ['objects:Service/stg-extra']);
    const preview = await folder.plan(idsOf(items, 'objects'));
    assert.equal(await folder.planned(preview, 'envs/production/extra.yaml'), service);
    assert.equal(
      await folder.planned(preview, 'envs/production/kustomization.yaml'),
      'namePrefix: prd-\nresources:\n  - ../../base\n  - extra.yaml\n',
    );
  });

  test('whole files: the kustomization keeps what is the target’s own', async context => {
    const overlay = (own: string, tag: string) =>
      `# ${tag}\nnamespace: shop-${own}\nnamePrefix: ${own}-\nresources:\n  - ../../base\nimages:\n  - name: shop/web\n    newTag: "${tag}"\n`;
    const folder = await overlays(context, {
      'envs/staging/kustomization.yaml': overlay('stg', '1.2'),
      'envs/production/kustomization.yaml': overlay('prd', '1.1'),
    });
    const items = await folder.items();
    const [file] = items.filter(({group}) => group === 'files');
    assert.deepEqual(file?.notes, ['namespace, namePrefix stays as it is']);
    const preview = await folder.plan(idsOf(items, 'files'));
    assert.equal(await folder.planned(preview, 'envs/production/kustomization.yaml'), overlay('prd', '1.2'));
  });
});
