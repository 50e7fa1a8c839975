/** What stands for a line's value that is not shown. */
const hidden = '***';

/**
 * A Secret of the core group, in YAML or JSON, also as an item of a List; what a kustomization makes Secrets of; and a JSON
 * patch of data, which doesn't say whose.
 */
const secret =
  /["']?\bkind["']?\s*:\s*["']?Secret["']?\s*(?:[,}#\r\n]|$)|^\s*secretGenerator\s*:|["']?\bpath["']?\s*:\s*["']?\/(?:data|stringData)\b/m;

/** Lines of a Secret that say what it is: a plain word behind a key, or a key alone. All others are hidden. */
const harmless =
  /^(---|\s*[{}[\]]*,?\s*|\s*(?:- )?["']?(?:(?:apiVersion|kind|name|namespace|type|immutable|op|path)["']?\s*:\s*["']?[\w./-]*["']?,?|(?:metadata|annotations|labels|data|stringData)["']?\s*:\s*\{?)\s*)$/;

/** A document that says what it is; what does not may be a value that a `---` broke off. */
const kind = /["']?\bkind["']?\s*:/m;

const separator = /^---(?=\s|$)/;

/** What of a line is hidden: its value, or only what stands behind `---` or in a comment. */
export type Hidden = 'value' | 'rest';

/** What is hidden of the lines (from 1) of a file. */
export type HiddenLines = ReadonlyMap<number, Hidden>;

/** What a merge leaves around the two sides of a conflict. */
const marker = /^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/;

/** What opens a block whose lines are all hidden, whatever they look like. */
const values = /^(\s*(?:- )?)["']?(?:data|stringData|annotations|literals|binaryData)["']?\s*:/;

/**
 * The lines of a manifest that may hold secret values: those of documents that are Secrets, and in a file with one also
 * documents without a kind, and what stands behind any `---`.
 */
export function secretLines(text: string): HiddenLines {
  const found = new Map<number, Hidden>();
  if (!secret.test(text)) return found;
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''));
  let start = 0;
  for (let index = 0; index <= lines.length; index++) {
    if (index < lines.length && (index === start || !separator.test(lines[index] ?? ''))) continue;
    const document = lines.slice(start, index);
    const whole = document.join('\n');
    const isSecret = secret.test(whole) || !kind.test(whole);
    for (const [line, what] of hiddenOf(isSecret ? document : document.slice(0, 1).filter(isSeparator)))
      found.set(start + line + 1, what);
    start = index;
  }
  return found;
}

function isSeparator(line: string): boolean {
  return separator.test(line);
}

/** What is not harmless of the lines of a Secret (by index), where it stands. */
function hiddenOf(document: readonly string[]): Map<number, Hidden> {
  const found = new Map<number, Hidden>();
  let block = Number.POSITIVE_INFINITY;
  for (const [index, line] of document.entries()) {
    if (line.trim() === '' || marker.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    if (indent > block) {
      found.set(index, 'value');
      continue;
    }
    block = values.exec(line)?.[1]?.length ?? Number.POSITIVE_INFINITY;
    if (harmless.test(line)) continue;
    const beginning = isSeparator(line) ? '---' : line.replace(/(?:^|\s)#.*$/, '');
    found.set(index, harmless.test(beginning) ? 'rest' : 'value');
  }
  return found;
}

/** A manifest (or one that a merge left its markers in) without secret values. */
export function hideSecrets(text: string): string {
  const lines = secretLines(text);
  return text
    .split('\n')
    .map((line, index) => hide(` ${line}`, lines.get(index + 1)).slice(1))
    .join('\n');
}

/**
 * A unified diff of one file without secret values: keys and what changed can still be seen. `before` and `after` are the
 * lines that `secretLines` gave for the two sides.
 */
export function hideSecretLines(patch: string, before: HiddenLines, after: HiddenLines): string {
  let [oldLine, newLine] = [0, 0];
  let inHunk = false;
  return patch
    .split('\n')
    .map(line => {
      const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
      if (header !== null) {
        [oldLine, newLine] = [Number(header[1]), Number(header[2])];
        inHunk = true;
        // What git adds behind the second @@ is a line of the file.
        return before.size + after.size === 0 ? line : header[0];
      }
      if (!inHunk || line === '') return line;
      const sign = line[0];
      const sides = [
        sign === '+' ? undefined : before.get(oldLine),
        sign === '-' ? undefined : after.get(newLine),
      ];
      if (sign !== '+') oldLine += 1;
      if (sign !== '-') newLine += 1;
      if (sign === '\\') return line;
      return hide(line, sides.includes('value') ? 'value' : sides.find(what => what !== undefined));
    })
    .join('\n');
}

/**
 * `+  password: aHVudGVy` as `+  password: ***`; a line without a key is hidden whole; `+kind: Secret # it's hunter2` as
 * `+kind: Secret # ***`.
 */
function hide(line: string, what: Hidden | undefined): string {
  if (what === undefined || /^.\s*$/.test(line)) return line;
  if (what === 'rest') return line.replace(/^(.---|.*?#).*$/, `$1 ${hidden}`);
  const [, key] = /^(.\s*(?:- )?["']?[\w./-]+["']?\s*:)(?:\s.*)?$/.exec(line) ?? [];
  if (key === undefined) return `${line[0]}${/^\s*/.exec(line.slice(1))?.[0] ?? ''}${hidden}`;
  return `${key} ${hidden}`;
}
