import {movesWithOthers} from '../../changes/promotion/select.ts';
import {
  type PromotionChoices,
  type PromotionGroup,
  type PromotionItem,
  promotionGroups,
} from '../../changes/promotion/types.ts';
import type {Problem} from '../../resources/problem.ts';
import {choose, chosenIndex, emptyList, type ListState, settle} from './list.ts';

/** What an environment could get from another one, and what of it is chosen. */
export interface PromotionScreen {
  readonly id: 'promotion';
  /** The environment that would change. */
  readonly environment: string;
  /** Where it comes from; null until that is chosen. */
  readonly from: string | null;
  /** Only this application is marked when the choices come; null for what is chosen by default. */
  readonly only: string | null;
  readonly list: ListState;
  readonly choices: PromotionChoices | null;
  /** Ids of the marked items. */
  readonly marked: ReadonlySet<string>;
  readonly failure: Problem | null;
}

/** A row of the screen: a group's heading, or an item of it. */
export type PromotionRow =
  | {readonly kind: 'group'; readonly key: string; readonly group: PromotionGroup; readonly items: number}
  | {readonly kind: 'item'; readonly key: string; readonly item: PromotionItem};

/** A fresh screen. `only` names the application that it is about. */
export function promotionScreen(
  environment: string,
  from: string | null,
  only: string | null = null,
): PromotionScreen {
  return {
    id: 'promotion',
    environment,
    from,
    only,
    list: emptyList,
    choices: null,
    marked: new Set(),
    failure: null,
  };
}

const rowCache = new WeakMap<PromotionChoices, readonly PromotionRow[]>();

/** The rows: each group that has items, with its heading. */
export function promotionRows({choices}: PromotionScreen): readonly PromotionRow[] {
  if (choices === null) return [];
  let rows = rowCache.get(choices);
  if (rows === undefined) {
    rows = promotionGroups.flatMap((group): PromotionRow[] => {
      const items = choices.items.filter(item => item.group === group);
      if (items.length === 0) return [];
      return [
        {kind: 'group', key: `group ${group}`, group, items: items.length},
        ...items.map(item => ({kind: 'item', key: item.id, item}) as const),
      ];
    });
    rowCache.set(choices, rows);
  }
  return rows;
}

/** The keys of the rows. */
export function promotionKeys(screen: PromotionScreen): string[] {
  return promotionRows(screen).map(({key}) => key);
}

/** The chosen row; undefined in an empty list. */
export function chosenPromotion(screen: PromotionScreen): PromotionRow | undefined {
  return promotionRows(screen)[chosenIndex(screen.list, promotionKeys(screen))];
}

/** The screen with its choices: marked is what is chosen by default, or the one application that it was opened for. */
export function withChoices(
  screen: PromotionScreen,
  choices: PromotionChoices,
  height: number,
): PromotionScreen {
  const known = {...screen, choices, failure: null};
  const keys = promotionKeys(known);
  if (screen.choices !== null) {
    // Read again: what was marked and is still there stays so.
    const marked = new Set(
      choices.items.filter(item => screen.marked.has(item.id) && item.refused === null).map(({id}) => id),
    );
    return {...known, marked, list: settle(known.list, keys, height)};
  }
  const isWanted = (item: PromotionItem) =>
    screen.only === null
      ? item.byDefault
      : item.group === 'images' && item.own === null && item.application === screen.only;
  const marked = choices.items.filter(item => item.refused === null && isWanted(item)).map(({id}) => id);
  const first = keys.findIndex(key => marked.includes(key));
  return {
    ...known,
    marked: new Set(marked),
    list: choose(known.list, first < 0 ? Math.min(1, keys.length - 1) : first, keys, height),
  };
}

/** The screen with the chosen item marked or not; on a heading all of its group that may move together. */
export function markPromotion(screen: PromotionScreen): PromotionScreen {
  const row = chosenPromotion(screen);
  if (row === undefined) return screen;
  const ids =
    row.kind === 'item'
      ? row.item.refused === null
        ? [row.item.id]
        : []
      : (screen.choices?.items ?? [])
          .filter(item => item.group === row.group && movesWithOthers(item))
          .map(({id}) => id);
  if (ids.length === 0) return screen;
  const off = ids.every(id => screen.marked.has(id));
  const marked = new Set(screen.marked);
  for (const id of ids) {
    if (off) marked.delete(id);
    else marked.add(id);
  }
  return {...screen, marked};
}

/** How many items of a group are marked. */
export function markedOf(screen: PromotionScreen, group: PromotionGroup): number {
  return (screen.choices?.items ?? []).filter(item => item.group === group && screen.marked.has(item.id))
    .length;
}
