import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {makeChange} from '../../../source/changes/make.ts';
import {promotionChoices} from '../../../source/changes/promotion/choices.ts';
import {RepositoryError} from '../../../source/repository/error.ts';
import {fingerprint} from '../../repository/fingerprint.ts';
import {environment, permitFor} from '../context.ts';
import {deployment, together} from './objects.ts';
import {idsOf, promotionFolder} from './repository.ts';

/** A manifest as people write it: comments, quotes, odd indentation. */
const web = (image: string, replicas: number) => `# The shop's front.
apiVersion: apps/v1
kind: Deployment
metadata:
    name: web
spec:
    replicas: ${replicas} # see the runbook
    template:
        spec:
            initContainers: [{name: migrate, image: shop/migrate:${image}}]
            containers:
                # the only one
                - name: app
                  image: 'shop/web:${image}'   # bumped by hand
`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports: [{port: 80}]
`;

const ingress = (host: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: ${host}
      http: {paths: [{path: /, pathType: Prefix}]}
`;

const order = {via: 'push', title: 'Promote', body: '', draft: false} as const;

describe('promoting between folders of manifests', () => {
  test('images move by themselves, at the line that sets them, and nothing else does', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': together(web('1.8.2', 1), ingress('staging.shop.example')),
      'envs/production/web.yaml': together(web('1.8.0', 3), ingress('shop.example')),
    });
    const before = fingerprint(folder.checkout.root);
    const preview = await folder.plan();
    assert.equal(
      await folder.planned(preview, 'envs/production/web.yaml'),
      together(web('1.8.2', 3), ingress('shop.example')),
    );
    assert.deepEqual(
      preview.plan.files.map(({path, added, removed}) => [path, added, removed]),
      [['envs/production/web.yaml', 2, 2]],
    );
    assert.deepEqual(preview.alsoAffects, []);
    assert.match(
      preview.plan.message,
      /^Promote staging to production: web 1\.8\.2\n\nAs staging is at \w{7}:\n/,
    );
    assert.match(preview.plan.message, /- Deployment\/web app: shop\/web:1\.8\.0 -> shop\/web:1\.8\.2\n/);
    assert.match(preview.plan.message, /\nPromotes-From: staging \w{40}\nEnvironment: production\n$/);
    const production = folder.environments[1] ?? environment('production');
    const outcome = await makeChange(folder.context, preview, order, permitFor('push', production));
    assert.equal(outcome.ok, true, outcome.message);
    assert.equal(await folder.remote.git('rev-parse', 'main'), outcome.commit);
    assert.equal(await folder.remote.git('rev-parse', 'main^{tree}'), preview.plan.resultTree);
    assert.deepEqual(fingerprint(folder.checkout.root), before);
    assert.deepEqual(idsOf(await folder.items(), 'images'), []);
  });

  test('values move one by one, a host only where it is chosen', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': together(web('1.8.0', 1), ingress('staging.shop.example')),
      'envs/production/web.yaml': together(web('1.8.0', 3), ingress('shop.example')),
    });
    const items = await folder.items();
    assert.deepEqual(idsOf(items, 'values'), [
      'values:Deployment/web:spec.replicas',
      'values:Ingress/web:spec.rules[0].host',
    ]);
    assert.deepEqual((await folder.plan()).plan.files, []);
    const replicas = await folder.plan(['values:Deployment/web:spec.replicas']);
    assert.equal(
      await folder.planned(replicas, 'envs/production/web.yaml'),
      together(web('1.8.0', 1), ingress('shop.example')),
    );
    assert.doesNotMatch(replicas.plan.patch, /^[+-].*host/m);
    const host = await folder.plan(['values:Ingress/web:spec.rules[0].host']);
    assert.equal(
      await folder.planned(host, 'envs/production/web.yaml'),
      together(web('1.8.0', 3), ingress('staging.shop.example')),
    );
  });

  test('a key or an item that the target lacks is added, one that the source lacks goes', async context => {
    const map = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: flags\ndata:\n${data}`;
    const folder = await promotionFolder(context, {
      'envs/staging/flags.yaml': map('  cart: "on"\n  # new\n  search: fast\n'),
      'envs/production/flags.yaml': map('  # old\n  beta: "off"\n  cart: "on"\n'),
    });
    const preview = await folder.plan(idsOf(await folder.items(), 'values'));
    assert.equal(
      await folder.planned(preview, 'envs/production/flags.yaml'),
      map('  # old\n  cart: "on"\n  search: fast\n'),
    );
  });

  test('images by digest, of jobs and of custom resources', async context => {
    const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
    const files = (digit: string, tag: string) =>
      together(
        `apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: report
              image: ghcr.io/shop/report@${digest(digit)}
`,
        `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart}
spec:
  template:
    spec:
      containers:
        - {name: cart, image: shop/cart:${tag}}
`,
        `apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: shop}
spec:
  image: prom/prometheus:${tag}
`,
      );
    const folder = await promotionFolder(context, {
      'envs/staging/all.yaml': files('b', 'v2'),
      'envs/production/all.yaml': files('a', 'v1'),
    });
    assert.equal(await folder.planned(await folder.plan(), 'envs/production/all.yaml'), files('b', 'v2'));
  });

  test('an object that the target lacks comes to the file of the same path, in the target’s namespace', async context => {
    const own = (namespace: string) =>
      service.replace('  name: web\n', `  name: web\n  namespace: ${namespace}\n`);
    const folder = await promotionFolder(
      context,
      {
        'envs/staging/web.yaml': together(web('1', 1), own('blue')),
        'envs/staging/new/extra.yaml': service.replace('name: web', 'name: extra'),
        'envs/production/web.yaml': web('1', 1),
      },
      {staging: {namespace: 'blue'}, production: {namespace: 'red'}},
    );
    const items = await folder.items();
    assert.deepEqual(idsOf(items, 'objects'), ['objects:Service/extra', 'objects:Service/blue/web']);
    const preview = await folder.plan(idsOf(items, 'objects'));
    assert.equal(
      await folder.planned(preview, 'envs/production/web.yaml'),
      together(web('1', 1), own('red')),
    );
    assert.equal(
      await folder.planned(preview, 'envs/production/new/extra.yaml'),
      service.replace('name: web', 'name: extra'),
    );
  });

  test('an object that the source lacks goes, and its file where nothing else is in it', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': web('1', 1),
      'envs/production/web.yaml': together(service, web('1', 1), ingress('shop.example')),
      'envs/production/old.yaml': deployment('old', 'old:1'),
    });
    const preview = await folder.plan(idsOf(await folder.items(), 'objects'));
    assert.equal(await folder.planned(preview, 'envs/production/web.yaml'), web('1', 1));
    assert.equal(await folder.planned(preview, 'envs/production/old.yaml'), null);
  });

  test('whole files, and on top of them what was chosen beside them', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': web('1.8.2', 1),
      'envs/staging/api.yaml': deployment('api', 'api:2', {replicas: 1}),
      'envs/staging/notes.txt': 'new\n',
      'envs/production/web.yaml': web('1.8.0', 3),
      'envs/production/api.yaml': deployment('api', 'api:1', {replicas: 5}),
      'envs/production/old.md': 'old\n',
    });
    const items = await folder.items();
    assert.deepEqual(idsOf(items, 'files'), [
      'files:envs/production/api.yaml',
      'files:envs/production/notes.txt',
      'files:envs/production/old.md',
      'files:envs/production/web.yaml',
    ]);
    const web2 = items.find(({id}) => id === 'files:envs/production/web.yaml');
    assert.match(web2?.patch ?? '', /^- {4}replicas: 3/m);
    const preview = await folder.plan([
      'files:envs/production/web.yaml',
      'files:envs/production/notes.txt',
      'files:envs/production/old.md',
      ...idsOf(items, 'images'),
    ]);
    assert.equal(await folder.planned(preview, 'envs/production/web.yaml'), web('1.8.2', 1));
    assert.equal(await folder.planned(preview, 'envs/production/notes.txt'), 'new\n');
    assert.equal(await folder.planned(preview, 'envs/production/old.md'), null);
    assert.equal(
      await folder.planned(preview, 'envs/production/api.yaml'),
      deployment('api', 'api:2', {replicas: 5}),
    );
  });

  test('files that set what is the target’s own say so, and files with Secrets stay', async context => {
    const secret = (value: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${value}}\n`;
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': ingress('staging.shop.example'),
      'envs/staging/db.yaml': secret('hunter2hunter2'),
      'envs/production/web.yaml': ingress('shop.example'),
      'envs/production/db.yaml': secret('swordfish-9'),
    });
    const items = (await folder.items()).filter(({group}) => group === 'files');
    assert.deepEqual(
      items.map(({subject, own, refused}) => [subject, refused ?? own]),
      [
        ['envs/production/db.yaml', 'it holds Secrets, whose values are not promoted'],
        ['envs/production/web.yaml', 'it sets Ingress/web spec.rules[0].host'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(await folder.items()), /hunter2|swordfish/);
    await assert.rejects(folder.plan(['files:envs/production/db.yaml']), /it holds Secrets/);
  });

  test('a protected target takes it by pull request only', async context => {
    const folder = await promotionFolder(
      context,
      {'envs/staging/web.yaml': web('2', 1), 'envs/production/web.yaml': web('1', 1)},
      {production: {protected: true}},
    );
    const preview = await folder.plan();
    assert.match(preview.pushRefused ?? '', /production is protected/);
    assert.match(preview.pullRequestBranch, /^gitops-tui\/promote-staging-to-production-\w{7}-\w{6}$/);
    assert.equal((await folder.plan()).pullRequestBranch, preview.pullRequestBranch);
  });

  test('what is not pushed is not promoted, and that is said', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': web('2', 1),
      'envs/production/web.yaml': web('1', 1),
    });
    await folder.checkout.git('stash', 'push', '--quiet', '--include-untracked');
    await folder.checkout.commit('Not pushed', {'envs/staging/web.yaml': web('3', 1)});
    const preview = await folder.plan();
    assert.equal(await folder.planned(preview, 'envs/production/web.yaml'), web('2', 1));
    assert.deepEqual(
      (preview.plan.warnings ?? []).filter(warning => warning.includes('lacks')),
      ['main has 1 commit to staging that origin/main lacks: what is not pushed is not promoted'],
    );
  });

  test('what does not differ any more is said; what can’t be promoted is refused', async context => {
    const secret = (value: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${value}}\n`;
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': together(web('1', 1), secret('hunter2hunter2')),
      'envs/production/web.yaml': together(web('1', 1), secret('swordfish-9')),
    });
    const preview = await folder.plan(['images:Deployment/web:x']);
    assert.deepEqual(preview.plan.files, []);
    assert.ok(
      preview.plan.warnings?.includes(
        'images:Deployment/web:x does not differ any more: there is nothing to promote of it',
      ),
    );
    await assert.rejects(
      folder.plan(['values:Secret/db:stringData.password']),
      (error: unknown) =>
        error instanceof RepositoryError &&
        error.message ===
          "Secret/db stringData.password can't be promoted: values of Secrets are not promoted: set it by hand",
    );
  });

  test('where a file is broken, what may be in it is not called missing', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': web('2', 1),
      'envs/staging/broken.yaml': 'a: [\n',
      'envs/production/web.yaml': together(web('1', 1), service),
    });
    const items = await folder.items();
    const gone = items.find(({group}) => group === 'objects');
    assert.match(gone?.refused ?? '', /^staging can't be read whole: envs\/staging\/broken.yaml:/);
    assert.equal(
      await folder.planned(await folder.plan(), 'envs/production/web.yaml'),
      together(web('2', 1), service),
    );
  });

  test('without promotesFrom the source is named, and it is never the environment itself', async context => {
    const folder = await promotionFolder(context, {
      'envs/staging/web.yaml': web('2', 1),
      'envs/production/web.yaml': web('1', 1),
    });
    await assert.rejects(
      promotionChoices(folder.context, {environment: 'staging', from: null}),
      /nothing says what staging is promoted from/,
    );
    await assert.rejects(
      promotionChoices(folder.context, {environment: 'staging', from: 'staging'}),
      /staging can't be promoted from itself/,
    );
    const back = await promotionChoices(folder.context, {environment: 'staging', from: 'production'});
    assert.equal(back.items[0]?.byDefault, false);
  });
});
