import {type Event, parseEvents, YAMLException} from 'js-yaml';

/** A text that js-yaml accepts, and its events. */
export interface ParsedText {
  /** As given, or with some lines pushed in; lines keep their numbers. */
  text: string;
  events: Event[];
  /** Lines (from 0) that were pushed in, by `pushedBy` columns. */
  pushed: ReadonlySet<number>;
}

/** How far a line is pushed in. */
export const pushedBy = 256;

const options = {maxDepth: 1000};

/**
 * js-yaml's events of a text. YAML wants the lines of a bracket or a quoted text further in than their key; Go's parser
 * takes them anywhere, and `args: [` with its `]` below the key is everywhere. Such lines are pushed in, which changes no
 * value. Throws YAMLException.
 */
export function parseLoosely(original: string): ParsedText {
  const pushed = new Set<number>();
  let text = original;
  for (let last = -1; ; ) {
    try {
      return {text, events: parseEvents(text, options), pushed};
    } catch (error) {
      const position = deficientAt(error);
      if (position === undefined || position <= last) throw unpushed(error, pushed);
      last = position;
      const repaired = repair(text, position, pushed);
      if (repaired === undefined) throw unpushed(error, pushed);
      text = repaired;
    }
  }
}

function deficientAt(error: unknown): number | undefined {
  return error instanceof YAMLException && error.reason === 'deficient indentation'
    ? error.mark?.position
    : undefined;
}

// The column that the user sees.
function unpushed(error: unknown, pushed: ReadonlySet<number>): unknown {
  if (error instanceof YAMLException && error.mark !== undefined && pushed.has(error.mark.line)) {
    error.mark.column = Math.max(0, error.mark.column - pushedBy);
  }
  return error;
}

function repair(text: string, position: number, pushed: Set<number>): string | undefined {
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  const before = text.slice(lineStart, position);
  // A tab between two values of one line, where js-yaml wants spaces.
  if (/\S/.test(before)) {
    return /\t\s*$/.test(before)
      ? text.slice(0, lineStart) + before.replaceAll('\t', ' ') + text.slice(position)
      : undefined;
  }
  const end = endOfRegion(text, lineStart, position);
  if (end === undefined) return undefined;
  let line = text.slice(0, lineStart).split('\n').length - 1;
  const lines = text.slice(lineStart, end).split('\n');
  const moved = lines.map(content => {
    pushed.add(line++);
    return ' '.repeat(pushedBy) + content;
  });
  return text.slice(0, lineStart) + moved.join('\n') + text.slice(end);
}

/** Where the bracket or quoted text around a position closes: js-yaml tells which it is when the text stops there. */
function endOfRegion(text: string, lineStart: number, position: number): number | undefined {
  let reason = '';
  try {
    parseEvents(text.slice(0, lineStart) + ' '.repeat(pushedBy), options);
  } catch (error) {
    if (error instanceof YAMLException) reason = error.reason;
  }
  if (reason.endsWith('within a double quoted scalar')) return endOfQuoted(text, position, '"');
  if (reason.endsWith('within a single quoted scalar')) return endOfQuoted(text, position, "'");
  return reason.endsWith('within a flow collection') ? endOfFlow(text, position) : undefined;
}

function endOfQuoted(text: string, start: number, quote: '"' | "'"): number {
  const inside = quote === '"' ? /(?:[^"\\]|\\[\s\S])*/y : /(?:[^']|'')*/y;
  inside.lastIndex = start;
  inside.exec(text);
  return Math.min(text.length, inside.lastIndex + 1);
}

function endOfFlow(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    const isStart = index === start || /[\s[{,:]/.test(text[index - 1] ?? ' ');
    if (char === '[' || char === '{') depth++;
    else if ((char === ']' || char === '}') && --depth < 0) return index;
    else if ((char === '"' || char === "'") && isStart) index = endOfQuoted(text, index + 1, char) - 1;
    else if (char === '#' && /\s/.test(text[index - 1] ?? ' ')) {
      const newline = text.indexOf('\n', index);
      index = newline < 0 ? text.length : newline - 1;
    }
  }
  return text.length;
}
