import {movesWithOthers} from '../../../changes/promotion/select.ts';
import {
  type PromotionChoices,
  type PromotionGroup,
  type PromotionItem,
  promotionGroups,
} from '../../../changes/promotion/types.ts';
import type {Problem} from '../../../resources/problem.ts';
import {choose, settle} from '../lists/list.ts';
import {Arranger, chosenOf, freshView, type ListRules, type ListView, type Shown} from '../lists/listing.ts';

/** What an environment could get from another one, and what of it is chosen. */
export interface PromotionScreen extends ListView {
  readonly id: 'promotion';
  /** The environment that would change. */
  readonly environment: string;
  /** Where it comes from; null until that is chosen. */
  readonly from: string | null;
  /** Only this application is marked when the choices come; null for what is chosen by default. */
  readonly only: string | null;
  readonly choices: PromotionChoices | null;
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
    ...freshView,
    choices: null,
    failure: null,
  };
}

type ItemRow = Extract<PromotionRow, {kind: 'item'}>;

/** What can be promoted; whatever the order, each group for itself. */
export const promotionList = new Arranger<ItemRow>({
  key: ({key}) => key,
  fields: {
    group: ({item}) => item.group,
    app: ({item}) => item.application,
    name: ({item}) => item.subject,
    what: ({item}) => item.what,
    value: ({item}) => [item.now ?? '', item.wanted ?? ''],
    state: ({item}) => (item.refused === null ? (item.own === null ? 'free' : 'own') : 'refused'),
    file: ({item}) => item.target?.file ?? item.source?.file ?? '',
  },
  orders: [
    {by: 'listed'},
    {by: 'app', way: 'up', key: ({item}) => item.application},
    {by: 'name', way: 'up', key: ({item}) => item.subject},
  ],
  isDrift: ({item}) => item.refused === null && item.own === null,
  canMark: ({item}) => item.refused ?? true,
  inRange: ({item}) => movesWithOthers(item),
  isWanted: ({item}) => movesWithOthers(item),
});

/** The same for the rows: a heading is only passed. */
export const promotionRules: ListRules<PromotionRow> = {
  isDrift: row => row.kind === 'item' && promotionList.listing.isDrift?.(row) === true,
  canMark: row => (row.kind === 'item' ? (row.item.refused ?? true) : 'a heading'),
  inRange: row => row.kind === 'item' && movesWithOthers(row.item),
  isWanted: row => row.kind === 'item' && movesWithOthers(row.item),
};

const itemRows = new WeakMap<PromotionChoices, readonly ItemRow[]>();
const headed = new WeakMap<Shown<ItemRow>, Shown<PromotionRow>>();
const none: readonly ItemRow[] = [];

/** The items as they are shown, without their headings. */
export function shownItems(screen: PromotionScreen): Shown<ItemRow> {
  const {choices} = screen;
  if (choices === null) return promotionList.shown(none, screen);
  let rows = itemRows.get(choices);
  if (rows === undefined) {
    rows = choices.items.map(item => ({kind: 'item', key: item.id, item}));
    itemRows.set(choices, rows);
  }
  return promotionList.shown(rows, screen);
}

/** The same, each group that has items under its heading. */
export function shownPromotion(screen: PromotionScreen): Shown<PromotionRow> {
  const shown = shownItems(screen);
  let whole = headed.get(shown);
  if (whole === undefined) {
    const items = promotionGroups.flatMap((group): PromotionRow[] => {
      const own = shown.items.filter(({item}) => item.group === group);
      return own.length === 0
        ? []
        : [{kind: 'group', key: `group ${group}`, group, items: own.length}, ...own];
    });
    whole = {items, keys: items.map(({key}) => key), total: shown.total, order: {by: shown.order.by}};
    headed.set(shown, whole);
  }
  return whole;
}

/** The rows: each group that has items, with its heading. */
export function promotionRows(screen: PromotionScreen): readonly PromotionRow[] {
  return shownPromotion(screen).items;
}

/** The keys of the rows. */
export function promotionKeys(screen: PromotionScreen): readonly string[] {
  return shownPromotion(screen).keys;
}

/** The chosen row; undefined in an empty list. */
export function chosenPromotion(screen: PromotionScreen): PromotionRow | undefined {
  return chosenOf(screen, shownPromotion(screen));
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
    list: settle(
      {...known.list, ...choose(known.list, first < 0 ? Math.min(1, keys.length - 1) : first, keys, height)},
      keys,
      height,
    ),
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
      : shownItems(screen)
          .items.filter(({item}) => item.group === row.group && movesWithOthers(item))
          .map(({key}) => key);
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
