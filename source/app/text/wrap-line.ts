import {type Line, lineWidth, type Span, span} from './line.ts';
import {startOf, widthOf} from './width.ts';

/** A line broken at its spaces into lines of at most `columns`, each piece in its tone; what follows is indented a little more. */
export function wrapLine(spans: Line, columns: number): Line[] {
  if (lineWidth(spans) <= columns) return [spans];
  const [indent = ''] = /^ */.exec(spans.map(({text}) => text).join('')) ?? [];
  const lead = span(' '.repeat(Math.min(indent.length + 2, Math.floor(columns / 2))));
  const lines: Span[][] = [[]];
  let used = 0;
  const add = (text: string, tone: Span['tone']) => {
    lines.at(-1)?.push(span(text, tone));
    used += widthOf(text);
  };
  const next = () => {
    lines.push([lead]);
    used = widthOf(lead.text);
  };
  for (const {text, tone} of spans) {
    for (const [piece] of text.matchAll(/ +|[^ ]+/g)) {
      let rest: string = piece;
      if (used + widthOf(rest) > columns) {
        if (/^ /.test(rest)) continue;
        if (used > widthOf(lead.text)) next();
        // A word of its own that is longer than a line: a path.
        while (used + widthOf(rest) > columns) {
          const head = startOf(rest, Math.max(1, columns - used));
          if (head === '') break;
          add(head, tone);
          rest = rest.slice(head.length);
          next();
        }
      }
      add(rest, tone);
    }
  }
  return lines;
}
