import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {compareDesired} from '../../../source/changes/effect/compare-desired.ts';
import type {DesiredComparison} from '../../../source/changes/effect/types.ts';
import {formatIdentity} from '../../../source/resources/identity.ts';
import type {Json, JsonObject} from '../../../source/resources/json.ts';
import {createMask} from '../../../source/secrets/mask.ts';
import type {DesiredResource} from '../../../source/sources/types.ts';
import {configMap, deployment, desired} from '../../engines/desired.ts';

function compare(
  before: readonly (JsonObject | DesiredResource)[],
  after: readonly (JsonObject | DesiredResource)[],
  namespace: string | null = null,
): DesiredComparison {
  const wanted = (given: JsonObject | DesiredResource): DesiredResource =>
    'locate' in given && typeof given.locate === 'function'
      ? (given as DesiredResource)
      : desired(given as JsonObject);
  return compareDesired(before.map(wanted), after.map(wanted), {mask: createMask(), namespace});
}

function told({objects}: DesiredComparison): string[] {
  return objects.flatMap(({id, change, fields, formerName, leftOut}) => [
    `${change} ${formatIdentity(id)}${formerName === undefined ? '' : ` was ${formerName}`}${leftOut === null ? '' : ' left out'}`,
    ...fields.map(
      ({path, change: how, before, after, follows}) =>
        `  ${how} ${path} ${said(before)} -> ${said(after)}${follows === undefined ? '' : ` follows ${follows}`}`,
    ),
  ]);
}

function said(value: Json | undefined): string {
  return value === undefined ? '-' : JSON.stringify(value);
}

function pods(...containers: JsonObject[]): JsonObject {
  return deployment('web', 3, {template: {spec: {containers}}});
}

function secret(data: JsonObject, more: JsonObject = {}): JsonObject {
  return {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'token', namespace: 'shop'}, data, ...more};
}

describe('what a change of git makes of one object', () => {
  const web = {name: 'web', image: 'nginx:1.0'};
  const side = {name: 'side', image: 'busybox:1'};
  const tables: [string, JsonObject, JsonObject, string[]][] = [
    ['nothing', pods(web), pods(web), []],
    ['the order of keys is nothing', configMap('a', {x: '1', y: '2'}), configMap('a', {y: '2', x: '1'}), []],
    ['null is absent', configMap('a', {x: '1'}), {...configMap('a', {x: '1'}), immutable: null}, []],
    [
      'an image, by its container',
      pods(side, web),
      pods(side, {...web, image: 'nginx:2.0'}),
      [
        'changed Deployment/shop/web',
        '  changed spec.template.spec.containers[name=web].image "nginx:1.0" -> "nginx:2.0"',
      ],
    ],
    [
      'a container more, in front',
      pods(web),
      pods(side, web),
      [
        'changed Deployment/shop/web',
        '  added spec.template.spec.containers[name=side] - -> {"name":"side","image":"busybox:1"}',
      ],
    ],
    [
      'a container less',
      pods(web, side),
      pods(web),
      [
        'changed Deployment/shop/web',
        '  removed spec.template.spec.containers[name=side] {"name":"side","image":"busybox:1"} -> -',
      ],
    ],
    [
      'containers in another order',
      pods(web, side),
      pods(side, web),
      [
        'changed Deployment/shop/web',
        '  order spec.template.spec.containers ["web","side"] -> ["side","web"]',
      ],
    ],
    [
      'environment variables and ports by their keys',
      pods({
        ...web,
        env: [
          {name: 'A', value: '1'},
          {name: 'B', value: '2'},
        ],
        ports: [{containerPort: 80}],
      }),
      pods({
        ...web,
        env: [
          {name: 'B', value: '3'},
          {name: 'C', value: '4'},
        ],
        ports: [{containerPort: 80, name: 'http'}],
      }),
      [
        'changed Deployment/shop/web',
        '  changed spec.template.spec.containers[name=web].env[name=B].value "2" -> "3"',
        '  added spec.template.spec.containers[name=web].env[name=C] - -> {"name":"C","value":"4"}',
        '  removed spec.template.spec.containers[name=web].env[name=A] {"name":"A","value":"1"} -> -',
        '  added spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP].name - -> "http"',
      ],
    ],
    [
      'a list without keys as a whole',
      pods({...web, args: ['a', 'b']}),
      pods({...web, args: ['a']}),
      [
        'changed Deployment/shop/web',
        '  changed spec.template.spec.containers[name=web].args ["a","b"] -> ["a"]',
      ],
    ],
    [
      'a list with a key twice as a whole',
      pods({
        ...web,
        env: [
          {name: 'A', value: '1'},
          {name: 'A', value: '1'},
        ],
      }),
      pods({...web, env: [{name: 'A', value: '1'}]}),
      [
        'changed Deployment/shop/web',
        '  changed spec.template.spec.containers[name=web].env [{"name":"A","value":"1"},{"name":"A","value":"1"}] -> [{"name":"A","value":"1"}]',
      ],
    ],
    [
      'labels and data entry by entry',
      {...configMap('a', {x: '1'})},
      {
        ...configMap('a', {'app.properties': 'k=v\n'}),
        metadata: {name: 'a', namespace: 'shop', labels: {team: 'a', tier: 'b'}},
      },
      [
        'changed ConfigMap/shop/a',
        '  added metadata.labels.team - -> "a"',
        '  added metadata.labels.tier - -> "b"',
        '  added data["app.properties"] - -> "k=v\\n"',
        '  removed data.x "1" -> -',
      ],
    ],
    [
      'another apiVersion of the same group',
      {...deployment('web'), apiVersion: 'apps/v1beta2'},
      deployment('web'),
      ['changed Deployment/shop/web', '  changed apiVersion "apps/v1beta2" -> "apps/v1"'],
    ],
    [
      'a number that became a text',
      deployment('web', 3, {x: 1}),
      deployment('web', 3, {x: '1'}),
      ['changed Deployment/shop/web', '  changed spec.x 1 -> "1"'],
    ],
  ];
  for (const [name, before, after, expected] of tables) {
    test(name, () => assert.deepEqual(told(compare([before], [after])), expected));
  }
});

describe('which objects a change of git reaches', () => {
  test('what is new comes first and in its order, what is gone last', () => {
    const effect = compare(
      [configMap('gone'), configMap('same'), configMap('other', {a: '1'})],
      [configMap('new'), configMap('same'), configMap('other', {a: '2'})],
    );
    assert.deepEqual(told(effect), [
      'added ConfigMap/shop/new',
      'changed ConfigMap/shop/other',
      '  changed data.a "1" -> "2"',
      'removed ConfigMap/shop/gone',
    ]);
    assert.equal(effect.unchanged, 1);
  });

  test('a namespace that is named from now on is the environment’s own all the same', () => {
    assert.deepEqual(told(compare([configMap('a', {}, '')], [configMap('a', {}, 'shop')], 'shop')), []);
    assert.deepEqual(told(compare([configMap('a', {}, '')], [configMap('a', {}, 'shop')])), [
      'added ConfigMap/shop/a',
      'removed ConfigMap/a',
    ]);
  });

  test('an object with generateName is another one each time, however many there are', () => {
    const job = {apiVersion: 'batch/v1', kind: 'Job', metadata: {generateName: 'run-'}, spec: {a: 1}};
    assert.deepEqual(told(compare([job], [job, job, job])), ['added Job/run-*2', 'added Job/run-*3']);
  });

  test('a hook is left out, and does not count', () => {
    const hook = configMap('migrate');
    hook['metadata'] = {
      name: 'migrate',
      namespace: 'shop',
      annotations: {'argocd.argoproj.io/hook': 'PreSync'},
    };
    const effect = compare([], [hook]);
    assert.deepEqual(told(effect), ['added ConfigMap/shop/migrate left out']);
    assert.deepEqual(effect.digest.added, []);
    assert.equal(effect.digest.leftOut, 1);
  });

  test('what git holds twice is said', () => {
    const [object] = compare([], [configMap('a', {x: '1'}), configMap('a', {x: '2'})]).objects;
    assert.deepEqual(object?.notes, ['git holds it more than once']);
  });
});

describe('generated names', () => {
  const settings = (hash: string, data: JsonObject): DesiredResource => ({
    ...desired(configMap(`settings-${hash}`, data)),
    generatedFrom: 'settings',
  });
  const web = (name: string, more: JsonObject = {}) =>
    deployment('web', 3, {template: {spec: {volumes: [{name: 'settings', configMap: {name}}], ...more}}});

  test('another content is a replacement, and what names it follows', () => {
    const effect = compare(
      [settings('b2b2b2b2b2', {color: 'blue'}), web('settings-b2b2b2b2b2')],
      [settings('c4c4c4c4c4', {color: 'red'}), web('settings-c4c4c4c4c4')],
    );
    assert.deepEqual(told(effect), [
      'replaced ConfigMap/shop/settings-c4c4c4c4c4 was settings-b2b2b2b2b2',
      '  changed data.color "blue" -> "red"',
      'changed Deployment/shop/web',
      '  changed spec.template.spec.volumes[name=settings].configMap.name "settings-b2b2b2b2b2" -> "settings-c4c4c4c4c4" follows settings-c4c4c4c4c4',
    ]);
    assert.equal(effect.digest.otherFields, 1);
    assert.deepEqual(effect.digest.removed, []);
  });

  test('a hash is known by its look where the file was rendered before it came to git', () => {
    const effect = compare(
      [configMap('settings-b2b2b2b2b2', {color: 'blue'})],
      [configMap('settings-c4c4c4c4c4', {color: 'red'})],
    );
    assert.deepEqual(told(effect), [
      'replaced ConfigMap/shop/settings-c4c4c4c4c4 was settings-b2b2b2b2b2',
      '  changed data.color "blue" -> "red"',
    ]);
  });

  test('a name that is hashed from now on replaces the one that was not', () => {
    const effect = compare(
      [configMap('settings', {color: 'blue'})],
      [settings('c4c4c4c4c4', {color: 'blue'})],
    );
    assert.deepEqual(told(effect), ['replaced ConfigMap/shop/settings-c4c4c4c4c4 was settings']);
  });

  test('a field that says more than the new name is one that somebody wrote', () => {
    const effect = compare(
      [settings('b2b2b2b2b2', {}), web('settings-b2b2b2b2b2', {x: ['settings-b2b2b2b2b2', 'a']})],
      [settings('c4c4c4c4c4', {}), web('settings-c4c4c4c4c4', {x: ['settings-c4c4c4c4c4', 'b']})],
    );
    const fields = effect.objects.find(({id}) => id.kind === 'Deployment')?.fields ?? [];
    assert.deepEqual(
      fields.map(({path, follows}) => [path, follows !== undefined]),
      [
        ['spec.template.spec.volumes[name=settings].configMap.name', true],
        ['spec.template.spec.x', false],
      ],
    );
  });
});

describe('secrets in an effect', () => {
  const canary = 'correct-horse-battery';
  const base64 = Buffer.from(canary).toString('base64');

  test('equal values have equal masks, whichever way they are written, and no value is in the answer', () => {
    const effect = compare(
      [secret({a: base64, b: 'eA=='})],
      [secret({a: 'eA=='}, {stringData: {c: canary}})],
    );
    const masks = new Map(effect.objects[0]?.fields.map(({path, before, after}) => [path, {before, after}]));
    assert.deepEqual([...masks.keys()], ['data.a', 'data.c', 'data.b']);
    assert.match(String(masks.get('data.a')?.before), /^\*{3}[0-9a-f]{8}$/);
    assert.equal(masks.get('data.a')?.before, masks.get('data.c')?.after);
    assert.equal(masks.get('data.a')?.after, masks.get('data.b')?.before);
    assert.notEqual(masks.get('data.a')?.before, masks.get('data.a')?.after);
    const text = JSON.stringify(effect);
    assert.ok(!text.includes(canary) && !text.includes(base64), text);
  });

  test('a value that moves from data to stringData is no change', () => {
    assert.deepEqual(told(compare([secret({a: base64})], [secret({}, {stringData: {a: canary}})])), []);
  });

  test('what kubectl noted of it is masked too', () => {
    const noted = (value: string) =>
      secret(
        {},
        {metadata: {name: 'token', namespace: 'shop', annotations: {note: `{"password":"${value}"}`}}},
      );
    const effect = compare([noted('one-canary')], [noted('another-canary')]);
    assert.equal(effect.objects[0]?.fields.length, 1);
    assert.ok(!JSON.stringify(effect).includes('canary'));
  });

  test('a value that is no base64 is said to be wrong, and not shown', () => {
    const effect = compare([secret({a: 'eA=='})], [secret({a: 'no base64, a password'})]);
    assert.deepEqual(effect.objects[0]?.notes, ['data["a"] is not valid base64']);
    assert.ok(!JSON.stringify(effect).includes('a password'));
  });
});

describe('the digest', () => {
  test('tells images, replicas and how much else', () => {
    const before = pods({name: 'web', image: 'nginx:1.0', args: ['a']}, {name: 'old', image: 'old:1'});
    const after = deployment('web', 5, {
      template: {
        spec: {
          initContainers: [{name: 'migrate', image: 'tool:1'}],
          containers: [{name: 'web', image: 'nginx:2.0', args: ['b']}],
        },
      },
    });
    const {digest} = compare([before], [after]);
    assert.deepEqual(
      digest.images.map(({container, before, after}) => [container, before, after]),
      [
        ['migrate', null, 'tool:1'],
        ['web', 'nginx:1.0', 'nginx:2.0'],
        ['old', 'old:1', null],
      ],
    );
    assert.deepEqual(
      digest.replicas.map(({before, after}) => [before, after]),
      [[3, 5]],
    );
    assert.equal(digest.otherFields, 1);
  });

  test('a count that git gives up is told', () => {
    const {digest} = compare(
      [deployment('web', 3)],
      [{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web', namespace: 'shop'}, spec: {}}],
    );
    assert.deepEqual(
      digest.replicas.map(({before, after}) => [before, after]),
      [[3, null]],
    );
  });
});
