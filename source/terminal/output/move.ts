import type {Style} from './style.ts';

/** Where the terminal's cursor is and how it writes. */
export interface Pen {
  row: number;
  /** -1 where it can't be known: beyond the last column, or after what terminals don't agree on. */
  column: number;
  style: Style;
}

/** The shortest way to a cell. It never writes anything, nor leaves the screen. Moves the pen there. */
export function moveTo(pen: Pen, row: number, column: number): string {
  if (pen.row === row && pen.column === column) return '';
  const ways = [absolute(row, column)];
  if (pen.row === row) {
    ways.push(column === 0 ? '\r' : `\u001B[${column + 1}G`);
    if (pen.column >= 0) ways.push(sideways(column - pen.column));
  } else if (pen.row >= 0) {
    const vertical = upright(row - pen.row);
    if (pen.column === column) ways.push(vertical);
    if (column === 0) {
      ways.push(`\r${vertical}`);
      // A line feed on the last row would scroll; from a row above, it never is there.
      if (row > pen.row) ways.push(`\r${'\n'.repeat(row - pen.row)}`);
    }
  }
  pen.row = row;
  pen.column = column;
  return ways.reduce((best, way) => (way.length < best.length ? way : best));
}

function absolute(row: number, column: number): string {
  if (column > 0) return `\u001B[${row + 1};${column + 1}H`;
  return row > 0 ? `\u001B[${row + 1}H` : '\u001B[H';
}

function sideways(columns: number): string {
  if (columns > 0) return `\u001B[${counted(columns)}C`;
  return columns > -4 ? '\b'.repeat(-columns) : `\u001B[${counted(-columns)}D`;
}

function upright(rows: number): string {
  return `\u001B[${counted(Math.abs(rows))}${rows > 0 ? 'B' : 'A'}`;
}

/** A count as sequences have it: one is the default. */
function counted(count: number): string {
  return count === 1 ? '' : String(count);
}
