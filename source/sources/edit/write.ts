import {isObject, type Json, stringifyJson} from '../../resources/json.ts';
import {resolvePlain} from '../yaml-scalar.ts';
import type {WritingStyle} from './style.ts';
import type {ScalarStyle} from './tree.ts';

// What a reader of some version of YAML takes for a number, a date or a time, though ours may not.
const numberLike =
  /^(?:[-+]?(?:[\d_]+|[\d_]*\.[\d_]*|[\d_]+:[\d_:.]+)(?:[eE][-+]?\d*)?|[-+]?0[xXoObB][\da-fA-F_]*|\d{4}-\d\d?-\d\d?.*|[-+]?\.(?:inf|nan))$/i;
// Safe wherever it stands; ": " and " #" are looked for apart.
const plainText = /^[$A-Za-z0-9_./][A-Za-z0-9_./@:=+,()<>^~$;*&!?|%# -]*$/;
const flowIndicator = /[,[\]{}]/;

/** The texts that a scalar may be written as on one line, the one that fits best first. */
export function scalarTexts(
  value: Exclude<Json, Json[] | {[key: string]: Json}>,
  style: WritingStyle,
  isFlow: boolean,
  before?: {style: ScalarStyle; text: string},
): string[] {
  if (typeof value !== 'string') {
    const text = stringifyJson(value);
    const isOctal =
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && before?.style === 'plain';
    if (!style.isJson && isOctal && /^0[0-7]+$/.test(before.text)) return [`0${value.toString(8)}`, text];
    if (!style.isJson && isOctal && /^0o[0-7]+$/.test(before.text)) return [`0o${value.toString(8)}`, text];
    return [text];
  }
  if (style.isJson) return [stringifyJson(value)];
  const plain = isPlain(value, isFlow) ? [value] : [];
  const single = isSingle(value) ? [`'${value.replaceAll("'", "''")}'`] : [];
  const double = [doubleQuoted(value)];
  if (before?.style === 'single') return [...single, ...double];
  if (before?.style === 'double') return double;
  return style.quote === 'single' ? [...plain, ...single, ...double] : [...plain, ...double];
}

/** A key, quoted where it must be. */
export function keyTextOf(name: string, style: WritingStyle, isFlow: boolean): string {
  const [text = ''] = scalarTexts(name, style, isFlow);
  return text;
}

/** A value on one line, in brackets where it is a collection. */
export function flowText(value: Json, style: WritingStyle): string {
  if (Array.isArray(value)) return `[${value.map(item => flowText(item, style)).join(', ')}]`;
  if (!isObject(value)) return scalarTexts(value, style, true)[0] ?? '';
  const entries = Object.entries(value).map(
    ([name, item]) => `${keyTextOf(name, style, true)}: ${flowText(item, style)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** True for a collection with something in it: it takes lines of its own. */
export function isFilled(value: Json): value is Json[] | {[key: string]: Json} {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** The lines of a filled collection whose first line starts at a column; that column stands on every line. */
export function blockLines(
  value: Json[] | {[key: string]: Json},
  column: number,
  style: WritingStyle,
): string[] {
  const indent = ' '.repeat(column);
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, item]) => entryLines(name, item, column, style));
  }
  return value.flatMap(item => {
    if (!isFilled(item)) {
      const [first = '', ...rest] = inlineLines(item, column, style);
      return [`${indent}- ${first}`, ...rest];
    }
    const [first = '', ...rest] = blockLines(item, column + 2, style);
    return [`${indent}- ${first.trimStart()}`, ...rest];
  });
}

/** The lines of an entry of a block mapping at a column. */
export function entryLines(name: string, value: Json, column: number, style: WritingStyle): string[] {
  const start = `${' '.repeat(column)}${keyTextOf(name, style, false)}:`;
  if (isFilled(value)) return [start, ...blockLines(value, valueColumn(value, column, style), style)];
  const [first = '', ...rest] = inlineLines(value, column, style);
  return [`${start} ${first}`, ...rest];
}

/** The column of a filled collection below a key at a column. */
export function valueColumn(value: Json, column: number, style: WritingStyle): number {
  return column + (Array.isArray(value) ? style.dashes : style.unit);
}

/** A text as a literal block: its header, then its lines at a column; undefined where it can't be one. */
export function literalBlock(value: string, column: number, indentation: number): string[] | undefined {
  // A carriage return would be read as a line's end, and what can't be seen is better escaped.
  if (
    /[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[\u2028\u2029]/u.test(value)
  ) {
    return undefined;
  }
  const content = value.replace(/\n+$/, '');
  if (content === '') return undefined;
  const breaks = value.length - content.length;
  const chomping = breaks === 0 ? '-' : breaks === 1 ? '' : '+';
  const explicit = /^[ \t\n]/.test(content) ? String(indentation) : '';
  const lines = content.split('\n').map(line => (line === '' ? '' : ' '.repeat(column) + line));
  return [`|${explicit}${chomping}`, ...lines, ...Array.from({length: Math.max(0, breaks - 1)}, () => '')];
}

// A scalar or an empty collection below or beside a key or dash at a column: a text of several lines is a block.
function inlineLines(value: Json, column: number, style: WritingStyle): string[] {
  if (style.hasBlocks && typeof value === 'string' && /\n/.test(value)) {
    const block = literalBlock(value, column + style.unit, style.unit);
    if (block !== undefined) return block;
  }
  const isScalar = typeof value !== 'object' || value === null;
  return [(isScalar ? scalarTexts(value, style, false)[0] : undefined) ?? flowText(value, style)];
}

function isPlain(value: string, isFlow: boolean): boolean {
  if (!plainText.test(value) || numberLike.test(value) || resolvePlain(value) !== value) return false;
  if (/: |:$| #| $/.test(value) || value.startsWith('---') || value.startsWith('...')) return false;
  return !isFlow || !flowIndicator.test(value);
}

function isSingle(value: string): boolean {
  return (
    /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u.test(value) &&
    !/[\u2028\u2029]/.test(value)
  );
}

// JSON's escapes are YAML's too; what YAML calls unprintable is escaped as well.
function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
