import {describe, test} from 'node:test';
import {configMap, custom, define, deployment, groupOf, text} from './manifests.ts';
import {scenario} from './scenario.ts';

const free = {type: 'object', 'x-kubernetes-preserve-unknown-fields': true};

describe('YAML', {concurrency: 3}, () => {
  test('trap 11: yes, no, on, off, y and n are booleans, as for kubectl', async t => {
    const scene = await scenario(t, place => ({
      'one.yaml': `
apiVersion: ${groupOf(place)}/v1
kind: Switch
metadata:
  name: one
spec:
  a: yes
  b: no
  c: on
  d: off
  e: y
  f: n
  g: "yes"
  h: Yes
  i: OFF
`,
      'web.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  paused: no
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostNetwork: off
      automountServiceAccountToken: yes
      containers:
        - name: web
          image: web:1
          securityContext: {readOnlyRootFilesystem: on}
          args: ["yes", 'off']
`,
    }));
    if (!scene) return;
    await define(t, scene, {kind: 'Switch', plural: 'switches', schema: free});
    await scene.applyGit();
    await scene.expect({exit: 0, count: 2});
    await scene.kubectl('patch', 'switch', 'one', '--type=merge', '--patch={"spec":{"a":"yes","e":false}}');
    await scene.expect({
      exit: 1,
      resources: {
        'Switch/one': {
          status: 'Modified',
          fields: {
            'spec.a': {change: 'changed', desired: true, live: 'yes'},
            'spec.e': {change: 'changed', desired: true, live: false},
          },
        },
      },
    });
  });

  test('trap 11: an unquoted yes where text is wanted is refused by the server, not equal to "yes"', async t => {
    const scene = await scenario(t, {
      'flags.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\ndata: {enabled: yes}\n',
    });
    if (!scene) return;
    await scene.feed(configMap('flags', {enabled: 'yes'}), 'apply', '-f', '-');
    await scene.expect({
      exit: 2,
      resources: {'ConfigMap/flags': {status: 'Unknown', error: /enabled|string|bool/}},
    });
  });

  test('trap 12 and 13: 0644 is 420 and 1_000 is 1000', async t => {
    const manifest = (mode: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  revisionHistoryLimit: 1_000
  progressDeadlineSeconds: 0x400
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "web:1"}]
      volumes:
        - name: files
          configMap:
            name: files
            defaultMode: ${mode}
            items: [{key: a, path: a, mode: 0o400}]
`;
    const scene = await scenario(t, {'web.yaml': manifest('0644')});
    if (!scene) return;
    await scene.applyGit();
    const live = JSON.stringify(await scene.live('deployment', 'web'));
    for (const part of ['"defaultMode":420', '"mode":256', '"revisionHistoryLimit":1000']) {
      if (!live.includes(part)) throw new Error(`kubectl did not make ${part} of it: ${live}`);
    }
    await scene.expect({exit: 0});
    await scene.git({'web.yaml': manifest('420')});
    await scene.expect({exit: 0});
    await scene.git({'web.yaml': manifest('644')});
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            'spec.template.spec.volumes[name=files].configMap.defaultMode': {
              change: 'changed',
              desired: 644,
              live: 420,
            },
          },
          notes: [/refuses.*0777/],
        },
      },
    });
    await scene.git({'web.yaml': manifest('0600')});
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            'spec.template.spec.volumes[name=files].configMap.defaultMode': {
              change: 'changed',
              desired: 384,
              live: 420,
            },
          },
        },
      },
    });
  });

  const dates =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dates\n  annotations: {day: 2001-12-14}\ndata:\n  day: 2001-12-14\n  time: 2001-12-14T21:59:43.10-05:00\n';
  test('trap 14: a date is text to kubectl', async t => {
    const scene = await scenario(t, {'dates.yaml': dates});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.kubectl('patch', 'configmap', 'dates', '--patch={"data":{"day":"2001-12-14T00:00:00Z"}}');
    await scene.expect({
      exit: 1,
      resources: {
        'ConfigMap/dates': {
          status: 'Modified',
          fields: {'data.day': {change: 'changed', desired: '2001-12-14', live: '2001-12-14T00:00:00Z'}},
        },
      },
    });
  });

  test('trap 14: through kustomize it is whatever kustomize makes of it', async t => {
    const scene = await scenario(t, place => ({
      'dates.yaml': dates,
      'one.yaml': `apiVersion: ${groupOf(place)}/v1\nkind: Day\nmetadata: {name: one}\nspec:\n  day: 2001-12-14\n  mode: 0644\n  many: 1_000\n  on: yes\n`,
      'kustomization.yaml': 'resources: [dates.yaml, one.yaml]\nlabels: [{pairs: {tier: web}}]\n',
    }));
    if (!scene) return;
    await define(t, scene, {kind: 'Day', plural: 'days', schema: free});
    await scene.applyGit();
    await scene.expect({exit: 0, count: 2});
    await scene.kubectl('patch', 'day', 'one', '--type=merge', '--patch={"spec":{"many":999}}');
    await scene.expect({
      exit: 1,
      resources: {'Day/one': {status: 'Modified', fields: {'spec.many': 'changed'}}},
    });
  });

  test('trap 15: the key yes: becomes "true"', async t => {
    const scene = await scenario(t, {
      'keys.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: keys}\ndata:\n  yes: "1"\n  off: "2"\n  1: "3"\n  0x10: "4"\n',
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.feed(configMap('keys', {yes: '1', false: '2', '1': '3', '16': '4'}), 'replace', '-f', '-');
    await scene.expect({
      exit: 1,
      resources: {
        'ConfigMap/keys': {
          status: 'Modified',
          fields: {'data.true': {change: 'removed', desired: '1'}, 'data.yes': {change: 'added', live: '1'}},
        },
      },
    });
  });

  test('trap 16: of a duplicate key the last counts, with a warning that names file and line', async t => {
    const scene = await scenario(t, {
      'twice.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: twice\ndata:\n  level: debug\n  level: info\n',
      'web.yaml': deployment().replace('"spec": {', '"spec": {"replicas": 7, "replicas": 2,'),
    });
    if (!scene) return;
    await scene.applyGit();
    const problems = [/twice\.yaml .*"level"/];
    const verdict = await scene.expect({exit: 0, count: 2, problems});
    const lines = (verdict.environment['errors'] as {file: string; line: number; severity: string}[]).filter(
      problem => problem.file === 'deploy/twice.yaml',
    );
    if (lines[0]?.line !== 7 || lines[0].severity !== 'warning')
      throw new Error(`expected a warning at line 7: ${JSON.stringify(lines)}`);
    await scene.kubectl('patch', 'configmap', 'twice', '--patch={"data":{"level":"debug"}}');
    await scene.expect({
      exit: 1,
      problems,
      resources: {
        'ConfigMap/twice': {
          status: 'Modified',
          fields: {'data.level': {change: 'changed', desired: 'info', live: 'debug'}},
        },
      },
    });
  });

  test('trap 17: BOM, CRLF, comments after ---, "..." and empty documents are accepted', async t => {
    const map = (name: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: b\n`;
    const scene = await scenario(t, {
      'bom.yaml': `\uFEFF${map('bom')}`,
      'crlf.yaml': `---\n${map('crlf-1')}---\n${map('crlf-2')}`.replaceAll('\n', '\r\n'),
      'block.yaml': `${map('block')}  text: |\n    one\n    two\n`.replaceAll('\n', '\r\n'),
      'comments.yaml': `# nothing here\n--- # first\n${map('first')}--- # second\n${map('second')}\n---\n# only a comment\n---\n\n---\n`,
      'end.yml': `---\n${map('end')}...\n`,
      'empty.yaml': '',
      'comment.yaml': '# only a comment\n',
      'nothing.yaml': '---\n---\n',
      'object.json': `\uFEFF${configMap('json', {a: 'b'})}`,
      'README.md': 'not: a manifest\n',
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0, count: 8});
    await scene.kubectl('patch', 'configmap', 'second', '--patch={"data":{"a":"c"}}');
    await scene.expect({
      exit: 1,
      count: 8,
      resources: {'ConfigMap/second': {status: 'Modified', fields: {'data.a': 'changed'}}},
    });
  });

  test('trap 18: merge keys are honoured', async t => {
    const scene = await scenario(t, {
      'merge.yaml': `
apiVersion: v1
kind: ConfigMap
metadata:
  name: first
  labels: &labels
    app: web
    tier: front
data: &data
  level: info
  color: red
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: &pod {app: web}}
  template:
    metadata:
      labels:
        <<: *pod
        extra: yes-please
    spec:
      containers:
        - &container
          name: web
          image: web:1
          env: [{name: A, value: "1"}]
        - <<: *container
          name: side
          image: side:1
        - <<: [{image: "third:1"}, {imagePullPolicy: Always}]
          name: third
`,
    });
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0, count: 2});
    await scene.kubectl('set', 'env', 'deployment/web', '--containers=side', 'A=2');
    await scene.expect({
      exit: 1,
      resources: {
        'Deployment/web': {
          status: 'Modified',
          fields: {
            'spec.template.spec.containers[name=side].env[name=A].value': {
              change: 'changed',
              desired: '1',
              live: '2',
              manager: 'kubectl-set',
            },
          },
        },
      },
    });
  });

  test('trap 19: !!binary is decoded', async t => {
    const manifest = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: binary}\ndata:\n  a: !!binary ${value}\n  n: !!str 5\n`;
    const scene = await scenario(t, {'binary.yaml': manifest('aGVsbG8=')});
    if (!scene) return;
    await scene.applyGit();
    await scene.expect({exit: 0});
    await scene.git({'binary.yaml': manifest('d29ybGQ=')});
    await scene.expect({
      exit: 1,
      resources: {
        'ConfigMap/binary': {
          status: 'Modified',
          fields: {'data.a': {change: 'changed', desired: 'world', live: 'hello'}},
        },
      },
    });
  });

  test('trap 20: lists are expanded, and a custom kind named …List is not one', async t => {
    const item = (name: string) => ({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}, data: {a: name}});
    const scene = await scenario(t, place => ({
      'list.yaml': text({apiVersion: 'v1', kind: 'List', items: [item('one'), item('two'), item('four')]}),
      'typed.yaml': text({apiVersion: 'v1', kind: 'ConfigMapList', items: [item('three')]}),
      'empty.yaml': text({apiVersion: 'v1', kind: 'List', items: []}),
      'allow.yaml': custom(place, 'AllowList', {addresses: ['10.0.0.1', '10.0.0.2'], items: ['x']}),
    }));
    if (!scene) return;
    await define(t, scene, {kind: 'AllowList', plural: 'allowlists', schema: free});
    await scene.applyGit();
    await scene.expect({exit: 0, count: 5});
    await scene.kubectl('patch', 'configmap', 'two', '--patch={"data":{"a":"changed"}}');
    await scene.kubectl('patch', 'allowlist', 'one', '--type=merge', '--patch={"spec":{"items":["y"]}}');
    await scene.kubectl('delete', 'configmap', 'four');
    await scene.expect({
      exit: 1,
      count: 5,
      resources: {
        'ConfigMap/two': {status: 'Modified', fields: {'data.a': 'changed'}},
        'ConfigMap/four': {status: 'Missing'},
        'AllowList/one': {status: 'Modified', fields: {'spec.items': 'changed'}},
      },
    });
  });
});
