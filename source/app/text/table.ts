import {fit, type Line, line, lineWidth, span} from './line.ts';
import {widthOf} from './width.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Where the room is short, columns with this give way, the lowest `order` first, down to `least` columns. */
  readonly yields?: {readonly order: number; readonly least: number};
  readonly right?: boolean;
  /** How a cell that is too long is cut, where not at its end: `clipMiddle`, `clipImage`. */
  readonly cut?: (text: string, columns: number, ellipsis: string) => string;
}

/** Widths of a table's columns: as wide as their widest cell, narrowed until all fit into `room` with `gap` between. */
export function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly Line[])[],
  room: number,
  gap = 2,
): number[] {
  const widths = columns.map(({title}, index) =>
    Math.max(widthOf(title), ...rows.map(cells => lineWidth(cells[index] ?? []))),
  );
  let over = widths.reduce((sum, width) => sum + width, 0) + gap * (columns.length - 1) - room;
  const yielding = [...columns.entries()].filter(([, {yields}]) => yields !== undefined);
  yielding.sort(([, a], [, b]) => (a.yields?.order ?? 0) - (b.yields?.order ?? 0));
  for (const [index, {yields}] of yielding) {
    const given = Math.max(0, Math.min(over, (widths[index] ?? 0) - (yields?.least ?? 0)));
    widths[index] = (widths[index] ?? 0) - given;
    over -= given;
  }
  return widths;
}

/** A row of the table: each cell on its column's width. */
export function tableRow(
  columns: readonly Column[],
  cells: readonly Line[],
  widths: readonly number[],
  ellipsis: string,
): Line {
  const gap = span('  ');
  return columns.flatMap(({right, cut}, index) => {
    const width = widths[index] ?? 0;
    const cell = (cells[index] ?? []).map(item =>
      cut === undefined ? item : span(cut(item.text, width, ellipsis), item.tone),
    );
    const room = width - lineWidth(cell);
    const placed =
      right === true && room > 0 ? [span(' '.repeat(room)), ...cell] : fit(cell, width, ellipsis);
    return index === 0 ? placed : [gap, ...placed];
  });
}

/** The line of column names. */
export function tableHead(columns: readonly Column[], widths: readonly number[], ellipsis: string): Line {
  return tableRow(
    columns,
    columns.map(({title}) => line(span(title, 'dim'))),
    widths,
    ellipsis,
  );
}
