import assert from 'node:assert/strict';
import {test} from 'node:test';
import {patchSheet} from '../../../source/app/overlays/diff-sheet.ts';
import {linesWith} from '../../../source/app/overlays/search.ts';
import {type Sheet, sheetOf, stacked} from '../../../source/app/overlays/sheet.ts';
import {jumpIn, viewOf} from '../../../source/app/overlays/view.ts';
import type {Jump, TextView} from '../../../source/app/state/text-view.ts';
import {wrappedHeight} from '../../../source/app/text/cell.ts';
import {type Line, line, lineWidth, span} from '../../../source/app/text/line.ts';
import {lookOf} from '../../../source/app/text/theme.ts';

const look = lookOf({ascii: false, color: 'none'});
const textOf = (spans: Line) => spans.map(({text}) => text).join('');

/** Rows of a sheet as text; what is emphasised stands in brackets. */
function rowsOf(sheet: Sheet, view: TextView = {}, columns = 40): string[] {
  const seen = viewOf(sheet, view, columns, look);
  return Array.from({length: seen.length}, (_, row) =>
    seen
      .line(row)
      .map(({text, ground}) => (ground?.endsWith('part') || ground?.startsWith('match') ? `[${text}]` : text))
      .join('')
      .trimEnd(),
  );
}

const head = '--- a/web.yaml\n+++ b/web.yaml\n';
const patch = `${head}@@ -1,3 +1,3 @@\n spec:\n-  image: shop/web:v1.8.2\n+  image: shop/web:v1.8.0\n   x: 1\n`;

test('a patch is drawn with its numbers, and what changed within a line', () => {
  assert.deepEqual(rowsOf(patchSheet([], patch, false, look)), [
    '--- a/web.yaml',
    '+++ b/web.yaml',
    '@@ -1,3 +1,3 @@',
    '   1   spec:',
    '   2 -   image: shop/web:v1.8.[2]',
    '   2 +   image: shop/web:v1.8.[0]',
    '   3     x: 1',
  ]);
});

test('side by side, headers have the whole row', () => {
  assert.deepEqual(rowsOf(patchSheet([], patch, true, look), {}, 67), [
    '--- a/web.yaml',
    '+++ b/web.yaml',
    '@@ -1,3 +1,3 @@',
    '   1   spec:                     │    1   spec:',
    '   2 -   image: shop/web:v1.8.[2]  │    2 +   image: shop/web:v1.8.[0]',
    '   3     x: 1                    │    3     x: 1',
  ]);
});

test('white space that changed can be seen, and so can what ends a changed line', () => {
  const spaces = `${head}@@ -1,2 +1,2 @@\n-\ta: 1\n-b: 2  \n+  a: 1\n+b: 2\n`;
  assert.deepEqual(rowsOf(patchSheet([], spaces, false, look)).slice(3), [
    '   1 - [→ ]a: 1',
    '   2 - b: 2[··]',
    '   1 + [··]a: 1',
    '   2 + b: 2',
  ]);
  const ascii = lookOf({ascii: true, color: 'none'});
  const drawn = viewOf(patchSheet([], spaces, false, ascii), {}, 40, ascii);
  assert.equal(textOf(drawn.line(3)), '   1 - > a: 1');
  assert.equal(textOf(drawn.line(4)), '   2 - b: 2..');
});

test('where one side has more lines, each is compared with the one that is like it', () => {
  const uneven = `${head}@@ -1,1 +1,2 @@\n-image: web:1\n+replicas: 3\n+image: web:2\n`;
  assert.deepEqual(rowsOf(patchSheet([], uneven, false, look)).slice(3), [
    '   1 - image: web:[1]',
    '   1 + replicas: 3',
    '   2 + image: web:[2]',
  ]);
});

test('a changed line that is too long is cut in its middle, others at their end', () => {
  const rows = rowsOf(patchSheet([], patch, false, look), {}, 24);
  assert.equal(rows[4], '   2 -   image:…b:v1.8.[2]');
  assert.ok(rowsOf(sheetOf([], [line('x'.repeat(30))]), {}, 24)[0]?.startsWith('x'.repeat(24)));
});

test('to the right, the gutter stays', () => {
  const rows = rowsOf(patchSheet([], patch, false, look), {left: 8}, 24);
  assert.deepEqual(rows.slice(3, 6), ['   1   …', '   2 - …shop/web:v1.8.[2]', '   2 + …shop/web:v1.8.[0]']);
});

test('wrapped, no sign is lost, and the gutter is left free below the first row', () => {
  const rows = rowsOf(patchSheet([], patch, false, look), {wrap: true}, 20);
  assert.deepEqual(rows.slice(4, 6), ['   2 -   image: shop', '       /web:v1.8.[2]']);
});

test('a wrapped row finds its line, and a line its first row', () => {
  const sheet = sheetOf([], [line('a'), line('b'.repeat(25)), line('再'.repeat(11)), line('c')]);
  const view = viewOf(sheet, {wrap: true}, 10, look);
  assert.equal(view.length, 1 + 3 + 3 + 1);
  assert.deepEqual(
    Array.from({length: view.length}, (_, row) => view.lineAt(row)),
    [0, 1, 1, 1, 2, 2, 2, 3],
  );
  assert.deepEqual([0, 1, 2, 3].map(view.rowOf), [0, 1, 4, 7]);
  assert.ok(
    Array.from({length: view.length}, (_, row) => lineWidth(view.line(row))).every(width => width <= 10),
  );
});

test('how high a line is can be told without drawing it', () => {
  const text = `${head}@@ -1 +1 @@\n-${'再'.repeat(40)}\n+${'x'.repeat(95)}\n\\ No newline at end of file\n`;
  for (const [columns, split] of [
    [20, false],
    [33, true],
    [80, false],
  ] as const) {
    const sheet = stacked([line('y'.repeat(50))], patchSheet([], text, split, look));
    for (let index = 0; index < sheet.length; index += 1)
      assert.equal(sheet.height?.(index, columns), wrappedHeight(sheet.cells(index), columns), `${index}`);
  }
});

test('a line of a megabyte is cut and wrapped without measuring it', () => {
  for (const text of ['0123456789'.repeat(100_000), '再生'.repeat(300_000)]) {
    const sheet = patchSheet([], `${head}@@ -1 +1 @@\n-${text}\n+${text}!\n`, false, look);
    const cut = viewOf(sheet, {left: 500_000}, 80, look);
    assert.ok(lineWidth(cut.line(3)) <= 80);
    const wrapped = viewOf(sheet, {wrap: true}, 80, look);
    const rows = Array.from({length: 50}, (_, row) => wrapped.line(wrapped.length - 50 + row));
    assert.ok(rows.every(row => lineWidth(row) <= 80));
    assert.equal(textOf(rows.at(-1) ?? []).at(-1), '!');
  }
});

const words = ['one', 'Two', 'three two', 'four', 'two'].map(text => line(span(text)));

test('a search heeds capitals only where there is one', () => {
  const sheet = sheetOf([], words);
  assert.deepEqual(linesWith(sheet, 'two'), [1, 2, 4]);
  assert.deepEqual(linesWith(sheet, 'Two'), [1]);
  assert.deepEqual(linesWith(sheet, 't.o'), []);
  assert.deepEqual(linesWith(sheet, ''), []);
  assert.deepEqual(rowsOf(sheet, {query: 'two'}), ['one', '[Two]', 'three [two]', 'four', '[two]']);
});

test('a search is not led astray by letters that grow when they are small', () => {
  const sheet = sheetOf([], [line('İİİ end'), line('the end')]);
  assert.deepEqual(rowsOf(sheet, {query: 'end'}), ['İİİ [end]', 'the [end]']);
  assert.deepEqual(linesWith(sheet, 'end'), [0, 1]);
});

test('jumps go on from the last place while it is in sight, else from what is in sight', () => {
  const sheet = sheetOf([], words);
  const view = viewOf(sheet, {}, 20, look);
  const from = (jump: Jump, here: number | null, top = 0) =>
    jumpIn(sheet, view, {query: 'two', here}, {top, height: 3, jump})?.line ?? null;
  assert.equal(from('first-match', null), 1);
  assert.equal(from('next', 1), 2);
  assert.equal(from('next', 2), 4);
  assert.equal(from('next', 4, 2), null);
  assert.equal(from('previous', 2), 1);
  assert.equal(from('next', 1, 2), 2);
  assert.equal(from('previous', null, 2), 1);
});

test('without a query, jumps lead from change to change, and from file to file', () => {
  const two = `${patch}--- a/b.yaml\n+++ b/b.yaml\n@@ -1 +1 @@\n-a\n+b\n`;
  const sheet = stacked([line('above')], patchSheet([], two, false, look));
  const view = viewOf(sheet, {}, 60, look);
  const stops = (jump: Jump) => {
    const lines: number[] = [];
    for (let here: number | null = null; ; ) {
      const to = jumpIn(sheet, view, {here}, {top: here ?? 0, height: 3, jump});
      if (to === null) return lines;
      lines.push(to.line);
      here = to.line;
    }
  };
  assert.deepEqual(stops('next'), [5, 11]);
  assert.deepEqual(stops('next-file'), [1, 8]);
});
