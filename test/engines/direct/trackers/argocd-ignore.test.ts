import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ignoredOf} from '../../../../source/drift/field-rules.ts';
import {globTest} from '../../../../source/engines/direct/trackers/argocd-glob.ts';
import {applicationRules, settingsRules} from '../../../../source/engines/direct/trackers/argocd-ignore.ts';
import {identityOf} from '../../../../source/resources/identity.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';

const web: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'shop'},
  spec: {replicas: 1},
};
const config: JsonObject = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'web', namespace: 'shop'}};

function application(...ignoreDifferences: JsonObject[]): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {name: 'shop', namespace: 'argocd'},
    spec: {ignoreDifferences},
  };
}

function settings(data: JsonObject): JsonObject {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'argocd-cm', namespace: 'argocd'}, data};
}

/** What of the rules is about an object. */
function about(rules: ReturnType<typeof applicationRules>, object: JsonObject): string[] {
  const found = ignoredOf(identityOf(object), rules, {git: object, live: object});
  return [...(found?.patterns ?? []), ...(found?.jq ?? []), ...(found?.managers ?? [])].map(({by}) => by);
}

describe('an Application’s ignoreDifferences are about', () => {
  const paths = {jsonPointers: ['/spec/replicas']};
  const cases: [string, JsonObject, JsonObject, boolean][] = [
    ['its group and kind', {group: 'apps', kind: 'Deployment', ...paths}, web, true],
    ['another kind', {group: 'apps', kind: 'StatefulSet', ...paths}, web, false],
    ['no group: the core one', {kind: 'Deployment', ...paths}, web, false],
    ['no group: the core one, of the core', {kind: 'ConfigMap', ...paths}, config, true],
    ['globs', {group: '*', kind: '*', ...paths}, web, true],
    ['a glob of the group', {group: '*.example.org', kind: 'Deployment', ...paths}, web, false],
    ['a glob of kinds', {group: 'apps', kind: '{Deployment,StatefulSet}', ...paths}, web, true],
    ['a name', {group: 'apps', kind: 'Deployment', name: 'web', ...paths}, web, true],
    ['another name', {group: 'apps', kind: 'Deployment', name: 'api', ...paths}, web, false],
    ['a name is no glob', {group: 'apps', kind: 'Deployment', name: 'w*', ...paths}, web, false],
    ['a namespace', {group: 'apps', kind: 'Deployment', namespace: 'shop', ...paths}, web, true],
    ['another namespace', {group: 'apps', kind: 'Deployment', namespace: 'cart', ...paths}, web, false],
  ];
  for (const [name, rule, object, expected] of cases) {
    test(name, () => assert.equal(about(applicationRules(application(rule)), object).length > 0, expected));
  }

  test('pointers, jq and managers, with whose they are', () => {
    const rule = {
      group: 'apps',
      kind: 'Deployment',
      jsonPointers: ['/spec/replicas', 'spec/no-pointer'],
      jqPathExpressions: ['.spec.template'],
      managedFieldsManagers: ['hpa'],
    };
    assert.deepEqual(about(applicationRules(application(rule)), web), [
      'Argo CD application argocd/shop: /spec/replicas',
      'Argo CD application argocd/shop: .spec.template',
      'Argo CD application argocd/shop: what hpa sets',
    ]);
  });
});

describe('argocd-cm ignores', () => {
  const key = 'resource.customizations.ignoreDifferences';
  const rule = 'jsonPointers:\n- /spec/replicas\n';
  const cases: [string, JsonObject, JsonObject, number][] = [
    ['by group and kind', {[`${key}.apps_Deployment`]: rule}, web, 1],
    ['by a kind of the core', {[`${key}.ConfigMap`]: rule}, config, 1],
    ['a kind alone is of the core', {[`${key}.Deployment`]: rule}, web, 0],
    ['everywhere', {[`${key}.all`]: rule}, web, 1],
    ['by a glob', {[`${key}.*_Deploy*`]: rule}, web, 1],
    ['another kind', {[`${key}.apps_StatefulSet`]: rule}, web, 0],
    ['managers by a glob: not looked up', {[`${key}.*_Deploy*`]: 'managedFieldsManagers: [hpa]'}, web, 0],
    ['managers everywhere', {[`${key}.all`]: 'managedFieldsManagers: [hpa]'}, web, 1],
    ['managers by kind', {[`${key}.apps_Deployment`]: 'managedFieldsManagers: [hpa]'}, web, 1],
    [
      'in the map of all customizations',
      {
        'resource.customizations':
          'apps/Deployment:\n  ignoreDifferences: |\n    jsonPointers: [/spec/replicas]\n',
      },
      web,
      1,
    ],
    ['nothing by other customizations', {'resource.customizations.health.apps_Deployment': 'x'}, web, 0],
  ];
  for (const [name, data, object, expected] of cases) {
    test(name, () => {
      const {rules, problems} = settingsRules(settings(data));
      assert.deepEqual(problems, []);
      assert.equal(about(rules, object).length, expected);
    });
  }

  test('a rule that can’t be read is told', () => {
    const {problems} = settingsRules(settings({[`${key}.all`]: '[a: b'}));
    assert.match(problems[0]?.message ?? '', /argocd\/argocd-cm, .*ignoreDifferences\.all, can't be read/);
  });
});

describe('globs as Argo CD reads them', () => {
  const cases: [string, string, boolean][] = [
    ['', '', true],
    ['', 'apps', false],
    ['*', '', true],
    ['*', 'a.b', true],
    ['*.example.org', 'x.example.org', true],
    ['*.example.org', 'xexample.org', false],
    ['a?c', 'abc', true],
    ['[ab]x', 'bx', true],
    ['[!ab]x', 'bx', false],
    ['{Role,ClusterRole}*', 'ClusterRoleBinding', true],
    ['a,b', 'a,b', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['[', '[', true],
    ['{a', 'a', false],
    ['a+b', 'a+b', true],
  ];
  for (const [glob, text, expected] of cases) {
    test(`${glob} ${expected ? 'is' : 'is not'} about ${text}`, () =>
      assert.equal(globTest(glob)(text), expected));
  }
});
