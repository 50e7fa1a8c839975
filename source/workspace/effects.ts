import type {EffectSession} from '../app/session.ts';
import {environmentEffect} from '../changes/effect/environment-effect.ts';
import {UnsupportedEngine} from '../engines/select.ts';
import type {Engine} from '../engines/types.ts';
import type {Environment} from '../environments/types.ts';
import type {Workshop} from './parts.ts';

/** What a change of git does to an environment, rendered and on its cluster. */
export function effectsPart(shop: Workshop): EffectSession {
  return {
    async effect(name, change, {cluster}, signal) {
      const environment = shop.environment(name);
      const isAsked = cluster === 'ask' || (cluster === 'at-hand' && shop.reports.has(name));
      const engine = isAsked ? engineOf(shop, environment) : null;
      const {mask, renderings} = shop;
      return environmentEffect(environment, renderings, change, {mask, engine, signal});
    },
  };
}

/** The environment's engine; one that says so where this version has none for it. */
function engineOf(shop: Workshop, environment: Environment): Pick<Engine, 'preview'> {
  try {
    return shop.engine(environment);
  } catch (error) {
    if (!(error instanceof UnsupportedEngine)) throw error;
    const {message} = error;
    return {preview: async () => ({unreachable: {severity: 'error', message}})};
  }
}
