import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {parsePreferences} from '../../source/preferences/parse.ts';
import {filled} from '../../source/preferences/placeholders.ts';
import {formatProblem} from '../../source/resources/problem.ts';

describe('arguments with placeholders', () => {
  for (const [words, run, filling, argv] of [
    [
      'whole ones',
      ['kubectl', '--context', '{context}', 'get'],
      {context: 'kind-dev'},
      ['kubectl', '--context', 'kind-dev', 'get'],
    ],
    [
      'parts of one',
      ['k', '{kind}/{name}', '-n={namespace}'],
      {kind: 'Deployment', name: 'web', namespace: 'shop'},
      ['k', 'Deployment/web', '-n=shop'],
    ],
    ['a space stays in its argument', ['k', '{name}'], {name: 'a b'}, ['k', 'a b']],
    [
      'what a shell would run is text',
      ['k', '{name}', 'x{name}'],
      {name: '; rm -rf $(HOME) `id` | cat > x & "\''},
      ['k', '; rm -rf $(HOME) `id` | cat > x & "\'', 'x; rm -rf $(HOME) `id` | cat > x & "\''],
    ],
    ['a line end stays in its argument', ['k', '{name}'], {name: 'a\n--all'}, ['k', 'a\n--all']],
    [
      'what is filled in is not looked through again',
      ['k', 'x{name}'],
      {name: '{context}', context: 'c'},
      ['k', 'x{context}'],
    ],
    [
      'nor is a replacement’s own language heeded',
      ['k', 'x{name}'],
      {name: "$& $1 $' $$"},
      ['k', "x$& $1 $' $$"],
    ],
    [
      'braces that are doubled are braces',
      ['k', '{{name}}', '{{{name}}}'],
      {name: 'web'},
      ['k', '{name}', '{web}'],
    ],
    [
      'what is no word in braces is itself',
      ['k', '-o=jsonpath={.items[0].metadata.name}', '{}'],
      {},
      ['k', '-o=jsonpath={.items[0].metadata.name}', '{}'],
    ],
    ['an option of the user’s own', ['k', '--context={context}'], {context: '-x'}, ['k', '--context=-x']],
    ['after -- a dash is no option', ['k', '--', '{name}'], {name: '-x'}, ['k', '--', '-x']],
  ] as const) {
    test(words, () => assert.deepEqual(filled(run, filling), {argv}));
  }

  for (const [words, run, filling, mistake] of [
    [
      'a dash where an option could be read',
      ['k', 'get', '{name}'],
      {name: '--all'},
      '{name} would be "--all", which could be read as an option',
    ],
    [
      'a dash at the start of several',
      ['k', '{kind}/{name}'],
      {kind: '-o', name: 'x'},
      '{kind}/{name} would be "-o/x", which could be read as an option',
    ],
    ['nothing to fill in', ['k', '{name}'], {}, 'there is no name here'],
    ['an empty value', ['k', '-n', '{namespace}'], {namespace: ''}, 'there is no namespace here'],
    ['a zero byte', ['k', '{name}'], {name: 'a\0b'}, '{name} would hold a zero byte'],
  ] as const) {
    test(`${words} is refused`, () => assert.deepEqual(filled(run, filling), {mistake}));
  }
});

describe('placeholders in the preferences', () => {
  const problemsOf = (run: string) =>
    parsePreferences(`commands:\n  - name: x\n    run:\n${run}`, 'config.yaml').problems.map(formatProblem);

  test('an unknown one is refused with its line', () => {
    const [problem, ...more] = problemsOf("      - kubectl\n      - '{nmae}'\n");
    assert.deepEqual(more, []);
    assert.equal(
      problem,
      'config.yaml:5:9: "x": {nmae} is no placeholder — did you mean {name}? {{nmae}} is the text itself',
    );
  });

  test('a secret is none', () => {
    const problems = problemsOf("      - echo\n      - '{value}'\n      - '{secret}'\n      - '{data}'\n");
    assert.equal(problems.length, 3);
    for (const problem of problems) assert.match(problem, /is no placeholder/);
  });

  test('what is selected never says what is run', () => {
    assert.match(
      problemsOf("      - '{name}'\n")[0] ?? '',
      /config\.yaml:4:9: "x": the program is "\{name\}"/,
    );
    assert.match(problemsOf("      - ''\n")[0] ?? '', /the program is ""/);
  });
});
