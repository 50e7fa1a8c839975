import {Text} from 'ink';
import {memo} from 'react';
import {type Line, sameLine} from '../text/line.ts';
import {drawn, type Look} from '../text/theme.ts';

/**
 * One row of the screen. Drawn again only when it looks different. Its colours are the theme's own sequences: Ink's would
 * be of the depth that chalk guesses.
 */
export const Row = memo(
  ({spans, look}: {spans: Line; look: Look}) => <Text wrap="truncate">{drawn(spans, look)}</Text>,
  (before, after) => before.look === after.look && sameLine(before.spans, after.spans),
);
