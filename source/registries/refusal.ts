import * as v from 'valibot';
import {plainLine} from '../text/plain.ts';
import {RegistryError, type RegistryReason} from './error.ts';
import type {RegistryAnswer} from './transport.ts';

/** Who was asked, for the words of a refusal. */
export interface Asked {
  registry: string;
  repository: string;
  /** Where the credentials are from that were sent; null where none were. */
  from: string | null;
}

const errorsSchema = v.object({
  errors: v.array(v.object({code: v.optional(v.string()), message: v.optional(v.string())})),
});
const detailSchema = v.object({
  details: v.optional(v.string()),
  message: v.optional(v.string()),
  error_description: v.optional(v.string()),
});

const mostWords = 300;

/**
 * What an answer that is no success means and what to do next
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes).
 */
export function refusal(answer: RegistryAnswer, {registry, repository, from}: Asked): RegistryError {
  const {status, headers} = answer;
  const said = wordsOf(answer.body);
  const because = said === '' ? '' : ` (${said})`;
  const error = (reason: RegistryReason, words: string) => new RegistryError(reason, words, status);
  const login = `run "docker login ${registry === 'docker.io' ? '' : registry}`.trimEnd();
  if (status === 429) {
    const retryAt = retryTime(headers);
    const until = retryAt === null ? '' : ` until ${retryAt.toISOString().slice(11, 16)} UTC`;
    const hint = from === null ? `; ${login}" for a higher one` : '';
    return new RegistryError(
      'rate-limited',
      `the rate limit of ${registry} is used up${until}${hint}${because}`,
      status,
      retryAt,
    );
  }
  if (status === 401 || status === 403) {
    const reason = status === 401 ? 'unauthorized' : 'forbidden';
    if (from === null) {
      return error(
        reason,
        `${registry} shows ${repository} to nobody without credentials, or has no such image: ${login}"${because}`,
      );
    }
    const what = status === 401 ? 'does not accept' : 'shows the image to nobody with';
    return error(reason, `${registry} ${what} the credentials of ${from}: ${login}"${because}`);
  }
  if (status === 404) return error('not-found', `${registry} has no ${repository}${because}`);
  if (status >= 500) return error('broken', `${registry} answered ${status}${because}: try again later`);
  return error('broken', `${registry} answered ${status}${because}`);
}

/** From `Retry-After`, seconds or a date (RFC 9110), or Docker Hub's `x-retry-after`, seconds of the epoch. */
function retryTime(headers: Headers): Date | null {
  const after = headers.get('retry-after');
  if (after !== null) {
    const seconds = Number(after);
    const time = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : Date.parse(after);
    if (Number.isFinite(time) && Math.abs(time) < 8.64e15) return new Date(time);
  }
  const epoch = Number(headers.get('x-retry-after') ?? Number.NaN);
  return epoch > 0 && epoch < 1e11 ? new Date(epoch * 1000) : null;
}

/** The sentences in a registry's or a token server's error. */
function wordsOf(body: Buffer): string {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return '';
  }
  const errors = v.safeParse(errorsSchema, json);
  const details = v.safeParse(detailSchema, json);
  const sentences = errors.success
    ? errors.output.errors.map(({code, message}) => message || code || '')
    : details.success
      ? [details.output.details ?? details.output.message ?? details.output.error_description ?? '']
      : [];
  const words = [...new Set(sentences.map(plainLine))].filter(Boolean).join('; ');
  return words.length > mostWords ? `${words.slice(0, mostWords)}…` : words;
}
