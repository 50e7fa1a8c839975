import type {Errand, JournalEntry} from '../journal/types.ts';
import type {KnownSecrets} from './known.ts';

/** Takes known secret values out of what was run and asked. What was looked at before is not looked at again. */
export function journalRedactor(known: KnownSecrets): (entry: JournalEntry) => JournalEntry {
  const seen = new WeakMap<JournalEntry, {version: number; redacted: JournalEntry}>();
  return entry => {
    const before = seen.get(entry);
    if (before?.version === known.version) return before.redacted;
    const redacted = {
      ...entry,
      errand: redactErrand(entry.errand, known),
      says: known.redact(entry.says),
    };
    seen.set(entry, {version: known.version, redacted});
    return redacted;
  };
}

function redactErrand(errand: Errand, known: KnownSecrets): Errand {
  if (errand.kind === 'request') return {...errand, url: known.redact(errand.url)};
  return {...errand, args: errand.args.map(text => known.redact(text))};
}
