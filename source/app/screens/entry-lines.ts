import {commandLine, errandWords} from '../../journal/command-line.ts';
import type {JournalEntry} from '../session.ts';
import {secondsWords} from '../text/age.ts';
import {type Line, line, span, type Tone, wrap} from '../text/line.ts';
import type {Look} from '../text/theme.ts';

/** How an outcome is told. */
export const outcomeTones: Record<JournalEntry['outcome'], Tone> = {
  running: 'busy',
  ok: 'good',
  refused: 'drift',
  failed: 'bad',
  cancelled: 'dim',
};

/** An entry in full: the command, what it was for, how it went, and a line to paste. */
export function entryLines(entry: JournalEntry, now: number, columns: number, look: Look): Line[] {
  const fact = (title: string, text: string, tone: Tone = 'plain'): Line[] =>
    wrap(text, columns - 10).map((part, index) =>
      line(span((index === 0 ? title : '').padEnd(10), 'dim'), span(part, tone)),
    );
  const {errand, question, outcome, says, bytes} = entry;
  const where =
    errand.kind === 'program'
      ? fact('In', errand.cwd ?? 'the folder that this was started in')
      : fact(
          'To',
          `${new URL(errand.url).origin}${errand.context === null ? '' : `, context ${errand.context}`}`,
        );
  const size = bytes === null ? '' : `, ${bytes} bytes`;
  return [
    ...fact(errand.kind === 'program' ? 'Ran' : 'Asked', errandWords(errand), 'strong'),
    ...where,
    ...(question === null ? [] : fact('For', question)),
    ...fact(
      outcome === 'failed' ? look.glyphs.failed : 'Answer',
      `${outcome === 'running' ? 'it runs' : says} after ${tookWords(entry, now)}${size}`,
      outcomeTones[outcome],
    ),
    ...fact('c copies', commandLine(errand), 'dim'),
  ];
}

/** How long it took, or takes by now. */
export function tookWords({tookMs, startedAt}: JournalEntry, now: number): string {
  if (tookMs === null) return secondsWords(now - startedAt);
  return tookMs < 1000
    ? `${Math.round(tookMs)}ms`
    : tookMs < 60_000
      ? `${(tookMs / 1000).toFixed(1)}s`
      : secondsWords(tookMs);
}
