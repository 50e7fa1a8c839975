import assert from 'node:assert/strict';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, type TestContext, test} from 'node:test';
import {apiBaseOf} from '../../source/forges/github.ts';
import {type ForgeOptions, openPullRequest} from '../../source/forges/open-pull-request.ts';
import type {ForgeRepository, PullRequestDraft, PullRequestResult} from '../../source/forges/types.ts';
import type {Json} from '../../source/resources/json.ts';
import {scriptedForge} from './scripted-forge.ts';

const repository: ForgeRepository = {forge: 'github', host: 'github.com', path: 'shop/environments'};
const draft: PullRequestDraft = {
  base: 'main',
  branch: 'gitops-tui/revert-production-9be01d4',
  title: 'Revert production ☃',
  body: 'Because.',
  draft: true,
};
const list = `GET /repos/shop/environments/pulls?head=${encodeURIComponent(`shop:${draft.branch}`)}&base=main&state=open`;
const post = 'POST /repos/shop/environments/pulls';

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A GitHub that gives these answers, in this order, to these requests and to no others. */
async function gitHub(context: TestContext, script: [request: string, answer: Answer][]) {
  const bodies: unknown[] = [];
  const left = [...script];
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    bodies.push(text === '' ? undefined : JSON.parse(text));
    const [expected, answer] = left.shift() ?? ['nothing more', {status: 500}];
    assert.equal(`${request.method} ${request.url}`, expected);
    assert.equal(request.headers.authorization, 'Bearer t0ken');
    assert.equal(request.headers.accept, 'application/vnd.github+json');
    assert.equal(request.headers['user-agent'], 'gitops-tui');
    assert.equal(request.headers['x-github-api-version'], '2022-11-28');
    if (text !== '') assert.match(request.headers['content-type'] ?? '', /^application\/json/);
    response.writeHead(answer.status, {'content-type': 'application/json', ...answer.headers});
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  };
  const wrong: unknown[] = [];
  const server = createServer((request, response) => {
    respond(request, response).catch(error => {
      wrong.push(error);
      response.writeHead(599).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const {port} = server.address() as AddressInfo;
  return {
    apiBase: `http://127.0.0.1:${port}`,
    bodies,
    done() {
      if (wrong.length > 0) throw wrong[0];
      assert.deepEqual(left, [], 'every answer was asked for');
    },
  };
}

const head = '9be01d4c0ffee9be01d4c0ffee9be01d4c0ffee9';
const opened = {
  number: 7,
  html_url: 'https://github.com/shop/environments/pull/7',
  title: draft.title,
  state: 'open',
  draft: true,
  user: {login: 'ada'},
  head: {ref: draft.branch, sha: head, repo: {full_name: 'shop/environments'}},
  base: {ref: 'main', repo: {full_name: 'shop/environments'}},
  updated_at: '2026-01-01T00:00:00Z',
  other: 'ignored',
};

function openGitHub(options: ForgeOptions): Promise<PullRequestResult> {
  return openPullRequest({repository, token: {value: 't0ken', from: 'a test'}}, draft, options);
}

describe('openPullRequest on GitHub', () => {
  test('opens one', async context => {
    const server = await gitHub(context, [
      [list, {status: 200, body: []}],
      [post, {status: 201, body: opened}],
    ]);
    const result = await openGitHub({apiBase: server.apiBase});
    server.done();
    assert.deepEqual(result, {opened: true, url: opened.html_url, number: 7, updated: false});
    const {title, body, base, branch: head} = draft;
    assert.deepEqual(server.bodies[1], {title, body, head, base, draft: true});
  });

  test('brings the open one of the branch up to date instead', async context => {
    const server = await gitHub(context, [
      [list, {status: 200, body: [opened]}],
      ['PATCH /repos/shop/environments/pulls/7', {status: 200, body: opened}],
    ]);
    const result = await openGitHub({apiBase: server.apiBase});
    server.done();
    assert.deepEqual(result, {opened: true, url: opened.html_url, number: 7, updated: true});
    assert.deepEqual(server.bodies[1], {title: draft.title, body: draft.body});
  });

  test('finds the one that somebody else opened meanwhile', async context => {
    const exists = {
      message: 'Validation Failed',
      errors: [{message: 'A pull request already exists for shop:x.'}],
    };
    const server = await gitHub(context, [
      [list, {status: 200, body: []}],
      [post, {status: 422, body: exists}],
      [list, {status: 200, body: [opened]}],
      ['PATCH /repos/shop/environments/pulls/7', {status: 200, body: opened}],
    ]);
    const result = await openGitHub({apiBase: server.apiBase});
    server.done();
    assert.equal(result.opened && result.updated, true);
  });

  test('follows a renamed repository without making a GET of the POST, and only on the same host', async context => {
    const moved = await gitHub(context, [
      [list, {status: 200, body: []}],
      [post, {status: 307, headers: {location: '/repositories/42/pulls'}}],
      ['POST /repositories/42/pulls', {status: 201, body: opened}],
    ]);
    const result = await openGitHub({apiBase: moved.apiBase});
    moved.done();
    assert.equal(result.opened, true);

    const elsewhere = await gitHub(context, [
      [list, {status: 302, headers: {location: 'http://127.0.0.1:9/steal'}}],
    ]);
    const refused = await openGitHub({
      apiBase: elsewhere.apiBase,
    });
    elsewhere.done();
    assert.match(refused.opened ? '' : refused.reason, /where the token does not belong/);
  });

  const refusals: [name: string, answer: Answer, words: RegExp][] = [
    [
      '401',
      {status: 401, body: {message: 'Bad credentials'}},
      /does not accept the token \(Bad credentials\)/,
    ],
    [
      '403 with single sign-on',
      {
        status: 403,
        body: {message: 'Resource protected by organization SAML enforcement.'},
        headers: {'x-github-sso': 'required; url=https://github.com/orgs/shop/sso?authorization_request=x'},
      },
      /single sign-on: open https:\/\/github\.com\/orgs\/shop\/sso/,
    ],
    [
      '403 without the right',
      {status: 403, body: {message: 'Resource not accessible by personal access token'}},
      /needs "Pull requests: write"/,
    ],
    [
      '403 for the rate limit',
      {
        status: 403,
        body: {message: 'API rate limit exceeded'},
        headers: {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225600'},
      },
      /rate limit is used up until 00:00 UTC/,
    ],
    [
      '404',
      {status: 404, body: {message: 'Not Found'}},
      /no such repository, branch or pull request: a private one needs a token/,
    ],
    [
      '422 without commits',
      {
        status: 422,
        body: {message: 'Validation Failed', errors: [{message: 'No commits between main and x'}]},
      },
      /nothing to merge/,
    ],
    [
      '422 for something else, in its own words, escapes removed',
      {
        status: 422,
        body: {message: 'Validation Failed', errors: [{message: '\u001b[31mBase is invalid'}, 'x']},
      },
      /refused the pull request: Validation Failed: Base is invalid: x$/,
    ],
    ['500 that is no JSON', {status: 502}, /answered 502/],
  ];
  for (const [name, answer, words] of refusals) {
    test(`says what ${name} means`, async context => {
      const server = await gitHub(context, [
        [list, {status: 200, body: []}],
        [post, answer],
      ]);
      const result = await openPullRequest({repository, token: {value: 't0ken', from: 'a test'}}, draft, {
        apiBase: server.apiBase,
      });
      server.done();
      assert.ok(!result.opened);
      assert.match(result.reason, words);
      assert.match(
        result.compareUrl ?? '',
        /^https:\/\/github\.com\/shop\/environments\/compare\/main\.\.\./,
      );
      assert.doesNotMatch(JSON.stringify(result), /t0ken/);
    });
  }

  test('an answer of something that is not GitHub is not believed', async context => {
    const server = await gitHub(context, [
      [list, {status: 200, body: [{number: 'x', html_url: 'javascript:alert(1)'}]}],
    ]);
    const result = await openGitHub({apiBase: server.apiBase});
    server.done();
    assert.match(result.opened ? '' : result.reason, /is this really GitHub/);
  });

  test('never sends a token over plain http', async () => {
    const fetch = () => assert.fail('something was sent');
    const result = await openGitHub({
      apiBase: 'http://github.example/api/v3',
      fetch,
    });
    assert.match(result.opened ? '' : result.reason, /over https only/);
  });

  test('an abort throws, a network failure does not', async () => {
    const controller = new AbortController();
    controller.abort();
    const options = {apiBase: 'http://127.0.0.1:9'};
    await assert.rejects(openGitHub({...options, signal: controller.signal}), {
      name: 'AbortError',
    });
    const fetch = async () => {
      throw new TypeError('fetch failed', {cause: new Error('getaddrinfo ENOTFOUND api.github.com')});
    };
    const result = await openGitHub({...options, fetch});
    assert.match(result.opened ? '' : result.reason, /could not be reached: getaddrinfo ENOTFOUND/);
  });
});

test('where the API of a host is', () => {
  assert.equal(apiBaseOf('github.com'), 'https://api.github.com');
  assert.equal(apiBaseOf('acme.ghe.com'), 'https://api.acme.ghe.com');
  assert.equal(apiBaseOf('github.acme.example:8443'), 'https://github.acme.example:8443/api/v3');
});

test('without a token or a known forge there is the page to open', async () => {
  const none = await openPullRequest({repository, token: null}, draft);
  assert.ok(!none.opened);
  assert.match(none.compareUrl ?? '', /compare\/main\.\.\.gitops-tui\//);
  assert.match(none.reason, /GH_TOKEN/);
  const unknown = await openPullRequest({repository: null, token: null}, draft);
  assert.deepEqual(!unknown.opened && unknown.compareUrl, null);
});

describe('a draft of GitHub Enterprise Server', () => {
  const pull = '/api/v3/repos/shop/environments/pulls/7';
  const ready = (answer: Json) => ({
    [`GET ${pull}`]: {json: {...opened, node_id: 'PR_7'}},
    'POST /api/graphql': {json: answer},
  });

  test('is made ready for review, which only GraphQL can', async t => {
    const server = await scriptedForge(t, repository, ready({data: {}}), '/api/v3');
    const {pullRequest} = await server.forge.update(7, {draft: false});
    server.done();
    assert.equal(pullRequest.draft, false);
    assert.deepEqual(server.bodies[1], {
      query:
        'mutation($id: ID!) {markPullRequestReadyForReview(input: {pullRequestId: $id}) {clientMutationId}}',
      variables: {id: 'PR_7'},
    });
  });

  test('stays one where GitHub refuses, whose answer is a success nevertheless', async t => {
    const refused = {data: null, errors: [{message: 'Resource not accessible'}]};
    const server = await scriptedForge(t, repository, ready(refused), '/api/v3');
    await assert.rejects(server.forge.update(7, {draft: false}), /Resource not accessible/);
  });
});
