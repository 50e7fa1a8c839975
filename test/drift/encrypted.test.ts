import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {missing} from '../../source/drift/answers.ts';
import {DefaultsLearned} from '../../source/drift/defaults.ts';
import {compareLocal} from '../../source/drift/local.ts';
import {prepareDesired} from '../../source/drift/normalise.ts';
import {verdict} from '../../source/drift/verdict.ts';
import {argoHealth} from '../../source/health/argo-cd.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const id = {group: '', kind: 'Secret', namespace: 'shop', name: 'login'};
const secret = (more: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {name: 'login', namespace: 'shop', ...metadata},
  ...more,
});
const ciphertext = 'ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ=,type:str]';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The verdict on what git says, where a Secret with a value is live and where nothing is. */
function verdicts(object: JsonObject) {
  const prepared = prepareDesired(object, undefined);
  const subject = {id, version: 'v1', source: null, prepared, mask: () => '***'};
  const live = secret({data: {password: base64('hunter2')}});
  const learned = new DefaultsLearned();
  const local = compareLocal({id, prepared, live, schema: undefined, ignore: [], learned, autoscaled: false});
  return [
    missing(subject),
    verdict({...subject, healthOf: argoHealth, live, schema: undefined, local, learned}),
  ];
}

describe('what git holds encrypted is neither Synced nor drift, and says why', () => {
  for (const [what, object, words] of [
    [
      'SOPS, as it writes it',
      secret({stringData: {password: ciphertext}, sops: {mac: ciphertext}}),
      /SOPS encrypts it/,
    ],
    ['SOPS in data', secret({data: {password: ciphertext}, sops: {mac: ciphertext}}), /SOPS encrypts it/],
    ['SOPS without its own part', secret({stringData: {password: ciphertext}}), /SOPS encrypts it/],
    [
      'another kind by SOPS',
      {...secret({data: {a: ciphertext}, sops: {mac: ciphertext}}), kind: 'ConfigMap'},
      /SOPS encrypts it/,
    ],
    ["a vault's path", secret({stringData: {password: '<path:kv/data/shop#password>'}}), /placeholder/],
    [
      "a vault's key",
      secret(
        {stringData: {password: '<password>'}},
        {annotations: {'avp.kubernetes.io/path': 'kv/data/shop'}},
      ),
      /placeholder/,
    ],
  ] as const) {
    test(what, () => {
      for (const {status, error, fields} of verdicts(object)) {
        assert.equal(status, 'Unknown');
        assert.match(error ?? '', words);
        assert.deepEqual(fields, []);
      }
    });
  }
});

test('what only looks like it is compared', () => {
  for (const object of [
    secret({stringData: {password: '<password>'}}),
    secret({stringData: {password: 'not ENC[AES256_GCM,'}}),
    secret({stringData: {password: 'x'}, sops: 'of ours'}),
  ]) {
    const [absent, present] = verdicts(object);
    assert.equal(absent?.status, 'Missing');
    assert.ok(present?.fields.some(({path}) => path === 'data.password'));
  }
});

test('a SealedSecret is an object of its own: its ciphertext is compared with live ciphertext', () => {
  const sealed = {
    ...secret({spec: {encryptedData: {password: 'AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq'}}}),
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
  };
  assert.equal(prepareDesired(sealed, undefined).error, null);
});

describe("a Secret of Kubernetes' own types is masked like any other", () => {
  for (const [type, key] of [
    ['Opaque', 'password'],
    ['kubernetes.io/tls', 'tls.key'],
    ['kubernetes.io/tls', 'tls.crt'],
    ['kubernetes.io/dockerconfigjson', '.dockerconfigjson'],
    ['kubernetes.io/basic-auth', 'username'],
    ['kubernetes.io/ssh-auth', 'ssh-privatekey'],
    ['kubernetes.io/service-account-token', 'token'],
    ['bootstrap.kubernetes.io/token', 'token-secret'],
    ['helm.sh/release.v1', 'release'],
  ] as const) {
    test(`${type} ${key}`, () => {
      const value = base64('a value that nobody sees');
      const [absent, present] = verdicts(secret({type, data: {[key]: value}}));
      const said = JSON.stringify([absent, present]);
      assert.ok(!said.includes(value) && !said.includes('nobody sees'), said);
      assert.ok(said.includes(`"${key}":"***"`), 'its keys are shown');
    });
  }
});
