import type {TreeEntry} from '../repository/types.ts';
import {stringAt} from '../resources/json.ts';
import type {Problem} from '../resources/problem.ts';
import {type Folder, isBelow, kustomizationNames, nameOf, parentOf, visible} from './folder.ts';
import {type KustomizeFiles, kustomizeFiles} from './kustomize-files.ts';
import {readYaml} from './yaml.ts';

/** What a folder of manifests holds. */
export interface Survey {
  /** Files to read as manifests. */
  manifests: TreeEntry[];
  /** Kustomizations below the folder that nothing else there builds on: each is built where it stands. */
  kustomizations: {folder: string; files: KustomizeFiles}[];
  problems: Problem[];
}

/**
 * Sorts a folder's files. Kustomizations below it are built, as Flux does with such a folder; a chart below it can't be
 * read, which is a problem. Hidden folders are left out; symbolic links are not followed.
 */
export async function survey(
  folder: Folder,
  entries: readonly TreeEntry[],
  signal?: AbortSignal,
): Promise<Survey> {
  const files = visible(entries, folder.path);
  const problems: Problem[] = [];
  const charts = outermost(
    files.filter(({path}) => nameOf(path) === 'Chart.yaml').map(({path}) => parentOf(path)),
  ).filter(parent => parent !== folder.path);
  for (const chart of charts) {
    problems.push({
      severity: 'error',
      message: `${chart} is a Helm chart, which this version can't read yet: what it deploys is not compared`,
      fix: 'move it out of the environment’s folder, or commit what it renders',
      location: {file: `${chart}/Chart.yaml`, line: 1},
    });
  }
  const built = await kustomizationFolders(folder, files, signal);
  const kustomizations = await independent(folder, outermost(built), signal);
  const elsewhere = [...charts, ...built];
  const manifests = files.filter(entry => {
    if (!/\.(?:ya?ml|json)$/.test(entry.path)) return false;
    if (elsewhere.some(parent => isBelow(entry.path, parent))) return false;
    if (entry.mode !== '120000') return true;
    problems.push({
      severity: 'error',
      message: 'a symbolic link is not followed: what it leads to is not compared',
      fix: 'put the file itself there',
      location: {file: entry.path, line: 1},
    });
    return false;
  });
  return {manifests, kustomizations, problems};
}

/** The folders below with a file for kustomize. A Flux object in a file of that name is a manifest like any other. */
async function kustomizationFolders(
  {tree, path: folder}: Folder,
  files: readonly TreeEntry[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const candidates = files.filter(
    ({path, mode}) =>
      kustomizationNames.includes(nameOf(path)) && parentOf(path) !== folder && mode !== '120000',
  );
  if (candidates.length === 0) return [];
  const contents = await tree.read(candidates, signal);
  return candidates.flatMap(({path}) => {
    const value = readYaml(contents.get(path) ?? '', path).documents[0]?.value;
    const apiVersion = stringAt(value, 'apiVersion') ?? 'kustomize.config.k8s.io/';
    return apiVersion.startsWith('kustomize.config.k8s.io/') ? [parentOf(path)] : [];
  });
}

// What another one builds on is built there.
async function independent(
  {tree}: Folder,
  folders: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Survey['kustomizations']> {
  const found: Survey['kustomizations'] = [];
  for (const path of folders) found.push({folder: path, files: await kustomizeFiles({tree, path}, signal)});
  const bases = new Set(found.flatMap(({files}) => files.kustomizations.slice(1).map(({folder}) => folder)));
  return found.filter(({folder, files}) => {
    const isComponent = stringAt(files.kustomizations[0]?.document?.value, 'kind') === 'Component';
    return !bases.has(folder) && !isComponent;
  });
}

function outermost(folders: readonly string[]): string[] {
  return [...new Set(folders)].filter(
    folder => !folders.some(other => other !== folder && isBelow(folder, other)),
  );
}
