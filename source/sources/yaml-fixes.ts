const fixes: readonly [RegExp, string][] = [
  [/tab characters/, 'indent with spaces'],
  [/bad indentation|deficient indentation/, 'check the indentation of this line and the one above'],
  [/multiline key/, 'check the indentation, and quote a value that holds ": "'],
  [/end of the (?:stream|document) within a (?:single|double) quoted/, 'close the quote'],
  [/end of the stream within a flow collection|missed comma/, 'close the bracket, or add the comma'],
  [/whitespace character is expected after the key-value/, 'put a space after the colon'],
  [/unknown escape sequence|expected hexadecimal/, 'use single quotes, or write the backslash twice'],
  [/non-printable|JSON character/, 'remove the control character, or write it as an escape in double quotes'],
  [/a document separator is expected/, 'check the indentation; a new document starts with ---'],
  [/no anchor/, 'define the anchor before the alias, or quote the asterisk'],
  [/can't be read as !!/, 'correct the value or delete the tag'],
  [/has no JSON value/, 'quote it'],
  [/a key is/, 'keys are text'],
  [/<< takes/, 'merge a mapping, or quote the key'],
];

/** What to do about a YAML syntax error, from js-yaml's reason and the text around it; undefined where that is unclear. */
export function fixFor(reason: string, text: string, position: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1).split('\n', 1)[0] ?? '';
  if (line.includes('{{')) return 'this looks like a template: render it first, or move it out of the folder';
  if (/^(?:<{7} |>{7} |={7}\r?$)/m.test(text)) return 'resolve the merge conflict';
  if (/:\s+[@`%]/.test(line)) return 'quote the value';
  return fixes.find(([pattern]) => pattern.test(reason))?.[1];
}
