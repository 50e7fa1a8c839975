/** A program that is started, or a request that is sent. Neither holds a body, a header or a variable of the environment. */
export type Errand =
  | {
      readonly kind: 'program';
      readonly file: string;
      readonly args: readonly string[];
      readonly cwd: string | null;
    }
  | {
      readonly kind: 'request';
      /** `issuer`: who renews a cluster's credentials. */
      readonly to: 'cluster' | 'issuer' | 'forge' | 'registry';
      readonly method: string;
      /** Without user information, and without what in its query may be secret. */
      readonly url: string;
      /** The kubeconfig context, for a cluster. */
      readonly context: string | null;
    };

/** An errand as it is remembered: when, for which question, and how it ended. */
export interface JournalEntry {
  /** Counts up, in the order in which they began. */
  readonly id: number;
  /** What it was run for, in the words of the list of questions; null for what belongs to none. */
  readonly question: string | null;
  readonly errand: Errand;
  /** In ms since the epoch. */
  readonly startedAt: number;
  /** Null while it runs. */
  readonly tookMs: number | null;
  /** `refused` is an answer all the same: a status of 400 and more, an exit code that is not 0. */
  readonly outcome: 'running' | 'ok' | 'refused' | 'failed' | 'cancelled';
  /** The status, the exit code, or why there is neither; '' while it runs. */
  readonly says: string;
  /** How much came back, as it came; null where nobody counted. */
  readonly bytes: number | null;
}

/** How an errand ended. */
export type Ending = Pick<JournalEntry, 'outcome' | 'says' | 'bytes'>;
