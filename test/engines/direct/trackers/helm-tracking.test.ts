import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ClusterError} from '../../../../source/cluster/types.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';
import {configMap, namespace} from '../../desired.ts';
import {FakeCluster} from '../../fake-cluster.ts';
import {helmRecord, ofRelease, releaseSecret} from '../../helm-record.ts';
import {setUp} from '../../setting.ts';

/** The report of an environment whose git has these ConfigMaps, and whose cluster has these objects. */
async function reportOf(inGit: readonly string[], live: readonly JsonObject[], cluster = new FakeCluster()) {
  const {engine, repository, signal} = setUp({cluster});
  repository.holds(...inGit.map(name => ofRelease(configMap(name))));
  for (const object of [namespace('shop'), ...live]) await cluster.seed(object);
  const report = await engine.inspect(signal);
  const plan = await engine.plan({prune: true, force: false}, signal);
  assert.ok(!JSON.stringify(report).includes(releaseSecret));
  const extras = report.resources.filter(({status}) => status === 'Extra');
  return {
    extras: extras.map(({id, notes}) => `${id.name}: ${notes.join('; ')}`).sort(),
    warnings: report.errors.map(({message}) => message),
    deletions: plan.steps.filter(({action}) => action === 'delete').length,
  };
}

const web = configMap('web');
const old = configMap('old');
const held = 'old: held by Helm release shop/web; Helm would delete it in an upgrade to what git says';

describe('extras of a Helm release', () => {
  const cases: Record<string, {live: JsonObject[]; git?: string[]; extras: string[]; warning?: RegExp}> = {
    'what its record holds and git no longer has': {
      live: [ofRelease(web), ofRelease(old), helmRecord([web, old])],
      extras: [held],
    },
    'in ConfigMaps': {
      live: [ofRelease(web), ofRelease(old), helmRecord([web, old], {driver: 'ConfigMap'})],
      extras: [held],
    },
    'of the deployed revision, not of another one': {
      live: [
        ofRelease(web),
        ofRelease(old),
        helmRecord([web, old], {version: 2}),
        helmRecord([web], {version: 3, status: 'failed'}),
        helmRecord([web], {version: 1, status: 'superseded'}),
      ],
      extras: [held],
    },
    'of the last revision where none is deployed': {
      live: [
        ofRelease(web),
        ofRelease(old),
        helmRecord([web], {version: 9, status: 'failed'}),
        helmRecord([web, old], {version: 10, status: 'pending-upgrade'}),
      ],
      extras: [held],
    },
    'kept by its policy': {
      live: [
        ofRelease(web),
        ofRelease(old, 'web', {'helm.sh/resource-policy': 'keep'}),
        helmRecord([web, old]),
      ],
      extras: ['old: held by Helm release shop/web; Helm would keep it: helm.sh/resource-policy is keep'],
    },
    'not what somebody else took over': {
      live: [ofRelease(web), old, helmRecord([web, old])],
      extras: [],
    },
    'not what its record has and nobody runs': {
      live: [ofRelease(web), helmRecord([web, old])],
      extras: [],
    },
    'not of a release that is mostly of something else': {
      live: [
        web,
        ofRelease(configMap('shared')),
        ...['a', 'b', 'c'].map(name => ofRelease(configMap(name))),
        helmRecord(['shared', 'a', 'b', 'c'].map(name => configMap(name))),
      ],
      git: ['web', 'shared'],
      extras: [],
    },
    'told where all of git is a small part of the release': {
      live: [
        ofRelease(web),
        ...['a', 'b'].map(name => ofRelease(configMap(name))),
        helmRecord([web, configMap('a'), configMap('b')]),
      ],
      extras: [],
      warning: /release shop\/web has 3 objects, of which git has 1: .* can't be told/,
    },
    'told where it has no record': {
      live: [ofRelease(web)],
      extras: [],
      warning: /shop\/web holds can't be known \(no Secret or ConfigMap has a record of it\)/,
    },
    'told where its record can’t be read': {
      live: [
        ofRelease(web),
        {...helmRecord([web, old]), data: {release: Buffer.from('{"x').toString('base64')}},
      ],
      extras: [],
      warning: /can't be known \(its record is in a form that is not known here\)/,
    },
  };
  for (const [name, {live, git = ['web'], extras, warning}] of Object.entries(cases)) {
    test(name, async () => {
      const found = await reportOf(git, live);
      assert.deepEqual(found.extras, extras);
      assert.equal(found.deletions, 0);
      if (warning === undefined) assert.deepEqual(found.warnings, []);
      else assert.match(found.warnings.join(), warning);
    });
  }

  test('an annotation that is no name is in no request', async () => {
    const odd = ofRelease(web, 'web,owner!=helm');
    const cluster = new FakeCluster();
    const found = await reportOf(['web'], [odd, helmRecord([web, old])], cluster);
    assert.deepEqual(found, {extras: [], warnings: [], deletions: 0});
    assert.ok(!cluster.requests.some(request => request.startsWith('list Secret')));
  });

  test('by its marks alone where its record may not be read', async () => {
    const cluster = new FakeCluster();
    const list = cluster.list.bind(cluster);
    cluster.list = async (kind, options) => {
      if (kind.kind === 'Secret') throw new ClusterError('forbidden', 'no secrets for you', {status: 403});
      return list(kind, options);
    };
    const names = ['a', 'b', 'c', 'd', 'e'];
    const live = [...names, 'old'].map(name => ofRelease(configMap(name)));
    const found = await reportOf(names, [...live, configMap('other')], cluster);
    assert.deepEqual(found.extras, [
      "old: bears the marks of Helm release shop/web, whose own record can't be read",
    ]);
    assert.match(
      found.warnings.join(),
      /what Helm release shop\/web holds can't be known \(.*no secrets for you/,
    );
  });
});
