import {chosenIndex} from '../../app/state/list.ts';
import {shown} from '../../app/state/screen-kinds.ts';
import type {AppState} from '../../app/state/state.ts';
import type {Line, Span} from '../../app/text/line.ts';
import {sentence, verbatim} from '../words.ts';
import {tableSentences} from './columns.ts';
import {type Pane, panesOf} from './panes.ts';
import type {ShownText} from './shown.ts';

/** A screen in words, whichever it is: its first panel with its rows by number, the others as what is told of the chosen row. */
export function genericText(state: AppState): ShownText {
  const {panes, loose} = panesOf(state);
  const [list, ...others] = panes;
  const detail = others.flatMap(({title, lines}) => [sentence(title), ...lines.map(sentence)]);
  const said = loose.map(spans => sentence(spans).trim());
  if (list === undefined) return {head: [], rows: [], foot: filled(said), detail: filled(detail)};
  const title = [sentence(list.title), sentence(list.right)].filter(text => text !== '').join(', ');
  const {above, rows, below} = rowsIn(state, list);
  return {
    head: filled([title, ...above]),
    rows,
    foot: filled([...below, ...said]),
    detail: filled(detail),
  };
}

/** The lines of the list's panel: those that are rows, told by the marker of the chosen one, and those around them. */
function rowsIn(
  state: AppState,
  {lines}: Pane,
): {above: string[]; rows: {key: string; text: string}[]; below: string[]} {
  const {screen, kind} = shown(state);
  const {keys} = kind.rows(state, screen);
  const from = lines.findIndex(isChosen) - chosenIndex(screen.list, keys);
  const words = (part: readonly Line[]) => part.map(spans => sentence(spans).trim());
  if (keys.length === 0 || from < 0 || lines.length < from + keys.length)
    return {above: [], rows: [], below: words(lines)};
  const drawn = lines.slice(from, from + keys.length);
  const head = lines[from - 1];
  const isTable = head?.every(({text, tone}) => tone === 'dim' || text.trim() === '') === true;
  const texts = isTable ? tableRows(verbatim(head), drawn) : drawn.map(rowSentence);
  return {
    above: words(lines.slice(0, Math.max(0, isTable ? from - 1 : from))),
    rows: keys.map((key, index) => ({key, text: texts[index] ?? ''})),
    below: words(lines.slice(from + keys.length)),
  };
}

/** The chosen row begins with its marker. */
function isChosen([first]: Line): boolean {
  return first?.tone === 'strong' && /^> ?$/.test(first.text);
}

/** The rows of a table, with what stands before its first column: which one is chosen, and which are marked. */
function tableRows(head: string, rows: readonly Line[]): string[] {
  const isLead = ({text, tone}: Span) => tone !== 'plain' && tone !== 'dim' && /^[>|* ]{1,2}$/.test(text);
  const leads = rows.map(spans => {
    const end = spans.findIndex((item, index) => index > 1 || !isLead(item));
    return verbatimStart(spans.slice(0, Math.max(0, end)));
  });
  const from = Math.max(0, ...leads.map(({length}) => length));
  const texts = tableSentences(
    head.slice(from),
    rows.map(spans => verbatim(spans).slice(from)),
  );
  return texts.map((text, index) => `${leads[index]?.includes('*') ? 'marked: ' : ''}${text}`);
}

function verbatimStart(spans: Line): string {
  return spans.map(({text}) => text).join('');
}

/** A row that is no table's, without the marker of the chosen one and of a range. */
function rowSentence(spans: Line): string {
  const from = spans.findIndex(({text}, index) => index > 1 || !/^[>| ]{1,2}$/.test(text));
  return sentence(spans.slice(Math.max(0, from))).trim();
}

function filled(lines: readonly string[]): string[] {
  return lines.filter(text => text.trim() !== '');
}
