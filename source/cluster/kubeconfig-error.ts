/** A kubeconfig that can't be used: the message names the file (and line) and the cause, `fix` says what to do. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
  /** Absolute path; undefined where the trouble is that there is none. */
  readonly file: string | undefined;
  /** Counts from 1. */
  readonly line: number | undefined;
  readonly fix: string | undefined;

  constructor(
    message: string,
    details: {
      file?: string | undefined;
      line?: number | undefined;
      fix?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    const where =
      details.file === undefined
        ? ''
        : `${details.file}${details.line === undefined ? '' : `:${details.line}`}: `;
    super(where + message, {cause: details.cause});
    this.file = details.file;
    this.line = details.line;
    this.fix = details.fix;
  }
}
