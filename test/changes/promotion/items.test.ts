import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {compareEnvironments} from '../../../source/changes/promotion/items.ts';
import type {OwnNames} from '../../../source/changes/promotion/pairing.ts';
import {selectItems} from '../../../source/changes/promotion/select.ts';
import type {PromotionGroup, PromotionItem} from '../../../source/changes/promotion/types.ts';
import {createMask} from '../../../source/secrets/mask.ts';
import {deployment, names, resources, together} from './objects.ts';

const mask = createMask(Buffer.alloc(32));

function items(
  source: string,
  target: string,
  own: {source?: Partial<OwnNames>; target?: Partial<OwnNames>} = {},
): PromotionItem[] {
  return compareEnvironments(
    {names: names('staging', own.source), resources: resources(source, 'staging/app.yaml')},
    {names: names('production', own.target), resources: resources(target, 'production/app.yaml')},
    mask,
  ).wishes.map(({item}) => item);
}

/** One line an item: what, from, to, and what speaks against it. */
function lines(found: readonly PromotionItem[]): string[] {
  return found.map(
    ({byDefault, group, subject, what, now, wanted, own, refused}) =>
      `${byDefault ? '+' : ' '} ${group} ${subject} ${what}: ${now} -> ${wanted}${own === null ? '' : ` (${own})`}${refused === null ? '' : ' refused'}`,
  );
}

const ingress = (host: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
    - host: ${host}
`;

const map = (data: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: ${data}
`;

describe('what differs between two environments', () => {
  test('nothing where they are equal but for their names', () => {
    const app = (name: string, namespace: string, config: string) =>
      deployment(name, 'app:1', {namespace}).replace(
        '        - name: app\n',
        `        - name: app\n          envFrom: [{configMapRef: {name: ${config}}}]\n`,
      );
    const config = (name: string, namespace: string) =>
      map('{a: b}').replace('{name: settings}', `{name: ${name}, namespace: ${namespace}}`);
    // The label selector of the helper holds the name: a name that is paired means the same.
    const source = together(app('stg-web', 'blue', 'stg-settings'), config('stg-settings', 'blue'));
    const target = together(app('web', 'red', 'settings'), config('settings', 'red'));
    assert.deepEqual(lines(items(source, target, {source: {prefix: 'stg-', namespaces: ['blue']}})), []);
  });

  test('an image is chosen by itself, replicas and others are not', () => {
    const found = items(
      deployment('web', 'shop/web:1.8.2', {replicas: 2}),
      deployment('web', 'shop/web:1.8.0', {replicas: 5}),
    );
    assert.deepEqual(lines(found), [
      '+ images Deployment/web app: shop/web:1.8.0 -> shop/web:1.8.2',
      '  values Deployment/web spec.replicas: 5 -> 2',
    ]);
    assert.deepEqual(found[0]?.source, {file: 'staging/app.yaml', line: 13, column: 11});
    assert.deepEqual(found[0]?.target, {file: 'production/app.yaml', line: 13, column: 11});
  });

  test('an older version, another image and a tag that names the environment are not chosen by themselves', () => {
    const [older] = items(deployment('web', 'shop/web:1.8.1'), deployment('web', 'shop/web:1.8.2'));
    assert.equal(older?.byDefault, false);
    assert.deepEqual(older?.notes, ['production is ahead: 1.8.2 there is newer than 1.8.1 in staging']);
    const [other] = items(deployment('web', 'caddy:2'), deployment('web', 'nginx:1'));
    assert.equal(other?.byDefault, false);
    assert.deepEqual(other?.notes, ['another image: nginx becomes caddy']);
    const [moving] = items(deployment('web', 'shop/web:staging'), deployment('web', 'shop/web:production'));
    assert.deepEqual(lines(moving === undefined ? [] : [moving]), [
      '  images Deployment/web app: shop/web:production -> shop/web:staging (its tag names the environment)',
    ]);
  });

  test('a target keeps its own registry', () => {
    assert.deepEqual(
      lines(items(deployment('web', 'stg.example/web:2'), deployment('web', 'prd.example/web:1'))),
      ['+ images Deployment/web app: prd.example/web:1 -> prd.example/web:2'],
    );
    assert.deepEqual(
      lines(items(deployment('web', 'stg.example/web:1'), deployment('web', 'prd.example/web:1'))),
      [],
    );
  });

  test('hosts, addresses and names of the environment are said to be its own', () => {
    assert.deepEqual(lines(items(ingress('shop.example'), ingress('shop.test'))), [
      '  values Ingress/web spec.rules[0].host: shop.test -> shop.example (where it is reached)',
    ]);
    assert.deepEqual(
      lines(
        items(
          map('{stage: staging, url: "https://a.example/", level: info}'),
          map('{stage: production, url: "https://b.example/", level: warn}'),
        ),
      ),
      [
        '  values ConfigMap/settings data.stage: production -> staging (it names the environment)',
        '  values ConfigMap/settings data.url: https://b.example/ -> https://a.example/ (it holds an address)',
        '  values ConfigMap/settings data.level: warn -> info',
      ],
    );
  });

  for (const own of ['stagingdb', 'db:5432', 'fd00::1', '[::1]:80', 'subnet-0a1b2c3d', 'redis-0:6379/1']) {
    test(`likely an environment's own: ${own}`, () => {
      const [found] = items(map(`{value: "${own}"}`), map('{value: other}'));
      assert.ok(found?.own, found?.what);
    });
  }

  for (const common of ['info', '8080:80', '12:30', 'nginx:1.27', 'i-am', 'eu-west-1', 'a::', '::']) {
    test(`nobody's own: ${common}`, () => {
      const [found] = items(map(`{value: "${common}"}`), map('{value: other}'));
      assert.equal(found?.own, null);
    });
  }

  test('fields, keys and list items of one side', () => {
    const container = (env: string) =>
      deployment('web', 'app:1').replace(
        '          image: app:1\n',
        `          image: app:1\n          env: ${env}\n`,
      );
    assert.deepEqual(
      lines(
        items(container('[{name: A, value: x}, {name: B, value: w}]'), container('[{name: C, value: z}]')),
      ),
      [
        '  values Deployment/web spec.template.spec.containers[name=app].env[name=A]: null -> {"name":"A","value":"x"}',
        '  values Deployment/web spec.template.spec.containers[name=app].env[name=B]: null -> {"name":"B","value":"w"}',
        '  values Deployment/web spec.template.spec.containers[name=app].env[name=C]: {"name":"C","value":"z"} -> null',
      ],
    );
    assert.deepEqual(lines(items(map('{a: b, c: d}'), map('{a: b}').replace(/^data: .*\n/m, ''))), [
      '  values ConfigMap/settings data.a: null -> b',
      '  values ConfigMap/settings data.c: null -> d',
    ]);
  });

  test('values of Secrets are masks, and stay where they are', () => {
    const secret = (password: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${password}}\n`;
    const found = items(secret('hunter2hunter2'), secret('swordfish'));
    assert.equal(found.length, 1);
    assert.equal(found[0]?.refused, 'values of Secrets are not promoted: set it by hand');
    assert.doesNotMatch(JSON.stringify(found), /hunter2|swordfish/);
    const [added] = items(secret('hunter2hunter2'), '');
    assert.equal(added?.refused, 'Secrets are not promoted: make it by hand');
    assert.doesNotMatch(JSON.stringify(added), /hunter2/);
  });

  test('objects of one side, with what in them may be the source’s own', () => {
    const found = items(together(map('{a: b}'), ingress('staging.shop.example')), deployment('old', 'app:1'));
    assert.deepEqual(lines(found), [
      '  objects ConfigMap/settings : null -> ConfigMap',
      "  objects Ingress/web : null -> Ingress (spec.rules[0].host may be staging's)",
      '  objects Deployment/old : Deployment -> null (staging has none: it would be deleted)',
    ]);
    const groups = new Set<PromotionGroup>(['objects']);
    const all = selectItems(found, {groups, names: []});
    assert.deepEqual(
      all.items.map(({subject}) => subject),
      ['ConfigMap/settings'],
    );
    const named = selectItems(found, {groups: new Set(), names: ['Ingress/web', 'Deployment/old']});
    assert.deepEqual(
      named.items.map(({subject}) => subject),
      ['Ingress/web', 'Deployment/old'],
    );
  });

  test('names and namespaces that are made the target’s are not the source’s own', () => {
    const rendered = map('{a: b}').replace('{name: settings}', '{name: stg-settings, namespace: shop-stg}');
    const found = items(rendered, '', {
      source: {prefix: 'stg-', namespaces: ['shop-stg']},
    });
    assert.deepEqual(lines(found), ['  objects ConfigMap/shop-stg/stg-settings : null -> ConfigMap']);
  });

  test('init containers that changed places are one difference', () => {
    const pod = (init: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {initContainers: ${init}}\n`;
    const found = items(
      pod('[{name: a, command: [x]}, {name: b, command: [y]}]'),
      pod('[{name: b, command: [y]}, {name: a, command: [x]}]'),
    );
    assert.deepEqual(
      found.map(({what}) => what),
      ['spec.initContainers'],
    );
  });
});
