import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {ProcessError, run} from '../process/run.ts';
import {makeTemporaryFolder} from '../process/temporary-folder.ts';
import {exportFiles} from '../repository/export.ts';
import {secretValues} from '../repository/secret-values.ts';
import {isObject, type JsonObject, listAt, stringifyJson} from '../resources/json.ts';
import type {Problem} from '../resources/problem.ts';
import {KnownSecrets} from '../secrets/known.ts';
import {plain} from '../text/plain.ts';
import type {Folder} from './folder.ts';
import {type KustomizeFiles, kustomizeFiles} from './kustomize-files.ts';
import {sourceMap} from './kustomize-origin.ts';
import {resourcesOf} from './manifests.ts';
import type {SourceResult} from './types.ts';
import {readYaml, type YamlDocument} from './yaml.ts';

/** Milliseconds that a build may take: remote bases are cloned in it. */
const timeoutMs = 120_000;

/**
 * Builds a folder's kustomization with the kustomize (or kubectl) on PATH, on a copy of the files that it reads: never in
 * the user's checkout, without plugins or Helm, with kustomize's own restriction to files below the kustomization.
 * Throws on abort; all else that goes wrong is a problem of the result.
 */
export async function loadKustomize(folder: Folder, signal?: AbortSignal): Promise<SourceResult> {
  const files = await kustomizeFiles(folder, signal);
  const result: SourceResult = {source: 'kustomize', resources: [], problems: []};
  await using temporary = await makeTemporaryFolder('kustomize');
  const copy = path.join(temporary.path, 'copy');
  // Kustomize's own, for remote bases: where it is killed it doesn't remove them.
  await Promise.all([copy, ownFolder(copy)].map(made => mkdir(made)));
  result.problems.push(...(await writeCopy(copy, folder, files, signal)));
  const output = await build(copy, folder, files, result.problems, signal);
  if (output !== undefined) addRendered(output, folder, files, result);
  return result;
}

function ownFolder(copy: string): string {
  return path.join(path.dirname(copy), 'tmp');
}

async function writeCopy(
  copy: string,
  {tree}: Folder,
  files: KustomizeFiles,
  signal: AbortSignal | undefined,
): Promise<Problem[]> {
  if (!files.complete) return tree.export(copy, signal);
  const entries = [...files.files].flatMap(file => files.entries.get(file) ?? []);
  return exportFiles(copy, [entries], batch => tree.read(batch, signal), signal);
}

async function build(
  copy: string,
  folder: Folder,
  files: KustomizeFiles,
  problems: Problem[],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const [own] = files.kustomizations;
  const target = path.join(copy, folder.path);
  const original = own === undefined ? undefined : files.contents.get(own.file);
  const traced = original === undefined || own === undefined ? undefined : withOrigins(original, own.file);
  try {
    if (own !== undefined && traced !== undefined && original !== undefined) {
      const file = path.join(copy, own.file);
      await writeFile(file, traced);
      const first = await runKustomize(target, ownFolder(copy), signal);
      if (first.exitCode === 0) return first.stdout;
      // An older kustomize doesn't know the annotations; and its words shall be about the user's own file.
      await writeFile(file, original);
    }
    const {exitCode, stdout, stderr} = await runKustomize(target, ownFolder(copy), signal);
    if (exitCode === 0) return stdout;
    problems.push(...buildProblems(stderr, copy, folder, files));
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ProcessError)) throw error;
    problems.push(processProblem(error, own?.file));
  }
  return undefined;
}

/**
 * The kustomization with kustomize's origin annotations asked for, which tell the file of each resource; undefined where
 * it has them already or is better left alone. JSON is YAML too.
 */
function withOrigins(bytes: Buffer, file: string): string | undefined {
  const {documents, problems} = readYaml(bytes, file);
  const value = documents[0]?.value;
  if (problems.length > 0 || documents.length !== 1 || !isObject(value)) return undefined;
  const metadata = listAt(value, 'buildMetadata');
  if (metadata.includes('originAnnotations')) return undefined;
  return stringifyJson({...value, buildMetadata: [...metadata, 'originAnnotations']} satisfies JsonObject);
}

async function runKustomize(
  folder: string,
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<{exitCode: number; stdout: string; stderr: string}> {
  const options = {
    cwd: folder,
    signal,
    timeoutMs,
    // For remote bases: no password prompts, no protocol that runs programs or reads this machine's files.
    env: {GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:ssh', LC_ALL: 'C', TMPDIR: temporary},
  };
  try {
    return await run('kustomize', ['build', '.'], options);
  } catch (error) {
    if (!(error instanceof ProcessError) || error.reason !== 'not-found') throw error;
  }
  return run('kubectl', ['kustomize', '.'], options);
}

function addRendered(output: string, folder: Folder, files: KustomizeFiles, result: SourceResult): void {
  const [own] = files.kustomizations;
  const name = own?.file ?? path.posix.join(folder.path, 'kustomization.yaml');
  const {documents, problems} = readYaml(output, name);
  // Lines of the output are no lines of the repository.
  const located = (problem: Problem): Problem => ({...problem, location: {file: name, line: 1}});
  result.problems.push(...problems.map(located));
  const trace = sourceMap(folder.path, files);
  for (const document of documents) {
    const manifests = resourcesOf(document);
    result.resources.push(...manifests.resources.map(trace));
    result.problems.push(...manifests.problems.map(located));
  }
}

/**
 * Why a build failed: the syntax errors of the files that it reads where that is it, which have line and column, else
 * kustomize's own words with paths as the repository has them, and the file that they are about where they name one.
 */
function buildProblems(stderr: string, copy: string, folder: Folder, files: KustomizeFiles): Problem[] {
  const words = kustomizeWords(stderr, copy, secretsIn(files));
  if (/ya?ml|json/i.test(words)) {
    const names = [...files.contents.keys()].filter(name => /\.ya?ml$|\.json$|Kustomization$/.test(name));
    const mistakes = names
      .flatMap(name => readYaml(files.contents.get(name) ?? '', name).problems)
      .filter(problem => problem.severity === 'error');
    if (mistakes.length > 0) return mistakes;
  }
  const isRemote = /git (?:fetch|clone|cmd)|dial tcp|no such host|http status|unable to access/i.test(words);
  return [
    {
      severity: 'error',
      message: `kustomize can't build it: ${words === '' ? 'it gave no reason' : words}`,
      ...(isRemote
        ? {fix: 'a remote base needs the network and its credentials; vendor it to do without'}
        : {}),
      location: mentioned(words, files) ?? {file: files.kustomizations[0]?.file ?? folder.path, line: 1},
    },
  ];
}

/** Kustomize quotes literals, patches and lines of env files that it can't read: the values of Secrets in them. */
function secretsIn({contents, kustomizations}: KustomizeFiles): KnownSecrets {
  const known = new KnownSecrets();
  const makesSecrets = kustomizations.some(
    ({document}) => listAt(document?.value, 'secretGenerator').length > 0,
  );
  for (const [name, bytes] of contents) {
    const isManifest = /\.(?:ya?ml|json)$|Kustomization$/.test(name);
    for (const value of secretValues(bytes.toString('utf8'), makesSecrets && !isManifest)) known.add(value);
  }
  return known;
}

function kustomizeWords(stderr: string, copy: string, known: KnownSecrets): string {
  const all = plain(stderr.replaceAll(`/private${copy}`, copy));
  // kubectl logs it: `E1121 08:44:29 15177 run.go:72] "command failed" err="…"`, or `err=<`, lines and ` >`.
  const block = /^E\d{4} .*? err=<\n([\s\S]*?)\n >$/m.exec(all)?.[1];
  const lines = (block ?? all)
    .split('\n')
    .filter(line => !/^#|^\s*$|deprecat/i.test(line))
    .map(line => (block === undefined ? line : line.trim()));
  const logged = /^E\d{4} .*? err="(.*)"$/.exec(lines.at(-1) ?? '')?.[1];
  const words = logged?.replaceAll(/\\(["\\])/g, '$1').replaceAll('\\n', ' ') ?? lines.join(' ');
  const said = known
    .redact(words)
    .replace(/^error:\s*/i, '')
    .replaceAll(`${copy}/`, '')
    .replaceAll(copy, '.')
    .trim();
  // A crash of kustomize (an anchor that contains itself) prints pages.
  return said.length > 1000 ? `${said.slice(0, 999)}…` : said;
}

/** The entry of a kustomization that an error quotes (the last: errors go from the outside in), else a file that it names. */
function mentioned(words: string, files: KustomizeFiles): Problem['location'] {
  const names = [...words.matchAll(/['"`]([^'"`\s]+)['"`]|([^\s'"`]+\.ya?ml)/g)]
    .map(([, quoted, bare]) => quoted ?? bare ?? '')
    .reverse();
  for (const name of names) {
    for (const {document} of files.kustomizations) {
      const place = document?.locate([{type: 'field', name}]) ?? (document && entryOf(document, name));
      if (place !== undefined) return place;
    }
  }
  const file = names.find(name => files.entries.has(name));
  return file === undefined ? undefined : {file, line: 1};
}

function entryOf(document: YamlDocument, name: string): Problem['location'] {
  for (const key of ['resources', 'bases', 'components', 'patchesStrategicMerge']) {
    const index = listAt(document.value, key).indexOf(name);
    if (index >= 0) {
      return document.locate([
        {type: 'field', name: key},
        {type: 'index', index},
      ]);
    }
  }
  return undefined;
}

function processProblem(error: ProcessError, file: string | undefined): Problem {
  const isMissing = error.reason === 'not-found';
  return {
    severity: 'error',
    message: isMissing ? 'neither kustomize nor kubectl is on PATH' : error.message,
    ...(isMissing ? {fix: 'install one of them to build kustomizations'} : {}),
    ...(file === undefined ? {} : {location: {file, line: 1}}),
  };
}
