import type {Tree} from '../../repository/types.ts';
import {identityKey, identityOf} from '../../resources/identity.ts';
import {equalJson} from '../../resources/json.ts';
import {valueAtPath} from '../../sources/edit/change.ts';
import {kustomizationNames, nameOf} from '../../sources/folder.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {editCandidate, type Search, wishAt} from '../setters/candidate.ts';
import {beginDraft, type Draft, setField} from '../setters/locate.ts';
import {manifestsOf} from '../setters/manifests.ts';
import type {Wish} from '../setters/verify.ts';
import {FileEdits, TreeTexts} from './file-edits.ts';
import type {PromotionChange, PromotionWish} from './items.ts';
import {addObject, type Refusal, removeObject} from './object-edits.ts';
import type {LoadedSide} from './sides.ts';

/**
 * Why a wish can't be made true in the target's files, as far as that is seen without rendering them; undefined where
 * nothing speaks against it. Nothing is written.
 */
export async function tryWish(
  target: LoadedSide,
  source: LoadedSide,
  wish: PromotionWish,
  signal?: AbortSignal,
): Promise<Refusal> {
  const {change} = wish;
  const edits = new FileEdits(target.texts);
  if (change.kind === 'add' || change.kind === 'remove')
    return editObject(edits, source, target, wish, signal);
  // Which of a kustomization's many ways does it only a rendering tells.
  if (change.kind === 'file' || isRendered(target)) return undefined;
  return (await plainEdit(edits, change, signal)) ?? undefined;
}

/** True where something of an environment is made by a kustomization: a manifest's field may be set elsewhere. */
function isRendered({entries}: LoadedSide): boolean {
  return entries.some(({path}) => kustomizationNames.includes(nameOf(path)));
}

/**
 * Sets a field in the manifest that holds its object: where that is plain, the edit alone says all that changes. Gives
 * undefined when done, else why not; null where the manifest is not certain.
 */
async function plainEdit(
  edits: FileEdits,
  {target, path, value}: Extract<PromotionChange, {kind: 'set'}>,
  signal?: AbortSignal,
): Promise<Refusal | null> {
  const {file} = target.location;
  const text = await edits.read(file, signal);
  const refused: string[] = [];
  const search: Search = {resource: target, path, value, kustomize: undefined, textOf: () => text, refused};
  const key = identityKey(identityOf(target.object));
  const [place, ...others] = manifestsOf(search).filter(
    ({object}) => identityKey(identityOf(object)) === key,
  );
  if (place === undefined || others.length > 0) return null;
  const {document, prefix} = place;
  const [found] = editCandidate(search, file, document, wishAt([...prefix, ...path], value), 'its manifest');
  if (found === undefined) return refused[0] ?? `it can't be told where ${file} sets it`;
  edits.write(file, found.text);
  return undefined;
}

/** What is edited, and where. */
export interface EditPlace {
  source: LoadedSide;
  target: LoadedSide;
  /** The target's files, as the edits begin. */
  tree: Tree;
  /** The other environments that a file is part of. */
  sharedWith(file: string): readonly string[];
}

/** The edits that make wishes true, or the wish that could not be. */
export type Edited = {edits: ReadonlyMap<string, string | null>} | {refusal: string; wish: PromotionWish};

/**
 * Makes wishes true in the target's files: each field at the line that sets it, in files that no other environment shares.
 * Objects come and go last: until then documents are where they were.
 */
export async function editWishes(
  {source, target, tree, sharedWith}: EditPlace,
  wishes: readonly PromotionWish[],
  signal?: AbortSignal,
): Promise<Edited> {
  const plain = await plainEdits(target, new TreeTexts(tree), wishes, signal);
  if ('refusal' in plain) return plain;
  let draft = plain.isDone ? null : await beginDraft(target.environment, tree, signal);
  const along = wishes.flatMap(({change}): Wish[] =>
    change.kind === 'set'
      ? [{id: identityOf(change.target.object), path: change.path, value: change.value}]
      : [],
  );
  for (const wish of wishes) {
    const {change} = wish;
    if (change.kind !== 'set' || draft === null) continue;
    const resource = resourceNow(draft, change.target);
    if (resource === undefined) return {refusal: 'its object is not there any more', wish};
    // The line of another wish may have set it by the way.
    if (equalJson(valueAtPath(resource.object, change.path), change.value)) continue;
    const located = await setField(draft, resource, change.path, change.value, {sharedWith, along, signal});
    if ('reason' in located) return {refusal: reasonOf(located), wish};
    ({draft} = located);
  }
  const edits = new FileEdits(new TreeTexts(tree), draft?.edits ?? plain.texts);
  for (const wish of wishes.filter(({change}) => change.kind === 'add' || change.kind === 'remove')) {
    const refusal = await editObject(edits, source, target, wish, signal);
    if (refusal !== undefined) return {refusal, wish};
  }
  return {edits: edits.texts};
}

/** All fields set in plain manifests, without a rendering for each; not done where one of them may be set elsewhere. */
async function plainEdits(
  target: LoadedSide,
  before: TreeTexts,
  wishes: readonly PromotionWish[],
  signal: AbortSignal | undefined,
): Promise<
  {isDone: boolean; texts: ReadonlyMap<string, string | null>} | {refusal: string; wish: PromotionWish}
> {
  const edits = new FileEdits(before);
  const undone = {isDone: false, texts: new Map<string, null>()};
  if (isRendered(target)) return undone;
  for (const wish of wishes) {
    if (wish.change.kind !== 'set') continue;
    const refusal = await plainEdit(edits, wish.change, signal);
    if (refusal === null) return undone;
    if (refusal !== undefined) return {refusal, wish};
  }
  return {isDone: true, texts: edits.texts};
}

async function editObject(
  edits: FileEdits,
  source: LoadedSide,
  target: LoadedSide,
  {change}: PromotionWish,
  signal: AbortSignal | undefined,
): Promise<Refusal> {
  if (change.kind === 'add') return addObject(edits, source, target, change.source, signal);
  if (change.kind === 'remove') return removeObject(edits, target, change.target, signal);
  return undefined;
}

/** The same object in what the edits so far render to: a generated one may go by another name. */
function resourceNow(
  {rendered}: Draft,
  {object, generatedFrom}: DesiredResource,
): DesiredResource | undefined {
  const key = keyOf(object, generatedFrom);
  return rendered.resources.find(other => keyOf(other.object, other.generatedFrom) === key);
}

function keyOf(object: DesiredResource['object'], generatedFrom: string | undefined): string {
  const id = identityOf(object);
  return identityKey({...id, name: generatedFrom ?? id.name});
}

function reasonOf({reason, shared}: {reason: string; shared?: readonly string[]}): string {
  return shared === undefined
    ? reason
    : `it is set in files that ${shared.join(', ')} shares, and this environment can't override it: ${reason}`;
}
