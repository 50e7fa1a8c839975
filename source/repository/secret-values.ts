import {secretLines} from './secret-lines.ts';

/**
 * The values of a manifest's Secrets, as far as its lines tell them: also of one that is not valid YAML, whose mistake is
 * about to be told. With `isWhole` every line holds one: an env file that a Secret is made of.
 */
export function secretValues(text: string, isWhole = false): string[] {
  const lines = text.split('\n');
  const hidden = secretLines(text);
  const values = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const what = isWhole ? 'value' : hidden.get(index + 1);
    // A sentence of plain words, of which none alone is a secret.
    if (what === 'rest') values.add(line.replace(/^(?:---|.*?#)\s*/, '').trimEnd());
    if (what !== 'value') continue;
    const whole = line.trim().replace(/^- /, '');
    const value = whole.replace(/^["']?[\w./-]+["']?\s*[:=]\s*/, '');
    for (const part of [whole, value, ...value.split(/[\s"',[\]{}]+/)]) {
      values.add(part);
      // Marks that YAML reads for itself: of an alias, a tag, an anchor, a quotation.
      values.add(part.replace(/^[*&!"'`@%|>]+|["']+$/g, ''));
    }
  }
  return [...values].filter(value => value !== '' && !/^[\w./-]+["']?:$/.test(value));
}
