import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {remoteIdentity, sourceIdentity} from '../../../../source/engines/direct/trackers/source-identity.ts';

describe('the identity of a repository', () => {
  for (const url of [
    'https://forge.example/acme/infra.git',
    'https://jane@forge.example/acme/infra',
    'https://Forge.Example:8443/acme/infra/',
    'ssh://git@forge.example:2222/acme/infra.git',
    'git@forge.example:acme/infra.git',
    'forge.example:acme/infra',
  ]) {
    test(`is the same for ${url}`, () => assert.equal(remoteIdentity(url), 'forge.example/acme/infra'));
  }

  test('is the path of a repository on disk', () => {
    assert.equal(remoteIdentity('/srv/git/infra.git'), '/srv/git/infra');
    assert.equal(remoteIdentity('file:///srv/git/infra.git'), '/srv/git/infra');
  });

  test('is the name of the checkout where there is no remote', async () => {
    const repository = {root: '/home/jane/infra', remote: async () => null};
    assert.equal(await sourceIdentity(repository, null, new AbortController().signal), 'infra');
  });
});
