import type {PromotionGroup, PromotionItem} from './types.ts';

/** What a command line asks for. */
export interface Selection {
  /** Groups; empty where none is named. */
  groups: ReadonlySet<PromotionGroup>;
  /** Names of applications, objects, files or single fields; empty for all. */
  names: readonly string[];
}

/** What of the items was asked for; what was named and can't be had is told by its reason. */
export interface Selected {
  items: readonly PromotionItem[];
  /** Names that nothing is called. */
  unknown: readonly string[];
  /** Items that were left out although they fit: an environment's own, and what can't be promoted. */
  left: readonly PromotionItem[];
}

/**
 * The items that a selection means. Without one those that are chosen by default; names alone mean images. What is likely an
 * environment's own is only taken where it is named itself (by its field or file), an image that would become an older one
 * where its application is.
 */
export function selectItems(items: readonly PromotionItem[], {groups, names}: Selection): Selected {
  if (groups.size === 0 && names.length === 0)
    return {items: items.filter(({byDefault}) => byDefault), unknown: [], left: []};
  const isExact = (item: PromotionItem) => names.some(name => exactNames(item).includes(name));
  const isNamed = (item: PromotionItem) =>
    names.length === 0 || names.some(name => looseNames(item).includes(name)) || isExact(item);
  const inGroup = ({group}: PromotionItem) => groups.has(group) || (groups.size === 0 && group === 'images');
  const meant = items.filter(item => isExact(item) || (inGroup(item) && isNamed(item)));
  const isTaken = (item: PromotionItem) =>
    item.refused === null &&
    (isExact(item) || (item.own === null && (names.length > 0 || movesWithOthers(item))));
  return {
    items: meant.filter(isTaken),
    unknown: names.filter(
      name => !items.some(item => looseNames(item).includes(name) || exactNames(item).includes(name)),
    ),
    left: meant.filter(item => !isTaken(item)),
  };
}

/** True for what may go along without being named: no environment's own, no image that would be an older or another one. */
export function movesWithOthers({group, own, refused, byDefault}: PromotionItem): boolean {
  return own === null && refused === null && (group !== 'images' || byDefault);
}

/** Names that mean one item. */
function exactNames({id, group, subject, what}: PromotionItem): string[] {
  const field = id.slice(`${group}:`.length);
  return [id, field, ...(group === 'files' || what === '' ? [subject] : [`${subject}:${what}`])];
}

/** Names that may mean several: the application, the object, with or without its namespace. */
function looseNames({application, subject, group}: PromotionItem): string[] {
  if (group === 'files') return [application];
  const [kind = '', ...rest] = subject.split('/');
  const name = rest.at(-1) ?? '';
  return [application, name, subject, `${kind}/${name}`];
}
