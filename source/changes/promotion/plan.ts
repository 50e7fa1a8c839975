import {type Edits, editTree, planEdits} from '../../repository/change/edit.ts';
import {treeAt} from '../../repository/change/graft.ts';
import {planMerge} from '../../repository/change/merge.ts';
import {environmentTrailer} from '../../repository/change/message.ts';
import {RepositoryError} from '../../repository/error.ts';
import {checkObjectId} from '../../repository/git.ts';
import type {ChangePlan} from '../../repository/types.ts';
import {plainLine} from '../../text/plain.ts';
import {sharing} from '../adoption/sharing.ts';
import type {ChangeContext} from '../publish.ts';
import type {Planned} from '../types.ts';
import {promotionContext, promotionWishes, type Wanted} from './choices.ts';
import {editWishes} from './edits.ts';
import {type PromotionEnds, promotionEnds} from './ends.ts';
import type {PromotionWish} from './items.ts';
import {sourceCautions} from './live.ts';
import {loadSide} from './sides.ts';
import type {PromoteRequest, PromotionItem} from './types.ts';
import {checkResult} from './verify.ts';
import {promotionBranch, promotionMessage} from './words.ts';

/** What a promotion would do. */
export interface PlannedPromotion extends Planned {
  /** What was asked for, names resolved: the items that are promoted, the source's commit. */
  request: PromoteRequest & {source: string};
  /** The items that are promoted; empty for a merge. */
  items: readonly PromotionItem[];
}

/**
 * Plans a promotion as one commit on the target's branch: its chosen items as edits of the target's files, rendered again
 * to see that they do what was chosen; or the source's branch merged. Only objects are written. Throws RepositoryError with
 * the reason where an item can't be promoted.
 */
export async function planPromotion(
  given: ChangeContext,
  request: PromoteRequest,
  signal?: AbortSignal,
): Promise<PlannedPromotion> {
  const context = promotionContext(given);
  const ends = await promotionEnds(context, request, signal);
  const {source: from, target: to} = ends;
  const source =
    request.source === null ? ends.sourceBase.sha : await context.repository.resolve(request.source, signal);
  const warnings = [...sourceCautions(from.name, source, context.lastReport?.(from.name)), ...ends.warnings];
  const trailers = [`Promotes-From: ${plainLine(from.name)} ${source}`, environmentTrailer(to.name)];
  const resolved = {...request, from: from.name, source};
  if (request.way === 'merge') {
    const plan = await mergeOf(context, ends, {source, warnings, trailers}, signal);
    const pullRequestBranch = promotionBranch(from.name, to.name, source, 'merge');
    return {plan, pullRequestBranch, request: {...resolved, items: null}, items: []};
  }
  let items: readonly PromotionItem[] = [];
  // Its words are those of the items, which are known once the tip is: planEdits reads them after the edit.
  const wish = {path: to.path, branch: ends.targetBranch, words: '', trailers, warnings};
  const edit = async (base: string): Promise<Edits> => {
    const made = await editsOf(context, ends, {request, source, base}, signal);
    items = made.items;
    warnings.push(...made.warnings);
    wish.words = promotionMessage(from.name, to.name, source, items);
    return made.edits;
  };
  const plan = await planEdits(context.repository, wish, edit, signal);
  const ids = items.map(({id}) => id);
  const pullRequestBranch = promotionBranch(from.name, to.name, source, ids);
  return {plan, pullRequestBranch, request: {...resolved, items: ids}, items};
}

interface Made {
  edits: Edits;
  items: readonly PromotionItem[];
  warnings: readonly string[];
}

async function editsOf(
  context: ReturnType<typeof promotionContext>,
  ends: PromotionEnds,
  {request, source, base}: {request: PromoteRequest; source: string; base: string},
  signal: AbortSignal | undefined,
): Promise<Made> {
  const {repository, renderings, mask} = context;
  const all = await promotionWishes(context, ends, {source, target: base}, signal, wantedBy(request));
  const {chosen, warnings} = choose(all.wishes, request);
  const files = new Map(
    chosen.flatMap(({change}) => (change.kind === 'file' ? [[change.path, change.content] as const] : [])),
  );
  const others = chosen.filter(({change}) => change.kind !== 'file');
  const tree = checkObjectId((await treeAt(repository.git, base, '', signal)) ?? '');
  // What whole files bring along is not to be brought twice: the rest is looked for again on top of them.
  const between = files.size === 0 ? base : await editTree(repository.git, tree, files, signal);
  const rest =
    files.size === 0 || others.length === 0
      ? {...all, wishes: others}
      : await stillThere(context, ends, {source, target: between}, others, signal);
  const sharedWith = await sharing(context, ends.target, ends.targetBranch, signal);
  const edited = await editWishes(
    {source: rest.source, target: rest.target, tree: renderings.tree(between), sharedWith},
    rest.wishes,
    signal,
  );
  if ('refusal' in edited) throw refused(edited.wish.item, edited.refusal);
  const edits = new Map([...files, ...edited.edits]);
  const result = await editTree(repository.git, tree, edits, signal);
  const after = await loadSide(renderings, ends.target, result, signal);
  const said = checkResult(all, after, chosen, mask);
  return {edits, items: chosen.map(({item}) => item), warnings: [...warnings, ...said]};
}

function wantedBy({items}: PromoteRequest): Wanted {
  if (items === null) return {includes: ({byDefault}) => byDefault, files: false};
  const ids = new Set(items);
  return {includes: ({id}) => ids.has(id), files: items.some(id => id.startsWith('files:'))};
}

/** The chosen wishes as they are to be found by their ids. Throws where one of them can't be promoted. */
function choose(
  wishes: readonly PromotionWish[],
  {items}: PromoteRequest,
): {chosen: PromotionWish[]; warnings: string[]} {
  if (items === null) return {chosen: wishes.filter(({item}) => item.byDefault), warnings: []};
  const chosen: PromotionWish[] = [];
  const warnings: string[] = [];
  for (const id of new Set(items)) {
    const wish = wishes.find(({item}) => item.id === id);
    if (wish === undefined)
      warnings.push(`${id} does not differ any more: there is nothing to promote of it`);
    else if (wish.item.refused !== null) throw refused(wish.item, wish.item.refused);
    else chosen.push(wish);
  }
  return {chosen, warnings};
}

async function stillThere(
  context: ReturnType<typeof promotionContext>,
  ends: PromotionEnds,
  revisions: {source: string; target: string},
  wanted: readonly PromotionWish[],
  signal: AbortSignal | undefined,
): Promise<Awaited<ReturnType<typeof promotionWishes>>> {
  const ids = new Set(wanted.map(({item}) => item.id));
  const includes = ({id}: PromotionItem) => ids.has(id);
  const again = await promotionWishes(context, ends, revisions, signal, {includes, files: false});
  return {...again, wishes: again.wishes.filter(({item}) => ids.has(item.id))};
}

function refused({subject, what}: PromotionItem, reason: string): RepositoryError {
  return new RepositoryError(
    'unknown-path',
    `${subject}${what === '' ? '' : ` ${what}`} can't be promoted: ${reason}`,
  );
}

async function mergeOf(
  {repository}: ChangeContext,
  {source: from, target: to, targetBranch, sourceBranch, isOneBranch}: PromotionEnds,
  {source, warnings, trailers}: {source: string; warnings: readonly string[]; trailers: readonly string[]},
  signal: AbortSignal | undefined,
): Promise<ChangePlan> {
  if (isOneBranch) {
    throw new RepositoryError(
      'unknown-path',
      `${from.name} and ${to.name} are folders of one branch: there is nothing to merge`,
      {fix: 'promote images, values or files instead'},
    );
  }
  const words = `Promote ${plainLine(from.name)} to ${plainLine(to.name)}: merge ${sourceBranch} at ${source.slice(0, 7)}`;
  return planMerge(
    repository,
    {path: to.path, branch: targetBranch, source, words, trailers, warnings},
    signal,
  );
}
