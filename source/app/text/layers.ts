import type {Stretch} from '../diff/changed-parts.ts';
import type {Toned} from '../diff/syntax.ts';
import {type Ground, type Span, span, type Tone} from './line.ts';

/** What lies under a stretch of a line. */
export interface Grounded extends Stretch {
  readonly ground: Ground;
}

/** How a line is put together of its text and what is known of stretches of it. */
export interface Layers {
  readonly text: string;
  /** For what no stretch covers. */
  readonly tone: Tone;
  readonly tones?: readonly Toned[];
  readonly ground?: Ground | undefined;
  /** Later ones lie over earlier ones. */
  readonly grounds?: readonly Grounded[];
  /** How a piece, which begins `at` there, is written: for signs in place of what can't be seen. */
  write?(piece: string, at: number): string;
}

/** The text as spans: as many as there are differing stretches. */
export function layered({text, tone, tones = [], ground, grounds = [], write}: Layers): Span[] {
  const cuts = new Set([0, text.length]);
  for (const {from, to} of [...tones, ...grounds]) {
    if (from < text.length) cuts.add(Math.max(0, from));
    if (to < text.length) cuts.add(Math.max(0, to));
  }
  const at = [...cuts].sort((a, b) => a - b);
  const spans: Span[] = [];
  for (const [index, from] of at.entries()) {
    const to = at[index + 1];
    if (to === undefined) break;
    const covers = (stretch: Stretch) => stretch.from <= from && stretch.to >= to;
    const own = grounds.findLast(covers)?.ground ?? ground;
    const piece = text.slice(from, to);
    spans.push(span(write?.(piece, from) ?? piece, tones.find(covers)?.tone ?? tone, own));
  }
  return spans;
}
