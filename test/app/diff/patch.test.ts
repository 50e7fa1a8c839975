import assert from 'node:assert/strict';
import {test} from 'node:test';
import {patchOf} from '../../../source/app/diff/patch.ts';

const text = `diff --git a/web.yaml b/web.yaml
index 1..2 100644
--- a/web.yaml
+++ b/web.yaml
@@ -9,3 +9,4 @@ spec:
 spec:
--- a dash
+++ a plus
+  replicas: 3
 end
\\ No newline at end of file
diff --git a/docs/my notes.md b/docs/my notes.md
new file mode 100644
--- /dev/null
+++ b/docs/my notes.md\t
@@ -0,0 +1 @@
+hello
`;

test('a patch is read line by line, with the numbers of each side', () => {
  const {lines, last} = patchOf(text);
  assert.deepEqual(
    lines.map(({mark, text: line, number}) => `${mark}|${number ?? ''}|${line}`),
    [
      'file||diff --git a/web.yaml b/web.yaml',
      'file||index 1..2 100644',
      'file||--- a/web.yaml',
      'file||+++ b/web.yaml',
      'hunk||@@ -9,3 +9,4 @@ spec:',
      ' |9|spec:',
      // What looks like a header is none within a hunk.
      '-|10|-- a dash',
      '+|10|++ a plus',
      '+|11|  replicas: 3',
      ' |12|end',
      'note||\\ No newline at end of file',
      'file||diff --git a/docs/my notes.md b/docs/my notes.md',
      'file||new file mode 100644',
      'file||--- /dev/null',
      'file||+++ b/docs/my notes.md\t',
      'hunk||@@ -0,0 +1 @@',
      '+|1|hello',
    ],
  );
  assert.equal(last, 13);
});

test('each line knows its file', () => {
  const {fileOf, lines} = patchOf(text);
  assert.equal(fileOf(0), 'web.yaml');
  assert.equal(fileOf(10), 'web.yaml');
  assert.equal(fileOf(11), 'docs/my notes.md');
  assert.equal(fileOf(lines.length - 1), 'docs/my notes.md');
});

test('a patch without the lines of git has files, too', () => {
  const {fileOf, lines} = patchOf('--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-a: 1\n+a: 2\n');
  assert.equal(fileOf(lines.length - 1), 'x.yaml');
});

test('what is no patch stays as it is, and without what a terminal would obey', () => {
  const {lines} = patchOf('The patch\u001B[2J is too large.\n\nSee there.');
  assert.deepEqual(
    lines.map(({text: line}) => line),
    ['The patch is too large.', '', 'See there.'],
  );
});

test('what can not be seen is written out where it may be what changed', () => {
  const unseen = patchOf(
    '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-a: b\r\n-c:\u00A0d\n-e\u200B: \u001B[31mf\n+a: b\n+c: d\n+e: 再\n',
  );
  assert.deepEqual(
    unseen.lines.slice(3).map(({mark, text: line}) => mark + line),
    ['-a: b^M', '-c:<U+00A0>d', '-e<U+200B>: ^[[31mf', '+a: b', '+c: d', '+e: 再'],
  );
});
