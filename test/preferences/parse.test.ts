import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {preferencesSchemaFile, preferencesSchemaText} from '../../scripts/preferences-schema.ts';
import {parsePreferences} from '../../source/preferences/parse.ts';
import {defaultPreferences} from '../../source/preferences/types.ts';
import {formatProblem} from '../../source/resources/problem.ts';

const file = 'config.yaml';

function problemsOf(text: string): string[] {
  return parsePreferences(text, file).problems.map(formatProblem);
}

describe('a preferences file', () => {
  test('gives what it says, each with its line', () => {
    const {theme, mouse, keys, commands, problems} = parsePreferences(
      `theme: light
mouse: true
keys:
  sync: Y
  help: [n, y, 1]
  quit:
  fold: []
commands:
  - name: Logs
    key: ctrl-g
    places: [environment]
    when: {kind: [Deployment], status: [Modified], environment: prod-*, readOnly: false}
    run: [kubectl, --context, '{context}', logs, '{kind}/{name}']
    in: pager
    changes: false
  - name: Restart
    run: [kubectl, rollout, restart, 'deployment/{name}']
`,
      file,
    );
    assert.deepEqual(problems, []);
    assert.equal(theme, 'light');
    assert.equal(mouse, true);
    assert.deepEqual(
      keys.map(({command, keys, at}) => [command, keys, at.line]),
      [
        ['sync', ['Y'], 4],
        ['help', ['n', 'y', '1'], 5],
        ['quit', [], 6],
        ['fold', [], 7],
      ],
    );
    assert.deepEqual(
      commands.map(({at, ...command}) => ({...command, line: at.line})),
      [
        {
          name: 'Logs',
          keys: ['ctrl-g'],
          places: ['environment'],
          when: {kind: ['Deployment'], status: ['Modified'], environment: 'prod-*', readOnly: false},
          run: ['kubectl', '--context', '{context}', 'logs', '{kind}/{name}'],
          in: 'pager',
          confirm: false,
          changes: false,
          line: 9,
        },
        {
          name: 'Restart',
          keys: [],
          places: null,
          when: {},
          run: ['kubectl', 'rollout', 'restart', 'deployment/{name}'],
          in: 'terminal',
          // Who does not say that a command only looks has one that may change something.
          confirm: true,
          changes: true,
          line: 16,
        },
      ],
    );
  });

  test('that is empty changes nothing', () => {
    for (const text of ['', '# nothing yet\n', '{}', 'keys:\n', 'commands: []'])
      assert.deepEqual({...parsePreferences(text, file), problems: []}, defaultPreferences, text);
  });

  for (const [words, text, expected] of [
    ['no YAML', 'theme: [', ['config.yaml:1:9:']],
    ['no mapping', '- theme', ['config.yaml:1:1: the file must be a mapping']],
    [
      'an unknown key',
      'theme: dark\nmuose: true',
      ['config.yaml:2:1: muose is no key of this file — did you mean "mouse"?'],
    ],
    [
      'an unknown theme',
      'theme: drak',
      [
        'config.yaml:1:1: theme must be auto, dark, light, high-contrast, colour-blind or none, not "drak" — did you mean "dark"?',
      ],
    ],
    [
      'a shell’s line',
      'commands:\n  - name: x\n    run: kubectl get pods',
      [
        'config.yaml:3:5: commands[0].run must be a list: the program and each of its arguments, not "kubectl get pods"',
      ],
    ],
    [
      'no program',
      'commands:\n  - name: x\n    run: []',
      ['config.yaml:3:5: commands[0].run must name a program'],
    ],
    [
      'a command without a name',
      'commands:\n  - run: [a]',
      ['config.yaml:2:5: commands[0].name is missing — add "name:"'],
    ],
    [
      'an unknown condition',
      'commands:\n  - name: x\n    run: [a]\n    when: {knid: [Pod]}',
      ['config.yaml:4:12: commands[0].when.knid is no key of this file — did you mean "kind"?'],
    ],
    [
      'a change that nobody confirms',
      'commands:\n  - name: x\n    run: [a]\n    confirm: false',
      [
        'config.yaml:4:5: "x" may change something: that is always confirmed — leave confirm out; changes: false says that it only looks',
      ],
    ],
    [
      'keys that are none',
      'keys:\n  sync: {a: b}',
      ['config.yaml:2:3: keys.sync must be a key, a list of keys, or empty for none'],
    ],
    [
      'a key that is set twice',
      'theme: dark\ntheme: light',
      ['config.yaml:2:1: the key "theme" is set twice in one mapping'],
    ],
    [
      'a second document',
      'theme: dark\n---\ntheme: light',
      ['config.yaml:3:1: a second document is not read — keep all in one'],
    ],
  ] as const) {
    test(`${words} is told with its place`, () => {
      const problems = problemsOf(text);
      assert.equal(problems.length, expected.length, problems.join('\n'));
      for (const [index, start] of expected.entries())
        assert.ok(problems[index]?.startsWith(start), problems[index]);
    });
  }

  test('with a mistake keeps all the rest', () => {
    const {theme, mouse, keys, commands, problems} = parsePreferences(
      `theme: drak
mouse: true
keys: {sync: {a: b}, help: h}
commands:
  - {name: one, run: one}
  - {name: two, run: [two], changes: false}
`,
      file,
    );
    assert.equal(theme, 'auto');
    assert.equal(mouse, true);
    assert.deepEqual(
      keys.map(({command}) => command),
      ['help'],
    );
    assert.deepEqual(
      commands.map(({name}) => name),
      ['two'],
    );
    assert.equal(problems.length, 3);
  });
});

test('media/preferences-schema.json is made of the schema that reads the file (node --import tsx scripts/preferences-schema.ts)', () => {
  assert.equal(readFileSync(preferencesSchemaFile, 'utf8'), preferencesSchemaText());
});
