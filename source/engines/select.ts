import type {Environment} from '../environments/types.ts';
import {createDirectEngine, type DirectEngineOptions} from './direct/engine.ts';
import type {Engine} from './types.ts';

/** An engine or source that was asked for and is not there; the message says what to write instead. */
export class UnsupportedEngine extends Error {
  override readonly name = 'UnsupportedEngine';
}

/**
 * The engine of an environment. Throws UnsupportedEngine where the environment asks for one that this version lacks:
 * answering with another would show another tool's environment as if nobody reconciled it.
 */
export function engineFor(options: DirectEngineOptions): Engine {
  const {environment} = options;
  const wanted = unsupported(environment);
  if (wanted === undefined) return createDirectEngine(options);
  throw new UnsupportedEngine(
    `environment ${environment.name} asks for ${wanted.key}: ${wanted.value}, which is not supported yet: use ${wanted.instead}`,
  );
}

function unsupported({
  engine,
  source,
}: Environment): {key: string; value: string; instead: string} | undefined {
  if (engine !== 'auto' && engine !== 'direct') {
    return {
      key: 'engine',
      value: engine,
      instead: 'engine: direct (or leave it out) to compare git with the cluster',
    };
  }
  if (source === 'terraform' || source === 'ansible') {
    return {key: 'source', value: source, instead: 'source: directory or source: kustomize'};
  }
  return undefined;
}
