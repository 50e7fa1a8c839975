import type {PromotionItem} from '../../changes/promotion/types.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import {keySpan} from '../keys/key-words.ts';
import type {PromotionRow, PromotionScreen} from '../state/screens/promotion-screen.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {clipMiddle} from '../text/width.ts';

interface Room {
  columns: number;
  rows: number;
  look: Look;
}

/** What the pane under the list says of its row: both values with the lines that set them, and what speaks against it. */
export function promotionDetail(
  state: AppState,
  screen: PromotionScreen,
  row: PromotionRow | undefined,
  room: Room,
): Line[] {
  const {choices} = screen;
  if (row === undefined || choices === null) return [];
  const lines =
    row.kind === 'group' ? groupLines(state, screen, row.group, room) : itemLines(screen, row.item, room);
  const own = choices.own.map(words => line(span('Stays   ', 'dim'), words));
  return row.kind === 'group' ? [...lines, ...own] : lines;
}

const groupWords = {
  images:
    'Versions of images, each set where the target sets it. Older ones and other images are marked one by one.',
  values:
    'Other fields of the same objects. What is likely an environment’s own (hosts, names, addresses) is marked one by one.',
  objects: 'Objects that only one of the two has: they come, or go.',
  files: 'Files taken over whole, as the source has them; one that only the target has would go.',
} as const;

function groupLines(
  state: AppState,
  {choices}: PromotionScreen,
  group: keyof typeof groupWords,
  {columns}: Room,
): Line[] {
  const lines = wrap(groupWords[group], columns).map(text => line(text));
  if (choices?.merge) {
    const {source, target, commits, ahead} = choices.merge;
    lines.push(
      line(
        span('Merge   ', 'dim'),
        `${source} has ${commits} commits that ${target} lacks; ${ahead} are only there  `,
        keySpan(state, 'promotion-merge'),
      ),
    );
  }
  return lines;
}

function itemLines(screen: PromotionScreen, item: PromotionItem, {columns, rows, look}: Room): Line[] {
  const {ellipsis} = look.glyphs;
  const against = [
    ...(item.refused === null ? [] : [`It can't be promoted: ${item.refused}`]),
    ...(item.own === null ? [] : [`Likely ${screen.environment}'s own: ${item.own}`]),
    ...item.notes,
  ].flatMap(text => wrap(text, columns).map(words => line(span(words, 'drift'))));
  if (item.patch !== undefined) return [...against, ...patchLines(item.patch).slice(0, rows)];
  const from = screen.from ?? '';
  const width = Math.max(screen.environment.length, from.length) + 2;
  const side = (
    name: string,
    location: SourceLocation | null,
    value: string | null,
    tone: 'removed' | 'added',
  ): Line[] => [
    line(
      span(name.padEnd(width), 'strong'),
      span(
        clipMiddle(location === null ? '' : `${location.file}:${location.line}`, columns - width, ellipsis),
        'dim',
      ),
    ),
    ...(item.group === 'objects'
      ? [line(value === null ? '  has none' : `  ${value}`)]
      : valueLines(value, tone, columns)),
  ];
  const now = side(screen.environment, item.target, item.now, 'removed');
  const wanted = side(from, item.source, item.wanted, 'added');
  return [...now, ...wanted, ...against];
}

/** So many lines of a value are shown; `d` shows all. */
const mostLines = 2;

function valueLines(value: string | null, tone: 'removed' | 'added', columns: number): Line[] {
  const sign = tone === 'removed' ? '-' : '+';
  if (value === null) return [line(span('  not set', 'dim'))];
  const lines = value.split('\n').flatMap(text => wrap(text, columns - 2));
  const shown = lines.slice(0, mostLines).map(text => line(span(`${sign} ${text}`, tone)));
  return lines.length > mostLines ? [...shown, line(span('  …', 'dim'))] : shown;
}

function patchLines(patch: string): Line[] {
  const lines = patch.split('\n');
  const start = lines.findIndex(text => text.startsWith('@@'));
  return lines
    .slice(Math.max(0, start))
    .map(text =>
      line(span(text, text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'plain')),
    );
}
