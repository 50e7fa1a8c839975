import type {FieldRule} from '../../../drift/field-rules.ts';
import {type HealthRule, healthRule} from '../../../health/health.ts';
import {healthByScripts} from '../../../health/scripts.ts';
import type {FoundTrackers, Tracker} from './trackers.ts';

/** What an environment is told, by its config and by the tools that deploy it, of how to judge its resources. */
export interface Told {
  /** What may differ: the config's rules first, then those of the tools. */
  rules: readonly FieldRule[];
  /** Flux' profile where Flux deploys it; else Argo CD's, with the scripts that the cluster's Argo CD has. */
  healthOf: HealthRule;
}

/**
 * Finds what an environment is told. As long as config and tools say the same it is the very same object, so that nobody
 * needs to judge anew for it.
 */
export class ToldByTrackers {
  readonly #config: readonly FieldRule[];
  #known: {text: string; told: Told} | undefined;

  constructor(config: readonly FieldRule[]) {
    this.#config = config;
  }

  async of({trackers, told: text}: Pick<FoundTrackers, 'trackers' | 'told'>): Promise<Told> {
    if (this.#known?.text === text) return this.#known.told;
    const rules = [...this.#config, ...trackers.flatMap(tracker => tracker.rules)];
    const told = {rules, healthOf: await healthBy(trackers)};
    this.#known = {text, told};
    return told;
  }
}

async function healthBy(trackers: readonly Tracker[]): Promise<HealthRule> {
  const has = (tool: Tracker['tool']) => trackers.some(tracker => tracker.tool === tool);
  if (has('Flux') && !has('Argo CD')) return healthRule('kstatus');
  const scripts = trackers.flatMap(({healthScripts = []}) => healthScripts);
  if (scripts.length === 0) return healthRule('argocd');
  // Lua takes its time to load.
  const {luaHealth} = await import('../../../health/lua.ts');
  return healthRule('argocd', healthByScripts(scripts, luaHealth));
}
