import {createHmac, randomBytes} from 'node:crypto';
import {type Json, stringifyJson} from '../resources/json.ts';

/** Makes a secret value's mask: equal values share one, unequal ones differ, its length says nothing. */
export type Mask = (value: Json) => string;

const digits = 8;

/** The digits of a mask, which alone tell it apart from others; undefined where a text is none. */
export function maskDigits(text: unknown): string | undefined {
  return typeof text === 'string' ? /^\*{3}([0-9a-f]{8})$/.exec(text)?.[1] : undefined;
}

/**
 * A masker with a key of its own, afresh for each run, so that a mask can't be looked up in a table of known values.
 * Masks read `***3f2a91c0`. Two values whose masks begin alike (one pair in four thousand millions) get other digits: in
 * one run unequal values never share a mask.
 */
export function createMask(key: Uint8Array = randomBytes(32)): Mask {
  const owners = new Map<string, string>();
  return value => {
    const digest = createHmac('sha256', key).update(stringifyJson(value)).digest('hex');
    for (let at = 0; ; at++) {
      const mask = `***${digest.slice(at, at + digits)}`;
      const owner = owners.get(mask);
      if (owner === digest) return mask;
      if (owner !== undefined && at < digest.length - digits) continue;
      owners.set(mask, digest);
      return mask;
    }
  };
}
