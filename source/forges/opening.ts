import {ForgeError} from './error.ts';
import type {Token} from './token.ts';
import type {Check, Forge, ForgeRepository, PullRequest, Review} from './types.ts';

/** What every forge is opened with. */
export interface Access {
  token: Token;
  /** Root of the API; by default the host's own. */
  apiBase?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined;
}

/** What a forge's own file exports. */
export type OpenForge = (repository: ForgeRepository, access: Access) => Forge;

/** At most so many of each are fetched: files of a pull request, comments, checks, reviews. */
export const mostItems = 1000;
/** At most so many pull requests are listed. */
export const mostListed = 200;

/** The answer, or null where the token may not know it or there is none. */
export async function ifAllowed<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error, ['forbidden', 'not-found', 'single-sign-on', 'unauthorized'])) return null;
    throw error;
  }
}

/** Does what a pull request can be without: a refusal becomes a note. */
export async function orNote(notes: string[], what: string, done: () => Promise<unknown>): Promise<void> {
  try {
    await done();
  } catch (error) {
    if (!isRefusal(error, ['forbidden', 'not-found', 'refused', 'blocked'])) throw error;
    notes.push(`${what}: ${error.message}`);
  }
}

/** Client libraries wrap what their `fetch` throws, so the causes count. */
function isRefusal(error: unknown, reasons: readonly ForgeError['reason'][]): error is Error {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ForgeError) return reasons.includes(cause.reason);
  }
  return false;
}

/** What of the repository's rules is in the way, as far as it can be seen from here. */
export function unmet(
  pullRequest: PullRequest,
  found: {checks: readonly Check[] | null; reviews: readonly Review[]; approvals: number | null},
): string[] {
  const reasons: string[] = [];
  if (pullRequest.state !== 'open') return [`it is ${pullRequest.state} already`];
  if (pullRequest.draft) reasons.push('it is a draft: make it ready for review');
  const required = (found.checks ?? []).filter(check => check.required === true);
  const named = (results: readonly Check['result'][]) =>
    required
      .filter(check => results.includes(check.result))
      .map(check => check.name)
      .join(', ');
  const failed = named(['failed', 'cancelled']);
  const open = named(['waiting', 'running']);
  if (failed !== '') reasons.push(`required checks did not pass: ${failed}`);
  if (open !== '') reasons.push(`required checks have not ended: ${open}`);
  const by = (verdict: Review['verdict']) => found.reviews.filter(review => review.verdict === verdict);
  const against = by('changes-requested').map(review => review.author);
  if (against.length > 0) reasons.push(`changes are requested by ${against.join(', ')}`);
  const approvals = by('approved').length;
  if (found.approvals !== null && approvals < found.approvals)
    reasons.push(`${approvals} of ${found.approvals} approvals are given`);
  return reasons;
}

/** The same for everybody once: the last verdict of each, requests only of those who have given none. */
export function lastOfEach(reviews: readonly Review[]): Review[] {
  const last = new Map<string, Review>();
  for (const review of reviews) {
    const before = last.get(review.author);
    const decided = before?.verdict === 'approved' || before?.verdict === 'changes-requested';
    // A comment takes back no verdict.
    if (decided && (review.verdict === 'commented' || review.verdict === 'requested')) continue;
    last.set(review.author, review);
  }
  return [...last.values()];
}

/** Checks that are demanded and that nobody has reported yet are waited for. */
export function withRequired(checks: readonly Check[], required: readonly string[] | null): Check[] {
  if (required === null) return [...checks];
  const known = checks.map(check => ({...check, required: required.includes(check.name)}));
  const missing = required.filter(name => !checks.some(check => check.name === name));
  return [
    ...known,
    ...missing.map(name => ({name, result: 'waiting' as const, required: true, url: null, summary: null})),
  ];
}
