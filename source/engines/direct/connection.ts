import type {Problem} from '../../resources/problem.ts';
import type {InspectionEvent} from '../types.ts';
import type {DirectEngineOptions} from './engine.ts';
import {problemOf} from './errors.ts';
import type {Connection} from './inspection.ts';

/** Connects to an environment's cluster, or tells why it can't. Throws only when aborted. */
export async function connectTo(
  {environment, connect}: Pick<DirectEngineOptions, 'environment' | 'connect'>,
  signal: AbortSignal,
  onEvent: (event: InspectionEvent) => void = () => {},
): Promise<Connection | {unreachable: Problem}> {
  onEvent({type: 'progress', phase: 'connect', done: 0, total: null});
  try {
    const cluster = await connect(signal);
    const catalog = await cluster.kinds({signal});
    return {cluster, catalog, namespace: environment.namespace ?? cluster.namespace};
  } catch (error) {
    signal.throwIfAborted();
    return {unreachable: problemOf(error)};
  }
}
