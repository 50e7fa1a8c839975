import type {FieldRule} from '../../drift/field-rules.ts';
import type {FoundTrackers} from './trackers.ts';

/**
 * The rules of what may differ in an environment: the config's first, then those of the tools that deploy it. As long as
 * they say the same it is the very same list, so that nobody needs to judge anew for it.
 */
export class TrackerRules {
  readonly #config: readonly FieldRule[];
  #known: {told: string; rules: readonly FieldRule[]} | undefined;

  constructor(config: readonly FieldRule[]) {
    this.#config = config;
  }

  of({trackers, told}: Pick<FoundTrackers, 'trackers' | 'told'>): readonly FieldRule[] {
    if (this.#known?.told !== told) {
      this.#known = {told, rules: [...this.#config, ...trackers.flatMap(({rules}) => rules)]};
    }
    return this.#known.rules;
  }
}
