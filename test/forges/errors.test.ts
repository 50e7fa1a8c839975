import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, type TestContext, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {ForgeError, type ForgeReason} from '../../source/forges/error.ts';
import {openForge} from '../../source/forges/open-forge.ts';
import type {Forge, ForgeKind, ForgeRepository} from '../../source/forges/types.ts';
import {type Reaction, startServer} from '../cluster-client/scripted-server.ts';
import {scriptedForge} from './scripted-forge.ts';

const kinds: readonly ForgeKind[] = [
  'github',
  'gitlab',
  'gitea',
  'bitbucket',
  'bitbucket-data-center',
  'azure-devops',
];
const listed: Record<ForgeKind, string> = {
  github: '/repos/shop/e/pulls',
  gitlab: '/api/v4/projects/shop%2Fe/merge_requests',
  gitea: '/api/v1/repos/shop/e/pulls',
  bitbucket: '/repositories/shop/e/pullrequests',
  'bitbucket-data-center': '/api/latest/projects/shop/repos/e/pull-requests',
  'azure-devops': '/shop/e/_apis/git/repositories/e/pullrequests',
};
const at = (forge: ForgeKind): ForgeRepository => ({
  forge,
  host: 'forge.example.com',
  path: forge === 'azure-devops' ? 'shop/e/e' : 'shop/e',
});

/** What listing the pull requests comes to. */
async function listing(t: TestContext, forge: ForgeKind, reaction: Reaction): Promise<ForgeError> {
  const server = await scriptedForge(t, at(forge), {[`GET ${listed[forge]}`]: reaction});
  const error = await failure(server.forge.list());
  server.done();
  return error;
}

async function failure(answer: Promise<unknown>): Promise<ForgeError> {
  try {
    await answer;
  } catch (error) {
    assert.ok(error instanceof ForgeError, String(error));
    assert.doesNotMatch(`${error.message}${error.stack}${JSON.stringify(error)}`, /t0ken|dDBrZW4/);
    return error;
  }
  assert.fail('it did not fail');
}

for (const kind of kinds) {
  describe(`${kind}: what goes wrong is said`, () => {
    const cases: [what: string, reaction: Reaction, reason: ForgeReason, words: RegExp][] = [
      [
        'a token that is no good',
        {status: 401, json: {message: 'Bad'}},
        'unauthorized',
        /expired or revoked\? \w/,
      ],
      ['a right that is missing', {status: 403, json: {message: 'No'}}, 'forbidden', /\(No\): it needs/],
      ['a private repository', {status: 404, json: {}}, 'not-found', /a private one needs a token/],
      [
        'a rate limit',
        {status: 429, json: {message: 'slow down'}, headers: {'retry-after': '120'}},
        'rate-limited',
        /try again in 2 min: slow down/,
      ],
      ['a forge that is down', {status: 503, text: '<html>'}, 'broken', /answered 503.*try again later/],
      [
        'no JSON',
        {status: 200, text: 'hello', headers: {'content-type': 'text/html'}},
        'not-a-forge',
        /really/,
      ],
      ['other JSON', {status: 200, json: {values: [{}], value: [{}]}}, 'not-a-forge', /really/],
      ['a connection that breaks', 'drop', 'unreachable', /could not be reached/],
      ['an answer that breaks off', 'drop-midway', 'unreachable', /could not be reached/],
      [
        'a redirect to elsewhere',
        {status: 302, headers: {location: 'https://127.0.0.1:9/steal'}},
        'insecure',
        /where the token does not belong/,
      ],
    ];
    for (const [what, reaction, reason, words] of cases)
      test(what, async t => {
        const error = await listing(t, kind, reaction);
        assert.equal(error.reason, reason, error.message);
        assert.match(error.message, words);
      });

    test('an abort is an abort', async t => {
      const server = await scriptedForge(t, at(kind), {[`GET ${listed[kind]}`]: 'hang'});
      const controller = new AbortController();
      const listingNow = server.forge.list(controller.signal);
      while (server.requests.length === 0) await sleep(5);
      controller.abort(new Error('the user left'));
      await assert.rejects(listingNow, /the user left/);
    });

    test('a time-out is said', async () => {
      const forge = await openOver(kind, async () => {
        throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      });
      const error = await failure(forge.list());
      assert.equal(error.reason, 'unreachable');
      assert.match(error.message, /did not answer in time/);
    });

    test('nothing is sent over plain http', async () => {
      const forge = await openForge(at(kind), {
        token: {value: 't0ken', from: 'a test'},
        apiBase: 'http://forge.example.com',
        fetch: () => assert.fail('something was sent'),
      });
      assert.equal((await failure(forge.list())).reason, 'insecure');
    });
  });
}

function openOver(kind: ForgeKind, fetch: typeof globalThis.fetch): Promise<Forge> {
  return openForge(at(kind), {token: {value: 't0ken', from: 'a test'}, fetch});
}

test('a certificate of nobody known is not believed', async t => {
  const server = await startServer(t, () => ({json: []}));
  const token = {value: 't0ken', from: 'a test'};
  const forge = await openForge(at('github'), {token, apiBase: server.url});
  assert.equal((await failure(forge.list())).reason, 'unreachable');
  assert.equal(server.requests.length, 0);
});

describe('what each forge says in its own way', () => {
  const draft = {base: 'main', branch: 'x', title: 'T', body: '', draft: false};
  const head = 'a'.repeat(40);
  const opening: [
    what: string,
    kind: ForgeKind,
    request: string,
    reaction: Reaction,
    reason: ForgeReason,
    words: RegExp,
  ][] = [
    [
      'an open one of the same branches',
      'gitlab',
      `POST ${listed.gitlab}`,
      {
        status: 409,
        json: {message: ['Another open merge request already exists for this source branch: !7']},
      },
      'exists',
      /open merge request already.*!7/,
    ],
    [
      'an open one of the same branches',
      'bitbucket-data-center',
      `POST ${listed['bitbucket-data-center']}`,
      {
        status: 409,
        json: {errors: [{message: 'Only one pull request may be open for a given source and target branch'}]},
      },
      'exists',
      /open pull request already/,
    ],
    [
      'an open one of the same branches',
      'azure-devops',
      `POST ${listed['azure-devops']}`,
      {
        status: 409,
        json: {message: 'TF401179: An active pull request for the source and target branch already exists.'},
      },
      'exists',
      /open pull request already/,
    ],
    [
      'nothing to merge',
      'bitbucket',
      `POST ${listed.bitbucket}`,
      {status: 400, json: {type: 'error', error: {message: 'There are no changes to be pulled'}}},
      'no-commits',
      /nothing to merge/,
    ],
    [
      'fields that are refused',
      'gitlab',
      `POST ${listed.gitlab}`,
      {status: 422, json: {message: {title: ["can't be blank"]}}},
      'refused',
      /GitLab refused the merge request: title can't be blank/,
    ],
  ];
  for (const [what, kind, request, reaction, reason, words] of opening)
    test(`${kind}: ${what}`, async t => {
      const server = await scriptedForge(t, at(kind), {[request]: reaction});
      const error = await failure(server.forge.open(draft));
      server.done();
      assert.equal(error.reason, reason, error.message);
      assert.match(error.message, words);
    });

  test('gitlab: 401 to a merge that the token may not do', async t => {
    const server = await scriptedForge(t, at('gitlab'), {
      [`PUT ${listed.gitlab}/7/merge`]: {status: 401, json: {message: '401 Unauthorized'}},
    });
    const error = await failure(server.forge.merge(7, {head, method: 'merge'}));
    assert.equal(error.reason, 'forbidden');
  });

  test('gitlab: commits that came since', async t => {
    const server = await scriptedForge(t, at('gitlab'), {
      [`PUT ${listed.gitlab}/7/merge`]: {
        status: 409,
        json: {message: `SHA does not match HEAD of source branch: ${head}`},
      },
    });
    assert.equal((await failure(server.forge.merge(7, {head, method: 'merge'}))).reason, 'moved');
  });

  test('azure-devops: its page for signing in', async t => {
    const error = await listing(t, 'azure-devops', {
      status: 203,
      text: '<html>Sign in</html>',
      headers: {'content-type': 'text/html'},
    });
    assert.equal(error.reason, 'unauthorized');
  });

  test('a rate limit says when it ends', async t => {
    const until = new Date('2030-01-01T10:20:00Z');
    const reset = String(until.getTime() / 1000);
    const limited = await listing(t, 'gitlab', {status: 429, headers: {'ratelimit-reset': reset}, json: {}});
    assert.deepEqual(limited.retryAt, until);
    assert.match(limited.message, /until 10:20 UTC/);
  });
});

test('what did not change is not sent again', async t => {
  const tagged = {json: [], headers: {etag: '"1"'}};
  const server = await scriptedForge(t, at('github'), {
    [`GET ${listed.github}`]: [tagged, {status: 304, headers: {etag: '"1"'}}],
  });
  assert.deepEqual(await server.forge.list(), []);
  assert.deepEqual(await server.forge.list(), []);
  assert.deepEqual(
    server.headers.map(headers => headers['if-none-match']),
    [undefined, '"1"'],
  );
});

test('a server that does not speak https is said to be one, and that the token stays here', async t => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const {port} = server.address() as AddressInfo;
  const repository = {forge: 'gitea', host: `127.0.0.1:${port}`, path: 'o/r'} as const;
  const forge = await openForge(repository, {token: {value: 'secret-token', from: 'a test'}});
  await assert.rejects(forge.list(), (error: unknown) => {
    assert.ok(error instanceof ForgeError);
    assert.equal(error.reason, 'unreachable');
    assert.match(error.message, /does not speak https there.*git config --global gitops-tui\.https:\/\/127/);
    return true;
  });
  assert.deepEqual(asked, []);
});
