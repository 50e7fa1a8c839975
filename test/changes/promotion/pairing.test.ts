import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type OwnNames, pairObjects} from '../../../source/changes/promotion/pairing.ts';
import {formatIdentity, identityOf} from '../../../source/resources/identity.ts';
import {deployment, names, resources, together} from './objects.ts';

interface Case {
  what: string;
  source: string;
  target: string;
  sourceNames?: Partial<OwnNames>;
  targetNames?: Partial<OwnNames>;
  pairs: string[];
  onlySource?: string[];
  onlyTarget?: string[];
}

const of = (name: string, namespace?: string) =>
  deployment(name, 'app:1', namespace === undefined ? {} : {namespace});

const cases: Case[] = [
  {what: 'the same name', source: of('web'), target: of('web'), pairs: ['Deployment/web = Deployment/web']},
  {
    what: 'another kind is another object',
    source: of('web'),
    target: of('web').replace('kind: Deployment', 'kind: StatefulSet'),
    pairs: [],
    onlySource: ['Deployment/web'],
    onlyTarget: ['StatefulSet/web'],
  },
  {
    what: 'another version of the API is the same object',
    source: of('web'),
    target: of('web').replace('apps/v1', 'apps/v1beta2'),
    pairs: ['Deployment/web = Deployment/web'],
  },
  {
    what: 'prefixes and suffixes of kustomizations',
    source: of('stg-web-v2'),
    target: of('web-prd'),
    sourceNames: {prefix: 'stg-', suffix: '-v2'},
    targetNames: {suffix: '-prd'},
    pairs: ['Deployment/stg-web-v2 = Deployment/web-prd'],
  },
  {
    what: 'the environment’s name in a name, in its usual short forms',
    source: together(of('web-staging'), of('stg-api')),
    target: together(of('web-prod'), of('production-api')),
    pairs: ['Deployment/web-staging = Deployment/web-prod', 'Deployment/stg-api = Deployment/production-api'],
  },
  {
    what: 'namespaces of the environments',
    source: together(of('web', 'shop-staging'), of('agent', 'monitoring')),
    target: together(of('web', 'shop-production'), of('agent', 'monitoring')),
    pairs: [
      'Deployment/shop-staging/web = Deployment/shop-production/web',
      'Deployment/monitoring/agent = Deployment/monitoring/agent',
    ],
  },
  {
    what: 'a stated namespace and one that is left to the environment',
    source: of('web', 'blue'),
    target: of('web'),
    sourceNames: {namespaces: ['blue']},
    targetNames: {namespaces: ['red']},
    pairs: ['Deployment/blue/web = Deployment/web'],
  },
  {
    what: 'namespaces that only one side has',
    source: of('web', 'alpha'),
    target: of('web', 'omega'),
    pairs: ['Deployment/alpha/web = Deployment/omega/web'],
  },
  {
    what: 'a namespace of both sides stays apart',
    source: of('agent', 'kube-system'),
    target: together(of('agent', 'monitoring'), of('dns', 'kube-system')),
    pairs: [],
    onlySource: ['Deployment/kube-system/agent'],
    onlyTarget: ['Deployment/monitoring/agent', 'Deployment/kube-system/dns'],
  },
  {
    what: 'nothing is guessed between two candidates',
    source: of('web', 'alpha'),
    target: together(of('web', 'omega'), of('web', 'psi')),
    pairs: [],
    onlySource: ['Deployment/alpha/web'],
    onlyTarget: ['Deployment/omega/web', 'Deployment/psi/web'],
  },
  {
    what: 'an exact name comes before a likely one',
    source: together(of('web'), of('web-staging')),
    target: together(of('web'), of('web-production')),
    pairs: ['Deployment/web = Deployment/web', 'Deployment/web-staging = Deployment/web-production'],
  },
  {
    what: 'the namespace itself',
    source: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: blue}\n',
    target: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: red}\n',
    sourceNames: {namespaces: ['blue']},
    targetNames: {namespaces: ['red']},
    pairs: ['Namespace/blue = Namespace/red'],
  },
  {
    what: 'generated ConfigMaps by their name without the hash',
    source: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-5h8t2c4bk9}\n',
    target: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-g7kdm4ft6b}\n',
    pairs: ['ConfigMap/settings-5h8t2c4bk9 = ConfigMap/settings-g7kdm4ft6b'],
  },
];

describe('pairing the objects of two environments', () => {
  for (const {what, source, target, sourceNames, targetNames, ...expected} of cases) {
    test(what, () => {
      const found = pairObjects(
        resources(source),
        names('staging', sourceNames),
        resources(target),
        names('production', targetNames),
      );
      const name = (resource: {object: Parameters<typeof identityOf>[0]}) =>
        formatIdentity(identityOf(resource.object));
      assert.deepEqual(
        {
          pairs: found.pairs.map(pair => `${name(pair.source)} = ${name(pair.target)}`),
          onlySource: found.onlySource.map(name),
          onlyTarget: found.onlyTarget.map(name),
        },
        {onlySource: [], onlyTarget: [], ...expected},
      );
    });
  }
});
