import {type Cluster, ClusterError} from '../../../cluster/types.ts';
import type {Problem} from '../../../resources/problem.ts';
import {emptyApplySet} from '../apply/apply-set.ts';
import {readApplySet} from '../apply/record.ts';
import {problemOf} from '../errors.ts';

/** A cluster that takes longer than this for one small object is not there, in ms. */
const answerMs = 5000;

/**
 * Asks the cluster for one small object to see whether it is there: null where it answers, be it with a refusal; else why
 * not. Throws only when aborted.
 */
export async function pulse(
  cluster: Cluster,
  namespace: string,
  environment: string,
  signal: AbortSignal,
): Promise<Problem | null> {
  const limit = AbortSignal.timeout(answerMs);
  try {
    const expected = emptyApplySet(namespace, environment);
    const answer = await readApplySet(cluster, expected, AbortSignal.any([signal, limit]));
    if (
      !(answer instanceof ClusterError) ||
      (answer.status >= 400 && answer.status < 500 && answer.status !== 401)
    )
      return null;
    return problemOf(answer);
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) return problemOf(error);
    return {
      severity: 'error',
      message: `${cluster.server} does not answer`,
      fix: 'check the network and the VPN; it is tried again by itself',
    };
  }
}
