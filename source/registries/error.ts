/** Why a registry did not say it; what a caller may decide on. */
export type RegistryReason =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'unreachable'
  | 'certificate'
  | 'insecure'
  | 'broken'
  | 'not-a-registry';

/** A registry's refusal or silence, in words for people that say what to do next. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly reason: RegistryReason;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** When a rate limit ends; null where that is not it, or not said. */
  readonly retryAt: Date | null;

  constructor(reason: RegistryReason, message: string, status = 0, retryAt: Date | null = null) {
    super(message);
    this.reason = reason;
    this.status = status;
    this.retryAt = retryAt;
  }
}
