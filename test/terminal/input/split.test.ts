import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {InputEvent} from '../../../source/terminal/input/events.ts';
import {Tokenizer} from '../../../source/terminal/input/tokenizer.ts';

// Every kind of sequence that terminals send, with what it is in one piece.
const arrows = ['A', 'B', 'C', 'D', 'F', 'H', 'P', 'Q', 'R', 'S'];
const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24];
const sequences = [
  ...arrows.flatMap(letter => [`[${letter}`, `O${letter}`, `[1;5${letter}`, `[1;3${letter}`, `O2${letter}`]),
  ...numbers.flatMap(number => [`[${number}~`, `[${number};2~`, `[${number}^`]),
  ...[...'abcd'].flatMap(letter => [`O${letter}`, `[${letter}`]),
  ...[...'ABCDE'].map(letter => `[[${letter}`),
  ...[...'jklmnopqrstuvwxyMX'].map(letter => `O${letter}`),
  ...['[Z', '[E', 'OE', '[5$', '[27u', '[97;5u', '[115;3u', '[1089::99;5u', '[13;2u', '[57414u', '[27;5;99~'],
  ...['[I', '[O', '[<0;10;5M', '[<0;10;5m', '[<64;100;50M', '[<35;1;1M', '[M s!'],
  ...[']11;rgb:1e1e/2020/ffff\u0007', ']11;rgb:1e1e/2020/ffff\u001B\\', ']10;#aabbcc\u0007'],
  ...['[?62;1;2;6c', '[?1u', '[?2026;2$y', '[>41;370;0c', '[0n', '[?997;2n', '[8;24;80t'],
  '[200~jjs\rR\u001B[A\u0001y\u001B[201~',
].map(rest => `\u001B${rest}`);

/** What comes of pieces with a gap after each that is long enough for whatever time decides. */
function withGaps(pieces: readonly Uint8Array[], unambiguous = false): InputEvent[] {
  const tokenizer = new Tokenizer();
  tokenizer.unambiguous = unambiguous;
  return pieces.flatMap(piece => [...tokenizer.feed(piece), ...tokenizer.timeUp(), ...tokenizer.timeUp()]);
}

function whole(sequence: string): InputEvent[] {
  return new Tokenizer().feed(Buffer.from(sequence));
}

/** Cuts bytes at places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set([0, ...places.filter(place => place < bytes.length)])].sort((a, b) => a - b);
  return at.map((from, index) => bytes.subarray(from, at[index + 1]));
}

const isEsc = (event: InputEvent) => event.type === 'key' && event.key === 'esc';

for (const sequence of sequences) {
  test(`${JSON.stringify(sequence)} split anywhere is no command`, () => {
    const bytes = Buffer.from(sequence);
    const meant = whole(sequence);
    for (let place = 1; place < bytes.length; place += 1) {
      const events = withGaps(cut(bytes, [place]));
      // Nothing but what it is; where the first byte was alone, an esc, and then no key.
      const rest = events.filter(event => !isEsc(event));
      if (place === 1)
        assert.ok(
          rest.every(({type}) => type !== 'key') && events.some(isEsc),
          `at ${place}: ${JSON.stringify(events)}`,
        );
      else assert.deepEqual(events, meant, `at ${place}`);
    }
  });
}

test('any sequences, split anywhere without a gap that time would end, are what they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...sequences), {minLength: 1, maxLength: 4}),
      fc.array(fc.nat(120), {maxLength: 12}),
      (chosen, places) => {
        const tokenizer = new Tokenizer();
        const events = cut(Buffer.from(chosen.join('')), places).flatMap(piece => tokenizer.feed(piece));
        assert.deepEqual(events, chosen.flatMap(whole));
      },
    ),
    {numRuns: 3000},
  );
});

test('any sequences, split anywhere with any gaps, run no command of what is inside of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...sequences), {minLength: 1, maxLength: 4}),
      fc.array(fc.nat(120), {maxLength: 12}),
      (chosen, places) => {
        const meant = chosen.flatMap(whole);
        const known = new Set(meant.map(event => JSON.stringify(event)));
        for (const event of withGaps(cut(Buffer.from(chosen.join('')), places)))
          assert.ok(isEsc(event) || known.has(JSON.stringify(event)), JSON.stringify(event));
      },
    ),
    {numRuns: 3000},
  );
});

test('where the terminal tells esc apart, splitting changes nothing at all', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...sequences), fc.constantFrom('j', 'é', '再', '\r', '\u0003')), {
        maxLength: 6,
      }),
      fc.array(fc.nat(120), {maxLength: 12}),
      (chosen, places) => {
        const bytes = Buffer.from(chosen.join(''));
        assert.deepEqual(withGaps(cut(bytes, places), true), new Tokenizer().feed(bytes));
      },
    ),
    {numRuns: 3000},
  );
});

test('no bytes whatever lock the keyboard: ctrl-c is heard', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 60}), bytes => {
      const tokenizer = new Tokenizer();
      tokenizer.feed(bytes);
      tokenizer.timeUp();
      // In a paste whose end is lost, the first one only leaves it.
      const events = tokenizer.feed(Uint8Array.of(3));
      tokenizer.timeUp();
      events.push(...tokenizer.feed(Uint8Array.of(3)));
      assert.ok(events.some(event => event.type === 'key' && event.key === 'ctrl-c'));
    }),
    {numRuns: 3000},
  );
});
