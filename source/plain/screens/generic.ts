import {chosenIndex} from '../../app/state/lists/list.ts';
import {shown} from '../../app/state/screen-kinds.ts';
import {replaceScreen} from '../../app/state/screen-stack.ts';
import type {AppState} from '../../app/state/state.ts';
import type {Line} from '../../app/text/line.ts';
import {sentence, verbatim} from '../words.ts';
import {tableSentences} from './columns.ts';
import {type Pane, panesOf} from './panes.ts';
import type {ShownText} from './shown.ts';

/**
 * A screen in words, whichever it is: its first panel with its rows by number, the others as what is told of the chosen row.
 * `asIs` leaves its lines as they stand: those of a log are nobody's columns.
 */
export function genericText(state: AppState, asIs = false): ShownText {
  const {panes, loose} = panesOf(state);
  const [list, ...others] = panes;
  const detail = others.flatMap(({title, lines}) => [sentence(title), ...lines.map(sentence)]);
  const said = loose.map(spans => sentence(spans).trim());
  if (list === undefined) return {head: [], rows: [], foot: filled(said), detail: filled(detail)};
  const title = [sentence(list.title), sentence(list.right)].filter(text => text !== '').join(', ');
  const {rows, below} = asIs ? {rows: [], below: list.lines.map(verbatim)} : rowsIn(state, list);
  return {head: filled([title]), rows, foot: filled([...below, ...said]), detail: filled(detail)};
}

type Row = ShownText['rows'][number];

/** The lines of the list's panel: those that are rows, each with what stands above it, and those below the last. */
function rowsIn(state: AppState, {lines}: Pane): {rows: Row[]; below: string[]} {
  const words = (part: readonly Line[]) => part.map(spans => sentence(spans).trim());
  const {screen, kind} = shown(state);
  const {keys} = kind.rows(state, screen);
  const places = placesOf(state, keys);
  if (places === null || places.some(place => place >= lines.length)) return {rows: [], below: words(lines)};
  const rows: Row[] = [];
  let end = 0;
  for (let from = 0; from < keys.length; ) {
    // Rows that stand one below the other, and may be a table with the line above them.
    let to = from + 1;
    while (to < keys.length && places[to] === (places[from] ?? 0) + to - from) to += 1;
    const [first = 0, last = 0] = [places[from], places[to - 1]];
    const drawn = lines.slice(first, last + 1);
    const head = first > end ? lines[first - 1] : undefined;
    const isTable = head !== undefined && isNames(head);
    const texts = isTable ? tableRows(verbatim(head), drawn) : drawn.map(rowSentence);
    const above = filled(words(lines.slice(end, isTable ? first - 1 : first)));
    for (const [index, text] of texts.entries())
      rows.push({key: keys[from + index] ?? '', text, above: index === 0 ? above : []});
    end = last + 1;
    from = to;
  }
  return {rows, below: words(lines.slice(end))};
}

/** The line of a table's column names: dim, and in capitals. */
function isNames(spans: Line): boolean {
  return (
    spans.every(({text, tone}) => tone === 'dim' || text.trim() === '') && !/[a-z]/.test(verbatim(spans))
  );
}

/**
 * On which line each row is drawn: there the marker stands where it is chosen. Null where that can't be told. Between two rows
 * that are as far apart in the list as on the panel nothing else stands: those need not be looked for.
 */
function placesOf(state: AppState, keys: readonly string[]): readonly number[] | null {
  if (keys.length === 0) return null;
  const places: number[] = [];
  const find = (index: number): number => {
    places[index] ??= markedLine(state, keys, index);
    return places[index] ?? -1;
  };
  const fill = (from: number, to: number): boolean => {
    if (find(from) < 0 || find(to) < 0) return false;
    if (find(to) - find(from) === to - from) {
      for (let index = from; index <= to; index += 1) places[index] = find(from) + index - from;
      return true;
    }
    if (to - from <= 1) return find(to) > find(from);
    const middle = Math.floor((from + to) / 2);
    return fill(from, middle) && fill(middle, to);
  };
  return fill(0, keys.length - 1) ? places : null;
}

/** The line of the chosen row's marker where a row is the chosen one; -1 where there is none. */
function markedLine(state: AppState, keys: readonly string[], index: number): number {
  const {screen} = shown(state);
  const isIt = chosenIndex(screen.list, keys) === index;
  const list = {key: keys[index] ?? null, index, top: 0};
  const [pane] = panesOf(isIt ? state : replaceScreen(state, {...screen, list})).panes;
  return pane?.lines.findIndex(isChosen) ?? -1;
}

/** The chosen row begins with its marker. */
function isChosen([first]: Line): boolean {
  return first?.tone === 'strong' && /^> ?$/.test(first.text);
}

/** The rows of a table, with what stands before its first column: which one is chosen, and which are marked. */
function tableRows(head: string, rows: readonly Line[]): string[] {
  const leads = rows.map(spans => verbatimStart(spans.slice(0, leadLength(spans))));
  // What is before the first column is so in every row.
  const from = Math.min(...leads.map(({length}) => length));
  const texts = tableSentences(
    head.slice(from),
    rows.map(spans => verbatim(spans).slice(from)),
  );
  return texts.map(
    (text, index) => `${leads[index]?.includes('*') ? 'marked: ' : ''}${text.replace(/^\* /, '')}`,
  );
}

/** How many pieces of a row are its lead: the marker of the chosen one, and one place each for marks and ranges. */
function leadLength(spans: Line): number {
  const [marker] = spans;
  if (marker === undefined || marker.tone !== 'strong' || !/^[> ] ?$/.test(marker.text)) return 0;
  const end = spans.findIndex(({text}, index) => index > 0 && !/^[|* ]$/.test(text));
  return end < 0 ? spans.length : end;
}

function verbatimStart(spans: Line): string {
  return spans.map(({text}) => text).join('');
}

/** A row that is no table's, without its lead. */
function rowSentence(spans: Line): string {
  return sentence(spans.slice(leadLength(spans))).trim();
}

function filled(lines: readonly string[]): string[] {
  return lines.filter(text => text.trim() !== '');
}
