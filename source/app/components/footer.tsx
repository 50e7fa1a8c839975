import {placeOf, textField} from '../keys/command.ts';
import {filterField, filterFields} from '../keys/filter-field.ts';
import {keymapOf} from '../keys/keymap.ts';
import {lookField} from '../keys/look-field.ts';
import {refusal} from '../keys/run-command.ts';
import {searchField} from '../keys/search-field.ts';
import type {InputLine} from '../state/input-line.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, lineWidth, span, spread} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {inputSpans} from './input-spans.ts';
import {Row} from './row.tsx';

/** The one line at the bottom: a notice or the text being typed, else the keys that work here and now. */
export function Footer({state, position, look}: {state: AppState; position: string; look: Look}) {
  return <Row spans={footerLine(state, position, look)} look={look} />;
}

function footerLine(state: AppState, position: string, look: Look): Line {
  const {columns} = state.size;
  const right = positionPart(position);
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
  const search = searchField(state) ?? lookField(state);
  if (search !== null) return spread(searchLine(search, room), right, columns, look.glyphs.ellipsis);
  const filter = filterField(state);
  if (filter !== null)
    return spread(filterLine(filter, filterFields(state), room), right, columns, look.glyphs.ellipsis);
  const field = textField(state);
  if (field !== null) return spread(fieldLine(field.name), right, columns, look.glyphs.ellipsis);
  return spread(hints(state, room), right, columns, look.glyphs.ellipsis);
}

// A name is typed to confirm: what enter does then is the dialog's button.
function fieldLine(name: 'name' | 'title'): Line {
  return line(` enter ${name === 'name' ? 'confirms' : 'done'}  esc back  ctrl-u empties it`);
}

const searchWords = '   enter keeps it  esc clears it';

/** The line with its cursor, and by which fields this list can be filtered, as far as there is room. */
function filterLine(typing: InputLine, fields: readonly string[], room: number): Line {
  const names = `   !not  ${fields.map(name => `${name}:`).join(' ')}`;
  const typed = inputSpans(typing, Math.max(10, room - 2 - searchWords.length));
  return line(' /', ...typed, searchWords, span(names, 'dim'));
}

function searchLine(typing: InputLine, room: number): Line {
  return line(' /', ...inputSpans(typing, Math.max(10, room - 2 - searchWords.length)), searchWords);
}

/** A key in the footer, where it stands: its column, from 0, and how many it takes with its word. */
export interface PlacedKey {
  readonly key: string;
  readonly word: string;
  readonly column: number;
  readonly width: number;
}

/** The keys that the footer shows: none while it shows something else. */
export function footerKeys(state: AppState, position: string): readonly PlacedKey[] {
  const isTaken = state.notice !== null || state.palette !== null;
  if (isTaken || searchField(state) !== null || textField(state) !== null) return [];
  return placedKeys(state, state.size.columns - lineWidth(positionPart(position)));
}

function positionPart(position: string): Line {
  return position === '' ? [] : line(span(`  ${position} `, 'dim'));
}

function hints(state: AppState, room: number): Line {
  const parts = placedKeys(state, room).map(({key, word}) => [span(key, 'strong'), span(` ${word}  `)]);
  return [span(' '), ...parts.flat()];
}

/** As many keys as fit, whole ones only. */
function placedKeys(state: AppState, room: number): PlacedKey[] {
  const place = placeOf(state);
  const placed: PlacedKey[] = [];
  let column = 1;
  for (const command of keymapOf(state.preferences).commands) {
    if (command.hint === undefined || !command.places.includes(place)) continue;
    const [key] = command.keys;
    if (key === undefined || refusal(state, command) !== null) continue;
    const word = typeof command.hint === 'string' ? command.hint : command.hint(state);
    if (word === null) continue;
    const width = key.length + 1 + word.length;
    if (column + width + 2 > room) break;
    placed.push({key, word, column, width});
    column += width + 2;
  }
  return placed;
}
