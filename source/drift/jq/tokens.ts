/** A word of a jq program. */
export interface Token {
  type: 'field' | 'name' | 'variable' | 'string' | 'number' | 'mark' | 'end';
  text: string;
  /** Where it starts, from 1. */
  at: number;
}

/** A program that can't be understood here: what is wrong, or which part of jq is not supported. */
export class JqSyntaxError extends Error {}

const patterns: readonly [Token['type'] | 'space', RegExp][] = [
  ['space', /(?:\s+|#[^\n]*)/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['string', /"(?:[^"\\]|\\.)*"/sy],
  ['field', /\.[A-Za-z_]\w*/y],
  ['variable', /\$[A-Za-z_]\w*/y],
  ['name', /[A-Za-z_]\w*/y],
  ['mark', /\?\/\/|\/\/=?|\|=|\.\.|[=!<>+*/%-]=|[.[\](){}|,:;?<>+*/%=-]/y],
];

/** Splits a jq program into its words. Throws JqSyntaxError. */
export function tokensOf(program: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < program.length) {
    const found = match(program, at);
    if (found === undefined) throw new JqSyntaxError(`character ${at + 1} can't be read`);
    const [type, text] = found;
    if (type === 'field') tokens.push({type, text: text.slice(1), at: at + 1});
    else if (type === 'string') tokens.push({type, text: unquoted(text, at), at: at + 1});
    else if (type !== 'space') tokens.push({type, text, at: at + 1});
    at += text.length;
  }
  tokens.push({type: 'end', text: '', at: at + 1});
  return tokens;
}

function match(program: string, at: number): [Token['type'] | 'space', string] | undefined {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(program)?.[0];
    if (text !== undefined) return [type, text];
  }
  return undefined;
}

function unquoted(text: string, at: number): string {
  if (/(?:^|[^\\])(?:\\\\)*\\\(/.test(text)) {
    throw new JqSyntaxError(`the interpolation in a string at character ${at + 1} is not supported`);
  }
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new JqSyntaxError(`the string at character ${at + 1} is none`);
  }
}
