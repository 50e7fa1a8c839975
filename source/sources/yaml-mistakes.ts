import type * as v from 'valibot';
import {nearest} from '../environments/suggest.ts';
import {type FieldPath, formatPath, type PathElement} from '../resources/field-path.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';
import type {YamlDocument} from './yaml.ts';

/** The field that an issue of a schema is about. */
export function pathOfIssue(issue: v.BaseIssue<unknown>): FieldPath {
  return (issue.path ?? []).map(({key}) => (typeof key === 'number' ? item(key) : field(String(key))));
}

/** Where a field stands in a document, or the nearest thing around it that is there. */
export function placeOfField(document: YamlDocument, path: FieldPath): SourceLocation {
  for (let length = path.length; length > 0; length--) {
    const found = document.locate(path.slice(0, length));
    if (found !== undefined) return found;
  }
  return document.location;
}

/**
 * A mistake in a file of the user's, as a problem with its place and, where one is near, the word that was meant.
 * `knownKeys` gives the keys that may stand where an unknown one does.
 */
export function problemOfIssue(
  issue: v.BaseIssue<unknown>,
  document: YamlDocument,
  knownKeys: (path: FieldPath) => string[],
): Problem {
  const path = pathOfIssue(issue);
  const last = path.at(-1);
  const location = placeOfField(document, path);
  const key = last?.type === 'field' ? last.name : '';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const known = knownKeys(path);
    const near = nearest(key, known);
    return {
      severity: 'error',
      message: `${formatPath(path)} is no key of this file`,
      fix: near === undefined ? `the keys here are ${known.join(', ')}` : `did you mean "${near}"?`,
      location,
    };
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    return {
      severity: 'error',
      message: `${formatPath(path)} is missing`,
      fix: `add "${key}:"`,
      location: placeOfField(document, path.slice(0, -1)),
    };
  }
  const name = path.length === 0 ? 'the file' : formatPath(path);
  const input = issue.input;
  const isScalar = typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean';
  const got = isScalar ? `, not ${JSON.stringify(input)}` : input === null ? ', not empty' : '';
  const options = issue.type === 'picklist' && typeof input === 'string' ? pickOptions(issue) : [];
  const near = options.length > 0 ? nearest(String(input), options) : undefined;
  return {
    severity: 'error',
    message: `${name} ${issue.message}${got}`,
    ...(near === undefined ? {} : {fix: `did you mean "${near}"?`}),
    location,
  };
}

function pickOptions(issue: v.BaseIssue<unknown>): string[] {
  return [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)].map(([, option]) => option ?? '');
}

/** The element of a path that is a mapping's key. */
export function field(name: string): PathElement {
  return {type: 'field', name};
}

/** The element of a path that is a list's entry. */
export function item(index: number): PathElement {
  return {type: 'index', index};
}
