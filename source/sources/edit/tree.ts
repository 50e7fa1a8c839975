import {COLLECTION_STYLE, EVENT_ID, type Event, SCALAR_STYLE, type ScalarEvent} from 'js-yaml';
import {parseLoosely, pushedBy} from '../yaml-indentation.ts';
import {isMergeKey, scalarKey} from '../yaml-value.ts';

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface NodeBase {
  /** Where its own text starts, anchor and tag left out; where it would start, for a value that is not written. */
  start: number;
  /** After its last character; trailing blank lines of a block of text don't count unless they are part of it. */
  end: number;
  /** Where its tag or anchor starts; `start` where it has none. */
  outer: number;
  anchor: string | undefined;
}

export interface ScalarNode extends NodeBase {
  type: 'scalar';
  style: ScalarStyle;
  /** False for the null of `key:` with nothing after it. */
  isWritten: boolean;
}

export interface AliasNode extends NodeBase {
  type: 'alias';
  /** The anchor that it stands for. */
  target: string;
}

/** An entry of a mapping: `<<` is one as well. */
export interface MappingEntry {
  /** Where its key starts, or the `?` before it. */
  start: number;
  key: TextNode;
  /** As JSON has it; undefined for a merge, and for a key that is no text. */
  name: string | undefined;
  isMerge: boolean;
  value: TextNode;
}

export interface MappingNode extends NodeBase {
  type: 'mapping';
  isFlow: boolean;
  entries: MappingEntry[];
}

export interface SequenceItem {
  /** Where its `-` stands; in brackets, where the item itself starts. */
  dash: number;
  value: TextNode;
}

export interface SequenceNode extends NodeBase {
  type: 'sequence';
  isFlow: boolean;
  items: SequenceItem[];
}

/** A value in a text, with the offsets of all that it is made of. */
export type TextNode = ScalarNode | AliasNode | MappingNode | SequenceNode;

/**
 * The nodes of one document's text. Offsets are into that text. Throws YAMLException for what can't be read, RangeError
 * where it is nested too deeply; undefined for an empty document.
 */
export function treeOf(text: string, isJson: boolean): TextNode | undefined {
  // JSON takes tabs between its values; within its strings there are none.
  const parsed = parseLoosely(isJson ? text.replaceAll('\t', ' ') : text);
  if (parsed.events.length < 3) return undefined;
  return new Builder(text, parsed.text, parsed.events, parsed.pushed).node(0);
}

const styles = new Map<number, ScalarStyle>([
  [SCALAR_STYLE.PLAIN, 'plain'],
  [SCALAR_STYLE.SINGLE_QUOTED, 'single'],
  [SCALAR_STYLE.DOUBLE_QUOTED, 'double'],
  [SCALAR_STYLE.LITERAL_BLOCK, 'literal'],
  [SCALAR_STYLE.FOLDED_BLOCK, 'folded'],
]);

/** Reads events whose offsets are of `parsed`, and gives nodes with offsets of `text`, from which lines were pushed in. */
class Builder {
  readonly #text: string;
  readonly #parsed: string;
  readonly #events: readonly Event[];
  readonly #pushedLines: readonly number[];
  #next = 1;

  constructor(text: string, parsed: string, events: readonly Event[], pushed: ReadonlySet<number>) {
    this.#text = text;
    this.#parsed = parsed;
    this.#events = events;
    const starts: number[] = [];
    if (pushed.size > 0) {
      let start = 0;
      for (const [line, content] of parsed.split('\n').entries()) {
        if (pushed.has(line)) starts.push(start);
        start += content.length + 1;
      }
    }
    this.#pushedLines = starts;
  }

  /** The next node; `from` is where it may start at the earliest. */
  node(from: number): TextNode {
    const event = this.#events[this.#next++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#scalar(event, from);
      case EVENT_ID.ALIAS: {
        const [start, end] = [this.#at(event.anchorStart) - 1, this.#at(event.anchorEnd)];
        const target = this.#text.slice(start + 1, end);
        return {type: 'alias', start, end, outer: start, anchor: undefined, target};
      }
      case EVENT_ID.SEQUENCE: {
        const {outer, anchor} = this.#properties(event, event.start);
        const start = this.#at(event.start);
        return event.style === COLLECTION_STYLE.FLOW
          ? this.#flowSequence(start, outer, anchor)
          : this.#blockSequence(start, outer, anchor);
      }
      case EVENT_ID.MAPPING: {
        const {outer, anchor} = this.#properties(event, event.start);
        const start = this.#at(event.start);
        return this.#mapping(start, outer, anchor, event.style === COLLECTION_STYLE.FLOW);
      }
      default:
        throw new RangeError('a document ends before its last value');
    }
  }

  #scalar(event: ScalarEvent, from: number): ScalarNode {
    const style = styles.get(event.style) ?? 'plain';
    const {outer, anchor, after} = this.#properties(event, event.valueStart);
    if (event.valueStart < 0) {
      const start = after ?? from;
      return {
        type: 'scalar',
        style,
        isWritten: false,
        start,
        end: start,
        outer: after === undefined ? start : outer,
        anchor,
      };
    }
    const node = {type: 'scalar', style, isWritten: true, anchor} as const;
    const [valueStart, valueEnd] = [this.#at(event.valueStart), this.#at(event.valueEnd)];
    if (style === 'single' || style === 'double') {
      const start = valueStart - 1;
      return {...node, start, end: valueEnd + 1, outer: Math.min(outer, start)};
    }
    if (style === 'plain') {
      return {...node, start: valueStart, end: valueEnd, outer: Math.min(outer, valueStart)};
    }
    // The header stands on a line of its own, after anchor and tag.
    const start = skipBlank(this.#text, after ?? from);
    const body = this.#text.slice(valueStart, valueEnd);
    const keeps = /^[|>][1-9]?\+/.test(this.#text.slice(start, start + 3));
    const content = keeps ? body.replace(/\r?\n$/, '') : body.replace(/(?:[ \t]*\r?\n)*[ \t]*$/, '');
    return {...node, start, end: valueStart + content.length, outer: Math.min(outer, start)};
  }

  #blockSequence(start: number, outer: number, anchor: string | undefined): SequenceNode {
    const items: SequenceItem[] = [];
    let end = start;
    while (!this.#atEnd()) {
      const dash = skipBlank(this.#text, items.length === 0 ? start : end);
      const value = this.node(dash + 1);
      items.push({dash, value});
      end = value.end;
    }
    return {type: 'sequence', isFlow: false, start, end, outer, anchor, items};
  }

  #flowSequence(start: number, outer: number, anchor: string | undefined): SequenceNode {
    const items: SequenceItem[] = [];
    let end = start + 1;
    while (!this.#atEnd()) {
      const dash = skipBlank(this.#text, end, ',');
      const value = this.node(dash);
      items.push({dash: value.outer, value});
      end = value.end;
    }
    end = skipBlank(this.#text, end, ',') + 1;
    return {type: 'sequence', isFlow: true, start, end, outer, anchor, items};
  }

  #mapping(start: number, outer: number, anchor: string | undefined, isFlow: boolean): MappingNode {
    const entries: MappingEntry[] = [];
    let end = isFlow ? start + 1 : start;
    while (!this.#atEnd()) {
      const event = this.#events[this.#next];
      const isMerge = event !== undefined && isMergeKey(this.#parsed, event);
      const name = event?.type === EVENT_ID.SCALAR && !isMerge ? scalarKey(this.#parsed, event) : undefined;
      const first = skipBlank(this.#text, end, isFlow ? ',' : '');
      const key = this.node(first);
      const colon = skipBlank(this.#text, key.end);
      const value = this.node(this.#text[colon] === ':' ? colon + 1 : key.end);
      const start = this.#text[first] === '?' ? Math.min(first, key.outer) : key.outer;
      entries.push({start, key, name, isMerge, value});
      end = Math.max(key.end, value.end);
    }
    if (isFlow) end = skipBlank(this.#text, end, ',') + 1;
    return {type: 'mapping', isFlow, start, end, outer, anchor, entries};
  }

  #properties(
    event: {anchorStart: number; anchorEnd: number; tagStart: number; tagEnd: number},
    start: number,
  ): {outer: number; anchor: string | undefined; after: number | undefined} {
    const starts: number[] = start < 0 ? [] : [this.#at(start)];
    const ends: number[] = [];
    let anchor: string | undefined;
    if (event.anchorStart >= 0) {
      // An anchor's range leaves out its `&`.
      starts.push(this.#at(event.anchorStart) - 1);
      ends.push(this.#at(event.anchorEnd));
      anchor = this.#parsed.slice(event.anchorStart, event.anchorEnd);
    }
    if (event.tagStart >= 0) {
      starts.push(this.#at(event.tagStart));
      ends.push(this.#at(event.tagEnd));
    }
    return {
      outer: Math.min(...starts),
      anchor,
      after: ends.length === 0 ? undefined : Math.max(...ends),
    };
  }

  #atEnd(): boolean {
    const type = this.#events[this.#next]?.type;
    if (type !== EVENT_ID.POP && type !== undefined) return false;
    this.#next++;
    return true;
  }

  #at(offset: number): number {
    let shift = 0;
    for (const start of this.#pushedLines) {
      if (offset < start) break;
      shift += Math.min(pushedBy, offset - start);
    }
    return offset - shift;
  }
}

/** The next offset that is neither white space nor in a comment; characters of `also` are skipped as well. */
export function skipBlank(text: string, from: number, also = ''): number {
  let index = from;
  for (; index < text.length; index++) {
    const char = text[index] ?? '';
    if (char === '#' && (index === 0 || /\s/.test(text[index - 1] ?? ''))) {
      const newline = text.indexOf('\n', index);
      index = newline < 0 ? text.length : newline;
    } else if (!/\s|\uFEFF/.test(char) && !(also !== '' && also.includes(char))) break;
  }
  return Math.min(index, text.length);
}
