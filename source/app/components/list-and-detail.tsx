import {Box} from 'ink';
import type {Look} from '../text/theme.ts';
import {Panel, type PanelProps} from './panel.tsx';

type Part = Omit<PanelProps, 'columns' | 'look'>;

/** A list and, below it, the chosen of it in full: what most screens are. The list's border is plain where it says nothing else. */
export function ListAndDetail({
  columns,
  look,
  list,
  detail,
}: {
  columns: number;
  look: Look;
  list: Part;
  detail: Part;
}) {
  return (
    <Box flexDirection="column">
      <Panel tone="plain" {...list} columns={columns} look={look} />
      <Panel {...detail} columns={columns} look={look} />
    </Box>
  );
}
