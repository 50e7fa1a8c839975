/** One word of a filter. */
export interface Term {
  /** The field that it is about; null for all of them. */
  readonly field: string | null;
  readonly word: string;
  /** What has it is left out. */
  readonly excludes: boolean;
}

/** Texts by which an item is found, by field: `kind`, `ns`, `status`. */
export type Fields<T> = Readonly<Record<string, (item: T) => string | readonly string[]>>;

/**
 * The words of a filter: all must match, `!word` must not, `field:word` looks into that field alone. What stands before a
 * colon and is no field of this list is part of the word: `nginx:1.26`.
 */
export function parseFilter(text: string, fields: readonly string[]): Term[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .flatMap((part): Term[] => {
      const excludes = part.startsWith('!');
      const rest = excludes ? part.slice(1) : part;
      const colon = rest.indexOf(':');
      const field = colon > 0 && fields.includes(rest.slice(0, colon)) ? rest.slice(0, colon) : null;
      const word = field === null ? rest : rest.slice(colon + 1);
      // While a word is still being typed (`!`, `kind:`) it says nothing yet.
      return word === '' ? [] : [{field, word, excludes}];
    });
}

/** Finds items by the words of a filter. What an item says is put together once, not for each key that is typed. */
export class Finder<T extends object> {
  readonly #fields: Fields<T>;
  readonly #known = new WeakMap<T, {whole: string; byField: Map<string, string>}>();
  readonly names: readonly string[];

  constructor(fields: Fields<T>) {
    this.#fields = fields;
    this.names = Object.keys(fields);
  }

  /** The test of a filter's text; null where it says nothing, so that all match. */
  test(text: string): ((item: T) => boolean) | null {
    const terms = parseFilter(text, this.names);
    if (terms.length === 0) return null;
    return item => terms.every(({field, word, excludes}) => this.#has(item, field, word) !== excludes);
  }

  #has(item: T, field: string | null, word: string): boolean {
    let known = this.#known.get(item);
    if (known === undefined) {
      const byField = new Map(this.names.map(name => [name, this.#text(item, name)]));
      known = {byField, whole: [...byField.values()].join('\n')};
      this.#known.set(item, known);
    }
    return (field === null ? known.whole : (known.byField.get(field) ?? '')).includes(word);
  }

  #text(item: T, name: string): string {
    const said = this.#fields[name]?.(item) ?? '';
    return (typeof said === 'string' ? said : said.join('\n')).toLowerCase();
  }
}
