import {selectItems} from '../changes/promotion/select.ts';
import type {PromotionChoices, PromotionGroup, PromotionItem} from '../changes/promotion/types.ts';
import {promotionGroups} from '../changes/promotion/types.ts';
import {plain, plainLine} from '../text/plain.ts';
import {runChange} from './change.ts';
import {begin, chooseOne, print} from './common.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';

/**
 * `gitops-tui promote ENVIRONMENT [NAME…]`: prints what it and the environment that it is promoted from differ in, with
 * marks at what goes along, then the plan of that; --yes makes it. Gives 0 when nothing differs, 1 when nothing was chosen;
 * otherwise exit statuses are those of `runChange`.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const wish = wishOf(flags.only ?? []);
  const {session, loaded, signal} = await begin(flags);
  try {
    const [first, ...names] = words;
    const environment = chooseOne(loaded, first, 'promote');
    const from = flags.from ?? environment.promotesFrom;
    if (from === null) {
      const others = loaded.environments.flatMap(({name}) => (name === environment.name ? [] : [name]));
      throw new UsageError(
        `nothing says what ${environment.name} is promoted from: --from ${others.join(', --from ') || 'ENVIRONMENT'}`,
      );
    }
    chooseOne({...loaded, problems: []}, from, 'promote');
    // What runs there is worth knowing before it goes on; where the cluster is out of reach that is said.
    await session.inspect(from, signal, () => {});
    const choices = await session.promotionChoices(environment.name, from, signal);
    const request = {kind: 'promote', environment: environment.name, from} as const;
    if (wish.merge) {
      await print(`${headText(choices, false)}\n`);
      const source = choices.revisions.source;
      return await runChange(session, {...request, source, way: 'merge', items: null}, flags, signal);
    }
    const {items, unknown, left} = selectItems(choices.items, {groups: wish.groups, names});
    if (unknown.length > 0)
      throw new UsageError(
        `nothing that differs is called ${unknown.join(', ')}: see gitops-tui promote ${environment.name}`,
      );
    await print(choicesText(choices, items, left));
    if (choices.items.length === 0) return 0;
    if (items.length === 0) {
      await print(
        'Nothing is chosen: --only images, values, objects or files, or the name of what shall go along.\n',
      );
      return 1;
    }
    const ids = items.map(({id}) => id);
    const source = choices.revisions.source;
    return await runChange(session, {...request, source, way: 'items', items: ids}, flags, signal);
  } finally {
    session.close();
  }
}

/** What --only asks for: groups by name, several in one (`images,values`), or the whole branch. Throws UsageError. */
function wishOf(only: readonly string[]): {groups: Set<PromotionGroup>; merge: boolean} {
  const words = only.flatMap(text => text.split(',')).map(word => word.trim());
  const groups = new Set<PromotionGroup>();
  for (const word of words) {
    const group = promotionGroups.find(name => name === word);
    // Files bring the same again, whole: they are asked for by name.
    if (word === 'all') for (const name of ['images', 'values', 'objects'] as const) groups.add(name);
    else if (group !== undefined) groups.add(group);
    else if (word !== 'merge')
      throw new UsageError(
        `--only takes ${promotionGroups.join(', ')}, all or merge: "${word}" is none of them`,
      );
  }
  const merge = words.includes('merge');
  if (merge && words.length > 1) throw new UsageError('--only merge brings all of a branch: it goes alone');
  return {groups, merge};
}

/** `cautions`: also what the plan, which may follow, would say. */
function headText(
  {environment, from, cautions, own, merge}: PromotionChoices,
  withCautions: boolean,
): string {
  const lines = [`What ${environment} could get from ${from}`];
  for (const words of own) lines.push(`  stays as it is: ${words}`);
  if (merge !== null)
    lines.push(
      `  branches: ${merge.source} has ${merge.commits} commits that ${merge.target} lacks (--only merge)`,
    );
  for (const caution of withCautions ? cautions : []) lines.push(`  warning: ${caution}`);
  return plain(lines.join('\n'));
}

function choicesText(
  choices: PromotionChoices,
  chosen: readonly PromotionItem[],
  left: readonly PromotionItem[],
): string {
  const lines = [headText(choices, chosen.length === 0)];
  if (choices.items.length === 0) lines.push('  nothing differs');
  const ids = new Set(chosen.map(({id}) => id));
  for (const group of promotionGroups) {
    const items = choices.items.filter(item => item.group === group);
    if (items.length === 0) continue;
    lines.push('', `${group} ${items.length}`);
    for (const item of items) lines.push(...itemText(item, ids.has(item.id)));
  }
  if (left.length > 0)
    lines.push(
      '',
      `left out: ${left.length}; what may be ${choices.environment}'s own goes along only by its full name`,
    );
  return `${lines.join('\n')}\n\n`;
}

function itemText(item: PromotionItem, isChosen: boolean): string[] {
  const {group, subject, what, now, wanted, refused, own, notes} = item;
  const mark = isChosen ? '[x]' : refused === null ? '[ ]' : ' - ';
  const name = group === 'values' ? `${subject}:${what}` : `${subject}${what === '' ? '' : ` ${what}`}`;
  const values =
    group === 'images' || group === 'values'
      ? `: ${now ?? '(not set)'} -> ${wanted ?? '(not set)'}`
      : group === 'objects'
        ? wanted === null
          ? ': only here, would go'
          : ': new'
        : '';
  const lines = [`  ${mark} ${plainLine(name)}${shorten(plainLine(values))}`];
  for (const note of [own === null ? null : `own: ${own}`, refused, ...notes])
    if (note !== null) lines.push(`        ${plainLine(note)}`);
  return lines;
}

const longest = 160;

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
