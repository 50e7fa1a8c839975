import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {isObject, type Json} from '../../source/resources/json.ts';
import {readYaml} from '../../source/sources/yaml.ts';
import {hasKubectl, kubectlReads} from './kubectl.ts';
import {cases, error} from './yaml-cases.ts';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\nx:\n';
const kubectl = hasKubectl();

function ours(text: string): Json | typeof error {
  const {documents, problems} = readYaml(text, 'a.yaml');
  if (problems.some(problem => problem.severity === 'error')) return error;
  const value = documents[0]?.value;
  return isObject(value) ? (value['x'] ?? null) : null;
}

describe('values are read as kubectl reads them', () => {
  for (const [yaml, expected] of cases) {
    test(JSON.stringify(yaml), () => {
      assert.deepEqual(ours(`${head}${yaml}\n`), expected);
    });
  }
});

describe('kubectl itself reads them so', {skip: kubectl ? false : 'no kubectl on PATH'}, () => {
  // One process for all that it takes, one for each that it refuses.
  test('what it takes', () => {
    const taken = cases.filter(([, expected]) => expected !== error);
    const {objects, error: complaint} = kubectlReads(taken.map(([yaml]) => `${head}${yaml}\n`).join('---\n'));
    assert.equal(complaint, '');
    assert.equal(objects.length, taken.length);
    for (const [index, [yaml, expected]] of taken.entries()) {
      const object = objects[index];
      assert.deepEqual(isObject(object) ? (object['x'] ?? null) : undefined, expected, JSON.stringify(yaml));
    }
  });

  test('what it refuses', () => {
    for (const [yaml, expected] of cases) {
      if (expected !== error) continue;
      assert.notEqual(kubectlReads(`${head}${yaml}\n`).error, '', JSON.stringify(yaml));
    }
  });
});
