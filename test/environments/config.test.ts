import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {schemaFile, schemaText} from '../../scripts/config-schema.ts';
import {parseConfig} from '../../source/environments/config.ts';
import {formatProblem} from '../../source/resources/problem.ts';

const file = '.gitops-tui.yaml';

function read(text: string) {
  const result = parseConfig(text, file);
  return {
    ...result,
    names: result.environments?.map(({config}) => config.name),
    words: result.problems.map(
      problem => `${problem.severity === 'error' ? '' : 'warning: '}${formatProblem(problem)}`,
    ),
  };
}

describe('a config file', () => {
  test('gives environments and rules as they are written', () => {
    const {environments, ignore, problems} = parseConfig(
      `environments:
  - name: staging
    path: ./environments/staging/
  - name: production
    path: environments/production
    branch: main
    context: prod-eu
    namespace: shop
    source: kustomize
    engine: direct
    protected: no
    promotesFrom: staging
ignore:
  - {kind: Deployment, paths: [/spec/replicas, '$.spec.template..image']}
notify: []
`,
      file,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      environments?.map(({config}) => config),
      [
        {name: 'staging', path: 'environments/staging'},
        {
          name: 'production',
          path: 'environments/production',
          branch: 'main',
          context: 'prod-eu',
          namespace: 'shop',
          source: 'kustomize',
          engine: 'direct',
          protected: false,
          promotesFrom: 'staging',
        },
      ],
    );
    assert.deepEqual(ignore, [
      {
        kind: 'Deployment',
        paths: ['/spec/replicas', '$.spec.template..image'],
        origin: '.gitops-tui.yaml:14',
      },
    ]);
  });

  test('may be JSON', () => {
    assert.deepEqual(read('{"environments": [{"name": "dev"}]}').names, ['dev']);
  });

  test('without environments leaves them to discovery', () => {
    for (const text of ['', '# nothing\n', 'ignore: [{paths: [/spec/replicas]}]\n']) {
      assert.equal(parseConfig(text, file).environments, undefined, text);
      assert.deepEqual(parseConfig(text, file).problems, [], text);
    }
  });

  test('that is no config file gives no environment at all', () => {
    for (const text of [
      'environments: [',
      '- name: dev\n',
      'hello\n',
      'environments:\n- name: a\n  name: b\n',
    ]) {
      const {environments, problems} = parseConfig(text, file);
      assert.deepEqual(environments, [], text);
      assert.equal(problems.length, 1, text);
    }
  });
});

describe('mistakes have file, line, column and what is expected', () => {
  const cases: readonly (readonly [text: string, names: string[], ...words: string[]])[] = [
    [
      'environments:\n  - name: dev\n    pth: a\n',
      [],
      '.gitops-tui.yaml:3:5: environments[0].pth is no key of this file — did you mean "path"?',
    ],
    [
      'enviroments: []\n',
      [],
      '.gitops-tui.yaml:1:1: enviroments is no key of this file — did you mean "environments"?',
    ],
    [
      'environments:\n  - name: dev\n    zzz: a\n',
      [],
      '.gitops-tui.yaml:3:5: environments[0].zzz is no key of this file — the keys here are name, path, branch, context, namespace, source, engine, protected, promotesFrom',
    ],
    [
      'environments:\n  - path: a\n  - name: b\n',
      ['b'],
      '.gitops-tui.yaml:2:5: environments[0].name is missing — add "name:"',
    ],
    [
      'environments:\n  - name: dev\n    protected: "yes"\n',
      [],
      '.gitops-tui.yaml:3:5: environments[0].protected must be true or false, not "yes"',
    ],
    [
      'environments:\n  - name: dev\n    source: kustomise\n',
      [],
      '.gitops-tui.yaml:3:5: environments[0].source must be auto, directory, kustomize, helm, terraform or ansible, not "kustomise" — did you mean "kustomize"?',
    ],
    ['environments:\n  - name: 5\n', [], '.gitops-tui.yaml:2:5: environments[0].name must be text, not 5'],
    ['environments:\n', [], '.gitops-tui.yaml:1:1: environments must be a list of environments, not empty'],
    ['environments:\n  name: dev\n', [], '.gitops-tui.yaml:1:1: environments must be a list of environments'],
    [
      'environments:\n  - dev\n',
      [],
      '.gitops-tui.yaml:2:5: environments[0] must be a mapping with a name, not "dev"',
    ],
    [
      'environments:\n  - name: dev\n  - name: dev\n',
      ['dev'],
      '.gitops-tui.yaml:3:5: the environment "dev" is there twice — rename or delete one',
    ],
    [
      'environments:\n  - name: dev\n    path: ../elsewhere\n',
      [],
      '.gitops-tui.yaml:3:5: the path "../elsewhere" leads out of the repository — give a folder relative to the repository’s root',
    ],
    [
      'environments:\n  - name: dev\n    path: /etc\n',
      [],
      '.gitops-tui.yaml:3:5: the path "/etc" leads out of the repository — give a folder relative to the repository’s root',
    ],
    [
      'environments:\n  - name: staging\n  - name: production\n    promotesFrom: stagin\n',
      ['staging', 'production'],
      '.gitops-tui.yaml:4:5: promotesFrom names "stagin", which is no environment — did you mean "staging"?',
    ],
    [
      'environments:\n  - {name: a, promotesFrom: b}\n  - {name: b, promotesFrom: a}\n',
      ['a', 'b'],
      '.gitops-tui.yaml:2:15: promotesFrom goes in a circle: a from b from a — let one of them promote from none',
    ],
    [
      'environments:\n  - {name: a, promotesFrom: a}\n',
      ['a'],
      '.gitops-tui.yaml:2:15: promotesFrom goes in a circle: a from a — let one of them promote from none',
    ],
    [
      'environments:\n  - name: dev\n    namespace: Shop_1\n',
      [],
      '.gitops-tui.yaml:3:5: environments[0].namespace must be a namespace’s name: up to 63 lower case letters, digits and dashes, not "Shop_1"',
    ],
    [
      'environments: [{name: a}]\nignore:\n  - kind: Deployment\n',
      ['a'],
      '.gitops-tui.yaml:3:5: ignore[0].paths is missing — add "paths:"',
    ],
    [
      'environments: [{name: a}]\nignore:\n  - paths: [spec.replicas]\n',
      ['a'],
      '.gitops-tui.yaml:3:13: ignore[0].paths[0] must be a JSON pointer (/spec/replicas) or a JSONPath ($.spec.replicas), not "spec.replicas"',
    ],
    [
      'environments: [{name: a}]\nignore:\n  - paths: [/metadata/annotations/a~b]\n',
      ['a'],
      '.gitops-tui.yaml:3:13: ignore[0].paths[0] has a ~ that is neither ~0 nor ~1, not "/metadata/annotations/a~b"',
    ],
    [
      'environments:\n\t- name: dev\n',
      [],
      '.gitops-tui.yaml:2:1: tab characters must not be used in indentation — indent with spaces',
    ],
    [
      'environments:\n  - name: dev\n    name: prod\n',
      [],
      '.gitops-tui.yaml:3:5: the key "name" is set twice in one mapping; the last one counts, as for kubectl — delete one of them',
    ],
    [
      'environments: [{name: a}]\n---\nignore: []\n',
      ['a'],
      '.gitops-tui.yaml:3:1: a second document is not read — keep all in one',
    ],
    [
      'environments: [{name: a}]\nnotify: [{slack: x}]\n',
      ['a'],
      'warning: .gitops-tui.yaml:2:1: notify is not read by this version: nobody is notified',
    ],
  ];
  for (const [text, names, ...words] of cases) {
    test(JSON.stringify(text), () => {
      const result = read(text);
      assert.deepEqual(result.words, words);
      // Not undefined: what a wrong file says is not to be guessed instead.
      assert.deepEqual(result.names, names);
    });
  }
});

test('rules for images are read with their place, and what is wrong with one is said', () => {
  const {images, problems} = parseConfig(
    `images:
  - {image: ghcr.io/acme/*, policy: 'semver:~1.2'}
  - image: worker
    policy: numerical
    tags: ^main-(?P<n>[0-9]+)$
    extract: $n
  - {image: web, policy: newest}
  - {image: web, tag: x, policy: newest-build}
`,
    file,
  );
  assert.deepEqual(images, [
    {image: 'ghcr.io/acme/*', policy: 'semver:~1.2', origin: '.gitops-tui.yaml:2'},
    {
      image: 'worker',
      policy: 'numerical',
      tags: '^main-(?P<n>[0-9]+)$',
      extract: '$n',
      origin: '.gitops-tui.yaml:3',
    },
  ]);
  const told = problems.map(({message, fix}) => `${message} ${fix ?? ''}`);
  assert.equal(told.length, 2);
  assert.match(told[0] ?? '', /images\[2\]\.policy must be semver:RANGE, .* not "newest"/);
  assert.match(told[1] ?? '', /images\[3\]\.tag is no key of this file did you mean "tags"\?/);
});

test('media/schema.json is made of the schema that reads the file (node --import tsx scripts/config-schema.ts)', () => {
  assert.equal(readFileSync(schemaFile, 'utf8'), schemaText());
});
