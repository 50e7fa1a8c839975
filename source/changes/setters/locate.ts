import {editedTree, type FileEdits} from '../../repository/edited-tree.ts';
import type {Tree} from '../../repository/types.ts';
import {type FieldPath, formatPath} from '../../resources/field-path.ts';
import {identityOf} from '../../resources/identity.ts';
import type {Json, JsonObject} from '../../resources/json.ts';
import {styleOf, usualStyle} from '../../sources/edit/style.ts';
import {treeOf} from '../../sources/edit/tree.ts';
import {blockLines} from '../../sources/edit/write.ts';
import {type KustomizeFiles, kustomizeFiles} from '../../sources/kustomize-files.ts';
import {loadSource, type SourceOf, sourceKustomizations} from '../../sources/load.ts';
import {ParsedFiles} from '../../sources/parsed-files.ts';
import type {DesiredResource, SourceResult} from '../../sources/types.ts';
import type {Candidate, Search} from './candidate.ts';
import {entryCandidates, newEntryCandidates} from './kustomization-fields.ts';
import {manifestCandidates} from './manifests.ts';
import {newPatchCandidates, patchCandidates} from './patches.ts';
import {otherThan, type Wish} from './verify.ts';

/** Git's side while fields are set in it, one after the other. */
export interface Draft {
  environment: SourceOf;
  /** The tree that all began with. */
  base: Tree;
  /** What was edited so far. */
  edits: FileEdits;
  /** What that renders to. */
  rendered: SourceResult;
  /** Of folders of manifests only the edited file is parsed again. */
  parsed: ParsedFiles;
}

/** How to look. */
export interface LocateOptions {
  /** The other environments that a file is part of; none where it is this one's alone. */
  sharedWith(file: string): readonly string[];
  /** Files that other environments share are edited where they set the field; else this environment overrides them. */
  inShared?: boolean;
  /** What else is wished for: an edit may fulfil it by the way. */
  along?: readonly Wish[];
  signal?: AbortSignal | undefined;
}

/** Where a field is set, and the draft with it set: or why that can't be told. */
export type Located =
  | {
      draft: Draft;
      file: string;
      /** The line that was edited or added. */
      line: number;
      /** `its manifest`, `its patch`, `a new patch`. */
      how: string;
      /** The environments that share the files which set it, where this one overrides them instead. */
      overrides: readonly string[];
    }
  | {
      reason: string /** It can be done in files that these environments share. */;
      shared?: readonly string[];
    };

/** Begins to edit an environment at a tree. Throws as loadSource does. */
export async function beginDraft(environment: SourceOf, base: Tree, signal?: AbortSignal): Promise<Draft> {
  const parsed = new ParsedFiles();
  const rendered = await loadSource(environment, base, {signal, parsed});
  return {environment, base, edits: new Map(), rendered, parsed};
}

/**
 * Finds the line that sets a field of a rendered resource and sets it there: in the environment's own kustomization, its
 * patches and entries, the manifest itself, else in a new patch of the environment. Every way is rendered, and taken only
 * if the field then is what is wanted and nothing else of the environment has changed. `value` undefined: not set at all.
 */
export async function setField(
  draft: Draft,
  resource: DesiredResource,
  path: FieldPath,
  value: Json | undefined,
  options: LocateOptions,
): Promise<Located> {
  const {signal} = options;
  const tree = editedTree(draft.base, draft.edits);
  const entries = new Map((await tree.list('', signal)).map(entry => [entry.path, entry] as const));
  const folders = await sourceKustomizations(draft.environment, tree, {signal});
  const chains = await Promise.all(folders.map(folder => kustomizeFiles({tree, path: folder}, signal)));
  const chain = chains.find(({files}) => files.has(resource.location.file));
  const wantedFiles = new Set([
    resource.location.file,
    ...(chain?.complete === true ? chain.files : patchFiles(chain)),
  ]);
  const contents = await tree.read(
    [...wantedFiles].flatMap(file => entries.get(file) ?? []).filter(({mode}) => mode !== '120000'),
    signal,
  );
  const texts = new Map<string, string | undefined>();
  const search: Search = {
    resource,
    path,
    value,
    kustomize: chain,
    refused: [],
    textOf: file => {
      if (!texts.has(file)) texts.set(file, textOf(contents.get(file)));
      return texts.get(file);
    },
  };
  const wish = {id: identityOf(resource.object), path, value};
  const shared: string[] = [];
  const setters = settersOf(search);
  const sharers = [...new Set(setters.flatMap(({file}) => options.sharedWith(file)))];
  for (const candidate of inOrder(search, setters, options)) {
    signal?.throwIfAborted();
    const others = options.sharedWith(candidate.file);
    if (others.length > 0 && options.inShared !== true) {
      shared.push(...others);
      continue;
    }
    const edits = new Map([...draft.edits, [candidate.file, candidate.text] as const]);
    const {parsed} = draft;
    const rendered = await loadSource(draft.environment, editedTree(draft.base, edits), {signal, parsed});
    const other = otherThan(draft.rendered, rendered, wish, options.along);
    if (other === null) {
      const {file, line, how} = candidate;
      const overrides = setters.includes(candidate) ? [] : sharers;
      return {draft: {...draft, edits, rendered}, file, line, how, overrides};
    }
    search.refused.push(`${candidate.file}: ${other}`);
  }
  const reason = reasonOf(search, resource);
  return shared.length > 0 ? {reason, shared: [...new Set(shared)]} : {reason};
}

/** What sets the field now, what is nearest to the environment first. */
function settersOf(search: Search): Candidate[] {
  const kustomizations = search.kustomize?.kustomizations ?? [];
  const entries = kustomizations.flatMap(kustomization => [
    ...patchCandidates(search, kustomization),
    ...entryCandidates(search, kustomization),
  ]);
  return [...entries, ...manifestCandidates(search)];
}

/** What sets it in files of the environment's own, then what could set it anew, then what is shared with others. */
function* inOrder(
  search: Search,
  setters: readonly Candidate[],
  {sharedWith, inShared}: LocateOptions,
): Generator<Candidate> {
  const isOpen = ({file}: Candidate) => inShared === true || sharedWith(file).length === 0;
  yield* setters.filter(isOpen);
  const own = search.kustomize?.kustomizations[0];
  if (own !== undefined) {
    yield* newEntryCandidates(search, own);
    yield* patchCandidates(search, own, true);
    yield* newPatchCandidates(search, own, value => written(value, search.textOf(own.file) ?? ''));
  }
  yield* setters.filter(candidate => !isOpen(candidate));
}

// A new patch in the kustomization's own indentation.
function written(value: JsonObject | Json[], text: string): string {
  try {
    const root = treeOf(text, false);
    if (root !== undefined) return blockLines(value, 0, styleOf(text, root, false)).join('\n');
  } catch {
    // Then as most write it.
  }
  return blockLines(value, 0, usualStyle).join('\n');
}

function reasonOf({refused, path, kustomize}: Search, resource: DesiredResource): string {
  const field = formatPath(path);
  const why = [...new Set(refused)];
  if (why.length > 0) return `can't tell where ${field} is set: ${why.slice(0, 3).join('; ')}`;
  return kustomize === undefined
    ? `can't tell where ${field} is set: ${resource.location.file} does not hold it`
    : `can't tell where ${field} is set: nothing in the kustomization that could`;
}

function patchFiles(chain: KustomizeFiles | undefined): Iterable<string> {
  return chain?.contents.keys() ?? [];
}

function textOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    return undefined;
  }
}
