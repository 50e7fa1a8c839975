import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {settingsHealth} from '../../../../source/engines/direct/trackers/argocd-health.ts';
import {ToldByTrackers} from '../../../../source/engines/direct/trackers/told.ts';
import type {Tracker} from '../../../../source/engines/direct/trackers/trackers.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';

function settings(data: Record<string, string>): JsonObject {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {namespace: 'argocd', name: 'argocd-cm'}, data};
}

const prefix = 'resource.customizations.health.';

describe("health scripts of Argo CD's settings", () => {
  const rows: [name: string, data: Record<string, string>, group: string, kind: string, script?: string][] = [
    ['of a kind', {[`${prefix}cert-manager.io_Certificate`]: 'a'}, 'cert-manager.io', 'Certificate', 'a'],
    ['of another group', {[`${prefix}cert-manager.io_Certificate`]: 'a'}, 'example.com', 'Certificate'],
    ['of the core group', {[`${prefix}PersistentVolumeClaim`]: 'a'}, '', 'PersistentVolumeClaim', 'a'],
    ['of all', {[`${prefix}all`]: 'a'}, 'apps', 'Deployment', 'a'],
    ['an empty one', {[`${prefix}apps_Deployment`]: ' '}, 'apps', 'Deployment'],
    ['of another respect', {'resource.customizations.actions.apps_Deployment': 'a'}, 'apps', 'Deployment'],
    [
      'in the older map, by a glob',
      {'resource.customizations': '"*.crossplane.io/*":\n  health.lua: |\n    return {}\n'},
      'aws.crossplane.io',
      'Bucket',
      'return {}\n',
    ],
    [
      'the exact one before a glob',
      {'resource.customizations': '"apps/*": {health.lua: glob}', [`${prefix}apps_Deployment`]: 'exact'},
      'apps',
      'Deployment',
      'exact',
    ],
  ];
  for (const [name, data, group, kind, script] of rows) {
    test(name, () => {
      const {scripts, problems} = settingsHealth(settings(data));
      assert.deepEqual(problems, []);
      assert.equal(scripts.find(({covers}) => covers(group, kind))?.script, script);
    });
  }

  test('a map that is no YAML is told', () => {
    const {problems} = settingsHealth(settings({'resource.customizations': '[a: b'}));
    assert.match(problems[0]?.message ?? '', /argocd\/argocd-cm, resource.customizations, can't be read/);
  });
});

describe('the health of an environment', () => {
  const tracker = (tool: Tracker['tool'], more: Partial<Tracker> = {}): Tracker => ({
    tool,
    listed: [],
    notes: () => null,
    rules: [],
    ...more,
  });
  // Current to kstatus, while Argo CD waits for an address.
  const ingress = {apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: {name: 'web'}};
  const certificate = {apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: {name: 'web'}};
  const script = {
    covers: (_group: string, kind: string) => kind === 'Certificate',
    script: 'return {status = "Degraded", message = obj.metadata.name}',
  };
  const rows: [name: string, trackers: Tracker[], ingress: string, certificate: string][] = [
    ['by nobody else', [], 'Progressing', 'Healthy'],
    ['by Argo CD', [tracker('Argo CD')], 'Progressing', 'Healthy'],
    [
      'by an Argo CD with scripts',
      [tracker('Argo CD', {healthScripts: [script]})],
      'Progressing',
      'Degraded',
    ],
    ['by Flux', [tracker('Flux')], 'Healthy', 'Healthy'],
  ];
  for (const [name, trackers, ofIngress, ofCertificate] of rows) {
    test(`deployed ${name}`, async () => {
      const {healthOf} = await new ToldByTrackers([]).of({trackers, told: 'x'});
      assert.equal(healthOf(ingress).status, ofIngress);
      assert.equal(healthOf(certificate).status, ofCertificate);
    });
  }

  test('is the very same as long as the same is told', async () => {
    const told = new ToldByTrackers([]);
    const first = await told.of({trackers: [], told: 'x'});
    assert.equal(await told.of({trackers: [tracker('Flux')], told: 'x'}), first);
    assert.notEqual(await told.of({trackers: [tracker('Flux')], told: 'y'}), first);
  });
});
