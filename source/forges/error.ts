/** Why a forge did not do it; what a caller may decide on. */
export type ForgeReason =
  | 'unauthorized'
  | 'single-sign-on'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'exists'
  | 'no-commits'
  | 'moved'
  | 'blocked'
  | 'refused'
  | 'broken'
  | 'unreachable'
  | 'insecure'
  | 'not-a-forge';

/** A forge's refusal or silence, in words for people that say what to do next. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly reason: ForgeReason;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** When a rate limit ends; null where that is not it, or not said. */
  readonly retryAt: Date | null;

  constructor(reason: ForgeReason, message: string, status = 0, retryAt: Date | null = null) {
    super(message);
    this.reason = reason;
    this.status = status;
    this.retryAt = retryAt;
  }
}
