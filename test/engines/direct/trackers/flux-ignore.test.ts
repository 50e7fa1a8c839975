import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ignoredOf} from '../../../../source/drift/field-rules.ts';
import {
  fluxKeeps,
  fluxLeavesAlone,
  fluxMarkRules,
  fluxRules,
} from '../../../../source/engines/direct/trackers/flux-ignore.ts';
import {identityOf} from '../../../../source/resources/identity.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';

const web: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    labels: {app: 'web', tier: 'front'},
    annotations: {scaled: 'yes'},
  },
};

function marked(marks: JsonObject): JsonObject {
  return {...web, metadata: {name: 'web', namespace: 'shop', ...marks}};
}

describe('a rule of Flux is about', () => {
  const cases: [string, JsonObject, boolean][] = [
    ['everything', {}, true],
    ['a kind', {kind: 'Deployment'}, true],
    ['a kind as an expression', {kind: 'Deploy.*|StatefulSet'}, true],
    ['the whole kind', {kind: 'Deploy'}, false],
    ['a group', {group: 'apps'}, true],
    ['another version', {version: 'v1beta1'}, false],
    ['a name', {name: 'w.b'}, true],
    ['another namespace', {namespace: 'cart'}, false],
    ['labels', {labelSelector: 'app=web,tier in (front, back)'}, true],
    ['other labels', {labelSelector: 'app=api'}, false],
    ['annotations', {annotationSelector: 'scaled=yes'}, true],
    ['other annotations', {annotationSelector: '!scaled'}, false],
  ];
  for (const [name, target, expected] of cases) {
    test(name, () => {
      const {rules, problems} = fluxRules([{paths: ['/spec/replicas'], target}], 'Flux Kustomization a/b');
      assert.deepEqual(problems, []);
      const found = ignoredOf(identityOf(web), rules, {git: {}, live: web});
      assert.deepEqual(
        (found?.patterns ?? []).map(({by}) => by),
        expected ? ['Flux Kustomization a/b: /spec/replicas'] : [],
      );
    });
  }

  for (const target of [{name: '('}, {name: '(a+)+'}, {labelSelector: 'a in'}, {name: '(?i)web'}]) {
    test(`${JSON.stringify(target)} can’t be followed, ignores nothing and is told`, () => {
      const {rules, problems} = fluxRules([{paths: ['/spec/replicas'], target}], 'Flux Kustomization a/b');
      assert.deepEqual(rules, []);
      assert.match(problems[0]?.message ?? '', /an ignore rule of Flux Kustomization a\/b can't be followed/);
    });
  }
});

describe('marks of Flux', () => {
  const key = (name: string) => `kustomize.toolkit.fluxcd.io/${name}`;
  const cases: [JsonObject, {keeps?: boolean; alone?: boolean; whole?: boolean; added?: boolean}][] = [
    [{}, {}],
    [{annotations: {[key('prune')]: 'disabled'}}, {keeps: true}],
    [{labels: {[key('prune')]: 'Disabled'}}, {keeps: true}],
    [{annotations: {[key('reconcile')]: 'disabled'}}, {keeps: true, alone: true}],
    [{annotations: {[key('reconcile')]: 'enabled'}}, {}],
    [{labels: {[key('ssa')]: 'ignore'}}, {keeps: true, alone: true}],
    [{annotations: {[key('ssa')]: 'IfNotPresent'}}, {whole: true}],
    [{annotations: {[key('ssa')]: 'Merge'}}, {added: true}],
    [{annotations: {[key('ssa')]: 'Override'}}, {}],
  ];
  for (const [marks, expected] of cases) {
    test(JSON.stringify(marks), () => {
      const object = marked(marks);
      const found = ignoredOf(identityOf(object), fluxMarkRules, {git: object, live: web});
      assert.deepEqual(
        {
          keeps: fluxKeeps(object) !== null,
          alone: fluxLeavesAlone(object) !== null,
          whole: typeof found?.whole === 'string',
          added: typeof found?.added === 'string',
        },
        {keeps: false, alone: false, whole: false, added: false, ...expected},
      );
    });
  }
});
