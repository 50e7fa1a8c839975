import {commandLine, errandWords} from '../../../journal/command-line.ts';
import type {JournalEntry} from '../../session.ts';
import {Arranger, chosenOf, freshView, type ListView, type Shown} from '../lists/listing.ts';

/** What was really run and asked. */
export interface CommandLogScreen extends ListView {
  readonly id: 'command-log';
  /** That of the screen below. */
  readonly environment: string | null;
  /** Null until they are told. */
  readonly entries: readonly JournalEntry[] | null;
}

/** A fresh screen. */
export function commandLogScreen(environment: string | null): CommandLogScreen {
  return {id: 'command-log', environment, ...freshView, entries: null};
}

/** What was run and asked: what runs first, then the newest. */
export const commandLog = new Arranger<JournalEntry>({
  key: ({id}) => String(id),
  fields: {
    command: ({errand}) => errandWords(errand),
    what: ({errand}) => (errand.kind === 'program' ? errand.file : errand.to),
    outcome: ({outcome, says}) => `${outcome} ${says}`,
    for: ({question}) => question ?? '',
  },
  orders: [
    {by: 'newest', key: ({id, outcome}) => (outcome === 'running' ? -1e12 - id : -id)},
    {by: 'slowest', way: 'down', key: ({tookMs}) => (tookMs === null ? null : -tookMs)},
    {by: 'largest', way: 'down', key: ({bytes}) => (bytes === null ? null : -bytes)},
  ],
  isDrift: ({outcome}) => outcome === 'failed' || outcome === 'refused',
});

const none: readonly JournalEntry[] = [];

/** The entries as they are shown. */
export function shownEntries(screen: CommandLogScreen): Shown<JournalEntry> {
  return commandLog.shown(screen.entries ?? none, screen);
}

/** The chosen entry. */
export function chosenEntry(screen: CommandLogScreen): JournalEntry | undefined {
  return chosenOf(screen, shownEntries(screen));
}

/** The chosen entry as a line to paste. */
export function chosenCommandLine(screen: CommandLogScreen): string | null {
  const entry = chosenEntry(screen);
  return entry === undefined ? null : commandLine(entry.errand);
}
