import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import type {AdoptedResource} from '../../source/changes/adoption/types.ts';
import {makeChange} from '../../source/changes/make.ts';
import {planChange} from '../../source/changes/plan.ts';
import type {AdoptPreview} from '../../source/changes/types.ts';
import {connect} from '../../source/cluster/connect.ts';
import type {EnvironmentReport} from '../../source/drift/types.ts';
import {createDirectEngine} from '../../source/engines/direct/engine.ts';
import type {Environment} from '../../source/environments/types.ts';
import {formatIdentity} from '../../source/resources/identity.ts';
import {createMask} from '../../source/secrets/mask.ts';
import {sourceFiles} from '../../source/sources/load.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import {fingerprint} from '../repository/fingerprint.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';
import {hasKubectl} from '../sources/kubectl.ts';
import {environment as anEnvironment, contextOf, permitFor} from './context.ts';

const web = `# The shop's front.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # short
  labels:
    app: web
    old: "yes"
spec:
  replicas: 3 # for the sale
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        # the one and only
        - name: web
          image: 'shop/web:1.0' # pinned
          env:
            - {name: MODE, value: fast}
          args: [serve, --port=80]
`;
const settings = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  LEVEL: "1" # quiet
  banner: |
    hello
    world
`;
const secret = `apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  password: hunter2-and-more
`;

/** An environment that was deployed to the real cluster from its first commit. */
async function estate(
  t: TestContext,
  files: Record<string, string>,
  others: readonly Environment[] = [],
  isRecorded = true,
) {
  const shared = await sharedCluster(t);
  if (shared === undefined) return undefined;
  const namespace = await shared.namespace('adopt');
  const folder = await newRepository(temporaryFolder(t));
  await folder.git('config', 'user.name', 'Ada Lovelace');
  await folder.git('config', 'user.email', 'ada@example.com');
  await folder.commit('first', files);
  const environment = anEnvironment('prod', {path: 'prod', namespace, context: 'admin'});
  const cluster = await connect({kubeconfig: shared.kubeconfig, context: 'admin'});
  t.after(() => cluster.close());
  let last: EnvironmentReport | undefined;
  const context = await contextOf(folder.root, [environment, ...others], {
    lastReport: () => (isRecorded ? last : undefined),
    redact: text => text.replaceAll('another-secret-one', '***'),
    sourceFiles: async (its, signal) =>
      sourceFiles(its, context.repository.tree((await context.repository.head(signal)).sha ?? ''), {signal}),
    engine: its =>
      createDirectEngine({
        environment: its,
        repository: context.repository,
        connect: async () => cluster,
        ignore: [],
        mask: createMask(),
        worktree: false,
      }),
  });
  const signal = new AbortController().signal;
  const engine = () => {
    const made = context.engine?.(environment);
    assert.ok(made !== undefined);
    return made;
  };
  const first = engine();
  const plan = await first.plan({prune: false, force: false}, signal);
  const {outcome, message} = await first.sync(plan, permitFor('sync', environment), signal, () => {}, {
    waitSeconds: 0,
  });
  assert.equal(outcome, 'done', message);
  last = await engine().inspect(signal);
  const adopt = async (resources: readonly Wish[], inShared = false): Promise<AdoptPreview> => {
    const wanted = resources.map(
      ([kind, name, ...fields]): AdoptedResource => ({
        id: {group: kind === 'Deployment' ? 'apps' : '', kind, namespace, name},
        fields: fields.length === 0 ? null : fields,
      }),
    );
    const preview = await planChange(
      context,
      {kind: 'adopt', environment: 'prod', resources: wanted, inShared},
      signal,
    );
    assert.ok(preview.kind === 'adopt');
    return preview;
  };
  const make = async (preview: AdoptPreview) => {
    const [title = '', ...body] = preview.plan.message.split('\n');
    const order = {via: 'push', title, body: body.join('\n').trim(), draft: false} as const;
    return makeChange(context, preview, order, permitFor('push', environment), signal);
  };
  const status = async () => {
    const report = await engine().inspect(signal);
    return report.resources
      .map(({id, status: its, fields}) =>
        `${formatIdentity(id)} ${its}${fields.map(({path}) => ` ${path}`).join('')}`.replaceAll(
          `${namespace}/`,
          '',
        ),
      )
      .sort();
  };
  const kubectl = (args: string[], input?: string) =>
    shared.kubectl([...args, '-n', namespace], input === undefined ? {} : {input});
  return {folder, adopt, make, status, kubectl, namespace};
}

type Wish = readonly [kind: string, name: string, ...fields: string[]];

/** The patch without what is around its changed lines. */
function changed({plan}: AdoptPreview): string[] {
  return plan.patch.split('\n').filter(line => /^[-+](?![-+]{2} )/.test(line));
}

function told({plan: {adopted, left}}: AdoptPreview): string[] {
  return [
    ...adopted.map(({path, file, line, how, after}) => `${path} ${file}:${line} ${how} ${after}`),
    ...left.map(({path, reason}) => `left ${path}: ${reason}`),
  ];
}

describe('adoption of what is live', () => {
  test('changes just the lines that set it, and what is compared then is in sync', async t => {
    const all = await estate(t, {
      'prod/web.yaml': web,
      'prod/settings.yaml': settings,
      'prod/db.yaml': secret,
    });
    if (all === undefined) return;
    const {folder, adopt, make, status, kubectl} = all;
    await kubectl(['scale', 'deployment/web', '--replicas=5']);
    await kubectl(['set', 'image', 'deployment/web', 'web=shop/web:1.20']);
    await kubectl(['set', 'env', 'deployment/web', 'MODE=slow', 'DEBUG=1']);
    await kubectl(['label', 'deployment/web', 'old-', 'team=front']);
    await kubectl([
      'patch',
      'configmap/settings',
      '--type=merge',
      '-p',
      '{"data":{"LEVEL":"2","banner":"hello\\nthere\\n"}}',
    ]);
    const before = fingerprint(folder.root);

    const one = await adopt([['Deployment', 'web', 'spec.replicas']]);
    assert.deepEqual(told(one), ['spec.replicas prod/web.yaml:10 its manifest same']);
    assert.deepEqual(changed(one), ['-  replicas: 3 # for the sale', '+  replicas: 5 # for the sale']);
    assert.deepEqual(told(one), ['spec.replicas prod/web.yaml:10 its manifest same']);
    assert.match(one.plan.adopted[0]?.manager ?? '', /kubectl/);

    const preview = await adopt([
      ['Deployment', 'web'],
      ['ConfigMap', 'settings'],
    ]);
    assert.deepEqual(preview.plan.left, []);
    assert.deepEqual(
      preview.plan.adopted.map(({after}) => after),
      preview.plan.adopted.map(() => 'same'),
    );
    assert.deepEqual(changed(preview), [
      '-  LEVEL: "1" # quiet',
      '+  LEVEL: "2" # quiet',
      '-    world',
      '+    there',
      '-    old: "yes"',
      '+    team: front',
      '-  replicas: 3 # for the sale',
      '+  replicas: 5 # for the sale',
      "-          image: 'shop/web:1.0' # pinned",
      "+          image: 'shop/web:1.20' # pinned",
      '-            - {name: MODE, value: fast}',
      '+            - {name: MODE, value: slow}',
      '+            - name: DEBUG',
      "+              value: '1'",
    ]);
    assert.match(
      preview.plan.message,
      /^Adopt \d fields as they are live in prod\n\nRead from the cluster on admin:\n/,
    );
    assert.match(preview.plan.message, /\nEnvironment: prod\n$/);
    assert.deepEqual(fingerprint(folder.root), before);

    // On a branch that is checked out the commit waits on one of its own: the checkout is the user's.
    const outcome = await make(preview);
    assert.equal(outcome.ok, true, outcome.message);
    assert.deepEqual(fingerprint(folder.root), before);
    await folder.git('merge', '-q', '--ff-only', outcome.branch);
    assert.deepEqual(await status(), [
      'ConfigMap/settings Synced',
      'Deployment/web Synced',
      'Secret/db Synced',
    ]);
    const again = await adopt([['Deployment', 'web']]);
    assert.deepEqual([again.plan.files, told(again)], [[], ['left : git says what is live already']]);
  });

  test('warns where git itself has an autoscaler for what is scaled', async t => {
    const autoscaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 9
`;
    const all = await estate(t, {'prod/web.yaml': web, 'prod/hpa.yaml': autoscaler});
    if (all === undefined) return;
    await all.kubectl(['scale', 'deployment/web', '--replicas=5']);
    const {plan} = await all.adopt([['Deployment', 'web', 'spec.replicas']]);
    assert.match((plan.warnings ?? []).join('\n'), /an autoscaler in git scales Deployment\/\S+\/web/);
  });

  test('of a generated ConfigMap the literal follows, and the plan says that its name does too', {
    skip: hasKubectl() ? false : 'no kubectl on PATH',
  }, async t => {
    const kustomization =
      'resources: [web.yaml]\nconfigMapGenerator:\n- name: settings\n  literals:\n  - LEVEL=1 # quiet\n  - MODE=fast\n';
    const all = await estate(t, {'prod/web.yaml': web, 'prod/kustomization.yaml': kustomization});
    if (all === undefined) return;
    const names = await all.kubectl(['get', 'configmap', '-o', 'name']);
    const name = /configmap\/(settings-\S+)/.exec(names)?.[1] ?? '';
    await all.kubectl(['patch', 'configmap', name, '--type=merge', '-p', '{"data":{"LEVEL":"2"}}']);
    const preview = await all.adopt([['ConfigMap', name]]);
    assert.deepEqual(changed(preview), ['-  - LEVEL=1 # quiet', '+  - LEVEL=2 # quiet']);
    assert.deepEqual(told(preview), [
      'data.LEVEL prod/kustomization.yaml:5 a literal of its generator differs',
    ]);
    assert.match((preview.plan.warnings ?? []).join('\n'), /its content names it: a sync makes it anew/);
  });

  test('takes nothing back that was committed since the deployment, unless it is named', async t => {
    const all = await estate(t, {'prod/web.yaml': web});
    if (all === undefined) return;
    const {folder, adopt, kubectl} = all;
    await folder.commit('newer', {
      'prod/web.yaml': web
        .replace('shop/web:1.0', 'shop/web:2.0')
        .replace('args:', 'workingDir: /srv\n          args:'),
    });
    await kubectl(['scale', 'deployment/web', '--replicas=5']);
    const preview = await adopt([['Deployment', 'web']]);
    assert.deepEqual(changed(preview), ['-  replicas: 3 # for the sale', '+  replicas: 5 # for the sale']);
    assert.deepEqual(
      preview.plan.left
        .map(({path, reason}) => `${path}: ${reason.replace(/ [0-9a-f]{7} /, ' SHA ')}`)
        .sort(),
      ['image', 'workingDir'].map(
        name =>
          `spec.template.spec.containers[name=web].${name}: git said so at SHA and has moved on since: a sync brings that; name the field to take it back`,
      ),
    );
    const named = await adopt([['Deployment', 'web', 'spec.template.spec.containers[name=web].image']]);
    assert.deepEqual(changed(named), [
      "-          image: 'shop/web:2.0' # pinned",
      "+          image: 'shop/web:1.0' # pinned",
    ]);
    assert.match(
      (named.plan.warnings ?? []).join('\n'),
      /image: git said so at [0-9a-f]{7} and has changed it since: this takes that back/,
    );
  });

  test('takes a rollback by hand for what it is: somebody’s decision', async t => {
    const all = await estate(t, {'prod/web.yaml': web.replace('shop/web:1.0', 'shop/web:0.9')}, [], false);
    if (all === undefined) return;
    const {folder, adopt, kubectl} = all;
    await folder.commit('newer', {'prod/web.yaml': web});
    await kubectl(['set', 'image', 'deployment/web', 'web=shop/web:1.0']);
    await kubectl(['set', 'image', 'deployment/web', 'web=shop/web:0.9']);
    const preview = await adopt([['Deployment', 'web']]);
    assert.deepEqual(changed(preview), [
      "-          image: 'shop/web:1.0' # pinned",
      "+          image: 'shop/web:0.9' # pinned",
    ]);
    assert.match((preview.plan.warnings ?? []).join('\n'), /this takes that back/);
  });

  test('leaves what the server fills in out of what is added', async t => {
    const all = await estate(t, {'prod/web.yaml': web});
    if (all === undefined) return;
    const {adopt, kubectl} = all;
    const sidecar = {name: 'side', image: 'shop/side:1', ports: [{containerPort: 9090}]};
    const volumes = [{name: 'conf', configMap: {name: 'settings'}}];
    await kubectl([
      'patch',
      'deployment/web',
      '-p',
      JSON.stringify({spec: {template: {spec: {containers: [sidecar], volumes}}}}),
    ]);
    const preview = await adopt([['Deployment', 'web']]);
    assert.deepEqual(changed(preview), [
      '+        - name: side',
      '+          image: shop/side:1',
      '+          ports:',
      '+            - containerPort: 9090',
      '+      volumes:',
      '+        - name: conf',
      '+          configMap:',
      '+            name: settings',
    ]);
    assert.ok(
      preview.plan.adopted.every(({after}) => after === 'same'),
      told(preview).join('\n'),
    );
  });

  test('writes no value of a Secret, and nothing that holds one', async t => {
    const all = await estate(t, {'prod/web.yaml': web, 'prod/db.yaml': secret});
    if (all === undefined) return;
    const {adopt, kubectl} = all;
    await kubectl([
      'patch',
      'secret/db',
      '--type=merge',
      '-p',
      '{"stringData":{"password":"another-secret-one"}}',
    ]);
    await kubectl(['label', 'secret/db', 'team=front']);
    await kubectl(['set', 'env', 'deployment/web', 'DB=another-secret-one']);
    const env = await adopt([['Deployment', 'web']]);
    assert.match(told(env).join('\n'), /^left .*env\[name=DB\]: it holds the value of a Secret/);
    const preview = await adopt([['Secret', 'db']]);
    // The patch masks whatever stands in a Secret's manifest.
    assert.deepEqual(changed(preview), ['+  labels:', '+    team: ***']);
    assert.match(told(preview).join('\n'), /left data\.password: values of Secrets are never written/);
    assert.doesNotMatch(JSON.stringify(preview), /another-secret|YW5vdGhlci1zZWNyZXQ/);
  });

  test('adds an object that git has dropped, as a manifest of its own', async t => {
    const all = await estate(t, {'prod/web.yaml': web, 'prod/settings.yaml': settings});
    if (all === undefined) return;
    const {folder, adopt, make, status} = all;
    await folder.commit('drop it', {'prod/settings.yaml': null});
    assert.deepEqual(await status(), ['ConfigMap/settings Extra', 'Deployment/web Synced']);
    const preview = await adopt([['ConfigMap', 'settings']]);
    assert.deepEqual(told(preview), [' prod/configmap-settings.yaml:1 a new manifest same']);
    assert.ok(changed(preview).includes('+    hello'), changed(preview).join('\n'));
    const {branch, message} = await make(preview);
    assert.ok(message);
    await folder.git('merge', '-q', '--ff-only', branch);
    assert.deepEqual(await status(), ['ConfigMap/settings Synced', 'Deployment/web Synced']);
  });

  test('in an overlay overrides the base that others share, or edits it when told so', {
    skip: hasKubectl() ? false : 'no kubectl on PATH',
  }, async t => {
    const files = {
      'base/web.yaml': web,
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'prod/kustomization.yaml':
        '# production\nresources:\n  - ../base # ours\nimages:\n  - name: shop/web\n    newTag: "1.1"\n',
      'staging/kustomization.yaml': 'resources: [../base]\n',
    };
    const staging = anEnvironment('staging', {path: 'staging'});
    const all = await estate(t, files, [staging]);
    if (all === undefined) return;
    const {folder, adopt, make, status, kubectl} = all;
    await kubectl(['scale', 'deployment/web', '--replicas=5']);
    await kubectl(['set', 'image', 'deployment/web', 'web=shop/web:1.20']);
    const shared = await adopt([['Deployment', 'web', 'spec.replicas']], true);
    assert.deepEqual(changed(shared), ['-  replicas: 3 # for the sale', '+  replicas: 5 # for the sale']);
    assert.deepEqual(shared.alsoAffects, ['staging']);
    const preview = await adopt([['Deployment', 'web']]);
    assert.deepEqual(preview.alsoAffects, []);
    assert.deepEqual(
      preview.plan.files.map(({path}) => path),
      ['prod/kustomization.yaml'],
    );
    assert.ok(changed(preview).includes('+    newTag: "1.20"'), changed(preview).join('\n'));
    assert.deepEqual(preview.plan.adopted.find(({path}) => path === 'spec.replicas')?.overrides, ['staging']);
    const {branch} = await make(preview);
    await folder.git('merge', '-q', '--ff-only', branch);
    assert.deepEqual(await status(), ['Deployment/web Synced']);
    assert.match(
      await folder.git('show', 'HEAD:prod/kustomization.yaml'),
      /^# production\n.*\n {2}- \.\.\/base # ours\n/,
    );
  });
});
