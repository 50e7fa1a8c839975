import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {jqPaths} from '../../../source/drift/jq/paths.ts';
import {JqSyntaxError} from '../../../source/drift/jq/tokens.ts';
import type {JsonObject} from '../../../source/resources/json.ts';

const object: JsonObject = {
  kind: 'Deployment',
  metadata: {name: 'web', annotations: {'a/b': '1', 'x-keep': '2'}},
  spec: {
    replicas: 3,
    nothing: null,
    containers: [
      {name: 'web', image: 'web:1', env: [{name: 'A', value: '1'}, {name: 'BUILD_ID'}], args: ['a', '--x=1']},
      {name: 'sidecar', image: 'side:1'},
    ],
  },
};

function named(expression: string): string[] | string {
  const answer = jqPaths(expression)(object);
  return 'stopped' in answer ? answer.stopped : answer.paths.map(path => path.join(' '));
}

describe('a jq expression names', () => {
  const cases: [string, string[]][] = [
    ['.spec.replicas', ['spec replicas']],
    ['.spec["replicas"]', ['spec replicas']],
    ['."spec"."replicas"', ['spec replicas']],
    ['.spec.["replicas"]', ['spec replicas']],
    ['.spec.replicas, .metadata.name', ['spec replicas', 'metadata name']],
    ['.metadata.annotations["a/b"]', ['metadata annotations a/b']],
    ['.metadata.annotations."a/b"', ['metadata annotations a/b']],
    ['.spec.containers[].image', ['spec containers 0 image', 'spec containers 1 image']],
    ['.spec.containers[0].image', ['spec containers 0 image']],
    ['.spec.containers[-1].image', ['spec containers 1 image']],
    ['.spec.containers[1:]', ['spec containers 1']],
    ['.spec.containers[:1]', ['spec containers 0']],
    ['.spec.containers[] | select(.name == "sidecar")', ['spec containers 1']],
    ['.spec.containers[]|select(.name=="sidecar").image', ['spec containers 1 image']],
    ['.spec.containers[] | select(.name != "web") | .image', ['spec containers 1 image']],
    ['.spec.containers[].env[]? | select(.name | startswith("BUILD"))', ['spec containers 0 env 1']],
    ['.spec.containers[] | .env[]? | select(.name | test("^BUILD_.*$"))', ['spec containers 0 env 1']],
    ['.spec.containers[] | .env[]? | select(.name | test("^build"; "i"))', ['spec containers 0 env 1']],
    ['.spec.containers[0].args[] | select(startswith("--x="))', ['spec containers 0 args 1']],
    ['.spec.containers[] | select(.name | IN("a", "sidecar"))', ['spec containers 1']],
    ['.spec.containers[] | select(any(.env[]?; .name == "A")) | .image', ['spec containers 0 image']],
    ['.spec.containers[] | select(all(.env[]?; .name == "A")) | .image', ['spec containers 1 image']],
    ['.spec.containers[] | select(has("env") and (.args | length) > 1)', ['spec containers 0']],
    ['.spec.containers[] | select(has("env") | not)', ['spec containers 1']],
    ['.spec.containers[] | select((.image | split(":") | .[0]) == "side")', ['spec containers 1']],
    ['.spec.containers[] | select(.image | contains("side"))', ['spec containers 1']],
    ['.spec.containers[] | select({n: .name} == {n: "web"})', ['spec containers 0']],
    ['.spec.containers[1,0].env[]?.name', ['spec containers 0 env 0 name', 'spec containers 0 env 1 name']],
    ['.spec.containers[1,0].args[0]?', ['spec containers 1 args 0', 'spec containers 0 args 0']],
    ['.spec.replicas?, .spec.replicas.x?, .kind', ['spec replicas', 'kind']],
    ['.. | select(.image?) | .image', ['spec containers 0 image', 'spec containers 1 image']],
    ['..|select(type=="number")', ['spec replicas']],
    [
      '.spec | recurse(.containers[]?) | .image?',
      ['spec image', 'spec containers 0 image', 'spec containers 1 image'],
    ],
    ['if .kind == "Deployment" then .spec.replicas else empty end', ['spec replicas']],
    ['if .kind == "Job" then .spec elif .kind == "Pod" then .x else .metadata.name end', ['metadata name']],
    ['.spec.absent // .spec.replicas', ['spec replicas']],
    ['.spec.replicas // .spec.absent', ['spec replicas']],
    ['(.spec.replicas)', ['spec replicas']],
    ['first(.spec.containers[])', ['spec containers 0']],
    ['limit(1; .spec.containers[]) | .name', ['spec containers 0 name']],
    [
      '.metadata.annotations | keys[] as $k | .[$k]',
      ['a/b', 'x-keep'].map(key => `metadata annotations ${key}`),
    ],
    ['.metadata.annotations | .[keys[] | select(startswith("x-"))]', ['metadata annotations x-keep']],
    [
      '.metadata.annotations | to_entries[] as $e | select($e.key | startswith("x-")) | .[$e.key]',
      ['metadata annotations x-keep'],
    ],
    ['.spec.absent.deeper', ['spec absent deeper']],
    ['.spec.nothing[]?', []],
    ['try .spec.containers.name', []],
    ['.spec # what is behind a hash is a comment', ['spec']],
    ['empty', []],
  ];
  for (const [expression, expected] of cases) {
    test(expression, () => assert.deepEqual(named(expression), expected));
  }
});

describe('a jq expression that fails on an object names nothing of it', () => {
  const cases: [string, RegExp][] = [
    ['.spec.absent[]', /null can't be iterated over/],
    ['.spec.containers[].env[].name', /null can't be iterated over/],
    ['.spec.replicas.x', /number has no field "x"/],
    ['.spec.containers | map(.name)', /names no field/],
    ['.spec | tostring', /names no field/],
    ['.', /the whole object/],
    ['..', /the whole object/],
    ['.spec.containers[] | select(.name | test("(a+)+$"))', /not supported/],
  ];
  for (const [expression, why] of cases) {
    test(expression, () => assert.match(String(named(expression)), why));
  }
});

describe('a jq expression that is not understood is refused', () => {
  const refused = [
    '.spec.replicas = 1',
    '.spec |= .',
    'def f: .; f',
    'reduce .[] as $x (0; . + $x)',
    'del(.spec)',
    '.spec.containers[] | select([.env[]?.name] | index("A"))',
    '"\\(.spec)"',
    '@base64',
    '$unbound',
    '.spec[',
    '.spec | ',
    '.a b',
    "'x'",
    '('.repeat(500),
    '.a'.repeat(5000),
  ];
  for (const expression of refused) {
    test(expression.slice(0, 60), () => assert.throws(() => jqPaths(expression), JqSyntaxError));
  }
});

describe('a jq expression never runs without end', () => {
  for (const expression of [
    'recurse(.)',
    '.. | .. | .. | .. | .. | ..',
    'range(1000000000) as $x | .spec',
    '[range(1000000000)] | .[0] | empty',
    '"aaaaaaaa" | recurse(. + .) | empty',
    '[1] | recurse(. + .) | empty',
    '[.. | tostring] | recurse(map(.)) | empty',
  ]) {
    test(expression, () => {
      const answer = jqPaths(expression)(object);
      assert.ok('stopped' in answer);
    });
  }
});
