import {type DiffStyle, gutterWidth, isWhole, pairCells, unifiedCells} from '../diff/diff-cells.ts';
import type {DiffLine} from '../diff/diff-lines.ts';
import {patchOf} from '../diff/patch.ts';
import {sideBySide} from '../diff/side-by-side.ts';
import {halves, heightOf} from '../text/cell.ts';
import type {Line} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import type {Sheet} from './sheet.ts';

const isChanged = (item: DiffLine | null | undefined) => item?.mark === '-' || item?.mark === '+';

/** The lines of a diff as a sheet, unified or in two columns. */
export function diffSheet(title: Line, lines: readonly DiffLine[], split: boolean, style: DiffStyle): Sheet {
  if (!split) {
    return {
      title,
      length: lines.length,
      source: lines,
      cells: index => unifiedCells(lines, index, style),
      height(index, columns) {
        const item = lines[index];
        return item === undefined ? 1 : heightOf(item.text, columns - gutterWidth(item, style));
      },
      text: index => lines[index]?.text ?? '',
      isChange: index => isChanged(lines[index]) && !isChanged(lines[index - 1]),
      isFile: index => lines[index]?.mark === 'file' && lines[index - 1]?.mark !== 'file',
      gapAt: index => lines[index]?.at ?? null,
    };
  }
  const pairs = sideBySide(lines);
  const isChange = (index: number) => {
    const pair = pairs[index];
    return isChanged(pair?.left) || isChanged(pair?.right);
  };
  return {
    title,
    length: pairs.length,
    source: pairs,
    cells(index) {
      const pair = pairs[index];
      return pair === undefined ? [null, null] : pairCells(lines, pair, style);
    },
    height(index, columns) {
      const pair = pairs[index];
      if (pair === undefined) return 1;
      const high = (item: DiffLine | null, room: number) =>
        item === null ? 1 : heightOf(item.text, room - gutterWidth(item, style));
      if (isWhole(pair)) return high(pair.left, columns);
      const [left = 0, right = 0] = halves(columns);
      return Math.max(high(pair.left, left), high(pair.right, right));
    },
    text(index) {
      const {left = null, right = null} = pairs[index] ?? {};
      if (left === right || right === null) return left?.text ?? '';
      return left === null ? right.text : `${left.text}\u0001${right.text}`;
    },
    isChange: index => isChange(index) && !isChange(index - 1),
    isFile: index => pairs[index]?.left?.mark === 'file' && pairs[index - 1]?.left?.mark !== 'file',
    gapAt: index => pairs[index]?.left?.at ?? null,
  };
}

/** A patch as git prints it, as a sheet. */
export function patchSheet(title: Line, text: string, split: boolean, look: Look): Sheet {
  const patch = patchOf(text);
  return diffSheet(title, patch.lines, split, {
    look,
    digits: Math.max(4, String(patch.last).length),
    isYaml: index => /\.(?:ya?ml|json)$/i.test(patch.fileOf(index)),
  });
}
