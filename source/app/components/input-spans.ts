import {charactersOf, type InputLine} from '../state/input-line.ts';
import {type Span, span} from '../text/line.ts';
import {endOf, startOf, widthOf} from '../text/width.ts';

/**
 * A line that is being typed, with its cursor, on at most `columns`: where it is longer, the part around the cursor is in
 * sight.
 */
export function inputSpans({text, cursor}: InputLine, columns: number): Span[] {
  const [under = ' ', ...rest] = charactersOf(text.slice(cursor));
  const left = endOf(text.slice(0, cursor), columns - widthOf(under));
  const right = startOf(rest.join(''), columns - widthOf(left) - widthOf(under));
  return [span(left, 'strong'), span(under, 'cursor'), span(right, 'strong')];
}
