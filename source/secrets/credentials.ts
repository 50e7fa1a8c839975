import {taken} from './known.ts';

/** What is called so holds a credential, whatever it looks like. */
const named =
  /((?:["']?)[\w.-]*(?:token|secret|passw(?:or)?d|passphrase|credential|api[_-]?key|private[_-]?key|signature|client[_-]?key)[\w.-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&}"']+)/gi;

/** What looks like nothing but a credential. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g,
  // A JSON web token, also without its signature.
  /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g,
  /\bk8s-aws-v1\.[\w-]+/g,
  /\b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|ya29\.|sk-)[\w.-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
];

/**
 * A program's words without what reads like a credential in them: for what is said by those whose secrets can't be known,
 * such as a credential plugin that fails.
 */
export function withoutCredentials(text: string): string {
  let said = text
    .replace(/\b(authorization\s*[:=]\s*)?(bearer|basic|negotiate)\s+[\w.+/=~-]{6,}/gi, `$1$2 ${taken}`)
    .replace(named, `$1${taken}`)
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1');
  for (const shape of shapes) said = said.replace(shape, taken);
  return said;
}
