import {createHash, generateKeyPairSync, sign} from 'node:crypto';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {createServer as createHttpServer, type IncomingHttpHeaders} from 'node:http';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Child, openNursery} from '../cluster/children.ts';
import {isClusterRequired} from '../cluster/required.ts';
import {ensureRegistry} from './build.ts';

const readyLimitMs = 120_000;
const attempts = 3;

/** Who the registry lets in, and how. */
export type Access = 'everybody' | 'password' | 'token';

/** The one user of a registry that asks. */
export const user = {name: 'ada', password: 'registry-s3cret', identityToken: 'identity-0f-ada'};
// bcrypt of the password above, at the lowest cost.
const passwordHash = '$2a$04$1whnh9xCv1HgprXAVN1pxOgIKc7reoGQzdo8EboeqkGipqfNj97vm';

/** An image to push: what its configuration says of its making. */
export interface Build {
  created?: string;
  labels?: Record<string, string>;
}

/** What a token server was asked. */
export interface TokenRequest {
  method: string;
  parameters: Record<string, string>;
  authorization: string | undefined;
}

/** A real registry that runs. */
export interface Registry {
  /** `127.0.0.1:PORT`. */
  host: string;
  /** Pushes an image, and gives its digest. */
  push(repository: string, tag: string, build?: Build): Promise<string>;
  /** Pushes an index of images for two platforms, and gives its digest. */
  pushIndex(repository: string, tag: string, build?: Build): Promise<string>;
  /** The token server's requests, in order; none where nobody asks for a token. */
  tokenRequests: TokenRequest[];
  /** Where the token server is. */
  realm: string;
}

/**
 * Starts a real registry (the CNCF's Distribution) on a free port of 127.0.0.1, its images in memory; it ends with the test.
 * Without a program the test is skipped, loudly, and gets undefined; where real parts are required it fails.
 */
export async function realRegistry(
  t: TestContext,
  access: Access = 'everybody',
): Promise<Registry | undefined> {
  const program = await ensureRegistry({
    onProgress: line => process.stderr.write(`test registry: ${line}\n`),
  });
  if (typeof program !== 'string') {
    if (isClusterRequired()) throw new Error(`the real registry is required: ${program.missing}`);
    process.stderr.write(
      `test registry: SKIPPED: the tests against a real registry do not run: ${program.missing}\n`,
    );
    t.skip(`no real registry: ${program.missing}`);
    return undefined;
  }
  const tokens = access === 'token' ? await startTokenServer(t) : undefined;
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-registry-'));
    const nursery = openNursery(folder);
    try {
      const port = await freePort();
      const config = join(folder, 'config.json');
      await writeFile(join(folder, 'htpasswd'), `${user.name}:${passwordHash}\n`);
      if (tokens !== undefined) await writeFile(join(folder, 'keys.json'), tokens.keys);
      // The registry reads YAML, which JSON is.
      await writeFile(config, JSON.stringify(settings(folder, port, access, tokens?.realm ?? '')));
      const {PATH, HOME, TMPDIR} = process.env;
      const env = {PATH, HOME, TMPDIR, OTEL_TRACES_EXPORTER: 'none'};
      const child = nursery.start('registry', program, ['serve', config], env);
      await untilReady(`http://127.0.0.1:${port}/v2/`, child);
      t.after(() => nursery.close());
      return registryAt(`127.0.0.1:${port}`, access, tokens);
    } catch (error) {
      const logs = nursery.logs();
      // Between finding a free port and listening on it, another process may have taken it.
      const taken = attempt < attempts && /address already in use/.test(logs);
      await nursery.close({keepFolder: !taken});
      if (!taken)
        throw new Error(`the registry did not start: ${error}\n${logs}\nall is in ${folder}`, {cause: error});
    }
  }
}

/** https://distribution.github.io/distribution/about/configuration/ */
function settings(folder: string, port: number, access: Access, realm: string): object {
  const auth = {
    everybody: {},
    password: {auth: {htpasswd: {realm: 'test', path: join(folder, 'htpasswd')}}},
    token: {
      auth: {
        token: {realm, service: 'test-registry', issuer: 'test', jwks: join(folder, 'keys.json')},
      },
    },
  }[access];
  return {
    version: '0.1',
    log: {level: 'warn'},
    storage: {inmemory: {}},
    http: {addr: `127.0.0.1:${port}`, secret: 'test'},
    ...auth,
  };
}

async function untilReady(url: string, child: Child): Promise<void> {
  const deadline = Date.now() + readyLimitMs;
  for (;;) {
    const ending = child.ending();
    if (ending !== undefined) throw new Error(`it ended: ${ending}`);
    if (Date.now() > deadline) throw new Error(`it did not answer in ${readyLimitMs / 1000} s`);
    const ready = await fetch(url).then(
      response => response.status === 200 || response.status === 401,
      () => false,
    );
    if (ready) return;
    await sleep(20);
  }
}

function registryAt(host: string, access: Access, tokens: TokenServer | undefined): Registry {
  const authorizationFor = (repository: string): Record<string, string> => {
    if (access === 'password') return {authorization: basic(user.name, user.password)};
    if (tokens !== undefined) return {authorization: `Bearer ${tokens.issue(repository, ['pull', 'push'])}`};
    return {};
  };
  const send = async (repository: string, method: string, path: string, type: string, body: Buffer) => {
    const url = new URL(path, `http://${host}`);
    const headers = {...authorizationFor(repository), 'content-type': type};
    const response = await fetch(url, {
      method,
      headers,
      ...(body.length > 0 ? {body: new Uint8Array(body)} : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return response;
  };
  const blob = async (repository: string, content: Buffer) => {
    const digest = digestOf(content);
    const started = await send(
      repository,
      'POST',
      `/v2/${repository}/blobs/uploads/`,
      'text/plain',
      Buffer.alloc(0),
    );
    const upload = new URL(started.headers.get('location') ?? '', `http://${host}`);
    upload.searchParams.set('digest', digest);
    await send(repository, 'PUT', `${upload.pathname}${upload.search}`, 'application/octet-stream', content);
    return {digest, size: content.length};
  };
  const manifest = async (repository: string, reference: string, content: {mediaType: string}) => {
    const bytes = Buffer.from(JSON.stringify(content));
    const name = reference === '' ? digestOf(bytes) : reference;
    await send(repository, 'PUT', `/v2/${repository}/manifests/${name}`, content.mediaType, bytes);
    return {digest: digestOf(bytes), size: bytes.length};
  };
  const image = async (
    repository: string,
    reference: string,
    {created, labels}: Build,
    architecture: string,
  ) => {
    const config = {
      architecture,
      os: 'linux',
      created,
      config: {Labels: labels},
      rootfs: {type: 'layers', diff_ids: []},
    };
    const stored = await blob(repository, Buffer.from(JSON.stringify(config)));
    return manifest(repository, reference, {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {mediaType: 'application/vnd.oci.image.config.v1+json', ...stored},
      layers: [],
      // So that two tags of equal making are two images.
      annotations: {reference},
    } as {mediaType: string});
  };
  return {
    host,
    realm: tokens?.realm ?? '',
    tokenRequests: tokens?.requests ?? [],
    push: async (repository, tag, build = {}) => (await image(repository, tag, build, 'amd64')).digest,
    async pushIndex(repository, tag, build = {}) {
      const type = 'application/vnd.oci.image.manifest.v1+json';
      const manifests = [];
      for (const architecture of ['arm64', 'amd64']) {
        const platform = {os: 'linux', architecture};
        manifests.push({mediaType: type, ...(await image(repository, '', build, architecture)), platform});
      }
      const index = {schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests};
      return (await manifest(repository, tag, index)).digest;
    },
  };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

interface TokenServer {
  realm: string;
  /** The public key, as a set of JSON web keys. */
  keys: string;
  requests: TokenRequest[];
  issue(repository: string, actions: readonly string[]): string;
}

/**
 * A token server as https://distribution.github.io/distribution/spec/auth/token/ and …/oauth/ have it: `public/…` for
 * everybody, all else for the user's password (GET) or identity token (POST).
 */
async function startTokenServer(t: TestContext): Promise<TokenServer> {
  const {publicKey, privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
  const keys = JSON.stringify({
    keys: [{...publicKey.export({format: 'jwk'}), kid: 'test', use: 'sig', alg: 'ES256'}],
  });
  const requests: TokenRequest[] = [];
  const issue = (repository: string, actions: readonly string[]) => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'test',
      sub: user.name,
      aud: 'test-registry',
      exp: now + 600,
      nbf: now - 60,
      iat: now,
      jti: String(requests.length),
    };
    const access = actions.length === 0 ? [] : [{type: 'repository', name: repository, actions}];
    const signed = `${encode({alg: 'ES256', typ: 'JWT', kid: 'test'})}.${encode({...claims, access})}`;
    const signature = sign('sha256', Buffer.from(signed), {key: privateKey, dsaEncoding: 'ieee-p1363'});
    return `${signed}.${signature.toString('base64url')}`;
  };
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const {searchParams} = new URL(request.url ?? '/', 'http://token.invalid');
    const parameters = Object.fromEntries(
      request.method === 'POST' ? new URLSearchParams(body) : searchParams,
    );
    const {authorization}: IncomingHttpHeaders = request.headers;
    requests.push({method: request.method ?? '', parameters, authorization});
    const [, repository = '', actions = ''] =
      /^repository:([^:]+):(.*)$/.exec(parameters['scope'] ?? '') ?? [];
    const isKnown =
      parameters['refresh_token'] === user.identityToken || authorization === basic(user.name, user.password);
    const isWrong = !isKnown && (authorization !== undefined || parameters['refresh_token'] !== undefined);
    response.setHeader('content-type', 'application/json');
    if (isWrong) {
      response.statusCode = 401;
      response.end(
        JSON.stringify({errors: [{code: 'UNAUTHORIZED', message: `no such user: ${authorization}`}]}),
      );
      return;
    }
    const granted = isKnown || repository.startsWith('public/') ? actions.split(',') : [];
    const token = issue(repository, granted);
    response.end(
      JSON.stringify(request.method === 'POST' ? {access_token: token, expires_in: 300} : {token}),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {realm: `http://127.0.0.1:${address.port}/token`, keys, requests, issue};
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
