import {placeOf, textField} from '../keys/command.ts';
import {keymapOf} from '../keys/keymap.ts';
import {refusal} from '../keys/run-command.ts';
import {searchField} from '../keys/search-field.ts';
import type {InputLine} from '../state/input-line.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, lineWidth, type Span, span, spread} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {inputSpans} from './input-spans.ts';
import {Row} from './row.tsx';

/** The one line at the bottom: a notice or the text being typed, else the keys that work here and now. */
export function Footer({state, position, look}: {state: AppState; position: string; look: Look}) {
  return <Row spans={footerLine(state, position, look)} look={look} />;
}

function footerLine(state: AppState, position: string, look: Look): Line {
  const {columns} = state.size;
  const right = position === '' ? [] : line(span(`  ${position} `, 'dim'));
  const room = columns - lineWidth(right);
  if (state.notice !== null) {
    const {text, tone} = state.notice;
    return spread(line(' ', span(text, tone)), right, columns, look.glyphs.ellipsis);
  }
  if (state.palette !== null)
    return spread(
      line(' tab completes  enter runs  esc leaves  ctrl-p earlier ones'),
      [],
      columns,
      look.glyphs.ellipsis,
    );
  const search = searchField(state);
  if (search !== null) return spread(searchLine(search, room), right, columns, look.glyphs.ellipsis);
  const field = textField(state);
  if (field !== null) return spread(fieldLine(field), right, columns, look.glyphs.ellipsis);
  return spread(hints(state, room), right, columns, look.glyphs.ellipsis);
}

function fieldLine(field: {name: 'filter' | 'name' | 'title'; text: string}): Line {
  if (field.name === 'filter')
    return line(' /', span(field.text, 'strong'), '_   enter keeps it  esc clears it');
  return line(' enter done  esc back  ctrl-u empties it');
}

const searchWords = '   enter keeps it  esc clears it';

function searchLine(typing: InputLine, room: number): Line {
  return line(' /', ...inputSpans(typing, Math.max(10, room - 2 - searchWords.length)), searchWords);
}

/** As many keys as fit, whole ones only. */
function hints(state: AppState, room: number): Line {
  const place = placeOf(state);
  const parts: Span[] = [span(' ')];
  let used = 1;
  for (const command of keymapOf(state.preferences).commands) {
    if (command.hint === undefined || !command.places.includes(place)) continue;
    const [key] = command.keys;
    if (key === undefined || refusal(state, command) !== null) continue;
    const word = typeof command.hint === 'string' ? command.hint : command.hint(state);
    if (word === null) continue;
    const width = key.length + 1 + word.length + 2;
    if (used + width > room) break;
    used += width;
    parts.push(span(key, 'strong'), span(` ${word}  `));
  }
  return parts;
}
