import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {objectCautions, sourceCautions} from '../../../source/changes/promotion/live.ts';
import type {EnvironmentReport, ResourceDrift} from '../../../source/drift/types.ts';
import {identityOf} from '../../../source/resources/identity.ts';
import {report, synced} from '../../app/fake-data.ts';
import {deployment, object} from './objects.ts';

const revision = synced('staging').desiredRevision ?? '';
const web = object(deployment('web', 'web:1'));

function resource(more: Partial<ResourceDrift>): ResourceDrift {
  return {
    id: {...identityOf(web), namespace: 'shop'},
    version: 'v1',
    status: 'Synced',
    health: 'Healthy',
    healthMessage: '',
    verdict: 'server',
    source: null,
    fields: [],
    hidden: [],
    notes: [],
    error: null,
    desired: null,
    live: null,
    ...more,
  };
}

const healthy = (more: Partial<EnvironmentReport> = {}): EnvironmentReport => ({
  ...synced('staging'),
  healthStatus: 'Healthy',
  ...more,
});

describe('what should be known of a source', () => {
  test('nothing where it is in sync, healthy and as it was compared', () => {
    assert.deepEqual(sourceCautions('staging', revision, healthy()), []);
  });

  test('that it was not compared, or could not be', () => {
    assert.deepEqual(sourceCautions('staging', revision, undefined), [
      'staging was not compared with its cluster: whether what its git says runs there is not known',
    ]);
    const errors = [{severity: 'error', message: 'the cluster is out of reach'}] as const;
    assert.deepEqual(
      sourceCautions('staging', revision, healthy({syncStatus: 'Unknown', errors: [...errors]})),
      [
        'staging could not be compared with its cluster whole (the cluster is out of reach): whether what its git says runs there is not known',
      ],
    );
  });

  test('that it has drifted, is ill, or was compared at another commit', () => {
    const drifted = report('staging', {
      healthStatus: 'Degraded',
      resources: [resource({health: 'Degraded'})],
    });
    const other = 'b'.repeat(40);
    const found = sourceCautions('staging', other, drifted);
    assert.equal(found.length, 3);
    assert.match(found[0] ?? '', /^staging was compared at \w{7}; what is promoted is bbbbbbb$/);
    assert.match(
      found[1] ?? '',
      /^staging runs something else than its git says: \d+ modified, \d+ missing, \d+ extra, it was last deployed from \w{7}$/,
    );
    assert.equal(found[2], 'staging is Degraded: Deployment/shop/web');
  });

  test('that it was compared with the working tree', () => {
    assert.deepEqual(sourceCautions('staging', revision, healthy({desiredRevision: 'worktree'})), [
      `staging was compared with files that are not committed; what is promoted is ${revision.slice(0, 7)}`,
    ]);
  });

  test('of one object: that it is not there yet, or not well', () => {
    const of = (more: Partial<ResourceDrift>) =>
      objectCautions('staging', web, healthy({resources: [resource(more)]}));
    assert.deepEqual(of({}), []);
    assert.deepEqual(of({status: 'Missing', health: 'Missing'}), ['it is not deployed in staging yet']);
    assert.deepEqual(of({health: 'Progressing'}), ['it is Progressing in staging']);
    assert.deepEqual(objectCautions('staging', web, undefined), []);
  });
});
