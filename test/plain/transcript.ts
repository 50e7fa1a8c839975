import assert from 'node:assert/strict';
import {runPullRequestFollow} from '../../source/app/effects/follow-pull-request.ts';
import {runRequests} from '../../source/app/effects/runner.ts';
import {createStore, type Store} from '../../source/app/effects/store.ts';
import type {Outside} from '../../source/app/keys/command.ts';
import type {Session} from '../../source/app/session.ts';
import {initialState} from '../../source/app/state/state.ts';
import {createTalk, type Talk} from '../../source/plain/talk.ts';
import {defaultPreferences} from '../../source/preferences/types.ts';
import {noon} from '../app/fake-data.ts';

export interface Transcript {
  readonly store: Store;
  readonly talk: Talk;
  readonly outside: Outside[];
  now(): number;
  /** Types a line, as a person does: after a while. Gives what is printed until nothing is awaited any more. */
  type(line: string): Promise<string>;
  /** Lines that arrive at once, as a paste. */
  paste(...lines: string[]): Promise<string>;
  /** Moves the clock on, in ms, and lets the conversation notice. */
  pass(ms: number): void;
  /** Waits until something was printed; gives all that was since the last look. */
  waitFor(text: string): Promise<string>;
  /** All that was printed since the last look. */
  printed(): string;
  close(): void;
}

/** A conversation on a session of made-up answers. The clock stands until somebody types. */
export async function openTranscript(
  session: Session,
  options: {readOnly?: boolean; rows?: number; waits?: boolean} = {},
): Promise<Transcript> {
  const {readOnly = false, rows = 50, waits = true} = options;
  let time = noon;
  const now = () => time;
  const lines: string[] = [];
  const outside: Outside[] = [];
  const store = createStore(
    initialState({
      size: {columns: 80, rows: 24},
      readOnly,
      now: time,
      preferences: defaultPreferences,
      appearance: {theme: 'none', shade: 'dark'},
    }),
    now,
  );
  const talk = createTalk({
    store,
    now,
    say: said => lines.push(...said),
    outside: what => outside.push(what),
    pageRows: () => rows,
    soon: then => then(),
  });
  const printed = () => lines.splice(0).join('\n');
  const until = async (what: string, isThere: () => boolean) => {
    for (let tries = 0; !isThere(); tries += 1) {
      assert.ok(tries < 3000, `no ${what}; printed was:\n${lines.join('\n')}`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };
  const calm = () => until('end of its work', () => !talk.isAtWork());
  store.dispatch({type: 'opened', session});
  const endings = [runRequests(store, session), runPullRequestFollow(store, session)];
  if (waits) await calm();
  return {
    store,
    talk,
    outside,
    now,
    printed,
    async type(line) {
      time += 1000;
      talk.line(line, time);
      if (waits) await calm();
      return printed();
    },
    async paste(...pasted) {
      time += 1000;
      for (const line of pasted) talk.line(line, time);
      if (waits) await calm();
      return printed();
    },
    pass(ms) {
      time += ms;
      talk.tick();
    },
    async waitFor(text) {
      await until(`"${text}"`, () => lines.some(line => line.includes(text)));
      return printed();
    },
    close() {
      for (const end of endings) end();
    },
  };
}
