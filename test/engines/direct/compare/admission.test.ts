import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Cluster, ClusterError, type KindCatalog} from '../../../../source/cluster/types.ts';
import {MutatingAdmission} from '../../../../source/engines/direct/compare/admission.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';
import type {Kind} from '../../../../source/resources/kind.ts';

const kindOf = (group: string, kind: string, plural: string): Kind => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced: true,
  verbs: ['get', 'list'],
  subresources: [],
});
const deployments = kindOf('apps', 'Deployment', 'deployments');

function admission(
  mutators: {webhooks?: JsonObject[]; policies?: JsonObject[]},
  labels: JsonObject | 'denied',
) {
  const denied = () => Promise.reject(new ClusterError('forbidden', 'no'));
  const cluster = {
    list: (kind: Kind) => {
      const items = kind.kind === 'MutatingAdmissionPolicy' ? mutators.policies : mutators.webhooks;
      return items === undefined ? denied() : Promise.resolve({items, resourceVersion: '1'});
    },
    get: () => (labels === 'denied' ? denied() : Promise.resolve({metadata: {labels}})),
  } as unknown as Pick<Cluster, 'list' | 'get'>;
  const catalog = {
    failures: new Map(),
    preferred: (group: string, kind: string) => kindOf(group, kind, `${kind.toLowerCase()}s`),
  } as unknown as KindCatalog;
  const asked = new MutatingAdmission(cluster, catalog);
  return (kind: Kind, namespace = 'shop') => asked.mayChange(kind, namespace, new AbortController().signal);
}

const rule = (rest: JsonObject = {}) => ({
  apiGroups: ['apps'],
  apiVersions: ['v1'],
  resources: ['deployments'],
  operations: ['CREATE'],
  ...rest,
});
const webhook = (rules: JsonObject[], namespaceSelector: JsonObject = {}) => ({
  webhooks: [{name: 'a.example.com', rules, namespaceSelector}],
});

test('what may change an object is told by rules and namespace, or it is not known', async () => {
  const cases: [
    what: string,
    mutators: Parameters<typeof admission>[0],
    labels: JsonObject | 'denied',
    expected: boolean | 'unknown',
  ][] = [
    ['nothing does', {webhooks: [], policies: []}, {}, false],
    ['a webhook does', {webhooks: [webhook([rule()])], policies: []}, {}, true],
    [
      'one of everything does',
      {webhooks: [webhook([rule({apiGroups: ['*'], resources: ['*/*']})])], policies: []},
      {},
      true,
    ],
    [
      'one of another kind does not',
      {webhooks: [webhook([rule({resources: ['pods']})])], policies: []},
      {},
      false,
    ],
    [
      'one of another group does not',
      {webhooks: [webhook([rule({apiGroups: ['']})])], policies: []},
      {},
      false,
    ],
    [
      'one of deletions does not',
      {webhooks: [webhook([rule({operations: ['DELETE']})])], policies: []},
      {},
      false,
    ],
    ['webhooks may not be listed', {policies: []}, {}, 'unknown'],
    ['policies may not be listed', {webhooks: []}, {}, 'unknown'],
    [
      'a policy does',
      {webhooks: [], policies: [{spec: {matchConstraints: {resourceRules: [rule()]}}}]},
      {},
      true,
    ],
    [
      'the namespace is not selected',
      {webhooks: [webhook([rule()], {matchLabels: {inject: 'yes'}})], policies: []},
      {inject: 'no'},
      false,
    ],
    [
      'the namespace is selected',
      {
        webhooks: [webhook([rule()], {matchExpressions: [{key: 'opt-out', operator: 'DoesNotExist'}]})],
        policies: [],
      },
      {},
      true,
    ],
    [
      'the namespace is left out',
      {
        webhooks: [
          webhook([rule()], {matchExpressions: [{key: 'zone', operator: 'NotIn', values: ['a', 'b']}]}),
        ],
        policies: [],
      },
      {zone: 'b'},
      false,
    ],
    [
      'the namespace can not be read',
      {webhooks: [webhook([rule()], {matchLabels: {inject: 'yes'}})], policies: []},
      'denied',
      'unknown',
    ],
  ];
  for (const [what, mutators, labels, expected] of cases) {
    assert.equal(await admission(mutators, labels)(deployments), expected, what);
  }
});
