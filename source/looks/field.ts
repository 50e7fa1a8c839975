import type {Renderings} from '../changes/effect/renderings.ts';
import type {ConnectedCluster} from '../cluster/types.ts';
import {lookup} from '../drift/lookup.ts';
import {maskedValue} from '../drift/secrets.ts';
import {desiredTree} from '../engines/direct/history/revision.ts';
import type {Environment} from '../environments/types.ts';
import {fileHistory} from '../repository/file-history.ts';
import type {Repository, Tree} from '../repository/types.ts';
import type {Json, JsonObject} from '../resources/json.ts';
import type {SchemaNode} from '../resources/schema.ts';
import type {Mask} from '../secrets/mask.ts';
import {loadSource, sourceFiles} from '../sources/load.ts';
import type {DesiredResource} from '../sources/types.ts';
import {desiredOf, fieldValue, walkField} from './field-history.ts';
import {appliedAt, fieldOwners} from './field-owners.ts';
import {problemOf} from './follow-list.ts';
import type {FieldNews, FieldQuestion, FieldSide} from './types.ts';

/** So many commits are rendered for the history of one field. */
const mostCommits = 100;
/** git takes the files to look for as arguments: of more than these the folder has to do. */
const mostFiles = 200;

/** What a field's two sides are read from. */
export interface FieldWorld {
  environment: Environment;
  repository: Repository;
  renderings: Renderings;
  worktree: boolean;
  mask: Mask;
  /** Throws ClusterError where there is none to ask. */
  connect(): ConnectedCluster;
}

/**
 * Tells of a field what stands there on both sides, who owns it in the cluster, and which commits changed it in what git
 * wants, the newest first, each as it is known. Trouble with a side is part of what is told; rejects only when aborted, or
 * where git itself fails.
 */
export async function tellField(
  question: FieldQuestion,
  world: FieldWorld,
  signal: AbortSignal,
  tell: (news: FieldNews) => void,
): Promise<void> {
  const say = (news: FieldNews) => {
    if (!signal.aborted) tell(news);
  };
  // The schema finds items of lists; without it most fields are found all the same.
  const live = await liveSide(question, world, signal);
  say(live.news);
  await gitSide(question, world, live, signal, say);
}

interface Live {
  news: FieldNews;
  schema: SchemaNode | undefined;
  /** The namespace of resources that name none. */
  namespace: string | null;
}

async function liveSide(
  {id, version, liveName, elements}: FieldQuestion,
  {environment, connect, mask}: FieldWorld,
  signal: AbortSignal,
): Promise<Live> {
  let namespace = environment.namespace;
  let schema: SchemaNode | undefined;
  const answer = (live: FieldSide, object: JsonObject | null): Live => ({
    news: {
      type: 'live',
      live,
      owners: object === null ? [] : fieldOwners(object, elements),
      applied: object === null ? {none: 'nothing is live'} : appliedSide(object),
    },
    schema,
    namespace,
  });
  const appliedSide = (object: JsonObject): FieldSide => {
    const applied = appliedAt(object, schema, elements);
    if (applied === undefined) return {none: 'nobody applied it with kubectl: there is no note of it'};
    return sideOf(applied.value, 'it did not name this field');
  };
  const sideOf = (value: Json | undefined, none: string, object?: JsonObject): FieldSide =>
    value === undefined ? {none} : {value: shown(object ?? {kind: id.kind, apiVersion: 'v1'}, value)};
  const shown = (object: JsonObject, value: Json) => maskedValue(object, elements, value, mask);
  try {
    const cluster = connect();
    namespace ??= cluster.namespace;
    const catalog = await cluster.kinds({signal});
    const kind = catalog.find(id.group, version, id.kind) ?? catalog.preferred(id.group, id.kind);
    if (kind === undefined) return answer({none: 'the cluster does not serve this kind'}, null);
    schema = await cluster.schema(kind, signal).catch(() => undefined);
    const object = await cluster.get(kind, id.namespace, liveName, signal);
    if (object === undefined) return answer({none: 'it is not live'}, null);
    return answer(sideOf(lookup(object, schema, elements), 'not set', object), object);
  } catch (error) {
    signal.throwIfAborted();
    return answer({problem: problemOf(error)}, null);
  }
}

async function gitSide(
  {id, elements}: FieldQuestion,
  {environment, repository, renderings, worktree, mask}: FieldWorld,
  {schema, namespace}: Live,
  signal: AbortSignal,
  say: (news: FieldNews) => void,
): Promise<void> {
  const shown = (value: Json | undefined) =>
    value === undefined ? undefined : maskedValue({kind: id.kind, apiVersion: 'v1'}, elements, value, mask);
  const place = {id, elements, namespace, schema};
  const tree = await desiredTree(repository, environment, worktree, signal);
  const now = worktree
    ? (await loadSource(environment, tree, {signal})).resources
    : await wantedAt(renderings, environment, tree, signal);
  const desired = desiredOf(now ?? [], id, namespace);
  // As it is compared, not as it is written: a Secret's stringData is its data.
  const value = shown(fieldValue(now ?? [], place));
  say({
    type: 'git',
    git:
      value !== undefined
        ? {value}
        : {
            none:
              now === null
                ? 'it can not be rendered'
                : desired === undefined
                  ? 'git has no such resource'
                  : 'not set',
          },
    location: desired?.locate(elements) ?? desired?.location ?? null,
  });
  // The history is that of commits, also where the working tree is compared.
  const tip = worktree ? await desiredTree(repository, environment, false, signal) : tree;
  const files = [...(await sourceFiles(environment, tip, {signal}))];
  const folder = environment.path.replace(/^(?:\.?\/)+|\/+$/g, '');
  const outside = files.filter(file => folder !== '' && !file.startsWith(`${folder}/`));
  const paths = folder === '' ? [] : outside.length > mostFiles ? [] : [folder, ...outside];
  const options = {from: tip.revision, paths, limit: mostCommits + 1};
  const found = await fileHistory(repository.git, options, signal);
  const commits = found.slice(0, mostCommits);
  await walkField(
    commits,
    place,
    sha => wantedAt(renderings, environment, renderings.tree(sha), signal),
    ({commit: {sha, author, time, subject}, before, after}) => {
      const former = shown(before);
      const later = shown(after);
      const values = {
        ...(former === undefined ? {} : {before: former}),
        ...(later === undefined ? {} : {after: later}),
      };
      say({type: 'commit', commit: {sha, author, time, subject, ...values}});
    },
  );
  const last = commits.at(-1);
  const end = found.length > mostCommits ? 'more' : repository.shallow ? 'cut-off' : 'all';
  say({type: 'walked', commits: commits.length, end, until: last?.time ?? null});
}

/** What an environment wants at a tree; null where that can't be rendered. */
async function wantedAt(
  renderings: Renderings,
  environment: Environment,
  tree: Tree,
  signal: AbortSignal,
): Promise<readonly DesiredResource[] | null> {
  try {
    const key = await renderings.inputsKey(environment, tree, signal);
    const {resources, problems, isEmpty} = await renderings.of(environment, tree, key, signal);
    // What is missing from a rendering that failed in part was not taken out by anybody.
    const isWhole = isEmpty === true || !problems.some(({severity}) => severity === 'error');
    return isWhole ? resources : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
