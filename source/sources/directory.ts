import type {TreeEntry} from '../repository/types.ts';
import {isObject, stringAt} from '../resources/json.ts';
import type {Problem} from '../resources/problem.ts';
import {type Folder, isHidden, nameOf} from './folder.ts';
import {loadKustomize} from './kustomize.ts';
import {looksLikeManifest, resourcesOf} from './manifests.ts';
import {type ParsedFile, ParsedFiles} from './parsed-files.ts';
import {survey} from './survey.ts';
import type {DesiredResource, SourceResult} from './types.ts';
import {readYaml, type YamlDocument} from './yaml.ts';

// YAML that tools keep among manifests. Each may hold a manifest all the same, which then counts.
const otherTools =
  /^(?:values(?:[.-].*)?|kustomization|Chart|skaffold|docker-compose.*|compose|Taskfile|mkdocs|renovate|codecov|helmfile|fleet|devspace)\.ya?ml$|\.schema\.json$|^(?:package|package-lock|tsconfig|composer|renovate)\.json$/i;

/**
 * Reads the manifests of a folder and its subfolders, as `kubectl apply --recursive -f` does: .yaml, .yml and .json, lists
 * expanded. Hidden folders and the files of other tools are left out; symbolic links are never followed. Kustomizations
 * below the folder are built. Each file's mistakes are its own.
 */
export async function loadDirectory(
  folder: Folder,
  entries: readonly TreeEntry[],
  signal?: AbortSignal,
  parsed: ParsedFiles = new ParsedFiles(),
): Promise<SourceResult> {
  const {manifests, kustomizations, problems} = await survey(folder, entries, signal);
  const result: SourceResult = {source: 'directory', resources: [], problems};
  const contents = await folder.tree.read(manifests, signal);
  for (const entry of manifests) {
    signal?.throwIfAborted();
    const bytes = contents.get(entry.path);
    if (bytes === undefined) continue;
    const file = parsed.of(entry, () => parseFile(entry.path, bytes));
    result.resources.push(...file.resources);
    result.problems.push(...file.problems);
  }
  for (const {folder: path} of kustomizations) {
    const built = await loadKustomize({tree: folder.tree, path}, signal);
    result.resources.push(...built.resources);
    result.problems.push(...built.problems);
  }
  return result;
}

function parseFile(file: string, bytes: Uint8Array): ParsedFile {
  const result: {resources: DesiredResource[]; problems: Problem[]} = {resources: [], problems: []};
  const name = nameOf(file);
  const {documents, problems} = readYaml(bytes, file);
  const isForeign = isHidden(name) || otherTools.test(name);
  // The mistakes in a file of another tool are none of ours, unless it holds manifests.
  if (isForeign && !documents.some(document => looksLikeManifest(document.value))) return result;
  result.problems.push(...problems);
  for (const document of documents) {
    if (isForeign && !looksLikeManifest(document.value)) continue;
    if (isClientSide(document)) continue;
    const manifests = resourcesOf(document);
    result.resources.push(...manifests.resources);
    result.problems.push(...manifests.problems);
  }
  return result;
}

// Objects that a client reads and no cluster serves.
function isClientSide({value}: YamlDocument): boolean {
  if (!isObject(value)) return false;
  const group = (stringAt(value, 'apiVersion') ?? '').split('/', 1)[0] ?? '';
  return group === 'kustomize.config.k8s.io' || group === 'kind.x-k8s.io' || group === 'skaffold';
}
