import {rangeOf} from '../state/lists/list-keys.ts';
import {hiddenMarks, type ListView, type Shown} from '../state/lists/listing.ts';
import {type Line, line, span} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {clipMiddle} from '../text/width.ts';

/** What of a list is not to be told from its rows. */
export interface ViewFacts {
  readonly shown: Pick<Shown<unknown>, 'keys' | 'total' | 'order'>;
  /** The name of the order that goes without saying. */
  readonly listed: string;
  /** How many of the marked ones the filter hides; by default those that are no row. */
  readonly hidden?: number;
  /** What is said where only what needs a look is shown, and where all is. */
  readonly only?: string;
  readonly all?: string;
}

// A filter is longer than a border: its beginning and end are enough.
const filterColumns = 28;

/** How a list is looked at, for the right end of its border: marks, filter, order, and whether it is all. */
export function viewWords(view: ListView, facts: ViewFacts, look: Look): Line {
  const {glyphs} = look;
  const {order, keys} = facts.shown;
  const hidden = facts.hidden ?? hiddenMarks(view, keys);
  const parts: string[] = [];
  if (view.marked.size > 0)
    parts.push(`${view.marked.size} marked${hidden > 0 ? ` (${hidden} hidden)` : ''}`);
  if (view.filter !== '' || view.typing !== null)
    parts.push(
      `/${clipMiddle(view.filter, filterColumns, glyphs.ellipsis)}${view.typing === null ? '' : '_'}`,
    );
  if (order.by !== facts.listed) {
    const way = order.way === undefined ? '' : glyphs[order.way];
    parts.push(`sort ${order.by}${way}`);
  }
  const scope = view.driftOnly ? facts.only : facts.all;
  if (scope !== undefined) parts.push(scope);
  return line(span(parts.join('  ')));
}

/** What stands before a row: the cursor, then whether it is marked or in the range that is being marked. */
export function leadOf(
  view: ListView,
  keys: readonly string[],
  look: Look,
): (index: number, isChosen: boolean) => Line {
  const range = rangeOf(view, keys);
  return (index, isChosen) => {
    const key = keys[index];
    const isMarked = key !== undefined && view.marked.has(key);
    const inRange = range !== null && index >= range.first && index <= range.last;
    return line(
      span(isChosen ? '>' : ' ', 'strong'),
      span(inRange ? '|' : isMarked ? look.glyphs.live : ' ', 'busy'),
    );
  };
}

/** What a list says that has rows, but none that its filter or `.` lets through; null where it has some, or none at all. */
export function nothingShown(
  view: ListView,
  {keys, total}: ViewFacts['shown'],
  passes?: string,
): Line[] | null {
  if (keys.length > 0 || total === 0) return null;
  const why =
    view.filter === ''
      ? `All ${total} are ${passes ?? 'hidden'}.`
      : `None of ${total} matches /${view.filter}${view.driftOnly ? ', of those that need a look' : ''}.`;
  return [
    line(why),
    ...(view.filter === '' ? [] : [line('  ', span('esc', 'strong'), ' clears the filter')]),
    ...(view.driftOnly ? [line('  ', span('.', 'strong'), ' shows all')] : []),
  ];
}
