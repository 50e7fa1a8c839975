import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {JournalEntry, Session} from '../../source/app/session.ts';
import {toldProblems} from '../../source/app/state/screens/problems-screen.ts';
import {currentScreen} from '../../source/app/state/state.ts';
import {identityKey} from '../../source/resources/identity.ts';
import {report} from './fake-data.ts';
import {journalEntries} from './fake-journal.ts';
import {fakeSession} from './fake-session.ts';
import {openScreen} from './screen.tsx';

describe('what was run', () => {
  test('is followed while it is looked at, and no longer', async () => {
    const signals: AbortSignal[] = [];
    let tell: (entries: readonly JournalEntry[]) => void = () => {};
    const session = fakeSession({
      async followJournal(signal, onEntries) {
        signals.push(signal);
        tell = onEntries;
        onEntries(journalEntries.slice(0, 1));
      },
    });
    const screen = await openScreen(session);
    try {
      assert.equal(signals.length, 0);
      await screen.press('@');
      await screen.waitFor('What was run 1');
      tell(journalEntries);
      await screen.waitFor('What was run 5, 1 running');
      await screen.press('q');
      assert.deepEqual(
        signals.map(({aborted}) => aborted),
        [true],
      );
      tell([]);
      assert.equal(currentScreen(screen.store.state()).id, 'overview');
    } finally {
      screen.close();
    }
  });

  test('is filtered by its words, and copied as a line to paste', async () => {
    const screen = await openScreen(fakeSession());
    try {
      await screen.press('@', '/', 'g', 'i', 't', ' ', 'r', 'e', 'v', 'enter');
      await screen.press('c');
      assert.deepEqual(screen.outside, [
        {do: 'copy', text: "git -C '/src/infra live' rev-parse --show-toplevel"},
      ]);
    } finally {
      screen.close();
    }
  });
});

describe('problems', () => {
  const [first] = report('staging').resources.filter(({status}) => status === 'Synced');
  assert.ok(first);
  let isMended = false;
  const session: Partial<Session> = {
    async inspect(name) {
      const found = report(name);
      if (isMended || name !== 'staging') return found;
      const resources = found.resources.map(each =>
        each.id.name === first.id.name && each.id.kind === first.id.kind
          ? {...each, error: 'no verdict'}
          : each,
      );
      return {...found, resources};
    },
  };

  test('lead to the object that they are about, and are gone when they are over', async () => {
    const screen = await openScreen(fakeSession(session));
    try {
      await screen.press('!', 'enter');
      const at = currentScreen(screen.store.state());
      assert.ok(at.id === 'environment');
      assert.equal(at.environment, 'staging');
      assert.ok(at.list.key?.includes(identityKey(first.id)), `${at.list.key}`);
      isMended = true;
      await screen.press('r');
      assert.deepEqual(toldProblems(screen.store.state()), []);
    } finally {
      screen.close();
    }
  });
});
