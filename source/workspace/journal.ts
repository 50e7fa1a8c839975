import type {JournalSession} from '../app/session.ts';
import {Journal} from '../journal/journal.ts';

/** A thousand requests are not a thousand pictures of them. */
const restMs = 500;

/** What was really run and asked in this session. */
export function journalPart(): JournalSession {
  const journal = new Journal();
  return {
    within: (question, work) => journal.within(question, work),
    followJournal: (signal, onEntries) =>
      new Promise(resolve => {
        if (signal.aborted) return resolve();
        let timer: NodeJS.Timeout | undefined;
        // A copy: the journal's own list goes on changing.
        const tell = () => onEntries([...journal.entries()]);
        const unsubscribe = journal.subscribe(() => {
          timer ??= setTimeout(() => {
            timer = undefined;
            tell();
          }, restMs);
        });
        signal.addEventListener(
          'abort',
          () => {
            clearTimeout(timer);
            unsubscribe();
            resolve();
          },
          {once: true},
        );
        tell();
      }),
  };
}
