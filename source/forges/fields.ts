import * as v from 'valibot';
import {plain, plainLine} from '../text/plain.ts';

// What all forges' answers are made of, made safe for a screen where it enters.

/** A text for one line of a screen. */
export const line = v.pipe(v.string(), v.transform(plainLine));

/** A text that may have several lines. */
export const lines = v.pipe(v.string(), v.transform(plain));

/** A page for a browser: http or https, no white space, no control characters. */
export const webUrl = v.pipe(v.string(), v.regex(/^https?:\/\/[^\s\u0000-\u001f\u007f]+$/));

/** `webUrl`, or null for anything else: a check's link is written by anybody. */
export const maybeUrl = v.fallback(v.nullable(webUrl), null);

/** A full SHA-1 or SHA-256. */
export const sha = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));

/** A time as ISO 8601 says it; null for one that is missing. */
export const time = v.nullish(
  v.pipe(
    v.string(),
    v.check(text => !Number.isNaN(Date.parse(text))),
    v.transform(text => new Date(text).toISOString()),
  ),
  null,
);

/** A part of a path that client libraries put into a URL as it is. */
export const inPath = encodeURIComponent;

/** All items of a paged list, `perPage` at a time, `most` at most. */
export async function pages<T>(
  most: number,
  perPage: number,
  get: (page: number) => Promise<readonly T[]>,
): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; items.length < most; page++) {
    const more = await get(page);
    items.push(...more);
    if (more.length < perPage) break;
  }
  return items.slice(0, most);
}
