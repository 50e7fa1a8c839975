import {createHash} from 'node:crypto';
import {branchPart} from '../../environments/branch.ts';
import {parseImage} from '../../registries/reference.ts';
import {plainLine} from '../../text/plain.ts';
import {versionOf} from './promoted-image.ts';
import type {PromotionItem} from './types.ts';

/** More items than these are counted, not listed. */
const listed = 40;

/** The message of a promotion: what goes where, and what it is of each item. Values of fields are not in it. */
export function promotionMessage(
  from: string,
  to: string,
  revision: string,
  items: readonly PromotionItem[],
): string {
  const lines = items.slice(0, listed).map(item => `- ${itemWords(item)}`);
  if (items.length > listed) lines.push(`- and ${items.length - listed} more`);
  return [
    `Promote ${plainLine(from)} to ${plainLine(to)}: ${inShort(items)}`,
    '',
    `As ${plainLine(from)} is at ${revision.slice(0, 7)}:`,
    ...lines,
  ].join('\n');
}

/** What is promoted, in a few words: the version where it is one, else how many of what. */
function inShort(items: readonly PromotionItem[]): string {
  const [first] = items;
  if (first === undefined) return 'nothing';
  const versions = new Set(items.map(item => `${item.application} ${versionText(item.wanted)}`));
  if (items.every(({group}) => group === 'images') && versions.size <= 2) return [...versions].join(', ');
  const count = (group: string, one: string, many = `${one}s`) => {
    const number = items.filter(item => item.group === group).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  };
  return [
    ...count('images', 'image'),
    ...count('values', 'value'),
    ...count('objects', 'object'),
    ...count('files', 'file'),
  ].join(', ');
}

/** An item on one line. */
export function itemWords({group, subject, what, now, wanted}: PromotionItem): string {
  switch (group) {
    case 'images':
      return plainLine(`${subject} ${what}: ${now ?? 'none'} -> ${wanted ?? 'none'}`);
    case 'values':
      return plainLine(`${subject}: ${what}`);
    case 'objects':
      return plainLine(`${subject}: ${wanted === null ? 'removed' : 'added'}`);
    case 'files':
      return plainLine(subject);
  }
}

function versionText(image: string | null): string {
  const parsed = image === null ? null : parseImage(image);
  return parsed === null ? (image ?? '') : versionOf(parsed);
}

/** The name of a pull request's branch: the same promotion has the same one. */
export function promotionBranch(
  from: string,
  to: string,
  revision: string,
  items: readonly string[] | 'merge',
): string {
  const name = `gitops-tui/promote-${branchPart(from)}-to-${branchPart(to)}-${revision.slice(0, 7)}`;
  if (items === 'merge') return name;
  const digest = createHash('sha256')
    .update([...items].sort().join('\0'))
    .digest('hex');
  return `${name}-${digest.slice(0, 6)}`;
}
