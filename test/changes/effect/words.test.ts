import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {compareDesired} from '../../../source/changes/effect/compare-desired.ts';
import type {RenderedEffect} from '../../../source/changes/effect/types.ts';
import {asciiStyle, effectLines, effectSummary, imageWords} from '../../../source/changes/effect/words.ts';
import type {JsonObject} from '../../../source/resources/json.ts';
import {createMask} from '../../../source/secrets/mask.ts';
import {configMap, deployment, desired} from '../../engines/desired.ts';

function effect(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  more: Partial<RenderedEffect> = {},
): RenderedEffect {
  const wanted = (objects: readonly JsonObject[]) => objects.map(object => desired(object));
  return {
    environment: 'staging',
    from: 'a',
    to: 'b',
    touched: true,
    builds: true,
    problems: [],
    repaired: [],
    undecided: [],
    ...compareDesired(wanted(before), wanted(after), {mask: createMask(), namespace: null}),
    ...more,
  };
}

const pods = (image: string, replicas: number, ...more: JsonObject[]) =>
  deployment('web', replicas, {template: {spec: {containers: [{name: 'web', image}, ...more]}}});

describe('images in words', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const tables: [string, string, string][] = [
    ['nginx:1.0', 'nginx:2.0', 'nginx 1.0 → 2.0'],
    ['registry.example:5000/team/web:1', 'registry.example:5000/team/web:2', 'web 1 → 2'],
    [
      'registry.example:5000/team/web',
      'registry.example:5000/team/web:2',
      'registry.example:5000/team/web → registry.example:5000/team/web:2',
    ],
    ['nginx:1.0', 'httpd:1.0', 'nginx:1.0 → httpd:1.0'],
    [`nginx:1.0@${digest}`, 'nginx:1.1', 'nginx 1.0@sha256:0123456789ab → 1.1'],
    [`nginx@${digest}`, 'nginx:1.1', 'nginx @sha256:0123456789ab → 1.1'],
  ];
  for (const [before, after, expected] of tables) {
    test(expected, () => assert.equal(imageWords(before, after), expected));
  }
});

describe('an effect in a line', () => {
  test('names what people look for first, and counts the rest', () => {
    const before = [pods('nginx:1.0', 3), configMap('a'), configMap('b'), configMap('c'), configMap('d')];
    const after = [pods('nginx:2.0', 5, {name: 'side', image: 'busybox:1'}), configMap('new')];
    assert.equal(
      effectSummary(effect(before, after)),
      '1 changed (Deployment/web nginx 1.0 → 2.0, container side busybox:1 new, replicas 3 → 5), ' +
        '1 new (ConfigMap/new), 4 gone (ConfigMap/a; ConfigMap/b; ConfigMap/c, …)',
    );
  });

  test('says that there is none, and why', () => {
    assert.equal(effectSummary(effect([], [], {touched: false})), 'nothing: none of its files differ');
    assert.equal(effectSummary(effect([], [])), 'nothing: it renders to the same');
  });

  test('says first that it does not build', () => {
    const location = {file: 'a.yaml', line: 3};
    const problem = {severity: 'error' as const, message: 'a bracket is missing', fix: 'close it', location};
    const broken = effect([configMap('a')], [], {builds: false, problems: [problem, problem]});
    assert.equal(
      effectSummary(broken),
      "it can't be rendered in full: a.yaml:3: a bracket is missing (and 1 more), 1 gone (ConfigMap/a)",
    );
  });
});

test('an effect in full', () => {
  const undecided = [{group: '', kind: 'Service', namespace: 'shop', name: 'web'}];
  const lines = effectLines(
    effect(
      [pods('nginx:1.0', 3), configMap('old'), configMap('settings-b2b2b2b2b2', {a: '1', gone: 'x\ny'})],
      [
        pods('nginx:2.0', 3),
        configMap('new'),
        configMap('settings-c4c4c4c4c4', {a: '1', b: 'x'.repeat(300)}),
      ],
      {undecided},
    ),
    asciiStyle,
  );
  assert.deepEqual(
    lines.map(({text, tone, depth}) => `${' '.repeat(depth)}${text} [${tone}]`),
    [
      '~ Deployment/shop/web changes (app.yaml:1) [strong]',
      '  spec.template.spec.containers[name=web].image: nginx:1.0 -> nginx:2.0 [plain]',
      '+ ConfigMap/shop/new is new (app.yaml:1) [added]',
      '~ ConfigMap/shop/settings-c4c4c4c4c4 is another object, which was settings-b2b2b2b2b2 (app.yaml:1) [strong]',
      `  data.b: ${'x'.repeat(200)}... (new) [added]`,
      '  data.gone: x\\ny (gone) [removed]',
      '- ConfigMap/shop/old is gone (app.yaml:1) [removed]',
      "? Service/shop/web: undecided, as it may be in a file that can't be read [drift]",
    ],
  );
});

describe('values that changed', () => {
  const lines = (before: string, after: string) =>
    effectLines(effect([configMap('a', {text: before})], [configMap('a', {text: after})]), asciiStyle)
      .slice(1)
      .map(({text, depth}) => `${' '.repeat(depth)}${text}`);

  test('a text of several lines is told by the lines that differ', () => {
    assert.deepEqual(lines('a=1\nb=2\nc=3\n', 'a=1\nb=5\nc=3\nd=4\n'), [
      '  data.text:',
      '    - b=2',
      '    + b=5',
      '    + d=4',
    ]);
  });

  test('of very many lines the first are told, and how many there are', () => {
    const many = Array.from({length: 60}, (_, index) => `x${index}=1\n`).join('');
    const told = lines('y=1\n', many);
    assert.equal(told.length, 42);
    assert.equal(told.at(-1), '    ... 21 lines more');
  });

  test('a long line is told from where it begins to differ', () => {
    const same = 'x'.repeat(300);
    const part = `...${'x'.repeat(20)}`;
    assert.deepEqual(lines(`${same}old`, `${same}new`), [`  data.text: ${part}old -> ${part}new`]);
  });
});
