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
  /^(---.*|\s*[{}[\]]*,?\s*|\s*(?:- )?["']?(?:(?:apiVersion|kind|name|namespace|type|immutable|op|path)["']?\s*:\s*["']?[\w./-]*["']?,?|(?:metadata|annotations|labels|data|stringData)["']?\s*:\s*\{?)\s*(?:#.*)?)$/;

/** What a merge leaves around the two sides of a conflict. */
const marker = /^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/;

/** What opens a block whose lines are all hidden, whatever they look like. */
const values = /^(\s*(?:- )?)["']?(?:data|stringData|annotations|literals|binaryData)["']?\s*:/;

/** The lines (from 1) of a manifest that may hold secret values: those of documents that are Secrets. */
export function secretLines(text: string): Set<number> {
  const found = new Set<number>();
  if (!secret.test(text)) return found;
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''));
  let start = 0;
  for (let index = 0; index <= lines.length; index++) {
    if (index < lines.length && (index === start || !/^---(\s|$)/.test(lines[index] ?? ''))) continue;
    const document = lines.slice(start, index);
    if (secret.test(document.join('\n'))) {
      for (const line of hiddenOf(document)) found.add(start + line + 1);
    }
    start = index;
  }
  return found;
}

/** Indexes of the lines of a Secret that are not harmless where they stand. */
function hiddenOf(document: readonly string[]): number[] {
  const found: number[] = [];
  let block = Number.POSITIVE_INFINITY;
  for (const [index, line] of document.entries()) {
    if (line.trim() === '' || marker.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    if (indent > block) {
      found.push(index);
      continue;
    }
    block = values.exec(line)?.[1]?.length ?? Number.POSITIVE_INFINITY;
    if (!harmless.test(line)) found.push(index);
  }
  return found;
}

/** A manifest (or one that a merge left its markers in) without secret values. */
export function hideSecrets(text: string): string {
  const lines = secretLines(text);
  return text
    .split('\n')
    .map((line, index) => (lines.has(index + 1) ? hideValue(` ${line}`).slice(1) : line))
    .join('\n');
}

/**
 * A unified diff of one file without secret values: keys and what changed can still be seen. `before` and `after` are the
 * lines that `secretLines` gave for the two sides.
 */
export function hideSecretLines(
  patch: string,
  before: ReadonlySet<number>,
  after: ReadonlySet<number>,
): string {
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
      const isSecret = (sign !== '+' && before.has(oldLine)) || (sign !== '-' && after.has(newLine));
      if (sign !== '+') oldLine += 1;
      if (sign !== '-') newLine += 1;
      if (sign === '\\') return line;
      return isSecret ? hideValue(line) : line;
    })
    .join('\n');
}

/** `+  password: aHVudGVy` as `+  password: ***`; a line without a key is hidden whole. */
function hideValue(line: string): string {
  if (/^.\s*$/.test(line)) return line;
  const [, key] = /^(.\s*(?:- )?["']?[\w./-]+["']?\s*:)(?:\s.*)?$/.exec(line) ?? [];
  if (key === undefined) return `${line[0]}${/^\s*/.exec(line.slice(1))?.[0] ?? ''}${hidden}`;
  return `${key} ${hidden}`;
}
