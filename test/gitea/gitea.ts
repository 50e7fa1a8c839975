import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {type Child, type Nursery, openNursery} from '../cluster/children.ts';
import {isClusterRequired} from '../cluster/required.ts';
import {ensureGitea, type GiteaProgram} from './build.ts';

const readyLimitMs = 120_000;
const attempts = 3;

/** A real Gitea that runs. Its users are `ada`, an administrator, and `bob`. */
export type Gitea = {
  url: string;
  tokens: {ada: string; bob: string};
  /** Sends a request to its API as a user; throws where the answer is no success. */
  api(user: 'ada' | 'bob', method: string, path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
};

let ofThisProcess: Promise<Gitea | undefined> | undefined;
let missing = '';

/**
 * Gives the Gitea of this test file, which ends with its process. Without one the test is skipped, loudly, and gets
 * undefined; where real parts are required it fails.
 */
export async function realGitea(t: TestContext): Promise<Gitea | undefined> {
  ofThisProcess ??= startGitea();
  const gitea = await ofThisProcess;
  if (gitea !== undefined) return gitea;
  if (isClusterRequired()) throw new Error(`the real Gitea is required: ${missing}`);
  t.skip(`no real Gitea: ${missing}`);
  return undefined;
}

/** Starts a Gitea on a free port of 127.0.0.1; undefined where there is no program. */
export async function startGitea(): Promise<Gitea | undefined> {
  const found = await ensureGitea({onProgress: line => process.stderr.write(`test gitea: ${line}\n`)});
  if ('missing' in found) {
    missing = found.missing;
    process.stderr.write(`test gitea: SKIPPED: the tests against a real Gitea do not run: ${missing}\n`);
    return undefined;
  }
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'gitops-tui-gitea-'));
    const nursery = openNursery(folder);
    try {
      return await startIn(folder, nursery, found);
    } catch (error) {
      const logs = nursery.logs();
      // Between finding a free port and listening on it, another process may have taken it.
      const taken = attempt < attempts && /address already in use/.test(logs);
      await nursery.close({keepFolder: !taken});
      if (!taken)
        throw new Error(`Gitea did not start: ${error}\n${logs}\nall is in ${folder}`, {cause: error});
    }
  }
}

async function startIn(
  folder: string,
  nursery: Nursery,
  {program, staticRoot}: GiteaProgram,
): Promise<Gitea> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'app.ini');
  await writeFile(config, settings(folder, port, staticRoot));
  const where = ['--work-path', folder, '--config', config];
  const env = await environment(folder);
  const once = async (...args: string[]) => {
    return (await promisify(execFile)(program, [...args, ...where], {env, timeout: readyLimitMs})).stdout;
  };
  await once('migrate');
  const user = async (name: string, ...flags: string[]) => {
    const account = ['--username', name, '--email', `${name}@example.com`, '--random-password'];
    const keys = ['--access-token', '--access-token-name', 'test', '--access-token-scopes', 'all'];
    const all = ['admin', 'user', 'create', '--must-change-password=false', ...account, ...keys, ...flags];
    const token = /\b[0-9a-f]{40}\b/.exec(await once(...all))?.[0];
    if (token === undefined) throw new Error(`Gitea made no token for ${name}`);
    return token;
  };
  const tokens = {ada: await user('ada', '--admin'), bob: await user('bob')};
  const child = nursery.start('gitea', program, ['web', ...where], env);
  await untilReady(url, child);
  return {
    url,
    tokens,
    async api(who, method, path, body) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json'},
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    stop: () => nursery.close(),
  };
}

/**
 * All that it is started with. Gitea writes git's global configuration: with the tests' own `GIT_CONFIG_GLOBAL=/dev/null` it
 * would, as root, put a file in the place of the device, so that file is one of its own.
 */
async function environment(folder: string): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, 'home');
  const config = join(home, 'gitconfig');
  await mkdir(home);
  await writeFile(config, '');
  const {PATH, TMPDIR} = process.env;
  return {PATH, TMPDIR, HOME: home, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1'};
}

async function untilReady(url: string, child: Child): Promise<void> {
  const deadline = Date.now() + readyLimitMs;
  for (;;) {
    const ending = child.ending();
    if (ending !== undefined) throw new Error(`it ended: ${ending}`);
    if (Date.now() > deadline) throw new Error(`it did not answer in ${readyLimitMs / 1000} s`);
    const ready = await fetch(`${url}/api/healthz`).then(
      response => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
}

/** https://docs.gitea.com/administration/config-cheat-sheet: SQLite, no ssh, no cron, cheap passwords, nothing from outside. */
function settings(folder: string, port: number, staticRoot: string): string {
  return `APP_NAME = test
RUN_MODE = prod
WORK_PATH = ${folder}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
[server]
PROTOCOL = http
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
OFFLINE_MODE = true
DISABLE_SSH = true
STATIC_ROOT_PATH = ${staticRoot}
[database]
DB_TYPE = sqlite3
PATH = ${join(folder, 'gitea.db')}
[security]
INSTALL_LOCK = true
PASSWORD_HASH_ALGO = pbkdf2$1$50
[queue]
TYPE = channel
[session]
PROVIDER = memory
[indexer]
ISSUE_INDEXER_TYPE = db
[log]
LEVEL = warn
[cron]
ENABLED = false
[service]
DISABLE_REGISTRATION = true
[oauth2]
ENABLED = false
`;
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
