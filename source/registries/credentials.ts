import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import {ProcessError, run} from '../process/run.ts';
import {parseJson} from '../resources/json.ts';
import {plainLine} from '../text/plain.ts';
import {dockerHub} from './reference.ts';

/** What a user logs in to a registry with, and where it came from, which is all that may be shown of it. */
export interface RegistryCredentials {
  from: string;
  login: {user: string; password: string} | {identityToken: string} | {registryToken: string};
}

/** Where credentials are looked for. */
export interface CredentialPlaces {
  env?: NodeJS.ProcessEnv;
  /** The user's home folder. */
  home?: string;
  signal?: AbortSignal | undefined;
}

/** A file or a helper that should know credentials and failed, in words. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

const text = v.optional(v.string());
const entrySchema = v.object({
  auth: text,
  username: text,
  password: text,
  identitytoken: text,
  registrytoken: text,
});
const fileSchema = v.object({
  auths: v.optional(v.record(v.string(), v.nullish(entrySchema))),
  credHelpers: v.optional(v.record(v.string(), v.string())),
  credsStore: text,
});
const helperSchema = v.object({Username: v.string(), Secret: v.string()});

// A helper may open the keychain or ask a cloud; it never may ask the user, who has no terminal for it.
const helperLimitMs = 20_000;
// docker's own key for its Hub, also in helpers.
const hubKey = 'https://index.docker.io/v1/';

/**
 * The user's credentials for an image's registry: of Docker's config.json and its helpers, and of Podman's auth.json. The
 * first place that knows any wins: $REGISTRY_AUTH_FILE, $DOCKER_CONFIG or ~/.docker, $XDG_RUNTIME_DIR/containers,
 * ~/.config/containers. Null where none does. Throws CredentialsError for a file or a helper that fails.
 * https://docs.docker.com/reference/cli/docker/login/#credential-stores,
 * https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export async function findCredentials(
  image: {registry: string; repository: string},
  {env = process.env, home = homedir(), signal}: CredentialPlaces = {},
): Promise<RegistryCredentials | null> {
  for (const file of filesOf(env, home)) {
    const found = await credentialsIn(file, image, env, signal);
    if (found !== null) return found;
  }
  return null;
}

function filesOf(env: NodeJS.ProcessEnv, home: string): string[] {
  const files = [path.join(env['DOCKER_CONFIG'] || path.join(home, '.docker'), 'config.json')];
  if (env['REGISTRY_AUTH_FILE']) files.unshift(env['REGISTRY_AUTH_FILE']);
  if (env['XDG_RUNTIME_DIR']) files.push(path.join(env['XDG_RUNTIME_DIR'], 'containers', 'auth.json'));
  files.push(path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'containers', 'auth.json'));
  return files;
}

async function credentialsIn(
  file: string,
  image: {registry: string; repository: string},
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<RegistryCredentials | null> {
  let content: string;
  try {
    content = await readFile(file, {encoding: 'utf8', signal});
  } catch (error) {
    signal?.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new CredentialsError(`${file} can't be read (${String(code)})`);
  }
  let config: v.InferOutput<typeof fileSchema>;
  try {
    config = v.parse(fileSchema, parseJson(content));
  } catch {
    // What stands in it is secret: nothing of it is quoted.
    throw new CredentialsError(`${file} is not what docker writes: log in again, or mend it`);
  }
  const key = Object.keys(config.credHelpers ?? {}).find(
    name => hostOf(name) === hostOf(keyOf(image.registry)),
  );
  const helper = key === undefined ? config.credsStore : config.credHelpers?.[key];
  const server = key ?? keyOf(image.registry);
  if (helper) {
    const found = await askHelper(helper, server, {env, signal, required: key !== undefined});
    if (found !== null) return found;
  }
  const entry = entryFor(config.auths ?? {}, image);
  const login = entry && loginOf(entry);
  return login ? {from: file, login} : null;
}

function keyOf(registry: string): string {
  return registry === dockerHub ? hubKey : registry;
}

/** Host and port of a key, as docker compares them; Docker Hub has several names. */
function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return /^(?:index\.|registry-1\.)?docker\.io$/.test(host) ? dockerHub : host.toLowerCase();
}

type Entry = v.InferOutput<typeof entrySchema>;

/** The most specific entry: Podman's keys may go on with a part of the repository. */
function entryFor(
  auths: Readonly<Record<string, Entry | null | undefined>>,
  {registry, repository}: {registry: string; repository: string},
): Entry | null {
  const whole = `${registry}/${repository}`;
  let best: {length: number; entry: Entry} | null = null;
  for (const [key, entry] of Object.entries(auths)) {
    if (!entry) continue;
    const bare = key.replace(/^https?:\/\//, '').replace(/\/+$/, '');
    const isHost = hostOf(key) === registry.toLowerCase() && /^[^/]+(?:\/v[12])?$/.test(bare);
    const isPart = bare.includes('/') && (whole === bare || whole.startsWith(`${bare}/`));
    if (!isHost && !isPart) continue;
    const length = isPart ? bare.length : 0;
    if (best === null || length >= best.length) best = {length, entry};
  }
  return best?.entry ?? null;
}

function loginOf(entry: Entry): RegistryCredentials['login'] | null {
  if (entry.identitytoken) return {identityToken: entry.identitytoken};
  if (entry.registrytoken) return {registryToken: entry.registrytoken};
  // Docker ends what it decodes with NULs.
  const decoded = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  const user = colon > 0 ? decoded.slice(0, colon) : (entry.username ?? '');
  const password = colon > 0 ? decoded.slice(colon + 1) : (entry.password ?? '');
  return user === '' || password === '' ? null : {user, password};
}

/** https://github.com/docker/docker-credential-helpers#development: `get`, the server on standard input, JSON back. */
async function askHelper(
  helper: string,
  server: string,
  {env, signal, required}: {env: NodeJS.ProcessEnv; signal: AbortSignal | undefined; required: boolean},
): Promise<RegistryCredentials | null> {
  const program = `docker-credential-${helper}`;
  if (!/^[\w.-]+$/.test(helper)) throw new CredentialsError(`"${plainLine(helper)}" is no helper's name`);
  let result: Awaited<ReturnType<typeof run>>;
  try {
    const how = {env, input: server, timeoutMs: helperLimitMs, maxBuffer: 1024 * 1024, alone: true, signal};
    result = await run(program, ['get'], how);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ProcessError)) throw error;
    // A store that is named for all registries (Docker Desktop's, long gone) must not keep public images from being seen.
    if (!required) return null;
    throw new CredentialsError(`${plainLine(error.message)}: docker's configuration names it for ${server}`);
  }
  if (result.exitCode !== 0) {
    // It knows nobody for this registry: that is no failure, unless it is this registry's very own helper.
    if (/credentials not found/i.test(result.stdout + result.stderr)) return null;
    if (!required) return null;
    throw new CredentialsError(
      `${program} failed for ${server} (exit status ${result.exitCode}): run "${program} get" to see why`,
    );
  }
  try {
    const {Username: user, Secret: secret} = v.parse(helperSchema, parseJson(result.stdout));
    if (secret === '') return null;
    const login = user === '<token>' ? {identityToken: secret} : {user, password: secret};
    return {from: program, login};
  } catch {
    throw new CredentialsError(`${program} did not answer with the JSON of a credential helper`);
  }
}
