import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {openRepository} from '../../../source/repository/open.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  parseJson,
  stringAt,
} from '../../../source/resources/json.ts';
import {loadSource} from '../../../source/sources/load.ts';
import type {SourceResult} from '../../../source/sources/types.ts';
import type {Cluster} from '../../cluster/cluster.ts';
import {useCluster} from '../../cluster/shared.ts';
import {newRepository, temporaryFolder} from '../../repository/git-folder.ts';
import {cases, error} from '../../sources/yaml-cases.ts';

/** Whole files: what traps 16, 17 and 20 are about. None says `x`, which tells the cases apart. */
const files: Record<string, string> = {
  'twice.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata: {a: b}\ndata: {c: d}\n',
  'bom.yaml': '\uFEFFapiVersion: v1\nkind: ConfigMap\nmetadata: {name: bom}\n',
  'crlf.yaml':
    'apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: crlf\r\ndata:\r\n  t: |\r\n    a\r\n    b\r\n',
  'separators.yaml':
    '# first\n---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: separated}\n---\n',
  'end.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: end}\n...\n',
  'list.yaml':
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: in-a-list}, data: {a: "1"}}\n- {apiVersion: v1, kind: Secret, metadata: {name: in-a-list}}\n',
  'typed.yaml':
    'apiVersion: v1\nkind: ConfigMapList\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: in-a-typed-list}}\n',
  'json.json':
    '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"}, "data": {"a": "b"}}\n',
};

/** kustomize reads YAML 1.2's keys and sets, and refuses what kubectl takes. */
const onlyKubectl = (yaml: string): boolean =>
  /^ {2}(?:[-+]?[\d.][\w.+-]*|\.inf): (?!\d+\.)/.test(yaml) ||
  yaml.includes('!!bool yes') ||
  yaml === '  v: {a: 1, a: 2}';

const taken = cases
  .filter(([, expected]) => expected !== error)
  .map(([yaml], index) => ({yaml, name: `c${index}`}));
const document = ({yaml, name}: {yaml: string; name: string}) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\nx:\n${yaml}\n`;

/** What kubectl makes of a file, without its own additions, by `Kind/name`. */
async function kubectlCreates(cluster: Cluster, file: string): Promise<Map<string, Json>> {
  const printed = await cluster.kubectl([
    'create',
    '--dry-run=client',
    '--validate=false',
    '--output=json',
    '--namespace=default',
    '--recursive',
    '-f',
    file,
  ]);
  // Objects are printed one after another, or as a list where kubectl likes.
  const found = printed
    .split(/(?<=^\}\n)/m)
    .filter(text => text.trim() !== '')
    .map(text => parseJson(text));
  const objects = found.flatMap(object =>
    isObject(object) && object['kind'] === 'List' ? (object['items'] as Json[]) : [object],
  );
  return byName(objects.filter(isObject));
}

function byName(objects: readonly JsonObject[]): Map<string, Json> {
  return new Map(
    objects.map(object => {
      const {namespace: _namespace, ...metadata} = objectAt(object, 'metadata');
      return [`${stringAt(object, 'kind')}/${stringAt(metadata, 'name')}`, {...object, metadata}];
    }),
  );
}

function ours({resources}: SourceResult): Map<string, Json> {
  return byName(resources.map(({object}) => object));
}

function agree(found: ReadonlyMap<string, Json>, expected: ReadonlyMap<string, Json>): void {
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  for (const [name, object] of expected) {
    const yaml = taken.find(one => `ConfigMap/${one.name}` === name)?.yaml ?? name;
    assert.deepEqual(found.get(name), object, JSON.stringify(yaml));
  }
}

describe('traps 11 to 20: every spelling is read', {concurrency: 2}, () => {
  test('as kubectl create reads it, from a folder', async t => {
    const cluster = await useCluster(t);
    if (!cluster) return;
    assert.ok(taken.length >= 60, `${taken.length} spellings`);
    const repository = await newRepository(temporaryFolder(t));
    const all = taken.map(document).join('---\n');
    const sha = await repository.commit('Start', {
      'deploy/all.yaml': all,
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`deploy/${name}`, text])),
    });
    const tree = (await openRepository(repository.root)).tree(sha);
    const result = await loadSource({path: 'deploy', source: 'directory'}, tree);
    assert.deepEqual(
      result.problems.filter(({severity}) => severity === 'error'),
      [],
    );
    agree(ours(result), await kubectlCreates(cluster, path.join(repository.root, 'deploy')));
  });

  test('as kubectl create reads what kubectl kustomize makes of it, from a kustomization', async t => {
    const cluster = await useCluster(t);
    if (!cluster) return;
    const common = taken.filter(({yaml}) => !onlyKubectl(yaml));
    assert.ok(common.length >= 60, `${common.length} spellings`);
    const {'twice.yaml': _twice, ...whole} = files;
    const texts = {...Object.fromEntries(common.map(one => [`${one.name}.yaml`, document(one)])), ...whole};
    const repository = await newRepository(temporaryFolder(t));
    const sha = await repository.commit('Start', {
      'deploy/kustomization.yaml': `resources: ${JSON.stringify(Object.keys(texts))}\n`,
      ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [`deploy/${name}`, text])),
    });
    const tree = (await openRepository(repository.root)).tree(sha);
    const result = await loadSource({path: 'deploy', source: 'kustomize'}, tree);
    assert.deepEqual(
      result.problems.filter(({severity}) => severity === 'error'),
      [],
    );
    const built = spawnSync('kubectl', ['kustomize', path.join(repository.root, 'deploy')], {
      encoding: 'utf8',
    });
    assert.equal(built.status, 0, built.stderr);
    const file = path.join(temporaryFolder(t), 'built.yaml');
    writeFileSync(file, built.stdout);
    agree(ours(result), await kubectlCreates(cluster, file));
  });

  for (const yaml of ['  1: 1', '  v: !!bool yes', '  v: {a: 1, a: 2}']) {
    test(`what kustomize refuses is an error of a kustomization: ${JSON.stringify(yaml)}`, async t => {
      assert.ok(onlyKubectl(yaml));
      const repository = await newRepository(temporaryFolder(t));
      const sha = await repository.commit('Start', {
        'deploy/kustomization.yaml': 'resources: [one.yaml]\n',
        'deploy/one.yaml': document({yaml, name: 'one'}),
      });
      const tree = (await openRepository(repository.root)).tree(sha);
      const {resources, problems} = await loadSource({path: 'deploy', source: 'kustomize'}, tree);
      assert.deepEqual(resources, []);
      assert.equal(problems[0]?.severity, 'error');
      const built = spawnSync('kubectl', ['kustomize', path.join(repository.root, 'deploy')]);
      assert.notEqual(built.status, 0);
    });
  }
});
