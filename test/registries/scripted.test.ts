// Registries that answer as the test says: what a real one does seldom, or to others.
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {getCACertificates, setDefaultCACertificates} from 'node:tls';
import {RegistryClient, type RegistryClientOptions} from '../../source/registries/client.ts';
import type {RegistryCredentials} from '../../source/registries/credentials.ts';
import {RegistryError, type RegistryReason} from '../../source/registries/error.ts';
import {Registries} from '../../source/registries/registries.ts';
import {Authority} from '../cluster-client/certificates.ts';
import {type Arrived, type Reaction, startServer} from '../cluster-client/scripted-server.ts';

// One for all of a test file: two of the same name can't be told from one another.
const authority = new Authority('registries');
setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);

const repository = 'team/web';
const list = `/v2/${repository}/tags/list`;
const login: RegistryCredentials = {from: 'a test', login: {user: 'ada', password: 'pa55-of-ada'}};

async function registry(
  t: TestContext,
  react: (request: Arrived, index: number) => Reaction,
  options: RegistryClientOptions = {},
) {
  // What is asked first is only whether TLS is spoken.
  const asked: Arrived[] = [];
  const server = await startServer(
    t,
    request => {
      if (request.path === '/v2/') return {json: {}};
      asked.push(request);
      return react(request, asked.length - 1);
    },
    {pair: authority.server(['127.0.0.1', 'localhost'])},
  );
  const place = {registry: `127.0.0.1:${server.port}`, repository};
  const client = new RegistryClient({credentials: async () => null, ...options});
  return {client, place, asked, server};
}

async function failure(asked: Promise<unknown>, reason: RegistryReason): Promise<RegistryError> {
  const error = await asked.then(
    () => assert.fail('it answered'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof RegistryError, String(error));
  assert.equal(error.reason, reason, error.message);
  return error;
}

test('tags come page by page, by relative links and by absolute ones, and a page twice ends it', async t => {
  const pages: Record<string, [string[], string]> = {
    '': [['1', '2'], `<${list}?last=2>; rel="next"`],
    '2': [['3'], '<list?last=3>; rel=next'],
    '3': [['4', 'no tag!'], '<https://HOST/v2/team/web/tags/list?last=2>; rel="next"'],
  };
  const {client, place, asked} = await registry(t, request => {
    const last = request.query.get('last') ?? '';
    const [tags, link] = pages[last] ?? [[], ''];
    return {json: {name: repository, tags}, headers: {link: link.replace('HOST', place.registry)}};
  });
  assert.deepEqual(await client.tags(place), {tags: ['1', '2', '3', '4'], complete: true});
  assert.equal(asked.length, 4);
  assert.equal(asked[0]?.query.get('n'), '1000');
});

test('a repository without tags has none, and one without end is told to be incomplete', async t => {
  const empty = await registry(t, () => ({json: {name: repository, tags: null}}));
  assert.deepEqual(await empty.client.tags(empty.place), {tags: [], complete: true});
  const endless = await registry(t, (_, index) => ({
    json: {tags: Array.from({length: 1000}, (_, at) => `t${index}-${at}`)},
    headers: {link: `<${list}?last=${index}>; rel="next"`},
  }));
  const {tags, complete} = await endless.client.tags(endless.place);
  assert.deepEqual([tags.length, complete], [20_000, false]);
});

test('a further page on another host is not asked for', async t => {
  const {client, place} = await registry(t, () => ({
    json: {tags: ['1']},
    headers: {link: '<https://elsewhere.example/v2/team/web/tags/list>; rel="next"'},
  }));
  await failure(client.tags(place), 'insecure');
});

test('a rate limit says until when, and until then nothing more is asked of this registry', async t => {
  const {client, place, asked} = await registry(t, () => ({
    status: 429,
    json: {errors: [{code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.'}]},
    headers: {'retry-after': '3600'},
  }));
  const first = await failure(client.tags(place), 'rate-limited');
  assert.match(first.message, /rate limit of 127\.0\.0\.1:\d+ is used up until \d\d:\d\d UTC/);
  assert.match(first.message, /You have reached your pull rate limit/);
  await failure(client.digest(place, 'x'), 'rate-limited');
  assert.equal(asked.length, 1);
});

test('what a registry says is made safe for a screen, and holds no password', async t => {
  const said = Buffer.from('ada:pa55-of-ada').toString('base64');
  const {client, place} = await registry(
    t,
    request =>
      request.headers.authorization === undefined
        ? {status: 401, headers: {'www-authenticate': 'Basic realm="x"'}}
        : {
            status: 403,
            json: {
              errors: [{message: `no \u001b[31m${request.headers.authorization} pa55-of-ada ${said}\u0007`}],
            },
          },
    {credentials: async () => login},
  );
  const {message} = await failure(client.tags(place), 'forbidden');
  assert.doesNotMatch(message, /pa55|\u001b|\u0007/);
  assert.ok(!message.includes(said), message);
});

test('a certificate that nobody vouches for is said to be that, and no password is sent', async t => {
  const stranger = new Authority('a stranger');
  const server = await startServer(t, () => ({json: {}}), {pair: stranger.server(['127.0.0.1'])});
  const client = new RegistryClient({credentials: async () => login});
  const error = await failure(client.tags({registry: `127.0.0.1:${server.port}`, repository}), 'certificate');
  assert.match(error.message, /NODE_EXTRA_CA_CERTS/);
  assert.equal(server.requests.length, 0);
});

test('a password goes to no token server that is not safe to ask', async t => {
  let realm = '';
  const {client, place} = await registry(
    t,
    () => ({status: 401, headers: {'www-authenticate': `Bearer realm="${realm}",service="s"`}}),
    {credentials: async () => login},
  );
  for (const unsafe of [
    'http://tokens.example/token',
    'https://ada@tokens.example/',
    'file:///etc/passwd',
    'nonsense',
  ]) {
    realm = unsafe;
    await failure(client.tags(place), 'insecure');
  }
});

test('a registry elsewhere can’t have us ask the services of this machine', async () => {
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request) => {
    asked.push(String(input));
    const realm = 'https://127.0.0.1:8443/token';
    const headers = {'www-authenticate': `Bearer realm="${realm}"`, location: 'https://localhost/'};
    return new Response(null, {status: asked.length === 1 ? 401 : 307, headers});
  };
  const place = {registry: 'registry.example', repository};
  const client = new RegistryClient({credentials: async () => login, fetch});
  await failure(client.tags(place), 'insecure');
  await failure(client.tags(place), 'insecure');
  assert.deepEqual(
    asked.map(url => new URL(url).host),
    ['registry.example', 'registry.example'],
  );
});

test('a second challenge, of a proxy before the registry, is answered once', async t => {
  const {client, place, asked} = await registry(
    t,
    request => {
      const {authorization = ''} = request.headers;
      if (request.path === '/token') return {json: {access_token: 'a-token', expires_in: 1}};
      if (authorization.startsWith('Basic')) return {json: {tags: ['1']}};
      const host = request.headers.host;
      const header = authorization === '' ? `Bearer realm="https://${host}/token"` : 'Basic realm="proxy"';
      return {status: 401, headers: {'www-authenticate': header}};
    },
    {credentials: async () => login},
  );
  assert.deepEqual((await client.tags(place)).tags, ['1']);
  assert.deepEqual(
    asked.map(({path, headers}) => `${path} ${headers.authorization?.split(' ')[0] ?? ''}`),
    [`${list} `, '/token Basic', `${list} Bearer`, `${list} Basic`],
  );
});

test('a token is kept for its repository, and asked for anew when the registry takes it no longer', async t => {
  let valid = 'token-1';
  let given = 0;
  const {client, place, asked} = await registry(t, request => {
    if (request.path === '/token') return {json: {token: `token-${++given}`, expires_in: 300}};
    if (request.headers.authorization === `Bearer ${valid}`) return {json: {tags: ['1']}};
    const realm = `https://${request.headers.host}/token`;
    return {status: 401, headers: {'www-authenticate': `Bearer realm="${realm}",service="r"`}};
  });
  await client.tags(place);
  await client.tags(place);
  assert.equal(given, 1);
  valid = 'token-2';
  await client.tags(place);
  assert.equal(given, 2);
  assert.equal(
    asked.find(({path}) => path === '/token')?.query.get('scope'),
    `repository:${repository}:pull`,
  );
});

test('a blob’s redirect is followed without the registry’s token, and its content held to its digest', async t => {
  const config = JSON.stringify({created: '1970-01-01T00:00:00Z', config: {Labels: null}});
  const wrong = `sha256:${'0'.repeat(64)}`;
  const other = await startServer(t, () => ({text: config}), {pair: authority.server(['127.0.0.1'])});
  const {client, place} = await registry(
    t,
    request => {
      if (request.headers.authorization === undefined)
        return {status: 401, headers: {'www-authenticate': 'Basic realm="x"'}};
      if (request.path.includes('/blobs/'))
        return {status: 307, headers: {location: `${other.url}/stored?sig=1`}};
      return {json: {schemaVersion: 2, config: {mediaType: 'x', digest: wrong, size: 1}}};
    },
    {credentials: async () => login},
  );
  const error = await failure(client.facts(place, '1'), 'broken');
  assert.match(error.message, /another content than sha256:0000/);
  assert.equal(other.requests[0]?.headers.authorization, undefined);
});

test('an answer without end, without sense or without an end in time is none', async t => {
  const endless = await registry(t, () => ({text: 'x'.repeat(17 * 1024 * 1024)}));
  await failure(endless.client.tags(endless.place), 'broken');
  const senseless = await registry(t, () => ({text: '<html>sign in</html>'}));
  await failure(senseless.client.tags(senseless.place), 'not-a-registry');
  const silent = await registry(t, () => 'hang', {timeoutMs: 200});
  // The time runs for each request: this one is not about how long it takes.
  await failure(silent.client.tags(silent.place), 'unreachable');
  const broken = await registry(t, () => 'drop-midway');
  await failure(broken.client.tags(broken.place), 'unreachable');
});

test('who gives up is not told a failure of the registry', async t => {
  const controller = new AbortController();
  const {client, place} = await registry(t, () => {
    controller.abort(new Error('the user left'));
    return 'hang';
  });
  await assert.rejects(client.tags(place, controller.signal), /the user left/);
});

// The answers' shapes are those of Docker Hub's documentation (https://docs.docker.com/reference/api/hub/latest/,
// https://docs.docker.com/docker-hub/usage/pulls/), cut down: Docker Hub itself can't be asked in a test.
const hubTags = [
  ['1.27.3-alpine', '2026-03-04T05:06:07.123456Z'],
  ['stable-2', '2026-03-02T00:00:00Z'],
  ['stable-1', '2026-03-03T00:00:00Z'],
];

function dockerHub() {
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(String(input));
    asked.push(`${init.method} ${url.host}${url.pathname}`);
    const authorization = new Headers(init.headers).get('authorization');
    const json = (body: object, headers: Record<string, string> = {}) => Response.json(body, {headers});
    if (url.host === 'auth.docker.io') {
      assert.deepEqual(Object.fromEntries(url.searchParams), {
        service: 'registry.docker.io',
        scope: 'repository:library/nginx:pull',
      });
      return json({
        token: 'hub-token',
        access_token: 'hub-token',
        expires_in: 300,
        issued_at: '2026-03-05T00:00:00Z',
      });
    }
    if (url.host === 'registry-1.docker.io' && authorization !== 'Bearer hub-token') {
      const challenge =
        'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"';
      return new Response(null, {status: 401, headers: {'www-authenticate': challenge}});
    }
    if (url.pathname === '/v2/library/nginx/tags/list')
      return json({
        name: 'library/nginx',
        tags: ['1.27.3-alpine', '1.26.0-alpine', 'stable-1', 'stable-2', 'latest'],
      });
    const digest = `sha256:${'ab'.repeat(32)}`;
    if (url.pathname.startsWith('/v2/library/nginx/manifests/'))
      return new Response(null, {
        headers: {'docker-content-digest': digest, 'ratelimit-remaining': '99;w=21600'},
      });
    if (url.host === 'hub.docker.com') {
      assert.equal(authorization, null, 'nobody’s password goes to the Hub’s own API');
      const tags = hubTags.map(([name, pushed]) => ({
        creator: 7,
        id: 1,
        images: [{architecture: 'amd64', digest, os: 'linux', size: 1}],
        last_updated: pushed,
        last_updater: 7,
        name,
        repository: 1,
        full_size: 1,
        v2: true,
        tag_status: 'active',
        tag_last_pulled: null,
        tag_last_pushed: pushed,
      }));
      const one = tags.find(({name}) => url.pathname.endsWith(`/tags/${name}`));
      return one === undefined ? json({count: 3, next: null, previous: null, results: tags}) : json(one);
    }
    return new Response('{}', {status: 404});
  };
  return {asked, fetch};
}

test('Docker Hub is asked at its registry for tags, and at its own API for times, which costs no pull', async () => {
  const {asked, fetch} = dockerHub();
  const registries = new Registries({fetch, credentials: async () => null});
  const place = {registry: 'docker.io', repository: 'library/nginx'};
  const {signal} = new AbortController();
  const {tags} = await registries.tags(place, signal);
  assert.ok(tags.includes('1.26.0-alpine'));
  const facts = await registries.facts(place, '1.27.3-alpine', signal);
  assert.deepEqual(facts, {created: '2026-03-04T05:06:07.123Z', revision: null});
  const {times, problem} = await registries.buildTimes(place, ['stable-1', 'stable-2'], signal);
  assert.deepEqual(
    [Object.fromEntries(times), problem],
    [{'stable-2': '2026-03-02T00:00:00.000Z', 'stable-1': '2026-03-03T00:00:00.000Z'}, null],
  );
  assert.match(await registries.digest(place, 'latest', signal), /^sha256:abab/);
  assert.deepEqual(asked, [
    'GET registry-1.docker.io/v2/library/nginx/tags/list',
    'GET auth.docker.io/token',
    'GET registry-1.docker.io/v2/library/nginx/tags/list',
    'GET hub.docker.com/v2/namespaces/library/repositories/nginx/tags/1.27.3-alpine',
    'GET hub.docker.com/v2/namespaces/library/repositories/nginx/tags',
    'HEAD registry-1.docker.io/v2/library/nginx/manifests/latest',
  ]);
});

test('what was asked a moment ago is not asked again, until it is old or wanted anew', async t => {
  let now = Date.UTC(2026, 2, 1);
  let asked = 0;
  const {place} = await registry(t, () => {
    asked++;
    return asked === 1 ? {status: 500} : {json: {tags: [`t${asked}`]}};
  });
  const registries = new Registries({credentials: async () => null, now: () => now});
  const {signal} = new AbortController();
  await failure(registries.tags(place, signal), 'broken');
  const both = await Promise.all([registries.tags(place, signal), registries.tags(place, signal)]);
  assert.deepEqual(
    both.map(({tags}) => tags),
    [['t2'], ['t2']],
    'a failure is not kept, and two ask once',
  );
  now += 60_000;
  assert.deepEqual((await registries.tags(place, signal)).tags, ['t2']);
  now += 240_000;
  assert.deepEqual((await registries.tags(place, signal)).tags, ['t3']);
  registries.forget({all: true});
  assert.deepEqual((await registries.tags(place, signal)).tags, ['t4']);
});

test('who joins a question whose asker gives up has it asked again', async t => {
  const first = new AbortController();
  let asked = 0;
  const {place} = await registry(t, () => {
    asked++;
    if (asked > 1) return {json: {tags: ['1']}};
    first.abort(new Error('left'));
    return 'hang';
  });
  const registries = new Registries({credentials: async () => null});
  const gone = assert.rejects(registries.tags(place, first.signal), /left/);
  const {tags} = await registries.tags(place, new AbortController().signal);
  await gone;
  assert.deepEqual(tags, ['1']);
});
