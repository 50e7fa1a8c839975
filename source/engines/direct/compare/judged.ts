import {identityKey} from '../../../resources/identity.ts';
import type {Examined} from '../inspection.ts';
import type {Candidate} from './examine.ts';

interface Judgement {
  candidate: Candidate;
  autoscaled: boolean | 'unknown';
  examined: Examined;
}

/**
 * The verdicts of the last comparison, each with all that it was made of: what is the very same again needs no new one.
 * A verdict that could not be reached is not kept: what was in the way may be gone.
 */
export class Judged {
  readonly #known = new Map<string, Judgement>();

  /** The verdict on the same candidate as before; undefined where anything about it is another. */
  of(candidate: Candidate, autoscaled: boolean | 'unknown'): Examined | undefined {
    const known = this.#known.get(identityKey(candidate.target.id));
    if (known === undefined) return undefined;
    const {target, schema, answer, predecessor, told} = known.candidate;
    const isSame =
      target.desired === candidate.target.desired &&
      target.kind === candidate.target.kind &&
      target.settled?.reason === candidate.target.settled?.reason &&
      schema === candidate.schema &&
      answer === candidate.answer &&
      predecessor === candidate.predecessor &&
      told === candidate.told &&
      known.autoscaled === autoscaled;
    return isSame ? known.examined : undefined;
  }

  /** Forgets all but these resources (identityKey). */
  retain(wanted: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) if (!wanted.has(key)) this.#known.delete(key);
  }

  /** Keeps a verdict for the next time. */
  keep(candidate: Candidate, autoscaled: boolean | 'unknown', examined: Examined): void {
    const key = identityKey(candidate.target.id);
    const {status, error} = examined.drift;
    // Without a kind it hangs on what the cluster serves, and costs nothing to tell again.
    const isFinal = status !== 'Unknown' && error === null && candidate.target.kind !== undefined;
    if (isFinal) this.#known.set(key, {candidate, autoscaled, examined});
    else this.#known.delete(key);
  }
}
