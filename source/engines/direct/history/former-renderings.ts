import {type FormerCommit, formerCommits} from '../../../repository/former-files.ts';
import {checkFolder} from '../../../repository/git.ts';
import {readBlobs} from '../../../repository/tree.ts';
import type {Repository, Tree, TreeEntry} from '../../../repository/types.ts';
import {identityKey, identityOf} from '../../../resources/identity.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  stringAt,
  stringifyJson,
} from '../../../resources/json.ts';
import {isBelow, kustomizationNames, nameOf} from '../../../sources/folder.ts';
import {type SourceOf, sourceFiles} from '../../../sources/load.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import {readYaml} from '../../../sources/yaml.ts';
import {inPool} from '../pool.ts';
import type {EarlierSources} from './earlier-sources.ts';

/** So many commits that touch bases elsewhere are looked at for whether they may have dropped a resource. */
const commits = 50;
/** So many of those that may have are rendered, as each costs a build. */
const mostBuilds = 10;
const parallelBuilds = 3;
/** Of a commit that changes more files it is not asked whether it may drop something: it may. */
const mostChanges = 50;
/** More files than these are not asked for by name. */
const mostNames = 300;

/** A resource of a rendering, and its whole as a text. */
type Rendered = Pick<DesiredResource, 'object' | 'location' | 'generatedFrom'> & {text: string};

/** Fields of a kustomization that no resource goes by, nor its name. */
const harmless = new Set(['images', 'replicas', 'labels', 'commonLabels', 'commonAnnotations', 'patches']);
/** Lists of a kustomization whose every entry is there for resources of its own. */
const additive = ['resources', 'bases', 'configMapGenerator', 'secretGenerator'];
/** What a patch that deletes or renames an object has in it. */
const deletes = /\$patch|\/metadata|allow(?:Name|Kind)Change/;

/** What kustomizations of an environment rendered at earlier commits; each commit is built once. */
export class FormerRenderings {
  readonly #environment: SourceOf;
  readonly #repository: Pick<Repository, 'git'>;
  readonly #earlier: EarlierSources;
  /** What is needed of commits' renderings, by commit: what several have in common is held once. */
  #known = new Map<string, readonly Rendered[]>();

  constructor(
    {environment, repository}: {environment: SourceOf; repository: Pick<Repository, 'git'>},
    earlier: EarlierSources,
  ) {
    this.#environment = environment;
    this.#repository = repository;
    this.#earlier = earlier;
  }

  /**
   * What was rendered before the latest commits that may have dropped a resource, newest first, as formerTree places it:
   * `<sha of the commit>/<file>`. A resource that stayed the same counts once. Nothing for an environment that never was a
   * kustomization. `own` are the commits of the environment's folder. Throws RepositoryError.
   */
  async read(tree: Tree, own: readonly FormerCommit[], signal: AbortSignal): Promise<DesiredResource[]> {
    const history = await historyOf(this.#repository, this.#environment, tree, own, signal);
    const contents = await readChanges(this.#repository, history, signal);
    const dropping = history
      .flatMap(({sha, parent, changes}) =>
        parent !== null && mayDrop(changes, contents) ? [{until: sha, parent}] : [],
      )
      .slice(0, mostBuilds);
    await inPool(dropping, parallelBuilds, async ({parent}) => {
      if (!this.#known.has(parent)) this.#known.set(parent, await this.#render(parent, signal));
    });
    const seen = new Map<string, Rendered>();
    const resources: DesiredResource[] = [];
    const known = new Map<string, readonly Rendered[]>();
    for (const {until, parent} of dropping) {
      const rendered = this.#known.get(parent) ?? [];
      known.set(
        parent,
        rendered.map(each => seen.get(each.text) ?? each),
      );
      for (const each of rendered) {
        if (seen.has(each.text)) continue;
        seen.set(each.text, each);
        const {file, line} = each.location;
        const {object, generatedFrom} = each;
        resources.push({
          object,
          location: {file: `${until}/${file}`, line},
          locate: () => undefined,
          ...(generatedFrom === undefined ? {} : {generatedFrom}),
        });
      }
    }
    this.#known = known;
    return resources;
  }

  /** What of a commit can't be built was never deployed from it. */
  async #render(sha: string, signal: AbortSignal): Promise<Rendered[]> {
    const {resources} = await this.#earlier.of(sha, signal);
    // Not with what finds the lines: it holds every file that was read.
    return resources.map(({object, location, generatedFrom}) => {
      const text = stringifyJson(object);
      return {object, text, location, ...(generatedFrom === undefined ? {} : {generatedFrom})};
    });
  }
}

/** The commits that touch what the environment's kustomizations read, bases elsewhere included; none where it has none. */
async function historyOf(
  repository: Pick<Repository, 'git'>,
  environment: SourceOf,
  tree: Tree,
  own: readonly FormerCommit[],
  signal: AbortSignal,
): Promise<readonly FormerCommit[]> {
  const folder = checkFolder(environment.path);
  if (!(await tree.list(folder, signal)).some(({path}) => isKustomization(path))) {
    const wasBuilt = own.some(({changes}) =>
      changes.some(({path, before}) => before !== null && isKustomization(path)),
    );
    return wasBuilt ? own : [];
  }
  const read = [...(await sourceFiles(environment, tree, {signal}))];
  const elsewhere = read.filter(file => !isBelow(file, folder));
  if (elsewhere.length === 0) return own;
  const named = elsewhere.length > mostNames ? elsewhere.filter(isKustomization) : elsewhere;
  const paths = [folder, ...named];
  return formerCommits(repository, {from: tree.revision, paths, limit: commits}, signal);
}

/** What the changed files said before and after, by object ID. */
async function readChanges(
  repository: Pick<Repository, 'git'>,
  history: readonly FormerCommit[],
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  const wanted = history
    .filter(({changes}) => changes.length <= mostChanges)
    .flatMap(({changes}) =>
      changes.flatMap(({path, before, after}): TreeEntry[] =>
        before === null || after === null || !isYaml(path)
          ? []
          : [before.oid, after].map(oid => ({path: oid, mode: before.mode, oid})),
      ),
    );
  return readBlobs(repository.git, wanted, signal);
}

/** Whether resources may be gone by a commit. One that only moves an image on, or only adds to others, drops none. */
function mayDrop(changes: FormerCommit['changes'], contents: ReadonlyMap<string, Buffer>): boolean {
  if (changes.length > mostChanges) return true;
  return changes.some(({path, before, after}) => {
    if (before === null) return isKustomization(path);
    if (after === null) return true;
    if (!isYaml(path)) return false;
    const left = new Set(parts(path, contents.get(after)));
    return parts(path, contents.get(before.oid)).some(part => !left.has(part));
  });
}

/** What of a file says which resources there are: as long as all of it is there, all of them are. */
function parts(file: string, bytes: Buffer = Buffer.alloc(0)): string[] {
  const {documents, problems} = readYaml(bytes, file);
  const text = bytes.toString('utf8');
  if (problems.length > 0 || deletes.test(text)) return [text];
  return documents.flatMap(({value}) => {
    if (!isObject(value)) return [stringifyJson(value)];
    if (isKustomization(file)) return partsOfKustomization(value);
    const isManifest = identityOf(value).name !== '' && stringAt(value, 'apiVersion') !== 'builtin';
    return [
      isManifest && !Array.isArray(value['items']) ? identityKey(identityOf(value)) : stringifyJson(value),
    ];
  });
}

function partsOfKustomization(value: JsonObject): string[] {
  const others = Object.entries(value).filter(([key]) => !harmless.has(key) && !additive.includes(key));
  return [
    stringifyJson(Object.fromEntries(others)),
    // What an inline patch says is seen here; a file that is patched with only now may say anything.
    stringifyJson(listAt(value, 'patches').flatMap(patch => stringAt(patch, 'path') ?? [])),
    ...additive.flatMap(key => listAt(value, key).map(entry => `${key} ${entryKey(entry)}`)),
  ];
}

/** A path, or a generator by what it makes: its content changes a hash, and no more. */
function entryKey(entry: Json): string {
  const name = stringAt(entry, 'name');
  return name === undefined ? stringifyJson(entry) : `${stringAt(entry, 'namespace') ?? ''}/${name}`;
}

function isKustomization(file: string): boolean {
  return kustomizationNames.includes(nameOf(file));
}

function isYaml(file: string): boolean {
  return /\.(?:ya?ml|json)$/.test(file) || isKustomization(file);
}
