import type {PromotionItem} from '../../environments/promotion/types.ts';
import {type Line, line, span} from '../text/line.ts';

/** An item in one line, for where there is no table: `Deployment/web app  shop/web:1 → shop/web:2`. */
export function itemLine({group, subject, what, now, wanted}: PromotionItem): Line {
  if (group === 'files') return line(subject, span(`  ${what}`, 'dim'));
  if (group === 'objects') return line(subject, span(wanted === null ? '  goes' : '  is added', 'drift'));
  return line(`${subject} ${what}  `, span(now ?? 'none', 'dim'), ' to ', span(wanted ?? 'none', 'strong'));
}
