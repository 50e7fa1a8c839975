import {YAMLException} from 'js-yaml';
import {type FieldPath, formatPath} from '../../resources/field-path.ts';
import {equalJson, isObject, type Json} from '../../resources/json.ts';
import {readYaml, type YamlFile} from '../yaml.ts';
import {itemIndex} from '../yaml-positions.ts';
import {edited, memberEdits, nested, newItem, type ValueEdit, valueAtPath} from './change.ts';
import {additions, entryRemovals, insertions, itemRemovals, type Parent, replacements} from './splices.ts';
import {styleOf} from './style.ts';
import {type MappingNode, type SequenceNode, type TextNode, treeOf} from './tree.ts';
import type {Splice, Writing} from './writing.ts';

/** A YAML or JSON file of a repository. */
export interface TextFile {
  /** Relative to the repository's root. */
  path: string;
  /** With a byte order mark and line ends as they are. */
  text: string;
}

/** The file's new text, or why it was left alone. */
export type EditResult = {text: string} | {refusal: string};

/**
 * Sets a field of a file's document (counted as `readYaml` does: from 0, empty ones left out). Only the bytes of that value
 * change: comments, the order of keys, quotes, indentation and line ends stay. Mappings and list items on the way that are
 * not there are added; a collection is changed member by member.
 *
 * The new text is given only if `readYaml`, the reader of all that the app says, finds in it what it found before with just
 * this change, in every document; else the refusal says why.
 */
export function setValue(file: TextFile, document: number, path: FieldPath, value: Json): EditResult {
  return editFile(file, document, {type: 'set', path, value});
}

/** Takes a field or a list's item out of a document, under the same promise as `setValue`. */
export function removeValue(file: TextFile, document: number, path: FieldPath): EditResult {
  return editFile(file, document, {type: 'remove', path});
}

/** Adds an item at the end of a list, which is made where there is none, under the same promise as `setValue`. */
export function addItem(file: TextFile, document: number, path: FieldPath, value: Json): EditResult {
  return editFile(file, document, {type: 'insert', path, value});
}

/** Makes one edit of a document, under the same promise as `setValue`. */
export function editFile(file: TextFile, document: number, edit: ValueEdit): EditResult {
  const before = readYaml(file.text, file.path);
  const value = before.documents[document]?.value;
  if (value === undefined) return {refusal: `${file.path} has no document ${document + 1} that can be read`};
  const wanted = edited(value, edit);
  if (wanted === undefined) return {refusal: `${formatPath(edit.path)} is not there in ${file.path}`};
  if (equalJson(wanted, value)) return {text: file.text};
  const current = edit.type === 'set' ? valueAtPath(value, edit.path) : undefined;
  const members = edit.type === 'set' ? memberEdits(current, edit.value, edit.path) : undefined;
  if (members !== undefined) {
    const result = editMembers(file, document, members, wanted);
    if ('text' in result) return result;
  }
  return editPlace(file, before, document, edit, wanted);
}

function editMembers(
  file: TextFile,
  document: number,
  members: readonly ValueEdit[],
  wanted: Json,
): EditResult {
  let text = file.text;
  for (const member of members) {
    const result = editFile({...file, text}, document, member);
    if ('refusal' in result) return result;
    ({text} = result);
  }
  const {documents} = readYaml(text, file.path);
  return equalJson(documents[document]?.value, wanted)
    ? {text}
    : {refusal: `the members of a collection in ${file.path} can't be changed one by one`};
}

function editPlace(
  file: TextFile,
  before: YamlFile,
  document: number,
  edit: ValueEdit,
  wanted: Json,
): EditResult {
  const found = before.documents[document];
  if (found === undefined) return {refusal: `${file.path} has no document ${document + 1}`};
  const {start, end, isJson} = found.range;
  const text = file.text.slice(start, end);
  try {
    const root = treeOf(text, isJson);
    if (root === undefined) return {refusal: `${file.path} holds nothing there`};
    const style = styleOf(text, root, isJson);
    if (file.text.includes('\r\n')) style.eol = '\r\n';
    const place = new Place({text, style}).find(root, found.value, edit);
    if ('refusal' in place) return place;
    for (const splices of place.candidates) {
      const candidate = file.text.slice(0, start) + spliced(text, splices) + file.text.slice(end);
      if (saysJust(candidate, file.path, before, document, wanted)) return {text: candidate};
    }
    return {refusal: refusalOf(root, edit.path)};
  } catch (error) {
    if (error instanceof YAMLException || error instanceof RangeError) {
      return {refusal: `${file.path} is written in a way that can't be edited safely`};
    }
    throw error;
  }
}

function spliced(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const {start, end, text: written} of [...splices].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + written + result.slice(end);
  }
  return result;
}

/** True where a text says what the file said before, but for one document that says what is wanted. */
function saysJust(text: string, path: string, before: YamlFile, document: number, wanted: Json): boolean {
  const after = readYaml(text, path);
  const told = ({problems}: YamlFile): string => problems.map(({message}) => message).join('\n');
  return (
    after.documents.length === before.documents.length &&
    told(after) === told(before) &&
    after.documents.every(({value}, index) =>
      equalJson(value, index === document ? wanted : before.documents[index]?.value),
    )
  );
}

function refusalOf(root: TextNode, path: FieldPath): string {
  return hasAlias(root)
    ? `${formatPath(path)} is shared by an anchor and its aliases: setting it would change other fields too`
    : `${formatPath(path)} is written in a way that can't be edited without changing more than it`;
}

function hasAlias(node: TextNode): boolean {
  if (node.type === 'alias') return true;
  if (node.type === 'sequence') return node.items.some(({value}) => hasAlias(value));
  return node.type === 'mapping' && node.entries.some(({value}) => hasAlias(value));
}

type Found = {candidates: Splice[][]} | {refusal: string};

/** Walks down a document's nodes to where an edit is made. */
class Place {
  readonly #writing: Writing;

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  find(root: TextNode, value: Json, edit: ValueEdit): Found {
    return this.#at(root, {type: 'document'}, value, edit.path, edit);
  }

  #at(node: TextNode, parent: Parent, value: Json | undefined, path: FieldPath, edit: ValueEdit): Found {
    const [element, ...rest] = path;
    if (element === undefined) return this.#here(node, parent, value, edit);
    if (node.type === 'alias') {
      return {
        refusal: `${formatPath(edit.path)} is set by the alias *${node.target}, which other fields share`,
      };
    }
    if (node.type === 'scalar' && value === null && edit.type !== 'remove') {
      const made = edit.type === 'insert' ? [edit.value] : edit.value;
      return {candidates: replacements(node, parent, nested(path, made), this.#writing)};
    }
    if (element.type === 'field' && node.type === 'mapping') {
      return this.#inMapping(node, parent, element.name, value, rest, edit);
    }
    if (element.type !== 'field' && node.type === 'sequence' && Array.isArray(value)) {
      const index = itemIndex(value, element);
      const item = node.items[index];
      if (item === undefined) {
        if (edit.type === 'remove') return {refusal: `${formatPath(edit.path)} is not there`};
        const made = newItem(element, rest, edit.type === 'insert' ? [edit.value] : edit.value);
        return this.#inserted(node, parent, node.items.length, made);
      }
      if (rest.length === 0 && edit.type === 'remove') {
        return {candidates: itemRemovals(node, index, parent, this.#writing)};
      }
      return this.#at(item.value, {type: 'item', sequence: node, index}, value[index], rest, edit);
    }
    return {refusal: `${formatPath(edit.path)} does not fit what stands there`};
  }

  #here(node: TextNode, parent: Parent, value: Json | undefined, edit: ValueEdit): Found {
    if (edit.type === 'set') return {candidates: replacements(node, parent, edit.value, this.#writing)};
    if (edit.type === 'remove') return {refusal: 'a document can’t be emptied'};
    if (node.type === 'sequence')
      return this.#inserted(node, parent, edit.index ?? node.items.length, edit.value);
    return value === null
      ? {candidates: replacements(node, parent, [edit.value], this.#writing)}
      : {refusal: `${formatPath(edit.path)} is no list of its own`};
  }

  #inMapping(
    node: MappingNode,
    parent: Parent,
    name: string,
    value: Json | undefined,
    rest: FieldPath,
    edit: ValueEdit,
  ): Found {
    const entry = node.entries.findLast(candidate => candidate.name === name);
    const inner = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    if (entry !== undefined) {
      if (rest.length === 0 && edit.type === 'remove') {
        return {candidates: entryRemovals(node, entry, parent, this.#writing)};
      }
      return this.#at(entry.value, {type: 'entry', mapping: node, entry}, inner, rest, edit);
    }
    if (inner !== undefined && (rest.length > 0 || edit.type !== 'set')) {
      return {refusal: `${formatPath(edit.path)} comes from a merge (<<), which other fields share`};
    }
    if (edit.type === 'remove') return {refusal: `${formatPath(edit.path)} is not there`};
    const made = nested(rest, edit.type === 'insert' ? [edit.value] : edit.value);
    if (node.entries.length === 0 && !this.#writing.style.isJson) {
      return {candidates: replacements(node, parent, {[name]: made}, this.#writing)};
    }
    return {candidates: additions(node, name, made, this.#writing)};
  }

  #inserted(node: SequenceNode, parent: Parent, index: number, value: Json): Found {
    return node.items.length === 0 && !this.#writing.style.isJson
      ? {candidates: replacements(node, parent, [value], this.#writing)}
      : {candidates: insertions(node, index, value, this.#writing)};
  }
}
