import type {ChangePreview, EnvironmentEffect} from '../../session.ts';
import type {Call} from '../calls.ts';

type EffectCall = Extract<Call, {name: 'effect'}>;

/** What is known of a planned change's effects; the dialog asks for one after the other, the fast ones first. */
export interface ChangeEffects {
  /** By environment: the change's own first, then those that it reaches besides. */
  readonly known: readonly EnvironmentEffect[];
  /** What could not be found out, by environment. */
  readonly failed: readonly {readonly environment: string; readonly message: string}[];
  /** What is to be asked, the first of them being asked now. */
  readonly asking: readonly EffectCall[];
}

/**
 * What is asked about a plan: what git alone says of its environment, then its cluster, then the environments that it
 * reaches besides, whose clusters are asked where they are at hand. Nothing of a plan that changes nothing or conflicts.
 */
export function effectsOf(preview: ChangePreview): ChangeEffects {
  const {base, resultTree, files, conflicts} = preview.plan;
  if (files.length === 0 || conflicts.length > 0) return {known: [], failed: [], asking: []};
  const change = {from: base, to: resultTree};
  const ask = (environment: string, cluster: EffectCall['cluster']): EffectCall => ({
    name: 'effect',
    environment,
    change,
    cluster,
  });
  const {environment} = preview.request;
  const asking = [
    ask(environment, 'no'),
    ask(environment, 'ask'),
    ...preview.alsoAffects.map(other => ask(other, 'at-hand')),
  ];
  return {known: [], failed: [], asking};
}

/** With the answer to what was being asked; an answer to anything else (of another plan) changes nothing. */
export function withEffect(effects: ChangeEffects, effect: EnvironmentEffect): ChangeEffects {
  const [asked, ...asking] = effects.asking;
  const {environment, rendered} = effect;
  if (asked?.environment !== environment || asked.change.to !== rendered.to) return effects;
  const others = effects.known.filter(known => known.environment !== environment);
  const isFirst = effects.known[0]?.environment === environment;
  const known = isFirst ? [effect, ...others] : [...others, effect];
  // Where nothing of it is touched the cluster has nothing to say.
  const rest =
    rendered.objects.length === 0 ? asking.filter(call => call.environment !== environment) : asking;
  return {...effects, known, asking: rest};
}

/** With the failure of what was being asked; what else is to be asked of the same environment would fail alike. */
export function withoutEffect(effects: ChangeEffects, call: EffectCall, message: string): ChangeEffects {
  const {environment, change} = call;
  const [asked] = effects.asking;
  if (asked?.environment !== environment || asked.change.to !== change.to) return effects;
  return {
    ...effects,
    failed: [...effects.failed, {environment, message}],
    asking: effects.asking.filter(next => next.environment !== environment),
  };
}
