import {randomBytes} from 'node:crypto';
import {stripVTControlCharacters} from 'node:util';

/** A planted value that came out. */
export interface Leak {
  /** Where it was planted. */
  canary: string;
  /** How it was written. */
  as: string;
  /** What stands around it, the value itself crossed out. */
  around: string;
}

/**
 * Random values to be planted where secrets are, and to be looked for wherever something comes out. Each begins with eight
 * characters of its own, and holds some that URLs, shells and base64 spell otherwise.
 */
export class Canaries {
  readonly #values = new Map<string, string>();

  /** The value of a place, the same each time. */
  of(place: string): string {
    const known = this.#values.get(place);
    if (known !== undefined) return known;
    const value = `${letters(8)}+${letters(6)}/&${letters(9)}`;
    this.#values.set(place, value);
    return value;
  }

  /** A value that was there before: a token of the kubeconfig. */
  add(place: string, value: string): void {
    this.#values.set(place, value);
  }

  base64(place: string): string {
    return Buffer.from(this.of(place)).toString('base64');
  }

  /** What came out of the values, in any encoding, also broken over lines and frames' borders, or cut short. */
  leaks(text: string): Leak[] {
    const found: Leak[] = [];
    // Escapes, white space, borders and what JSON escapes: a value that is wrapped is a value.
    const joined = stripVTControlCharacters(text).replace(/[\s│|]|\\n/g, '');
    for (const [canary, value] of this.#values) {
      for (const [as, form] of formsOf(value)) {
        const at = joined.indexOf(form);
        if (at < 0) continue;
        const around = `${joined.slice(Math.max(0, at - 90), at)}<<${as}>>${joined.slice(at + form.length, at + form.length + 30)}`;
        found.push({canary, as, around});
        break;
      }
    }
    return found;
  }
}

function formsOf(value: string): [as: string, form: string][] {
  const bytes = Buffer.from(value, 'utf8');
  const beginning = value.slice(0, 8);
  const base64 = (offset: number) =>
    Buffer.concat([Buffer.alloc(offset), bytes.subarray(0, 12)])
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + 12) * 8) / 6));
  return [
    ['its first 8 characters', beginning],
    ['its last 8 characters', value.slice(-8)],
    ['base64', base64(0)],
    ['base64 behind one byte', base64(1)],
    ['base64 behind two bytes', base64(2)],
    ['URL encoding', encodeURIComponent(value)],
    ['hex', Buffer.from(beginning).toString('hex')],
    ['HEX', Buffer.from(beginning).toString('hex').toUpperCase()],
    ['backwards', [...value].reverse().join('').slice(0, 8)],
  ];
}

function letters(count: number): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  return Array.from(randomBytes(count), byte => alphabet[byte % alphabet.length]).join('');
}
