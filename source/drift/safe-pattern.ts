/** Tests a text; undefined where that could take too long. */
export type PatternTest = (text: string) => boolean | undefined;

// Steps that a backtracking engine may make: a text's length to the power of the loops in the pattern.
const mostSteps = 50_000_000;

/**
 * A regular expression of somebody else's as a test that can't run without end, or why it is none. Refused is what Go's
 * expressions, which the tools use, don't have either (look-around, references back), and what backtracking is slow with: a
 * loop inside a loop.
 */
export function safePattern(expression: string, flags = ''): PatternTest | string {
  const loops = loopsIn(expression);
  if (typeof loops === 'string') return loops;
  let pattern: RegExp;
  try {
    pattern = new RegExp(expression, flags);
  } catch {
    return 'it is no regular expression that is known here';
  }
  return text => ((text.length + 1) ** (loops + 1) > mostSteps ? undefined : pattern.test(text));
}

/** How many loops without end stand in a pattern, one beside the other; or what is wrong with it. */
function loopsIn(expression: string): number | string {
  const groups: {loops: number}[] = [];
  let loops = 0;
  let last = 0;
  const parts = expression.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\??|\)|[*+]|\{\d+(?:,\d*)?\}|./gs);
  for (const {0: part, index} of parts) {
    if (/^\\[1-9k]/.test(part)) return 'it refers back';
    if (part.startsWith('(')) {
      if (part === '(?' && !/^\(\?:/.test(expression.slice(index))) return 'it looks around, or sets flags';
      groups.push({loops});
      last = 0;
    } else if (part === ')') {
      last = loops - (groups.pop()?.loops ?? loops);
      // An alternative in a loop is as slow as a loop: it counts as one.
      if (/\|/.test(expression.slice(0, index))) last += 1;
    } else if (/^(?:[*+]|\{)/.test(part)) {
      if (last > 0) return 'it has a loop inside a loop';
      loops += 1;
    } else last = 0;
  }
  return loops;
}
