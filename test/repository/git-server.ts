import {spawn} from 'node:child_process';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {TestContext} from 'node:test';
import {run} from '../../source/process/run.ts';
import {isolated} from './git-folder.ts';

/** A git server of the smart http protocol, which is git's own http-backend behind a password. */
export interface GitServer {
  /** URL of a repository in the served folder, with or without who asks. */
  url(repository: string, who?: string): string;
  /** What happens to the next push: it is taken, cut off before git has it, or cut off before git's answer. */
  next: 'take' | 'cut before' | 'cut after';
  /** How many pushes came. */
  pushes: number;
}

/** Serves the repositories of a folder to `ada:secret` until the test is over. */
export async function serveGit(context: TestContext, folder: string): Promise<GitServer> {
  const server = createServer((request, response) => {
    void answer(state, folder, request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const {port} = server.address() as AddressInfo;
  const state: GitServer = {
    url: (repository, who = 'ada:secret') =>
      `http://${who === '' ? '' : `${who}@`}127.0.0.1:${port}/${repository}`,
    next: 'take',
    pushes: 0,
  };
  return state;
}

async function answer(
  state: GitServer,
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const expected = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
  if (request.headers.authorization !== expected) {
    response.writeHead(401, {'WWW-Authenticate': 'Basic realm="git"'}).end();
    return;
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  const isPush = request.method === 'POST' && url.pathname.endsWith('/git-receive-pack');
  if (isPush) state.pushes += 1;
  const what = isPush ? state.next : 'take';
  if (what === 'cut before') {
    request.socket.destroy();
    return;
  }
  const {stdout: exec} = await run('git', ['--exec-path']);
  const backend = spawn(`${exec.trim()}/git-http-backend`, {
    env: {
      ...process.env,
      ...isolated,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'ada',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of backend.stdout) chunks.push(Buffer.from(chunk as Uint8Array));
  if (what === 'cut after') {
    request.socket.destroy();
    return;
  }
  const output = Buffer.concat(chunks);
  const end = output.indexOf('\r\n\r\n');
  let status = 200;
  for (const line of output.toString('latin1', 0, end).split('\r\n')) {
    const [name = '', ...value] = line.split(': ');
    if (name.toLowerCase() === 'status') status = Number.parseInt(value.join(': '), 10);
    else response.setHeader(name, value.join(': '));
  }
  response.writeHead(status).end(output.subarray(end + 4));
}
