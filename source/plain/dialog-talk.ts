import type {Store} from '../app/effects/store.ts';
import {armingTime, type Dialog} from '../app/state/dialogs/dialog.ts';
import {type DialogText, dialogText, workingLine} from './dialog-text.ts';

/** What the dialogs of the conversation need of it. */
interface Desk {
  readonly store: Store;
  readonly now: () => number;
  say(lines: readonly string[]): void;
  /** Prints a long text a page at a time. */
  page(lines: readonly string[]): void;
  /** Calls back once everything that was written to us before has been read. */
  soon(then: () => void): void;
}

/** A dialog as it is told: printed once, asked, and answered only by what is typed after that. */
export interface DialogTalk {
  /** Prints what is new of the open dialog; leaves one that has nothing to ask. */
  tell(): void;
  /** True while it is worked out: there is nothing to answer yet. */
  isWorking(): boolean;
  /** What is asked, once it was printed; null before. */
  asked(): DialogText | null;
  /** True for a line that came too soon to be an answer to what is asked: part of a paste, or typed for what was there before. */
  isTooSoon(arrivedAt: number): boolean;
}

interface Told {
  readonly at: Dialog['stage']['at'];
  readonly lines: readonly string[];
}

/** The dialogs' part of a conversation. */
export function createDialogTalk({store, now, say, page, soon}: Desk): DialogTalk {
  let told: Told | null = null;
  let text: DialogText | null = null;
  /** From when on a line counts: a while after it was asked, or after the last line that came too soon. */
  let quietSince = 0;

  const ask = (next: DialogText) => {
    text = next;
    quietSince = Number.POSITIVE_INFINITY;
    // What already waits to be read was typed before this was printed.
    soon(() => {
      if (text === next) quietSince = now();
    });
  };

  const tell = () => {
    const {dialog, requests} = store.state();
    if (dialog === null) {
      told = null;
      text = null;
      return;
    }
    if (told === null) quietSince = now();
    const {at} = dialog.stage;
    const next = dialogText(store.state(), dialog);
    if (next.asks.is === 'nothing') {
      text = null;
      if (at === 'running' && told?.at !== at) say([workingLine(store.state(), dialog)]);
      told = {at, lines: []};
      return;
    }
    // What it does is still being found out: it is asked when all of it is there.
    if (requests.some(({owner}) => owner === 'dialog')) {
      told ??= {at: 'planning', lines: []};
      return;
    }
    const isNew = told?.at !== at || text === null;
    const known = new Set(told?.lines);
    const lines = isNew ? [next.title, ...next.lines] : next.lines.filter(words => !known.has(words));
    if (isNew) page(lines);
    else if (lines.length > 0) say(lines);
    told = {at, lines: next.lines};
    if (next.asks.is === 'end' && !next.asks.canRetry) {
      text = null;
      told = null;
      store.dispatch({type: 'dialog-leave'});
    } else if (isNew || lines.length > 0) ask(next);
    else text = next;
  };

  return {
    tell,
    isWorking: () => store.state().dialog !== null && text === null,
    asked: () => text,
    isTooSoon(arrivedAt) {
      const at = store.state().dialog?.stage.at;
      if (at === undefined || at === 'running' || arrivedAt - quietSince >= armingTime) return false;
      if (quietSince !== Number.POSITIVE_INFINITY) quietSince = Math.max(quietSince, arrivedAt);
      return true;
    },
  };
}
