import {endWords, type ProgramOutput} from '../state/program.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {shownArguments} from '../text/shown-argument.ts';
import type {Look} from '../text/theme.ts';

/** What a program of the user's own printed, below what it was and how it ended. */
export function outputLines(output: ProgramOutput | null, {glyphs}: Look, columns: number): Line[] {
  if (output === null) return [line('Nothing was run yet.')];
  const {order, ended} = output;
  const lines = wrap(shownArguments(order.argv).join(' '), columns).map(text => line(span(text, 'dim')));
  const runs = order.in === 'pager' && !order.changes ? 'it runs; leaving ends it' : 'it runs';
  if (ended === null) return [...lines, line(span(`${glyphs.times} ${runs}`, 'busy'))];
  const isWell = 'exitCode' in ended && ended.exitCode === 0;
  const glyph = isWell ? glyphs.synced : glyphs.failed;
  lines.push(
    ...wrap(`${glyph} ${endWords(ended)}`, columns).map(text => line(span(text, isWell ? 'good' : 'bad'))),
  );
  if ('exitCode' in ended) {
    if (ended.stdout.trim() !== '') lines.push([], ...textLines(ended.stdout, 'plain'));
    if (ended.stderr.trim() !== '') lines.push([], ...textLines(ended.stderr, 'drift'));
    if (`${ended.stdout}${ended.stderr}`.trim() === '') lines.push(line(span('It printed nothing.', 'dim')));
  }
  return lines;
}

function textLines(text: string, tone: 'plain' | 'drift'): Line[] {
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map(part => line(span(part, tone)));
}
