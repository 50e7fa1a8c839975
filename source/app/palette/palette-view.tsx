import {Box} from 'ink';
import {inputSpans} from '../components/input-spans.ts';
import {Panel} from '../components/panel.tsx';
import type {PaletteState} from '../state/palette.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, type Span, span} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {clipEnd, padEnd, widthOf} from '../text/width.ts';
import {chosenRow} from './press.ts';
import {type PaletteRow, paletteRows} from './rows.ts';

const mostShown = 10;

/** The line of commands with what fits it, above the footer, in front of everything. */
export function PaletteView({state, palette, look}: {state: AppState; palette: PaletteState; look: Look}) {
  const {columns, rows} = state.size;
  const room = Math.max(1, Math.min(mostShown, rows - 6));
  const height = room + 3;
  const fitting = paletteRows(state, palette.input.text);
  const chosen = chosenRow(state, palette, fitting);
  const lines = [
    line(span(': ', 'strong'), ...inputSpans(palette.input, columns - 6)),
    ...inSight(fitting, chosen, room).map(row => rowLine(row, row === chosen, columns - 4, look)),
  ];
  return (
    <Box position="absolute" marginTop={rows - 1 - height}>
      <Panel
        title={line(span('Commands', 'strong'))}
        right={fitting.length > room ? line(`${fitting.length}`) : []}
        columns={columns}
        rows={height}
        lines={lines}
        look={look}
        tone="plain"
      />
    </Box>
  );
}

/** The rows around the chosen one. */
function inSight(
  rows: readonly PaletteRow[],
  chosen: PaletteRow | undefined,
  room: number,
): readonly PaletteRow[] {
  const index = chosen === undefined ? 0 : rows.indexOf(chosen);
  const top = Math.max(0, Math.min(index - Math.floor(room / 2), rows.length - room));
  return rows.slice(top, top + room);
}

function rowLine(row: PaletteRow, isChosen: boolean, columns: number, {glyphs}: Look): Line {
  const labelWidth = Math.max(20, Math.min(Math.floor(columns / 2), widthOf(row.label)));
  const keys = row.command.keys.length > 9 ? '' : row.command.keys.slice(0, 3).join(' ');
  const isCommand = row.label === row.command.id;
  const right = isCommand && keys !== '' ? `  ${keys}` : '';
  const room = Math.max(0, columns - 2 - labelWidth - 2 - widthOf(right));
  const words = row.refused === null ? row.words : `${row.refused} · ${row.words}`.replace('·', glyphs.times);
  return [
    span(isChosen ? '> ' : '  ', 'strong'),
    ...labelSpans(row, labelWidth, glyphs.ellipsis),
    span('  '),
    span(padEnd(words, room, glyphs.ellipsis), row.refused === null ? 'plain' : 'drift'),
    span(right, 'dim'),
  ];
}

/** The label with the letters that were typed marked. */
function labelSpans({label, matched, refused}: PaletteRow, columns: number, ellipsis: string): Span[] {
  const clipped = clipEnd(label, columns, ellipsis);
  const tone = refused === null ? 'plain' : 'dim';
  const spans: Span[] = [];
  let run = '';
  let isMarked = false;
  const end = () => {
    if (run !== '') spans.push(span(run, isMarked ? 'busy' : tone));
    run = '';
  };
  for (const [index, letter] of [...clipped].entries()) {
    if (matched.includes(index) !== isMarked) {
      end();
      isMarked = !isMarked;
    }
    run += letter;
  }
  end();
  return [...spans, span(' '.repeat(Math.max(0, columns - widthOf(clipped))))];
}
