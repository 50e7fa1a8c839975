import assert from 'node:assert/strict';
import test from 'node:test';
import {nextLink, parseChallenges} from '../../source/registries/challenge.ts';

test('challenges are read as RFC 9110 writes them', () => {
  const read = (header: string | null) =>
    parseChallenges(header).map(({scheme, parameters}) => [scheme, Object.fromEntries(parameters)]);
  assert.deepEqual(
    read(
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
    ),
    [
      [
        'bearer',
        {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:a/b:pull,push',
        },
      ],
    ],
  );
  assert.deepEqual(read('Basic realm="a \\"quoted\\" one", Bearer realm=x , service=y'), [
    ['basic', {realm: 'a "quoted" one'}],
    ['bearer', {realm: 'x', service: 'y'}],
  ]);
  assert.deepEqual(read('Negotiate, BASIC Realm="x"'), [
    ['negotiate', {}],
    ['basic', {realm: 'x'}],
  ]);
  for (const none of [null, '', '  ', '"', '=', `Bearer realm="${'x'.repeat(9000)}"`])
    assert.deepEqual(read(none), []);
});

test('the next page is the link that says so', () => {
  assert.equal(nextLink('</v2/a/tags/list?last=b&n=2>; rel="next"'), '/v2/a/tags/list?last=b&n=2');
  assert.equal(nextLink('<https://x/1>; rel="prev", <https://x/3>; title="a"; rel=next'), 'https://x/3');
  assert.equal(nextLink('<https://x/1>; rel="nextish"'), null);
  assert.equal(nextLink(null), null);
});
