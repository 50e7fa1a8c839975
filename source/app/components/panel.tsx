import {Box} from 'ink';
import {fit, type Line, lineWidth, span, type Tone} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {Row} from './row.tsx';

export interface PanelProps {
  readonly title: Line;
  readonly right?: Line;
  readonly columns: number;
  readonly rows: number;
  readonly lines: readonly Line[];
  readonly look: Look;
  /** The border's tone: red around what concerns a protected environment. */
  readonly tone?: Tone;
  /** What of a longer list is in sight: the right border shows where that is. */
  readonly scroll?: ScrollPlace;
}

export interface ScrollPlace {
  readonly top: number;
  readonly height: number;
  readonly length: number;
}

/** A box with a title in its upper border; exactly `columns` x `rows`, lines beyond that are not mounted. */
export function Panel({title, right = [], columns, rows, lines, look, tone = 'dim', scroll}: PanelProps) {
  const {corners, vertical, horizontal} = look.glyphs;
  const inside = Math.max(0, rows - 2);
  const edge = span(vertical, tone);
  const thumb = thumbOf(scroll, inside);
  const body = Array.from({length: inside}, (_, index): Line => {
    const content = fit(lines[index] ?? [], columns - 4, look.glyphs.ellipsis);
    const isThumb = thumb !== null && index >= thumb.first && index <= thumb.last;
    return [edge, span(' '), ...content, span(' '), isThumb ? span(look.glyphs.thumb, tone) : edge];
  });
  const bottom = [span(corners[2] + horizontal.repeat(Math.max(0, columns - 2)) + corners[3], tone)];
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Row spans={topBorder(title, right, columns, look, tone)} look={look} />
      {body.map((spans, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of a panel is its place on the screen
        <Row key={index} spans={spans} look={look} />
      ))}
      <Row spans={bottom} look={look} />
    </Box>
  );
}

/** The rows of the border that stand for what is in sight; null where all is. */
function thumbOf(scroll: ScrollPlace | undefined, rows: number): {first: number; last: number} | null {
  if (scroll === undefined || scroll.length <= scroll.height || rows < 3) return null;
  const {top, height, length} = scroll;
  const size = Math.max(1, Math.round((rows * height) / length));
  const first = Math.round((top / (length - height)) * (rows - size));
  return {first, last: first + size - 1};
}

function topBorder(title: Line, right: Line, columns: number, look: Look, tone: Tone): Line {
  const {corners, horizontal, ellipsis} = look.glyphs;
  const room = columns - 6;
  const rightRoom = Math.min(lineWidth(right), Math.floor(room / 2));
  const end: Line = rightRoom > 0 ? [span(' '), ...fit(right, rightRoom, ellipsis), span(' ')] : [];
  const titleRoom = Math.min(lineWidth(title), room - lineWidth(end));
  const start: Line = titleRoom > 0 ? [span(' '), ...fit(title, titleRoom, ellipsis), span(' ')] : [];
  const rule = columns - 2 - lineWidth(start) - lineWidth(end) - (end.length > 0 ? 1 : 0);
  return [
    span(corners[0], tone),
    ...start,
    span(horizontal.repeat(Math.max(0, rule)), tone),
    ...end,
    span((end.length > 0 ? horizontal : '') + corners[1], tone),
  ];
}
