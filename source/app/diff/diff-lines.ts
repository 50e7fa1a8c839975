import {diffLines} from 'diff';
import type {FieldChange, ResourceDrift} from '../../drift/types.ts';
import {indexOfElement, type PathElement} from '../../resources/field-path.ts';
import {isObject, type Json, type JsonObject, stringifyJson} from '../../resources/json.ts';
import {shortValue} from '../text/value.ts';
import {shownWithTabs} from '../text/width.ts';
import {withUnseen} from './unseen.ts';
import {leadLines, yamlKey, yamlLines} from './yaml.ts';

/**
 * A line of a diff: of fields, or of a patch, which has lines of its own (`file`, `hunk`, `note`). `gap` stands for lines
 * left out, `number` is the line of the source file.
 */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+' | 'gap' | 'file' | 'hunk' | 'note';
  readonly text: string;
  /** Path of the field that the line belongs to; null for context. */
  readonly path: string | null;
  readonly number: number | null;
  /** True for the keys above a change: they say where it is, and stay whatever the context. */
  readonly lead: boolean;
  /** Of a gap: where in the whole diff the lines are that it stands for. */
  readonly at?: number;
}

interface ChangeNode {
  change: FieldChange | null;
  children: Map<string, {element: PathElement; node: ChangeNode}>;
}

const cache = new WeakMap<ResourceDrift, readonly DiffLine[]>();

/** Which of the lines that are equal on both sides are shown. */
export interface Shown {
  /** Lines around a change; Infinity for all. */
  readonly context: number;
  /** The gaps that were opened, by `at`. */
  readonly opened?: ReadonlySet<number>;
}

const noGaps: ReadonlySet<number> = new Set();

/**
 * What git wants against what runs, as one YAML text with the differing fields marked. Fields that only the cluster
 * has and that are no drift don't appear.
 */
export function resourceDiff(
  resource: ResourceDrift,
  context: number,
  opened?: ReadonlySet<number>,
): readonly DiffLine[] {
  let lines = cache.get(resource);
  if (lines === undefined) {
    lines = wholeDiff(resource).map(item => ({
      ...item,
      text: item.mark === ' ' ? shownWithTabs(item.text) : shownWithTabs(withUnseen(item.text)),
    }));
    cache.set(resource, lines);
  }
  return withContext(lines, context, opened);
}

const shownCache = new WeakMap<readonly DiffLine[], Shown & {readonly lines: readonly DiffLine[]}>();

/**
 * The lines with all but `context` lines around changes left out: none where nothing changed, all for Infinity. What was
 * made last of the same lines is kept: every key asks for it, and there can be a hundred thousand.
 */
export function withContext(
  lines: readonly DiffLine[],
  context: number,
  opened: ReadonlySet<number> = noGaps,
): readonly DiffLine[] {
  if (context === Number.POSITIVE_INFINITY) return lines;
  const known = shownCache.get(lines);
  if (known !== undefined && known.context === context && known.opened === opened) return known.lines;
  const made = folded(lines, context, opened);
  shownCache.set(lines, {context, opened, lines: made});
  return made;
}

function folded(lines: readonly DiffLine[], context: number, opened: ReadonlySet<number>): DiffLine[] {
  if (lines.every(({mark}) => mark === ' ')) return [];
  const kept = lines.map(({mark, lead}) => mark !== ' ' || lead);
  for (const [index, {mark}] of lines.entries()) {
    if (mark === ' ') continue;
    kept.fill(true, Math.max(0, index - context), index + context + 1);
  }
  const result: DiffLine[] = [];
  let first = -1;
  const close = (end: number) => {
    if (first < 0) return;
    // A gap takes a line itself.
    if (end - first === 1 || opened.has(first))
      for (let index = first; index < end; index += 1) result.push(lines[index] as DiffLine);
    else result.push(gap(end - first, first, lines[end]));
    first = -1;
  };
  for (const [index, diffLine] of lines.entries()) {
    if (kept[index] !== true) {
      if (first < 0) first = index;
      continue;
    }
    close(index);
    result.push(diffLine);
  }
  close(lines.length);
  return result;
}

function gap(count: number, at: number, next: DiffLine | undefined): DiffLine {
  const indent = next === undefined ? '' : (/^ */.exec(next.text)?.[0] ?? '');
  const text = `${indent}… ${count} equal lines`;
  return {mark: 'gap', text, path: null, number: null, lead: false, at};
}

function wholeDiff(resource: ResourceDrift): DiffLine[] {
  const {desired, live, fields, status} = resource;
  const start = resource.source?.line ?? null;
  if (status === 'Missing' && desired !== null) return marked('-', yamlLines(desired), null, start);
  if (status === 'Extra' && live !== null) return marked('+', yamlLines(live), null, null);
  const root: ChangeNode = {change: null, children: new Map()};
  for (const field of fields) plant(root, field);
  const shown = new Set<string>();
  const lines =
    desired === null && live === null
      ? []
      : walk('', desired ?? undefined, live ?? undefined, root, 0, shown);
  // A field that the walk can't find in the objects (a list key that moved on) is said by its path: none is lost.
  for (const field of fields) if (!shown.has(field.path)) lines.push(...byPath(field));
  return lines;
}

function plant(root: ChangeNode, field: FieldChange): void {
  let node = root;
  for (const element of field.elements) {
    const key = stringifyJson({...element} as JsonObject);
    let child = node.children.get(key);
    if (child === undefined) {
      child = {element, node: {change: null, children: new Map()}};
      node.children.set(key, child);
    }
    node = child.node;
  }
  if (node !== root) node.change = field;
}

function walk(
  lead: string,
  desired: Json | undefined,
  live: Json | undefined,
  node: ChangeNode,
  indent: number,
  shown: Set<string>,
): DiffLine[] {
  if (node.change !== null) return changed(lead, desired, live, node.change, indent, shown);
  if (node.children.size === 0) {
    return desired === undefined ? [] : marked(' ', leadLines(lead, desired, indent), null, null);
  }
  const inList = lead === '-';
  const isList = Array.isArray(desired) || (desired === undefined && Array.isArray(live));
  const depth = lead === '' ? indent : inList || !isList ? indent + 2 : indent;
  const inner = isList
    ? listItems(asList(desired), asList(live), node, depth, shown)
    : objectKeys(asObject(desired), asObject(live), node, depth, shown);
  if (lead === '') return inner;
  if (inner.length === 0)
    return desired === undefined ? [] : marked(' ', leadLines(lead, desired, indent), null, null);
  if (!inList) return [{...context(`${' '.repeat(indent)}${lead}`), lead: true}, ...inner];
  const [first, ...rest] = inner;
  if (first === undefined) return inner;
  return [{...first, text: `${' '.repeat(indent)}- ${first.text.slice(indent + 2)}`, lead: true}, ...rest];
}

function objectKeys(
  desired: JsonObject,
  live: JsonObject,
  node: ChangeNode,
  indent: number,
  shown: Set<string>,
): DiffLine[] {
  const children = new Map<string, ChangeNode>();
  for (const {element, node: child} of node.children.values()) {
    if (element.type === 'field') children.set(element.name, child);
  }
  const keys = [...Object.keys(desired), ...[...children.keys()].filter(key => !Object.hasOwn(desired, key))];
  return keys.flatMap(key =>
    walk(yamlKey(key), own(desired, key), own(live, key), children.get(key) ?? leaf, indent, shown),
  );
}

function listItems(
  desired: readonly Json[],
  live: readonly Json[],
  node: ChangeNode,
  indent: number,
  shown: Set<string>,
): DiffLine[] {
  const byIndex = new Map<number, {element: PathElement; node: ChangeNode}>();
  const onlyLive: {element: PathElement; node: ChangeNode}[] = [];
  for (const child of node.children.values()) {
    const index = indexOfElement(desired, child.element);
    if (index < 0) onlyLive.push(child);
    else byIndex.set(index, child);
  }
  const liveItem = (element: PathElement) => live[indexOfElement(live, element)];
  return [
    ...desired.flatMap((item, index) => {
      const child = byIndex.get(index);
      if (child === undefined) return walk('-', item, undefined, leaf, indent, shown);
      return walk('-', item, liveItem(child.element), child.node, indent, shown);
    }),
    ...onlyLive.flatMap(child => walk('-', undefined, liveItem(child.element), child.node, indent, shown)),
  ];
}

function changed(
  lead: string,
  desired: Json | undefined,
  live: Json | undefined,
  field: FieldChange,
  indent: number,
  shown: Set<string>,
): DiffLine[] {
  shown.add(field.path);
  const number = field.location?.line ?? null;
  const before = field.change === 'added' ? undefined : (field.desired ?? desired);
  const after = field.change === 'removed' ? undefined : (field.live ?? live);
  const git = before === undefined ? [] : leadLines(lead, before, indent);
  const runs = after === undefined ? [] : leadLines(lead, after, indent);
  if (git.length > 1 && runs.length > 1) return merged(git, runs, field.path, number);
  return [...marked('-', git, field.path, number), ...marked('+', runs, field.path, number)];
}

/** Two long values line by line, so that one changed line of a config file is one changed line here. */
function merged(
  git: readonly string[],
  runs: readonly string[],
  path: string,
  number: number | null,
): DiffLine[] {
  const parts = diffLines(`${git.join('\n')}\n`, `${runs.join('\n')}\n`, {maxEditLength: 2000});
  if (parts === undefined) return [...marked('-', git, path, number), ...marked('+', runs, path, number)];
  let at = number;
  return parts.flatMap(part => {
    const lines = part.value.replace(/\n$/, '').split('\n');
    const result = marked(part.removed ? '-' : part.added ? '+' : ' ', lines, path, at);
    if (at !== null && !part.added) at += lines.length;
    return result;
  });
}

function marked(
  mark: ' ' | '-' | '+',
  lines: readonly string[],
  path: string | null,
  number: number | null,
): DiffLine[] {
  return lines.map((text, index) => ({
    mark,
    text,
    path,
    number: index === 0 ? number : null,
    lead: false,
  }));
}

function byPath(field: FieldChange): DiffLine[] {
  const number = field.location?.line ?? null;
  const side = (mark: '-' | '+', value: Json | undefined): DiffLine[] =>
    value === undefined ? [] : marked(mark, [`${field.path}: ${shortValue(value)}`], field.path, number);
  return [...side('-', field.desired), ...side('+', field.live)];
}

function context(text: string): DiffLine {
  return {mark: ' ', text, path: null, number: null, lead: false};
}

const leaf: ChangeNode = {change: null, children: new Map()};

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
