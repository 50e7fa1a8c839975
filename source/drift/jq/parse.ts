import {
  alternative,
  attempt,
  binary,
  bind,
  collect,
  comma,
  condition,
  construct,
  type Filter,
  identity,
  index,
  iterate,
  literal,
  logical,
  ownChildren,
  pipe,
  recurse,
  slice,
  variable,
} from './filters.ts';
import {functions} from './functions.ts';
import {JqSyntaxError, type Token, tokensOf} from './tokens.ts';

/** Longer programs are not for ignoring fields. */
const mostCharacters = 4000;

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
const nothing = literal(null);

/**
 * Reads a jq program, as much of the language as it takes to name fields. Throws JqSyntaxError for a program that is none,
 * and for what of jq is not supported here: assignments, definitions, reduce, foreach, label, formats.
 * https://jqlang.org/manual/
 */
export function parseJq(program: string): Filter {
  if (program.length > mostCharacters) throw new JqSyntaxError('it is too long');
  const parser = new Parser(tokensOf(program));
  return parser.program();
}

/** What stands behind a term: `.a`, `[]`, `[1:]`. */
type Step = (target: Filter) => Filter;

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;
  #variables: readonly string[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  program(): Filter {
    const filter = this.#pipe();
    if (this.#next.type !== 'end') this.#fail();
    return filter;
  }

  get #next(): Token {
    return this.#tokens[this.#position] ?? {type: 'end', text: '', at: 0};
  }

  #is(text: string): boolean {
    const {type, text: next} = this.#next;
    return (type === 'mark' || type === 'name') && next === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#position++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail();
  }

  #fail(): never {
    const {type, text, at} = this.#next;
    throw new JqSyntaxError(
      type === 'end' ? 'it ends too early' : `"${text}" at character ${at} is not supported`,
    );
  }

  #pipe(): Filter {
    if (++this.#depth > 200) throw new JqSyntaxError('it is too deep');
    const left = this.#comma();
    const result = this.#take('|') ? pipe(left, this.#pipe()) : left;
    this.#depth--;
    return result;
  }

  #comma(): Filter {
    let left = this.#alternative();
    while (this.#take(',')) left = comma(left, this.#alternative());
    return left;
  }

  #alternative(): Filter {
    const left = this.#or();
    return this.#take('//') ? alternative(left, this.#alternative()) : left;
  }

  #or(): Filter {
    let left = this.#and();
    while (this.#take('or')) left = logical('or', left, this.#and());
    return left;
  }

  #and(): Filter {
    let left = this.#comparison();
    while (this.#take('and')) left = logical('and', left, this.#comparison());
    return left;
  }

  #comparison(): Filter {
    const left = this.#sum();
    const {type, text} = this.#next;
    if (type !== 'mark' || !comparisons.has(text)) return left;
    this.#position++;
    return binary(text, left, this.#sum());
  }

  #sum(): Filter {
    let left = this.#product();
    while (this.#is('+') || this.#is('-')) {
      const {text} = this.#next;
      this.#position++;
      left = binary(text, left, this.#product());
    }
    return left;
  }

  #product(): Filter {
    let left = this.#postfix();
    while (this.#is('*') || this.#is('/') || this.#is('%')) {
      const {text} = this.#next;
      this.#position++;
      left = binary(text, left, this.#postfix());
    }
    return left;
  }

  #postfix(): Filter {
    let filter = this.#term();
    // A question mark is about the last step alone: of `.a[].b[]?` an item without b is passed over, not the rest with it.
    const tail: {before: Filter; step: Step | undefined} = {before: filter, step: undefined};
    const append = (step: Step) => {
      tail.before = filter;
      tail.step = step;
      filter = step(filter);
    };
    for (;;) {
      const {type, text} = this.#next;
      if (type === 'field') {
        this.#position++;
        append(target => index(target, literal(text)));
      } else if (this.#is('.') && ['string', 'mark'].includes(this.#tokens[this.#position + 1]?.type ?? '')) {
        this.#position++;
        if (this.#next.type === 'string') {
          const name = this.#text();
          append(target => index(target, literal(name)));
        } else if (!this.#is('[')) this.#fail();
      } else if (this.#take('[')) append(this.#bracket());
      else if (this.#take('?')) {
        filter =
          tail.step === undefined
            ? attempt(filter, undefined)
            : pipe(tail.before, attempt(tail.step(identity), undefined));
        tail.step = undefined;
      } else break;
    }
    if (!this.#take('as')) return filter;
    const {type, text: name} = this.#next;
    if (type !== 'variable') this.#fail();
    this.#position++;
    this.#expect('|');
    const outer = this.#variables;
    this.#variables = [...outer, name];
    const body = this.#pipe();
    this.#variables = outer;
    return bind(filter, name, body);
  }

  #text(): string {
    const {text} = this.#next;
    this.#position++;
    return text;
  }

  // After `target[`.
  #bracket(): Step {
    if (this.#take(']')) return iterate;
    const from = this.#is(':') ? nothing : this.#pipe();
    if (this.#take(']')) return target => index(target, from);
    this.#expect(':');
    const to = this.#is(']') ? nothing : this.#pipe();
    this.#expect(']');
    return target => slice(target, from, to);
  }

  #term(): Filter {
    const {type, text} = this.#next;
    if (type === 'number') return literal(Number(this.#text()));
    if (type === 'string') return literal(this.#text());
    if (type === 'field') return index(identity, literal(this.#text()));
    if (type === 'variable') {
      if (!this.#variables.includes(text)) this.#fail();
      return variable(this.#text());
    }
    if (this.#take('..')) return recurse(ownChildren);
    if (this.#take('.')) {
      return this.#next.type === 'string' ? index(identity, literal(this.#text())) : identity;
    }
    if (this.#take('-')) return binary('-', literal(0), this.#postfix());
    if (this.#take('(')) return this.#until(')');
    if (this.#take('[')) return this.#take(']') ? literal([]) : collect(this.#until(']'));
    if (this.#take('{')) return this.#object();
    if (this.#take('if')) return this.#condition();
    if (this.#take('try')) {
      const body = this.#postfix();
      return attempt(body, this.#take('catch') ? this.#postfix() : undefined);
    }
    if (type === 'name') return this.#call();
    return this.#fail();
  }

  #until(end: string): Filter {
    const filter = this.#pipe();
    this.#expect(end);
    return filter;
  }

  // After `if`.
  #condition(): Filter {
    const test = this.#pipe();
    this.#expect('then');
    const then = this.#pipe();
    if (this.#take('elif')) return condition(test, then, this.#condition());
    const otherwise = this.#take('else') ? this.#pipe() : identity;
    this.#expect('end');
    return condition(test, then, otherwise);
  }

  #call(): Filter {
    const {at} = this.#next;
    const name = this.#text();
    const parameters: Filter[] = [];
    if (this.#take('(')) {
      do parameters.push(this.#pipe());
      while (this.#take(';'));
      this.#expect(')');
    }
    const build = functions.get(`${name}/${parameters.length}`);
    if (build === undefined) throw new JqSyntaxError(`${name} at character ${at} is not supported`);
    return build(...parameters);
  }

  // After `{`.
  #object(): Filter {
    const entries: {key: Filter; value: Filter}[] = [];
    while (!this.#take('}')) {
      if (entries.length > 0) this.#expect(',');
      const {type, text} = this.#next;
      if (this.#take('(')) {
        const key = this.#until(')');
        this.#expect(':');
        entries.push({key, value: this.#alternative()});
        continue;
      }
      if (type !== 'name' && type !== 'string' && type !== 'variable') this.#fail();
      this.#position++;
      const name = type === 'variable' ? text.slice(1) : text;
      if (type !== 'variable' && this.#take(':'))
        entries.push({key: literal(name), value: this.#alternative()});
      else {
        if (type === 'variable' && !this.#variables.includes(text)) this.#fail();
        const value = type === 'variable' ? variable(text) : index(identity, literal(name));
        entries.push({key: literal(name), value});
      }
    }
    return construct(entries);
  }
}
