import {Text} from 'ink';
import {memo} from 'react';
import {type Line, sameLine} from '../text/line.ts';
import {type Look, paintOf} from '../text/theme.ts';

/** One row of the screen. Drawn again only when it looks different. */
export const Row = memo(
  ({spans, look}: {spans: Line; look: Look}) => (
    <Text wrap="truncate">
      {spans.map(({text, tone}, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a line has no identity but its place
        <Text key={index} {...paintOf(tone, look)}>
          {text}
        </Text>
      ))}
    </Text>
  ),
  (before, after) => before.look === after.look && sameLine(before.spans, after.spans),
);
