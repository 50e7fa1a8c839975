import {shownWithTabs} from '../text/width.ts';
import type {DiffLine} from './diff-lines.ts';
import {withUnseen} from './unseen.ts';

/** A patch as git prints it, read for the screen. */
export interface Patch {
  readonly lines: readonly DiffLine[];
  /** The largest line number in it. */
  readonly last: number;
  /** The file that a line belongs to; '' above the first. */
  fileOf(index: number): string;
}

let known: {readonly text: string; readonly patch: Patch} | null = null;

/** Reads a patch. What is no patch stays as it is, line by line. The last one is kept: every key asks for it. */
export function patchOf(text: string): Patch {
  if (known?.text !== text) known = {text, patch: read(text)};
  return known.patch;
}

const header =
  /^(?:diff |index |--- |\+\+\+ |new file|deleted file|old mode|new mode|similarity|dissimilarity|rename |copy |Binary files|GIT binary)/;
const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

function read(text: string): Patch {
  const lines: DiffLine[] = [];
  const files: {from: number; name: string}[] = [];
  let [before, after, beforeLeft, afterLeft, last] = [0, 0, 0, 0, 0];
  const add = (mark: DiffLine['mark'], content: string, number: number | null) => {
    const isChange = mark === '+' || mark === '-';
    lines.push({
      mark,
      text: shownWithTabs(isChange ? withUnseen(content) : content),
      path: null,
      number,
      lead: false,
    });
  };
  const all = text.split('\n');
  // The line end of the last line begins no other.
  if (all.at(-1) === '') all.pop();
  for (const line of all) {
    // Within a hunk its numbers say how many lines follow: a line that looks like a header is none there.
    if (beforeLeft > 0 || afterLeft > 0) {
      const sign = line === '' ? ' ' : line[0];
      if (sign === '+') {
        add('+', line.slice(1), after);
        after += 1;
        afterLeft -= 1;
        continue;
      }
      if (sign === '-') {
        add('-', line.slice(1), before);
        before += 1;
        beforeLeft -= 1;
        continue;
      }
      if (sign === ' ') {
        add(' ', line.slice(1), after);
        before += 1;
        after += 1;
        beforeLeft -= 1;
        afterLeft -= 1;
        continue;
      }
    }
    const found = hunk.exec(line);
    if (found !== null) {
      const [, beforeStart = '0', beforeCount = '1', afterStart = '0', afterCount = '1'] = found;
      [before, after] = [Number(beforeStart), Number(afterStart)];
      [beforeLeft, afterLeft] = [Number(beforeCount), Number(afterCount)];
      last = Math.max(last, before + beforeLeft, after + afterLeft);
      add('hunk', line, null);
    } else if (header.test(line)) {
      if (line.startsWith('diff ') || lines.at(-1)?.mark !== 'file')
        files.push({from: lines.length, name: ''});
      const name = /^(?:\+\+\+ [bciow]\/|--- [abciow]\/|\+\+\+ |--- )(.*?)\t?$/.exec(line)?.[1];
      const file = files.at(-1);
      if (file !== undefined && name !== undefined && name !== '/dev/null') file.name = name;
      add('file', line, null);
    } else {
      add('note', line, null);
    }
  }
  return {
    lines,
    last,
    fileOf(index) {
      let [low, high] = [0, files.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((files[middle]?.from ?? 0) <= index) low = middle + 1;
        else high = middle;
      }
      return files[low - 1]?.name ?? '';
    },
  };
}
