import {createMask, type Mask} from '../../secrets/mask.ts';
import {Renderings} from '../effect/renderings.ts';
import type {ChangeContext} from '../publish.ts';
import {tryWish} from './edits.ts';
import {type PromotionEnds, promotionEnds} from './ends.ts';
import {fileWishes} from './file-wishes.ts';
import {compareEnvironments, type PromotionWish} from './items.ts';
import {type LastReport, liveText, objectCautions, sourceCautions} from './live.ts';
import {type LoadedSide, loadSide} from './sides.ts';
import type {MergeChoice, PromotionChoices, PromotionItem} from './types.ts';

/** What promotion needs to know beside git. */
interface PromotionContext extends ChangeContext {
  renderings: Renderings;
  mask: Mask;
}

/** A context in which all is there that a promotion needs: without a session's own, one for this time. */
export function promotionContext(context: ChangeContext): PromotionContext {
  const {renderings = new Renderings(context.repository), mask = createMask()} = context;
  return {...context, renderings, mask};
}

/** All that two environments differ in, with what choosing it means: raw values, which never leave the session. */
export interface PromotionWishes {
  source: LoadedSide;
  target: LoadedSide;
  wishes: readonly PromotionWish[];
}

/**
 * What an environment could get from another one (from what it is promoted from where none is named), as both are
 * committed. Only objects are written. Throws RepositoryError, also where nothing says what it is promoted from.
 */
export async function promotionChoices(
  given: ChangeContext,
  names: {environment: string; from: string | null},
  signal?: AbortSignal,
): Promise<PromotionChoices> {
  const context = promotionContext(given);
  const ends = await promotionEnds(context, names, signal);
  const revisions = {source: ends.sourceBase.sha, target: ends.targetBase.sha};
  const [{source, target, wishes}, merge] = await Promise.all([
    promotionWishes(context, ends, revisions, signal),
    mergeChoice(context, ends, signal),
  ]);
  const report = context.lastReport?.(source.environment.name);
  return {
    environment: target.environment.name,
    from: source.environment.name,
    revisions,
    items: wishes.map(wish => withCautions(wish, source.environment.name, report)),
    own: ownDifferences(source, target),
    cautions: [
      ...sourceCautions(source.environment.name, revisions.source, report),
      ...ends.targetBase.warnings,
      ...ends.warnings,
      ...[source, target].flatMap(brokenWords),
    ],
    merge,
  };
}

/** The items that a plan is about. */
export interface Wanted {
  includes(item: PromotionItem): boolean;
  /** Whether whole files are among them. */
  files: boolean;
}

/**
 * Everything in which the two ends differ at these commits; what can't be promoted says why. With `wanted` that is only
 * asked of these items, and whole files are left out unless one of them is. Throws RepositoryError.
 */
export async function promotionWishes(
  context: Pick<PromotionContext, 'repository' | 'renderings' | 'mask'>,
  {source: from, target: to, isOneBranch}: Pick<PromotionEnds, 'source' | 'target' | 'isOneBranch'>,
  revisions: {source: string; target: string},
  signal?: AbortSignal,
  wanted?: Wanted,
): Promise<PromotionWishes> {
  const {renderings, repository, mask} = context;
  const source = await loadSide(renderings, from, revisions.source, signal);
  const target = await loadSide(renderings, to, revisions.target, signal);
  const {wishes} = compareEnvironments(source, target, mask);
  const broken = [source, target].flatMap(brokenWords)[0];
  if (wanted === undefined) await Promise.all([source, target].map(side => preload(side, signal)));
  const tried: PromotionWish[] = [];
  for (const wish of wishes) {
    signal?.throwIfAborted();
    if (wanted?.includes(wish.item) === false) {
      tried.push(wish);
      continue;
    }
    const refused =
      wish.item.refused ??
      // What one side lacks may be in the file that could not be read.
      (wish.item.group === 'objects' ? broken : undefined) ??
      (await tryWish(target, source, wish, signal)) ??
      null;
    tried.push({...wish, item: {...wish.item, refused, byDefault: wish.item.byDefault && refused === null}});
  }
  const files =
    wanted?.files === false ? [] : await fileWishes(repository, source, target, isOneBranch, signal);
  return {source, target, wishes: [...tried, ...files.map(wish => withOwn(wish, tried))]};
}

/** A file that sets what is likely an environment's own: taken whole, it would bring the source's. */
function withOwn(wish: PromotionWish, others: readonly PromotionWish[]): PromotionWish {
  const {item} = wish;
  const within = others.filter(
    ({item: {own, source, target}}) =>
      own !== null && [target, source].some(place => place !== null && isPlaceOf(item, place.file)),
  );
  if (within.length === 0 || item.own !== null) return wish;
  const names = within.slice(0, 2).map(({item: {subject, what}}) => `${subject} ${what}`.trimEnd());
  const more = within.length > 2 ? ` and ${within.length - 2} more` : '';
  return {...wish, item: {...item, own: `it sets ${names.join(', ')}${more}`}};
}

function isPlaceOf({source, target}: PromotionItem, file: string): boolean {
  return source?.file === file || target?.file === file;
}

/** Reads the manifests of an environment in one go: each of them is looked at. */
function preload({texts, resources}: LoadedSide, signal: AbortSignal | undefined): Promise<void> {
  return texts.preload(
    resources.map(({location}) => location.file),
    signal,
  );
}

/** Why an environment can't be read whole; empty where it can. */
export function brokenWords({environment, problems}: LoadedSide): string[] {
  const errors = problems.filter(({severity}) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return [];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first.location === undefined ? '' : `${first.location.file}:${first.location.line}: `;
  return [`${environment.name} can't be read whole: ${where}${first.message}${more}`];
}

/** An item with what the source's last comparison says of its object. */
function withCautions({item, change}: PromotionWish, environment: string, report: LastReport): PromotionItem {
  if (change.kind !== 'set' && change.kind !== 'add') return item;
  const {object} = change.source;
  const cautions = objectCautions(environment, object, report);
  if (change.kind === 'set') {
    const live = liveText(object, item.what, report) ?? liveText(object, imagePath(item), report);
    if (live !== undefined) cautions.unshift(`${environment} runs ${live}, not what its git says`);
  }
  return cautions.length === 0 ? item : {...item, notes: [...item.notes, ...cautions]};
}

/** The path in an image item's id, which names the container instead. */
function imagePath({id, subject, group}: PromotionItem): string {
  return id.slice(`${group}:${subject}:`.length);
}

/** What the two are called otherwise, and stays so. */
function ownDifferences(source: LoadedSide, target: LoadedSide): string[] {
  const [from, to] = [source.names, target.names];
  const found: string[] = [];
  const tell = (what: string, theirs: string, ours: string) => {
    if (theirs !== ours)
      found.push(
        `${what} ${theirs === '' ? 'none' : theirs} in ${from.environment}, ${ours === '' ? 'none' : ours} in ${to.environment}`,
      );
  };
  tell('namespace', from.namespaces[0] ?? '', to.namespaces[0] ?? '');
  tell('name prefix', from.prefix, to.prefix);
  tell('name suffix', from.suffix, to.suffix);
  return found;
}

async function mergeChoice(
  {repository}: ChangeContext,
  {isOneBranch, sourceBase, targetBase}: PromotionEnds,
  signal: AbortSignal | undefined,
): Promise<MergeChoice | null> {
  if (isOneBranch) return null;
  const {ahead, behind} = await repository.aheadBehind(sourceBase.sha, targetBase.sha, signal);
  return {source: sourceBase.ref, target: targetBase.ref, commits: ahead, ahead: behind};
}
