/** One step of an ignore rule's path. */
export type Segment =
  | {type: 'name'; name: string}
  | {type: 'any'}
  | {type: 'descend'}
  | {type: 'filter'; conditions: readonly {field: string; equals: string}[]};

export type IgnorePattern = readonly Segment[];

/**
 * Reads a path of an ignore rule: a JSON pointer (`/spec/replicas`, RFC 6901), a JSONPath (`$.spec..image`,
 * `$.spec.containers[?(@.name=='web')].image`, `[*]`, `['a.b']`), or a path as gitops-tui prints it
 * (`spec.template.spec.containers[name=web].image`). Throws an Error that says what is wrong with it.
 */
export function parseIgnorePath(text: string): IgnorePattern {
  if (text.startsWith('/')) {
    return text
      .slice(1)
      .split('/')
      .map(token => ({type: 'name', name: token.replaceAll('~1', '/').replaceAll('~0', '~')}));
  }
  const segments = new Parser(text).parse();
  if (segments.length === 0) throw new Error(`"${text}" ignores the whole object: name a field`);
  return segments;
}

const plain = /^[^.[\]]+/;
const filter = /^\?\(?\s*(.*?)\s*\)?$/;
const condition = /^(?:@\.?)?([A-Za-z_][\w./-]*)\s*==?\s*(?:'([^']*)'|"([^"]*)"|([^'"\s]+))$/;

class Parser {
  readonly #text: string;
  #rest: string;
  readonly #segments: Segment[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#rest = text.startsWith('$') ? text.slice(1) : text;
  }

  parse(): Segment[] {
    let isFirst = true;
    while (this.#rest !== '') {
      if (this.#rest.startsWith('[')) this.#bracket();
      else if (this.#rest.startsWith('..')) {
        this.#segments.push({type: 'descend'});
        this.#rest = this.#rest.slice(2);
        if (!this.#rest.startsWith('[')) this.#name();
      } else if (this.#rest.startsWith('.')) {
        this.#rest = this.#rest.slice(1);
        this.#name();
      } else if (isFirst && !this.#text.startsWith('$')) this.#name();
      else this.#fail();
      isFirst = false;
    }
    return this.#segments;
  }

  #name(): void {
    const name = plain.exec(this.#rest)?.[0];
    if (name === undefined) this.#fail();
    this.#segments.push(name === '*' ? {type: 'any'} : {type: 'name', name});
    this.#rest = this.#rest.slice(name.length);
  }

  #bracket(): void {
    const quoted = /^\[(['"])(.*?)\1\]/.exec(this.#rest);
    if (quoted !== null) {
      this.#segments.push({type: 'name', name: quoted[2] ?? ''});
      this.#rest = this.#rest.slice(quoted[0].length);
      return;
    }
    const end = closing(this.#rest);
    if (end < 0) this.#fail();
    const inside = this.#rest.slice(1, end).trim();
    this.#rest = this.#rest.slice(end + 1);
    if (inside === '*') this.#segments.push({type: 'any'});
    else if (/^\d+$/.test(inside)) this.#segments.push({type: 'name', name: inside});
    else this.#segments.push({type: 'filter', conditions: this.#conditions(inside)});
  }

  #conditions(inside: string): {field: string; equals: string}[] {
    const match = filter.exec(inside);
    const parts = match === null ? inside.split(',') : (match[1] ?? '').split('&&');
    return parts.map(part => {
      const found = condition.exec(part.trim());
      const [, field, single, double, bare] = found ?? [];
      if (field === undefined) this.#fail();
      return {field, equals: single ?? double ?? bare ?? ''};
    });
  }

  #fail(): never {
    const at = this.#text.length - this.#rest.length + 1;
    throw new Error(
      `"${this.#text}" is no path that can be ignored, from character ${at} on: write /spec/replicas, ` +
        "$.spec..image or $.spec.containers[?(@.name=='web')].image",
    );
  }
}

// Where the bracket that the text starts with ends, quoted ones inside passed over; -1 where it doesn't.
function closing(text: string): number {
  let quote = '';
  for (let index = 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === ']') return index;
  }
  return -1;
}
