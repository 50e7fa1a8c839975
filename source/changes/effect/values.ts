import {diffLines} from 'diff';
import {isObject, type Json, stringifyJson} from '../../resources/json.ts';

/** A line about an effect: what it means, and how far it is indented. Texts of git are in it as they are. */
export interface EffectLine {
  text: string;
  tone: 'plain' | 'strong' | 'added' | 'removed' | 'drift' | 'bad' | 'dim';
  depth: number;
}

/** How values that were and are stand beside each other, and what is cut off ends. */
export interface EffectStyle {
  arrow: string;
  ellipsis: string;
}

const longest = 200;
/** So much of what both sides begin with is left where the rest is far behind. */
const context = 20;
const mostLines = 40;

/** A value on one line, cut where it is long. */
export function shownValue(value: Json | undefined, {ellipsis}: EffectStyle): string {
  return cut(valueText(value), ellipsis);
}

/**
 * A field that says another value: on one line where there is room for it, from where the two begin to differ where they
 * are long; a text of several lines by its lines. `remark` stands behind it.
 */
export function changeLines(
  path: string,
  [before, after]: readonly [Json | undefined, Json | undefined],
  {tone, depth, remark = ''}: Pick<EffectLine, 'tone' | 'depth'> & {remark?: string},
  style: EffectStyle,
): EffectLine[] {
  const byLine =
    typeof before === 'string' && typeof after === 'string' && /\n./.test(`${before}${after}`)
      ? textLines(before, after, depth + 2, style)
      : undefined;
  if (byLine !== undefined) return [{text: `${path}:${remark}`, tone, depth}, ...byLine];
  const [old, now] = fromDifference(valueText(before), valueText(after), style);
  const {arrow, ellipsis} = style;
  return [{text: `${path}: ${cut(old, ellipsis)} ${arrow} ${cut(now, ellipsis)}${remark}`, tone, depth}];
}

/** What differs between two texts, line by line; undefined where they have too little in common to be worth it. */
function textLines(
  before: string,
  after: string,
  depth: number,
  {ellipsis}: EffectStyle,
): EffectLine[] | undefined {
  const parts = diffLines(before, after, {maxEditLength: 1000});
  if (parts === undefined) return undefined;
  const lines = parts.flatMap(({value, added, removed}): EffectLine[] => {
    if (!added && !removed) return [];
    const [mark, tone] = added ? (['+', 'added'] as const) : (['-', 'removed'] as const);
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map(text => ({text: `${mark} ${cut(text, ellipsis)}`, tone, depth}));
  });
  if (lines.length <= mostLines) return lines;
  const more = {text: `${ellipsis} ${lines.length - mostLines} lines more`, tone: 'dim', depth} as const;
  return [...lines.slice(0, mostLines), more];
}

/** Long texts without most of what they begin with alike: the difference is to be seen. */
function fromDifference(before: string, after: string, {ellipsis}: EffectStyle): [string, string] {
  if (Math.max(before.length, after.length) <= longest) return [before, after];
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = same - context;
  if (from <= context) return [before, after];
  return [`${ellipsis}${before.slice(from)}`, `${ellipsis}${after.slice(from)}`];
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return value === '' ? '""' : value.replaceAll('\n', '\\n');
  return isObject(value) || Array.isArray(value) ? stringifyJson(value) : String(value);
}

function cut(text: string, ellipsis: string): string {
  return text.length > longest ? `${text.slice(0, longest)}${ellipsis}` : text;
}
