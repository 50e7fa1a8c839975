import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type FieldPath, type PathElement, valueAt} from '../../source/resources/field-path.ts';
import {isObject, type JsonObject, stringAt} from '../../source/resources/json.ts';
import {formatProblem} from '../../source/resources/problem.ts';
import {readYaml} from '../../source/sources/yaml.ts';
import {hasKubectl, kubectlReads} from './kubectl.ts';

function words(text: string | Uint8Array, file = 'a.yaml'): string[] {
  return readYaml(text, file).problems.map(
    problem => `${problem.severity === 'error' ? '' : 'warning: '}${formatProblem(problem)}`,
  );
}

const a = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const b = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n';
const json = (name: string) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"}}`;

describe('a file is cut into documents where kubectl cuts it', () => {
  const files: readonly (readonly [text: string, names: string[]])[] = [
    [`${a}---\n${b}`, ['a', 'b']],
    [`${a}--- # comment\n${b}`, ['a', 'b']],
    [`${a}---   \n${b}`, ['a', 'b']],
    [`${a}---#c\n${b}`, ['a', 'b']],
    [`${a}...\n---\n${b}`, ['a', 'b']],
    [`${a}...\n`, ['a']],
    [`${a}...\n${b}`, ['a']],
    [`---\n---\n${a}---\n---\n${b}---\n`, ['a', 'b']],
    [`# comment\n---\n${a}`, ['a']],
    [`\uFEFF${a}`, ['a']],
    [`\uFEFF---\n${a}---\n${b}`, ['a', 'b']],
    [`${a}---\n${b}`.replaceAll('\n', '\r\n'), ['a', 'b']],
    [`${a}---\n${json('b')}`, ['a', 'b']],
    [`${json('a')}\n${json('b')}`, ['a', 'b']],
    [`${json('a')}${json('b')}`, ['a', 'b']],
    [`null\n---\n${a}`, ['a']],
    [`~\n---\n# comment\n---\n${a}`, ['a']],
    ['', []],
    ['# only a comment\n', []],
    [' \n\n', []],
    ['---\n', []],
  ];
  const names = (texts: readonly unknown[]) =>
    texts.map(value => stringAt((value as JsonObject)['metadata'], 'name'));
  for (const [text, expected] of files) {
    test(JSON.stringify(text), () => {
      assert.deepEqual(names(readYaml(text, 'a.yaml').documents.map(({value}) => value)), expected);
    });
  }

  test('kubectl itself does', {skip: hasKubectl() ? false : 'no kubectl on PATH'}, () => {
    for (const [text, expected] of files) {
      assert.deepEqual(names(kubectlReads(text).objects), expected, JSON.stringify(text));
    }
  });

  test('newer kubectls also read flow YAML, and JSON after ---', () => {
    assert.equal(readYaml('{apiVersion: v1, kind: List}', 'a.yaml').documents.length, 1);
    assert.equal(readYaml(`${json('a')}\n---\n${json('b')}`, 'a.yaml').documents.length, 2);
  });
});

describe('a document that fails costs no other one, and says where and why', () => {
  const cases: readonly (readonly [text: string, documents: number, ...words: string[]])[] = [
    [
      `${a}---\nkind: [\n---\n${b}`,
      2,
      'a.yaml:6:1: unexpected end of the stream within a flow collection — close the bracket, or add the comma',
    ],
    ['a:\n\tb: 1\n', 0, 'a.yaml:2:1: tab characters must not be used in indentation — indent with spaces'],
    [
      'a: "b\n',
      0,
      'a.yaml:2:1: unexpected end of the stream within a double quoted scalar — close the quote',
    ],
    [
      'a: {{ .Values.name }}\n',
      0,
      'a.yaml:1:5: a key is a list or a mapping — this looks like a template: render it first, or move it out of the folder',
    ],
    [
      'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n',
      0,
      'a.yaml:3:2: can not read a block mapping entry; a multiline key may not be an implicit key — resolve the merge conflict',
    ],
    [
      'a: *b\n',
      0,
      'a.yaml:1:5: there is no anchor &b before this alias — define the anchor before the alias, or quote the asterisk',
    ],
    ['a: .inf\n', 0, 'a.yaml:1:4: .inf has no JSON value — quote it'],
    [
      'a: !!int b\n',
      0,
      "a.yaml:1:4: this value can't be read as !!int — correct the value or delete the tag",
    ],
    ['a: @b\n', 0, 'a.yaml:1:4: bad indentation of a mapping entry — quote the value'],
    [
      `${a}--- {kind: x}\n---\n${b}`,
      2,
      'a.yaml:4:1: "{kind: x}" stands after --- on the same line, which kubectl refuses — put it on the next line',
    ],
    [
      'a: 1\nb: 2\na: 3\n',
      1,
      'warning: a.yaml:3:1: the key "a" is set twice in one mapping; the last one counts, as for kubectl — delete one of them',
    ],
    [
      `${a}...\n${b}`,
      1,
      'warning: a.yaml:5:1: what follows "..." is not read, as by kubectl — start a new document with ---',
    ],
  ];
  for (const [text, documents, ...expected] of cases) {
    test(JSON.stringify(text), () => {
      assert.deepEqual(words(text), expected);
      assert.equal(readYaml(text, 'a.yaml').documents.length, documents);
    });
  }

  test('JSON', () => {
    assert.deepEqual(words('{"a": 1}\n{\n  "b": 1,\n}\n', 'a.json'), [
      'a.json:4:1: not valid JSON: Expected double-quoted property name',
    ]);
    assert.equal(readYaml('{"a": 1}\n{\n  "b": 1,\n}\n', 'a.json').documents.length, 1);
  });

  test('JSON, without the text around the mistake', () => {
    for (const [text, expected] of [
      ['{"a": 1,\n "password": hunter2}', "a.json:2:14: not valid JSON: Unexpected token 'h'"],
      ['{"a": "x"\n "b": 1}', "a.json:2:2: not valid JSON: Expected ',' or '}' after property value"],
      ['{"a": [1, 2\n', 'a.json:1:12: not valid JSON: '],
      ['{"a": "x\ny"}', 'a.json:1:9: not valid JSON: Bad control character in string literal'],
    ] as const) {
      assert.ok((words(text, 'a.json')[0] ?? '').startsWith(expected), words(text, 'a.json')[0]);
    }
  });

  test('bytes that are no UTF-8', () => {
    assert.deepEqual(words(Buffer.from('a: 1\nb: \xff\n', 'latin1')), [
      'a.yaml:2: the file is not valid UTF-8 — save it as UTF-8',
    ]);
    assert.deepEqual(words(Buffer.from('\uFEFFa: 1\n', 'utf16le')), [
      'a.yaml:1: the file is UTF-16, not UTF-8 — save it as UTF-8',
    ]);
  });

  test('aliases that blow up a document (a billion laughs)', () => {
    const level = (index: number) =>
      `a${index}: &a${index} [${Array(9)
        .fill(`*a${index - 1}`)
        .join(', ')}]\n`;
    const text = `a0: &a0 [lol]\n${[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level).join('')}`;
    assert.match(words(text)[0] ?? '', /the aliases make this document too large$/);
    assert.match(words('a: &a [*a]\n')[0] ?? '', /a\.yaml:1:9: the anchor &a contains itself$/);
    assert.match(words(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)[0] ?? '', /nesting|nested/);
  });

  test('a key that no object may inherit', () => {
    const [document] = readYaml('__proto__: {polluted: true}\n', 'a.yaml').documents;
    assert.ok(isObject(document?.value) && Object.hasOwn(document.value, '__proto__'));
    assert.equal(({} as JsonObject)['polluted'], undefined);
  });
});

describe('integers keep their digits in JSON files as well', () => {
  test('beyond 2^53', () => {
    const [document] = readYaml('{"a": 9007199254740993, "b": 1}', 'a.json').documents;
    assert.deepEqual(document?.value, {a: 9007199254740993n, b: 1});
  });

  test('beyond 64 bits they are what a double holds, as for kubectl', () => {
    const [document] = readYaml(
      '{"a": [12345678901234567890], "b": {"c": 9223372036854775807}}',
      'a.json',
    ).documents;
    assert.deepEqual(document?.value, {a: [12345678901234567000n], b: {c: 9223372036854775807n}});
  });
});

const f = (name: string): PathElement => ({type: 'field', name});
const keys = (object: JsonObject): PathElement => ({type: 'keys', keys: object});

describe('locate finds the line that sets a field', () => {
  const text = `# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  finalizers:
  - a.example.com
  - b.example.com
  annotations: &annotations
    example.com/a: "1"
spec:
  replicas: 3
  replicas: 5
  template:
    metadata:
      annotations:
        <<: *annotations
        own: x
    spec:
      containers:
      - name: web
        image: nginx
        args: [
          "--a",
      "--b"
      ]
        ports:
        - containerPort: 80
        - {containerPort: 81,
           protocol: UDP}
      -
        name: side
        image: busybox
---
second: {a: 1}
`;
  const containers = [f('spec'), f('template'), f('spec'), f('containers')];
  const cases: readonly (readonly [path: FieldPath, line: number | undefined])[] = [
    [[], 2],
    [[f('kind')], 3],
    [[f('metadata'), f('name')], 5],
    [[f('metadata'), f('finalizers'), {type: 'value', value: 'b.example.com'}], 8],
    [[f('metadata'), f('annotations'), f('example.com/a')], 10],
    // The last of a duplicate counts.
    [[f('spec'), f('replicas')], 13],
    // A merged key stands where its anchor is.
    [[f('spec'), f('template'), f('metadata'), f('annotations'), f('example.com/a')], 10],
    [[f('spec'), f('template'), f('metadata'), f('annotations'), f('own')], 18],
    [[...containers, keys({name: 'web'})], 21],
    [[...containers, keys({name: 'web'}), f('image')], 22],
    [[...containers, keys({name: 'web'}), f('args')], 23],
    [[...containers, keys({name: 'web'}), f('args'), {type: 'index', index: 1}], 25],
    // The protocol is the server's default.
    [[...containers, keys({name: 'web'}), f('ports'), keys({containerPort: 80, protocol: 'TCP'})], 28],
    [
      [
        ...containers,
        keys({name: 'web'}),
        f('ports'),
        keys({containerPort: 81, protocol: 'UDP'}),
        f('protocol'),
      ],
      30,
    ],
    [[...containers, keys({name: 'side'}), f('image')], 33],
    [[...containers, keys({name: 'none'}), f('image')], undefined],
    [[f('spec'), f('paused')], undefined],
    [[f('kind'), f('x')], undefined],
  ];
  // The `]` of args stands left of where YAML wants it; the reader pushes such lines in.
  const [first, second] = readYaml(text, 'a.yaml').documents;
  for (const [path, line] of cases) {
    test(JSON.stringify(path), () => {
      assert.equal(first?.locate(path)?.line, line);
      assert.equal(first?.locate(path)?.file, line === undefined ? undefined : 'a.yaml');
    });
  }

  test('columns are those of the file', () => {
    assert.deepEqual(
      first?.locate([...containers, keys({name: 'web'}), f('args'), {type: 'index', index: 1}]),
      {
        file: 'a.yaml',
        line: 25,
        column: 7,
      },
    );
    assert.deepEqual(second?.location, {file: 'a.yaml', line: 35, column: 1});
    assert.deepEqual(second?.locate([f('second'), f('a')]), {file: 'a.yaml', line: 35, column: 10});
  });

  test('agrees with the value, in JSON with tabs too', () => {
    const source =
      '{\n\t"a": 1,\n\t"b": [\n\t\t{"name": "x"},\n\t\t{"name": "y", "v": 2}\n\t]\n}\n{"a": 2}\n';
    const [one, two] = readYaml(source, 'a.json').documents;
    const path = [f('b'), keys({name: 'y'}), f('v')];
    assert.equal(valueAt(one?.value, path), 2);
    assert.equal(one?.locate(path)?.line, 5);
    assert.equal(two?.locate([f('a')])?.line, 8);
  });
});
