import {formatIdentity} from '../../resources/identity.ts';
import type {Json} from '../../resources/json.ts';
import type {AdoptPreview} from '../session.ts';
import {endlessRows} from '../state/layout.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {shortPair} from '../text/shorten.ts';
import type {Look} from '../text/theme.ts';
import {count, shortValue} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';

/** What an adoption writes where, what it leaves and why, and whether git then says what is live. */
export function adoptionLines({plan}: AdoptPreview, columns: number, look: Look, rows: number): Line[] {
  const {adopted, left} = plan;
  // Of the rest the patch (d) tells.
  const shown = rows >= endlessRows ? adopted.length + left.length : rows < 30 ? 2 : 5;
  const clip = (text: string, width: number) => clipMiddle(text, Math.max(10, width), look.glyphs.ellipsis);
  const lines = adopted.slice(0, shown).flatMap(field => {
    const what = field.path === '' ? formatIdentity(field.id) : `${formatIdentity(field.id)} ${field.path}`;
    const by = field.manager === undefined ? '' : `  by ${field.manager}`;
    const room = columns - 4 - by.length;
    const {arrow, ellipsis} = look.glyphs;
    const pair = shortPair(valueWords(field.git), valueWords(field.live), room - arrow.length - 2, ellipsis);
    const values = field.path === '' ? 'added to git' : pair.join(` ${arrow} `);
    return [
      line(span('~ ', 'drift'), clip(what, columns - 2)),
      line(`    ${clip(values, room)}`, span(by, 'dim')),
      line(span(`    ${clip(`${field.file}:${field.line}, ${field.how}`, columns - 4)}`, 'dim')),
    ];
  });
  if (adopted.length > shown)
    lines.push(line(span(`  and ${count(adopted.length - shown, 'field')} more`, 'dim')));
  for (const {id, path, reason} of left.slice(0, shown)) {
    const what = [formatIdentity(id), path].filter(Boolean).join(' ');
    const words = wrap(`not adopted: ${what}: ${reason}`, columns - 2);
    lines.push(...words.map((text, index) => line(span(`${index === 0 ? '! ' : '  '}${text}`, 'drift'))));
  }
  if (left.length > shown)
    lines.push(line(span(`  and ${count(left.length - shown, 'field')} more stay as they are`, 'drift')));
  if (adopted.length > 0 && adopted.every(({after}) => after === 'same')) {
    lines.push(line(span('Checked on the cluster: git then says just what is live there.', 'good')));
  }
  return lines;
}

function valueWords(value: Json | undefined): string {
  return value === undefined ? 'not set' : shortValue(value);
}
