import type {Session} from '../../source/app/session.ts';
import {fakeSession} from './fake-session.ts';

/** Texts that are hard on a screen: wide, joined, marked, from right to left, long, and full of what terminals obey. */
export const nasties: readonly string[] = [
  '再起動サービス・決済',
  '👨‍👩‍👧‍👦👍🏽❤️1️⃣🏴󠁧󠁢󠁥󠁮󠁧󠁿🇩🇪',
  'é̂̃̄̅̆̇̈ n̶̡̛o̷r̸m',
  'שלום\u202Eabc\u2066עולם مرحبا بالعالم',
  'tab\there\tand\r\nline\nend\rover',
  '\u001B[2J\u001B[31mred\u001B]52;c;aGk=\u0007\u009B1mx\u0090q\u009C',
  'zero\u200Bwidth\uFEFF\u00AD\u2060\u200D\u{E0041}\u3164\u2028sep',
  'नमस्ते किं ภาษาไทยกำ தமிழ் 한글 각',
  'half\uD800surrogate\uDC00\uFFFE\uFFFF',
  `${'very-long-name-'.repeat(12)}the-end`,
  `${'漢'.repeat(70)}端`,
  `environments/${'深い/'.repeat(30)}file.yaml`,
];

const made = new Map<string, string>();
const nastyTexts = new Set<string>();

/** The same text made nasty, each in its own way, always the same. */
function nasty(text: string): string {
  if (text === '' || nastyTexts.has(text)) return text;
  let known = made.get(text);
  if (known === undefined) {
    known = `${text}${nasties[made.size % nasties.length]}`;
    made.set(text, known);
    nastyTexts.add(known);
  }
  return known;
}

/** Where texts stand that somebody else wrote; what the app compares (states, kinds of changes, SHAs) stays. */
const written: ReadonlySet<string> = new Set(
  `name namespace kind subject author email by manager body message reason because fix title image target targetTag words
  context path file branch refs tags note notes error errors container what now wanted application version against
  healthMessage desired live environments promotesFrom policy signer key url compareUrl demoHint server lines patch
  warnings cautions nothing trouble baseRef remote remoteUrl pullRequestBranch mark`.split(/\s+/),
);

function spoil(value: unknown, isWritten = false): unknown {
  if (typeof value === 'string') return isWritten ? nasty(value) : value;
  if (Array.isArray(value)) return value.map(item => spoil(item, isWritten));
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Map || value instanceof Set) return value;
  // What a resource is in git and live is a tree of texts, and its kind decides nothing there.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      // `kind`, `state` and the like of our own unions are ours; a Kubernetes kind begins with a capital.
      key === 'kind' && typeof item === 'string' && /^[a-z]/.test(item)
        ? item
        : spoil(item, typeof item === 'object' ? isWritten && Array.isArray(item) : written.has(key)),
    ]),
  );
}

/** The made-up session, its every answer and piece of news with nasty texts wherever somebody else wrote them. */
export function nastySession(more: Partial<Session> = {}): Session {
  const session = fakeSession(more);
  return new Proxy(session, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      // It answers what is done within it, and at once.
      if (name === 'within') return member;
      if (typeof member !== 'function') return name === 'demoHint' ? spoil(member, true) : member;
      return (...args: unknown[]) => {
        const told = args.map(arg =>
          typeof arg === 'function'
            ? (event: unknown) => (arg as (event: unknown) => void)(spoil(event))
            : arg,
        );
        const answer: unknown = Reflect.apply(member, target, told);
        return answer instanceof Promise ? answer.then(value => spoil(value)) : answer;
      };
    },
  });
}
