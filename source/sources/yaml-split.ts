/** A part of a file that kubectl reads as one document. */
export interface YamlPart {
  text: string;
  /** Where it starts in the file's text. */
  start: number;
  /** Line of the file that the part starts at, from 1. */
  line: number;
  /** What stands after `---` on its line, which kubectl refuses; '' where nothing does. */
  afterSeparator: string;
}

/**
 * Cuts a file where kubectl's decoder does: at every line that starts with `---`, whatever surrounds it
 * (k8s.io/apimachinery/pkg/util/yaml, YAMLReader). A part that fails leaves the others readable.
 */
export function splitYaml(text: string): YamlPart[] {
  const parts: YamlPart[] = [];
  let partStart = 0;
  let partLine = 1;
  let afterSeparator = '';
  let line = 1;
  for (let start = 0; start < text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    if (text.startsWith('---', start)) {
      parts.push({text: text.slice(partStart, start), start: partStart, line: partLine, afterSeparator});
      const rest = text.slice(start + 3, end).trim();
      afterSeparator = rest.startsWith('#') ? '' : rest;
      partStart = end;
      partLine = line + 1;
    }
    start = end;
  }
  parts.push({text: text.slice(partStart), start: partStart, line: partLine, afterSeparator});
  return parts;
}
