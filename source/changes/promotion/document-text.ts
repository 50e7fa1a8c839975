import {equalJson} from '../../resources/json.ts';
import {readYaml, type YamlFile} from '../../sources/yaml.ts';

/** A file without one of its documents; null where nothing is left of it. */
export type WithoutDocument = {text: string | null} | {refusal: string};

/**
 * Takes a document (counted as `readYaml` does) out of a file: all others stay byte for byte, with their comments. Given
 * only if the file then says what it said before without it.
 */
export function withoutDocument(text: string, file: string, document: number): WithoutDocument {
  const before = readYaml(text, file);
  const found = before.documents[document];
  if (found === undefined) return {refusal: `${file} has no document ${document + 1}`};
  if (before.documents.length === 1) return {text: null};
  if (found.range.isJson) return {refusal: `${file} is JSON with several values`};
  const {start, end} = found.range;
  const separator = text.lastIndexOf('---', start);
  const next = /^---.*(?:\n|$)/m.exec(text.slice(end))?.[0].length ?? 0;
  const result =
    separator >= 0 && document > 0
      ? text.slice(0, separator) + text.slice(end)
      : text.slice(0, start) + text.slice(end + next);
  const after = readYaml(result, file);
  return saysTheRest(before, after, document)
    ? {text: result}
    : {refusal: `${file} is written in a way that a document can't be taken out of safely`};
}

function saysTheRest(before: YamlFile, after: YamlFile, document: number): boolean {
  const rest = before.documents.filter((_, index) => index !== document);
  return (
    rest.length === after.documents.length &&
    rest.every(({value}, index) => equalJson(value, after.documents[index]?.value))
  );
}

/** A document's own text, with the comments above it and without separators. */
export function documentText(text: string, file: string, document: number): string | undefined {
  const {documents} = readYaml(text, file);
  const range = documents[document]?.range;
  if (range === undefined) return undefined;
  if (documents.length === 1) return text;
  if (range.isJson) return undefined;
  return `${text.slice(range.start, range.end).trim()}\n`;
}

/** A file with one more document at its end, whose lines end as the others do. */
export function withDocument(text: string | undefined, document: string): string {
  if (text === undefined || text.trim() === '') return document;
  const end = text.endsWith('\n') ? '' : '\n';
  const added = `${end}---\n${document.replace(/^\ufeff/, '').replace(/^---[^\n]*\n/, '')}`.replaceAll(
    '\r\n',
    '\n',
  );
  return text + (text.includes('\r\n') ? added.replaceAll('\n', '\r\n') : added);
}
