import {createHash} from 'node:crypto';
import {branchOf, branchPart} from '../../environments/branch.ts';
import type {Environment} from '../../environments/types.ts';
import {fullName, parseImage} from '../../registries/reference.ts';
import {findBase} from '../../repository/change/base.ts';
import {editTree} from '../../repository/change/edit.ts';
import {finishPlan} from '../../repository/change/finish.ts';
import {treeAt} from '../../repository/change/graft.ts';
import {environmentTrailer} from '../../repository/change/message.ts';
import {RepositoryError} from '../../repository/error.ts';
import type {Repository, Tree} from '../../repository/types.ts';
import {containerImages} from '../../resources/container-images.ts';
import {identityOf} from '../../resources/identity.ts';
import {isBelow} from '../../sources/folder.ts';
import {loadSource} from '../../sources/load.ts';
import {ParsedFiles} from '../../sources/parsed-files.ts';
import type {SourceResult} from '../../sources/types.ts';
import {plainLine} from '../../text/plain.ts';
import {type ChangeContext, environmentNamed} from '../publish.ts';
import {setField} from '../setters/locate.ts';
import type {ImagesRequest, Planned} from '../types.ts';
import {
  editAtSetter,
  editMarker,
  type ImageChange,
  type MadeChange,
  otherEffect,
  overrideImage,
  type ReadText,
  type Texts,
} from './edit-images.ts';
import {environmentMarkers} from './marked.ts';

/** An update that is asked for, read. */
interface Wanted extends ImageChange {
  /** `namespace:name` of the Flux policy whose markers set it; null for none. */
  marker: string | null;
}

/**
 * Plans image updates as one commit: each image at the line that sets it, in the files as the branch has them now. What was
 * written is rendered again before it is shown: a plan does what it says and nothing else, or it is none. An image that
 * can't be set is a warning where others can. Throws RepositoryError.
 */
export async function planImages(
  context: ChangeContext,
  request: ImagesRequest,
  signal?: AbortSignal,
): Promise<Planned> {
  const {repository} = context;
  const environment = environmentNamed(context, request.environment);
  const branch = await branchOf(repository, environment, signal);
  const wanted = request.updates.map(readUpdate);
  const base = await findBase(repository, branch, signal);
  const root = await treeAt(repository.git, base.sha, '', signal);
  const {tree, done, refusals} = await edited({repository, environment, signal}, root ?? '', wanted);
  if (done.length === 0) throw new RepositoryError('unknown-path', refusals.join('\n'));
  const planned = {
    path: environment.path,
    resultTree: tree,
    words: messageFor(environment, done),
    trailers: [environmentTrailer(environment.name)],
    warnings: refusals,
  };
  const plan = await finishPlan(repository, base, planned, signal);
  return {plan, pullRequestBranch: branchFor(environment, done)};
}

function readUpdate({image, target, marker}: ImagesRequest['updates'][number]): Wanted {
  const [from, to] = [parseImage(image), parseImage(target)];
  if (from === null || to === null)
    throw new RepositoryError(
      'unknown-path',
      `"${plainLine(from === null ? image : target)}" is no image’s name`,
    );
  if (fullName(from) !== fullName(to))
    throw new RepositoryError(
      'unknown-path',
      `${plainLine(target)} is another image than ${plainLine(image)}`,
    );
  return {from, to, marker};
}

interface Place {
  repository: Repository;
  environment: Environment;
  signal: AbortSignal | undefined;
}

/**
 * The tree with the updates in it: all at once, or where that does anything else besides, one after the other, and those that
 * can't be made left out.
 */
async function edited(
  place: Place,
  root: string,
  wanted: readonly Wanted[],
): Promise<{tree: string; done: readonly Wanted[]; refusals: string[]}> {
  const {repository, environment, signal} = place;
  const start = {tree: root, source: await loadSource(environment, repository.tree(root), {signal})};
  const all = await editAll(place, start, wanted);
  if (!('refusal' in all)) return {tree: all.tree, done: wanted, refusals: []};
  const done: Wanted[] = [];
  const refusals: string[] = [];
  let state: State = start;
  for (const update of wanted) {
    // Each finds the lines as the one before left them.
    const result = wanted.length === 1 ? all : await editAll(place, state, [update]);
    if ('refusal' in result) {
      refusals.push(`${plainLine(update.from.written)} is left as it is: ${result.refusal}`);
    } else {
      state = result;
      done.push(update);
    }
  }
  return {tree: state.tree, done, refusals};
}

/** A tree, and what the environment wants at it. */
interface State {
  tree: string;
  source: SourceResult;
}

/** Makes updates and renders what comes of them; a refusal where that is anything but the updates. */
async function editAll(
  place: Place,
  state: State,
  updates: readonly Wanted[],
): Promise<State | {refusal: string}> {
  const {repository, environment, signal} = place;
  const {source} = state;
  const texts: Texts = new Map();
  const changes: MadeChange[] = [];
  for (const update of updates) {
    const isPartial = await editMarkers(place, state, update, texts);
    const refusal = isPartial ? null : await editUsers(place, state, update, texts);
    if (refusal !== null) return {refusal};
    changes.push({...update, isPartial});
  }
  const tree = await editTree(repository.git, state.tree, texts, signal);
  const after = await loadSource(environment, repository.tree(tree), {signal});
  const broken = after.problems.find(
    ({severity, message}) =>
      severity === 'error' && !source.problems.some(problem => problem.message === message),
  );
  if (broken !== undefined)
    return {refusal: `the environment could not be rendered any more (${broken.message})`};
  const other = otherEffect({before: source.resources, after: after.resources, changes});
  return other === null ? {tree, source: after} : {refusal: other};
}

/** Edits what the update's markers mark; false where there is none (any more). */
async function editMarkers(
  {repository, environment, signal}: Place,
  state: State,
  update: Wanted,
  texts: Texts,
): Promise<boolean> {
  if (update.marker === null) return false;
  const tree = repository.tree(state.tree);
  const read = reader(tree, signal);
  let found = false;
  for (const marker of await environmentMarkers({environment, repository}, tree, signal)) {
    if (marker.policy !== update.marker && marker.policy.replace(/^[^:]*/, '') !== update.marker) continue;
    const text = texts.get(marker.file) ?? (await read(marker.file));
    const edited = text === undefined ? null : editMarker(text, marker, update);
    if (edited === null) continue;
    texts.set(marker.file, edited);
    found = true;
  }
  return found;
}

/**
 * Edits where each container gets its image: at the line that sets it; where that can't be edited by itself (a patch in a
 * block of text), in the way that a rendering shows to do it; else by an entry of the environment's own kustomization. Gives
 * why it could not.
 */
async function editUsers(
  {repository, environment, signal}: Place,
  {tree: revision, source}: State,
  update: Wanted,
  texts: Map<string, string>,
): Promise<string | null> {
  const tree = repository.tree(revision);
  const place = {
    folder: environment.path,
    isKustomize: source.source === 'kustomize',
    read: reader(tree, signal),
    texts,
  };
  const users = source.resources.flatMap(resource =>
    containerImages(resource.object)
      .filter(({image}) => image === update.from.written)
      .map(({path}) => ({resource, path})),
  );
  if (users.length === 0) return 'nothing in git has it (any more)';
  const wishes = users.map(({resource, path}) => ({
    id: identityOf(resource.object),
    path,
    value: update.to.written,
  }));
  for (const {resource, path} of users) {
    const atLine = await editAtSetter(resource, path, update, place);
    if (atLine === null) continue;
    if (typeof atLine === 'string') {
      const parsed = new ParsedFiles();
      const draft = {environment, base: tree, edits: texts, rendered: source, parsed};
      const located = await setField(draft, resource, path, update.to.written, {
        // What lies outside of the environment's folder is others' too, whoever they are.
        sharedWith: file => (isBelow(file, environment.path) ? [] : ['others']),
        along: wishes,
        signal,
      });
      if ('draft' in located) {
        for (const [file, text] of located.draft.edits) if (text !== null) texts.set(file, text);
        continue;
      }
    }
    const refusal = await overrideImage(update, place);
    if (refusal !== null) return atLine ?? refusal;
  }
  return null;
}

function reader(tree: Tree, signal: AbortSignal | undefined): ReadText {
  return async file => {
    const entry = (await tree.list('', signal)).find(({path}) => path === file);
    if (entry === undefined || entry.mode === '120000') return undefined;
    return (await tree.read([entry], signal)).get(file)?.toString('utf8');
  };
}

function messageFor(environment: Environment, done: readonly Wanted[]): string {
  const [only] = done;
  const version = ({tag, digest}: ImageChange['to']) => tag ?? digest ?? 'latest';
  const title =
    done.length === 1 && only !== undefined
      ? `Update ${only.from.name} from ${version(only.from)} to ${version(only.to)} in ${environment.name}`
      : `Update ${done.length} images in ${environment.name}`;
  const lines = done.map(({from, to}) => `- ${from.written} -> ${to.written}`);
  return `${plainLine(title)}\n\n${lines.join('\n')}`;
}

/** The same updates have the same branch. */
function branchFor(environment: Environment, done: readonly Wanted[]): string {
  const said = done.map(({from, to}) => `${from.written} ${to.written}`).sort();
  const digest = createHash('sha256').update(said.join('\n')).digest('hex').slice(0, 7);
  return `gitops-tui/images-${branchPart(environment.name)}-${digest}`;
}
