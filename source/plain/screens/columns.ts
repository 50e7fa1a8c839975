import {widthOf} from '../../app/text/width.ts';

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/**
 * The rows of a table as words, told from where all of its lines are empty: the first cell as it is, the others behind the
 * name of their column. `head` is the line of the columns' names.
 */
export function tableSentences(head: string, rows: readonly string[]): string[] {
  const lines = [head, ...rows].map(placed);
  const width = Math.max(...lines.map(line => line.length));
  const columns = columnsOf(lines, width);
  const [names = [], ...cells] = lines.map(line => columns.map(({from, to}) => textOf(line, from, to)));
  return cells.map(row =>
    row
      .map((cell, index) => {
        const name = names[index] ?? '';
        if (cell === '') return '';
        return index === 0 || name === '' ? cell : `${name.toLowerCase()} ${cell}`;
      })
      .filter(text => text !== '')
      .join(', '),
  );
}

/** A line by its places: what takes two places leaves the second empty, and is not a gap. */
function placed(text: string): string[] {
  const places: string[] = [];
  for (const {segment} of graphemes.segment(text.trimEnd())) {
    places.push(segment);
    for (let more = widthOf(segment); more > 1; more -= 1) places.push('');
  }
  return places;
}

/** The columns: between them two places at least are empty in every line. One without a name belongs to the one before it. */
function columnsOf(lines: readonly string[][], width: number): {from: number; to: number}[] {
  const isEmpty = (at: number) => lines.every(line => (line[at] ?? ' ') === ' ');
  const columns: {from: number; to: number}[] = [];
  let empty = 2;
  for (let at = 0; at < width; at += 1) {
    if (isEmpty(at)) {
      empty += 1;
      continue;
    }
    const last = columns.at(-1);
    if (last === undefined || empty >= 2) columns.push({from: at, to: at + 1});
    else last.to = at + 1;
    empty = 0;
  }
  const [head = []] = lines;
  const named: typeof columns = [];
  for (const column of columns) {
    const before = named.at(-1);
    if (before === undefined || textOf(head, column.from, column.to) !== '') named.push(column);
    else before.to = column.to;
  }
  return named;
}

function textOf(line: readonly string[], from: number, to: number): string {
  return line
    .slice(from, to)
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\* (?=live)/, '');
}
