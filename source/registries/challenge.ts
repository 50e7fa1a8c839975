/** What a registry asks for before it answers. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  scheme: string;
  parameters: ReadonlyMap<string, string>;
}

// RFC 9110, 11.2 and 11.3: a scheme, then parameters whose values are tokens or quoted strings.
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = new RegExp(`^\\s*,?\\s*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))`);
const scheme = new RegExp(`^\\s*,?\\s*(${token})(?=\\s|$|,)(?!\\s*=)`);

/** The challenges of a WWW-Authenticate header, in their order; several may stand in one line. */
export function parseChallenges(header: string | null): Challenge[] {
  const challenges: {scheme: string; parameters: Map<string, string>}[] = [];
  let rest = header ?? '';
  // Longer ones are nobody's challenge.
  if (rest.length > 8192) return [];
  while (rest.trim() !== '') {
    const found = parameter.exec(rest);
    if (found !== null) {
      const [all, name = '', quoted, plain = ''] = found;
      challenges.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
      rest = rest.slice(all.length);
      continue;
    }
    const next = scheme.exec(rest);
    if (next === null) break;
    challenges.push({scheme: (next[1] ?? '').toLowerCase(), parameters: new Map()});
    rest = rest.slice(next[0].length);
  }
  return challenges;
}

/** Where the next page is, of a Link header (RFC 8288); null where there is none. */
export function nextLink(header: string | null): string | null {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>((?:\s*;[^,<]*)*)/g)) {
    if (/;\s*rel\s*=\s*(?:next\b|"[^"]*\bnext\b[^"]*")/i.test(parameters)) return target;
  }
  return null;
}
