import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import fc from 'fast-check';
import {dump} from 'js-yaml';
import type {FieldPath} from '../../../source/resources/field-path.ts';
import {equalJson, isObject, type Json, stringifyJson} from '../../../source/resources/json.ts';
import {edited, type ValueEdit} from '../../../source/sources/edit/change.ts';
import {editFile} from '../../../source/sources/edit/edit.ts';
import {readYaml} from '../../../source/sources/yaml.ts';

const word = fc.oneof(
  fc.string({unit: 'grapheme', maxLength: 12}),
  fc.constantFrom(
    ...[
      'yes',
      'y',
      '0644',
      '1.20',
      '1e3',
      '12:30',
      '<<',
      '~',
      '2001-12-14',
      ': ',
      '# x',
      "it's",
      '"q"',
      '[',
      '- a',
    ],
    ...[
      'a\tb',
      'one\ntwo\n',
      'one\n\n  two',
      '\n',
      ' x\ny',
      'trail \n',
      'a\r\nb',
      '\u2028',
      '---',
      '...',
      '{{ .x }}',
    ],
    ...['&a', '*a', '!t', '|', '>', '%', '@', '`', 'nginx:1.29.1', 'a: b', 'a #b', '#', '', ' ', '__proto__'],
  ),
);
const scalar = fc.oneof(
  word,
  fc.integer(),
  fc.double({noNaN: true, noDefaultInfinity: true}),
  fc.boolean(),
  fc.constant(null),
);
const name = fc.oneof(word, fc.constantFrom('a', 'b', 'c', 'metadata', 'spec'));
const {value: anyValue} = fc.letrec<{value: Json}>(tie => ({
  value: fc.oneof(
    {maxDepth: 3},
    scalar as fc.Arbitrary<Json>,
    fc.array(tie('value'), {maxLength: 3}),
    fc.dictionary(name, tie('value'), {maxKeys: 3, noNullPrototype: true}),
  ),
}));
const anyObject = fc.dictionary(name, anyValue, {minKeys: 1, maxKeys: 4, noNullPrototype: true});

interface Written {
  text: string;
  path: string;
  comments: readonly string[];
}

/** A document written in one of many ways, with comments between its lines and behind them where YAML takes them. */
const written: fc.Arbitrary<Written> = fc
  .record({
    object: anyObject,
    indent: fc.constantFrom(2, 4),
    flowLevel: fc.constantFrom(-1, -1, 1, 2),
    quote: fc.constantFrom('single' as const, 'double' as const),
    noArrayIndent: fc.boolean(),
    format: fc.constantFrom('yaml', 'yaml', 'yaml', 'json', 'compact'),
    crlf: fc.boolean(),
    cut: fc.boolean(),
    marks: fc.array(fc.nat(40), {maxLength: 4}),
  })
  .map(({object, indent, flowLevel, quote, noArrayIndent, format, crlf, cut, marks}) => {
    if (format !== 'yaml') {
      const text = stringifyJson(object, format === 'json' ? indent : undefined);
      return {text: cut ? text : `${text}\n`, path: 'a.json', comments: []};
    }
    let text = dump(object, {
      indent,
      flowLevel,
      quotingType: quote === 'single' ? "'" : '"',
      seqNoIndent: noArrayIndent,
      lineWidth: -1,
    } as Parameters<typeof dump>[1]);
    if (cut) text = text.replace(/\n$/, '');
    const comments: string[] = [];
    for (const [index, mark] of marks.entries()) {
      const lines = text.split('\n');
      const line = mark % lines.length;
      const comment = `# comment ${index}`;
      const changed = (
        mark % 2 === 0 ? lines.toSpliced(line, 0, comment) : lines.with(line, `${lines[line]} ${comment}`)
      ).join('\n');
      const [before, after] = [readYaml(text, 'a.yaml'), readYaml(changed, 'a.yaml')];
      if (after.problems.length > 0 || !equalJson(before.documents[0]?.value, after.documents[0]?.value))
        continue;
      text = changed;
      comments.push(comment);
    }
    return {text: crlf ? text.replaceAll('\n', '\r\n') : text, path: 'a.yaml', comments};
  })
  // What the dumper writes in a way that kubectl reads otherwise (YAML 1.1) is no document of this test.
  .filter(
    ({text, path}) =>
      readYaml(text, path).documents.length === 1 && readYaml(text, path).problems.length === 0,
  );

const neighbours = ['kind: Before # b\n', 'kind: After\n# last\n'] as const;

test('an edit says what was said with that one change, keeps every comment, and moves no other line', () => {
  let edits = 0;
  const refused: string[] = [];
  fc.assert(
    fc.property(
      written,
      fc.nat(),
      anyValue,
      name,
      fc.constantFrom('set', 'add', 'remove', 'insert'),
      fc.boolean(),
      (file, pick, value, newName, kind, inStream) => {
        const eol = file.text.includes('\r\n') ? '\r\n' : '\n';
        const isStream = inStream && file.path === 'a.yaml';
        const [head, tail] = neighbours.map(text => text.replaceAll('\n', eol));
        const text = isStream
          ? `${head}---${eol}${file.text}${file.text.endsWith('\n') ? '' : eol}---${eol}${tail}`
          : file.text;
        const document = isStream ? 1 : 0;
        const before = readYaml(text, file.path).documents;
        const root = before[document]?.value;
        assert.ok(root !== undefined);
        // As the server's answers are read: integers that no double holds are bigints.
        const edit = editOf(root, kind, pick, asRead(value), newName);
        const wanted = edit && edited(root, edit);
        if (edit === undefined || wanted === undefined) return;
        const result = editFile({path: file.path, text}, document, edit);
        edits++;
        if (!('text' in result)) {
          // A refusal loses nothing, but there should hardly be one.
          refused.push(`${result.refusal}\n${text}\n${inspect(edit, {depth: 9})}`);
          return;
        }
        const after = readYaml(result.text, file.path).documents;
        assert.deepEqual(
          after.map(({value: said}) => said),
          before.map(({value: said}, index) => (index === document ? wanted : said)),
        );
        if (edit.type !== 'remove' && !replacesCollection(root, edit)) {
          for (const comment of file.comments)
            assert.ok(result.text.includes(comment), `${comment} is lost\n${text}\n${result.text}`);
        }
        if (isStream)
          assert.ok(result.text.startsWith(`${head}---`) && result.text.endsWith(`---${eol}${tail}`));
        const [old, now] = [text.split('\n'), result.text.split('\n')];
        if (
          edit.type === 'set' &&
          isOneLine(valueAt(root, edit.path)) &&
          isOneLine(edit.value) &&
          old.length === now.length
        ) {
          assert.ok(
            old.filter((line, index) => line !== now[index]).length <= 1,
            `${text}\n=>\n${result.text}`,
          );
        }
      },
    ),
    {numRuns: 2000},
  );
  assert.ok(edits > 800, `${edits} edits`);
  assert.ok(refused.length * 200 < edits, refused.join('\n'));
});

function asRead(value: Json): Json {
  const [document] = readYaml(stringifyJson({value}), 'a.json').documents;
  assert.ok(isObject(document?.value));
  return document.value['value'] ?? null;
}

function editOf(root: Json, kind: string, pick: number, value: Json, newName: string): ValueEdit | undefined {
  const all = paths(root);
  const lists = all.filter(path => Array.isArray(valueAt(root, path)));
  const maps = [[], ...all.filter(path => isObject(valueAt(root, path)))];
  const choose = (list: readonly FieldPath[]): FieldPath | undefined => list[pick % Math.max(1, list.length)];
  if (kind === 'add') {
    const path = choose(maps);
    return path === undefined
      ? undefined
      : {type: 'set', path: [...path, {type: 'field', name: newName}], value};
  }
  const path = choose(kind === 'insert' ? lists : all);
  if (path === undefined) return undefined;
  if (kind === 'insert') return {type: 'insert', path, value};
  if (kind === 'set') return {type: 'set', path, value};
  return path.length === 1 && isObject(root) && Object.keys(root).length === 1
    ? undefined
    : {type: 'remove', path};
}

// A comment in a collection that gives way to something else goes with it.
function replacesCollection(root: Json, edit: ValueEdit): boolean {
  const old = valueAt(root, edit.path);
  return edit.type === 'set' && typeof old === 'object' && old !== null;
}

function isOneLine(value: Json | undefined): boolean {
  return (
    value !== undefined && (typeof value !== 'object' || value === null) && !String(value).includes('\n')
  );
}

function valueAt(root: Json, path: FieldPath): Json | undefined {
  let value: Json | undefined = root;
  for (const element of path) {
    if (element.type === 'field' && isObject(value) && Object.hasOwn(value, element.name))
      value = value[element.name];
    else if (element.type === 'index' && Array.isArray(value)) value = value[element.index];
    else return undefined;
  }
  return value;
}

function paths(value: Json, path: FieldPath = []): FieldPath[] {
  const inner = Array.isArray(value)
    ? value.map((item, index) => [{type: 'index', index} as const, item] as const)
    : isObject(value)
      ? Object.entries(value).map(([key, item]) => [{type: 'field', name: key} as const, item] as const)
      : [];
  return inner.flatMap(([element, item]) => [[...path, element], ...paths(item, [...path, element])]);
}
