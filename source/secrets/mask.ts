import {createHmac, randomBytes} from 'node:crypto';
import {type Json, stringifyJson} from '../resources/json.ts';

/** Makes a secret value's mask: equal values share one, unequal ones differ, its length says nothing. */
export type Mask = (value: Json) => string;

/**
 * A masker with a key of its own, afresh for each run, so that a mask can't be looked up in a table of known values.
 * Masks read `***3f2a91c0`.
 */
export function createMask(key: Uint8Array = randomBytes(32)): Mask {
  return value => `***${createHmac('sha256', key).update(stringifyJson(value)).digest('hex').slice(0, 8)}`;
}
