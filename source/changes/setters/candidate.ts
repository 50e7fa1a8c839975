import type {FieldPath} from '../../resources/field-path.ts';
import type {Json} from '../../resources/json.ts';
import type {ValueEdit} from '../../sources/edit/change.ts';
import {editFile} from '../../sources/edit/edit.ts';
import type {KustomizeFiles} from '../../sources/kustomize-files.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {readYaml} from '../../sources/yaml.ts';

/** One way to make git say what is wanted: perhaps. Only a rendering tells. */
export interface Candidate {
  file: string;
  text: string;
  /** The line of the edit in the file as it will be. */
  line: number;
  /** What sets the field there: `its manifest`, `the images of the kustomization`. */
  how: string;
}

/** What candidates are looked for by. */
export interface Search {
  resource: DesiredResource;
  path: FieldPath;
  /** `undefined`: the field shall not be set. */
  value: Json | undefined;
  /** The kustomization that renders the resource, with all that it builds on; undefined for plain manifests. */
  kustomize: KustomizeFiles | undefined;
  /** A file's text; undefined where there is none, or none that is text. */
  textOf(file: string): string | undefined;
  /** Why a candidate could not be written: the reason for "can't tell where". */
  refused: string[];
}

/** A candidate of one edit of a document, or none where the text can't be edited so. */
export function editCandidate(
  search: Search,
  file: string,
  document: number,
  edit: ValueEdit,
  how: string,
): Candidate[] {
  const text = search.textOf(file);
  if (text === undefined) return [];
  const result = editFile({path: file, text}, document, edit);
  if ('refusal' in result) {
    search.refused.push(`${file}: ${result.refusal}`);
    return [];
  }
  return result.text === text ? [] : [{file, text: result.text, line: lineOf(text, result.text), how}];
}

/** The edit that makes a document say what is wanted at a path of it. */
export function wishAt(path: FieldPath, value: Json | undefined): ValueEdit {
  return value === undefined ? {type: 'remove', path} : {type: 'set', path, value};
}

/** A candidate that edits a text within a document: a patch that stands in its kustomization. */
export function innerCandidate(
  search: Search,
  file: string,
  outer: FieldPath,
  inner: string,
  document: number,
  edit: ValueEdit,
  how: string,
): Candidate[] {
  const result = editFile({path: `${file}`, text: inner}, document, edit);
  if ('refusal' in result) {
    search.refused.push(`${file}: ${result.refusal}`);
    return [];
  }
  return result.text === inner
    ? []
    : editCandidate(search, file, 0, {type: 'set', path: outer, value: result.text}, how);
}

/** A candidate that replaces a whole file, or a part of it that is no YAML. */
export function textCandidate(search: Search, file: string, text: string, how: string): Candidate[] {
  const before = search.textOf(file);
  return before === undefined || before === text ? [] : [{file, text, line: lineOf(before, text), how}];
}

/** Documents of a file, as candidates count them. */
export function documentsOf(search: Search, file: string): Json[] {
  const text = search.textOf(file);
  return text === undefined ? [] : readYaml(text, file).documents.map(({value}) => value);
}

/** The first line (from 1) in which two texts differ. */
function lineOf(before: string, after: string): number {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const index = now.findIndex((line, at) => line !== old[at]);
  return (index < 0 ? Math.max(0, now.length - 1) : index) + 1;
}
