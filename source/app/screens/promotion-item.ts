import type {PromotionItem} from '../../changes/promotion/types.ts';
import {type Line, line, span} from '../text/line.ts';
import {shortPair} from '../text/shorten.ts';
import type {Look} from '../text/theme.ts';

/** Columns that both values of an item take at most. */
const valueColumns = 34;

/** An item in one line, for where there is no table: `Deployment/web app  v1.8.0 → v1.8.2`. */
export function itemLine({group, subject, what, now, wanted}: PromotionItem, {glyphs}: Look): Line {
  if (group === 'files') return line(subject, span(`  ${what}`, 'dim'));
  if (group === 'objects') return line(subject, span(wanted === null ? '  goes' : '  is added', 'drift'));
  const [before, after] = shortPair(now ?? 'not set', wanted ?? 'not set', valueColumns, glyphs.ellipsis);
  return line(`${subject} ${what}  `, span(before, 'dim'), ` ${glyphs.arrow} `, span(after, 'strong'));
}
