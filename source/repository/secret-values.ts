import {secretLines} from './secret-lines.ts';

/**
 * The values of a manifest's Secrets, as far as its lines tell them: also of one that is not valid YAML, whose mistake is
 * about to be told. With `isWhole` every line holds one: an env file that a Secret is made of.
 */
export function secretValues(text: string, isWhole = false): string[] {
  const lines = text.split('\n');
  const wanted = isWhole ? lines : [...secretLines(text)].map(line => lines[line - 1] ?? '');
  const values = new Set<string>();
  for (const line of wanted) {
    const whole = line.trim().replace(/^- /, '');
    const value = whole.replace(/^["']?[\w./-]+["']?\s*[:=]\s*/, '');
    for (const part of [whole, value, ...value.split(/[\s"',[\]{}]+/)]) {
      values.add(part);
      // Marks that YAML reads for itself: of an alias, a tag, an anchor, a quotation.
      values.add(part.replace(/^[*&!"'`@%|>]+|["']+$/g, ''));
    }
  }
  // Between two documents nothing may stand.
  if (secretLines(text).size > 0)
    for (const [, rest] of text.matchAll(/^---[ \t]*(\S.*)$/gm)) values.add(rest ?? '');
  return [...values].filter(value => value !== '' && !/^[\w./-]+["']?:$/.test(value));
}
