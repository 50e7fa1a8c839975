import type {InputLine} from '../input-line.ts';

/** What the keys of the looks (events, logs, a field) do. */
export type LookAction =
  /** The events of the chosen resource; of the whole environment where none is chosen. */
  | {type: 'open-events'}
  | {type: 'open-logs'}
  | {type: 'open-field'}
  /** What is typed to filter or to search; null ends it. */
  | {type: 'look-typing'; typing: InputLine | null; query?: string}
  | {type: 'look-find'; by: 1 | -1}
  | {type: 'look-warnings'}
  | {type: 'logs-follow'}
  | {type: 'logs-wrap'}
  | {type: 'logs-times'}
  | {type: 'logs-previous'}
  | {type: 'logs-pod'; by: 1 | -1}
  | {type: 'logs-from'}
  | {type: 'logs-side'; by: 1 | -1};
