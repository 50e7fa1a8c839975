import type {ClusterPlace, Outside, Program} from '../keys/command.ts';
import type {Session} from '../session.ts';
import type {Store} from './store.ts';

/** What can be done with the world beside the session; what is left out can't. */
export interface Hands {
  /**
   * Opens a file (absolute path, line from 1); the terminal is its own until it resolves. `wait` is for a file that is read
   * afterwards: an editor with windows of its own is to resolve only when it is closed.
   */
  onEditor?: (file: string, line: number, wait?: boolean) => Promise<void>;
  /** Lets the user edit a text; gives it as it was saved. The terminal is its own until it resolves. */
  onText?: (text: string) => Promise<string>;
  /** Runs a program in this terminal, which is its own until it resolves; gives the exit code. */
  onProgram?: (program: Program) => Promise<number>;
  /** Opens k9s; the terminal is its own until it resolves. */
  onK9s?: (place: ClusterPlace & {readOnly: boolean}) => Promise<void>;
  /** Shows a text, with its colours, in the user's pager; the terminal is its own until it resolves. */
  onPager?: (text: string) => Promise<void>;
  /** Opens an address; without it, or where it answers false, the address is shown. */
  onBrowser?: (url: string) => Promise<boolean> | boolean;
}

interface Use extends Hands {
  readonly store: Store;
  readonly session: Promise<Session>;
  redraw(): void;
  /** Stops the process until a shell continues it; false where no shell would. */
  suspend(): Promise<boolean>;
  /** Lets something else have the terminal until it resolves. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** The text at hand as a pager shows it; null where there is none. */
  pagerText(): string | null;
  /** Copies a text, and says what became of it. */
  copy(text: string): Promise<void>;
}

/** What a command does outside the state; what went wrong is said. */
export async function doOutside(what: Outside, use: Use): Promise<void> {
  const {store, session, lend} = use;
  const say = (text: string, tone: 'good' | 'drift' | 'bad' = 'good') =>
    store.dispatch({type: 'say', text, tone});
  try {
    switch (what.do) {
      case 'redraw':
        return use.redraw();
      case 'suspend':
        if (await use.suspend()) return;
        return say('nothing to suspend to: no shell here takes the terminal back', 'drift');
      case 'copy':
        return await use.copy(what.text);
      case 'browse': {
        const opened = (await use.onBrowser?.(what.url)) ?? false;
        return say(opened ? `opened ${what.url}` : what.url);
      }
      case 'edit': {
        const {onEditor} = use;
        if (onEditor === undefined) return say(`${what.file}:${what.line}`);
        return await lend(() => onEditor(what.file, what.line));
      }
      case 'pager': {
        const {onPager} = use;
        const text = use.pagerText();
        if (onPager === undefined || text === null) return say('there is no pager here', 'drift');
        return await lend(() => onPager(text));
      }
      case 'program': {
        const {onProgram} = use;
        if (onProgram === undefined) return say('programs can not be run here', 'drift');
        const {program} = what;
        const exitCode = await lend(() => onProgram(program));
        return exitCode === 0 ? undefined : say(`${program.file} ended with ${exitCode}`, 'bad');
      }
      case 'k9s': {
        const {onK9s} = use;
        if (onK9s === undefined) return say('k9s can not be opened here', 'drift');
        return await lend(() => onK9s({...what.place, readOnly: store.state().readOnly}));
      }
      case 'edit-conflicts': {
        const {onEditor} = use;
        if (onEditor === undefined) return say('there is no editor here', 'drift');
        const opened = await session;
        for (const conflict of what.conflicts) {
          const {file, line} = await opened.conflictFile(conflict, new AbortController().signal);
          await lend(() => onEditor(file, line, true));
        }
        return store.dispatch({type: 'dialog-resolved', ids: what.conflicts.map(({id}) => id)});
      }
      case 'edit-body': {
        const {onText} = use;
        if (onText === undefined) return say('there is no editor here', 'drift');
        return await lend(async () => store.dispatch({type: 'dialog-body', text: await onText(what.text)}));
      }
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), 'bad');
  }
}
