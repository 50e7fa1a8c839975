import {plainLine} from '../../text/plain.ts';

/** The first digits of a SHA, as people read them. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** The trailer that says which environment a commit is for. */
export function environmentTrailer(name: string): string {
  return `Environment: ${plainLine(name)}`;
}

/** A message that ends in these trailers (`Key: value`), which an edited one may have lost. */
export function withTrailers(message: string, trailers: readonly string[]): string {
  const text = message.trim();
  const lastParagraph = text.split(/\n\s*\n/).at(-1) ?? '';
  const present = lastParagraph.split('\n');
  const missing = trailers.filter(trailer => !present.includes(trailer));
  if (missing.length === 0) return `${text}\n`;
  // Trailers are one paragraph: a second one would hide the first from git interpret-trailers.
  const hasTrailers = text.includes('\n\n') && present.every(line => /^[A-Za-z][A-Za-z0-9-]*: \S/.test(line));
  return `${text}${hasTrailers ? '\n' : '\n\n'}${missing.join('\n')}\n`;
}
