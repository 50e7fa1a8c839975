import type {ResourceId} from '../../resources/identity.ts';
import type {RenderedEffect} from './types.ts';
import {type EffectStyle, effectSummary, imageWords, plainStyle} from './words.ts';

/** What an effect is in short, a line each: `Images` and what becomes of them. */
export interface EffectFact {
  name: 'Images' | 'Replicas' | 'Added' | 'Removed' | 'Replaced' | 'Fields' | 'Broken' | 'Effect';
  text: string;
  tone: 'plain' | 'added' | 'removed' | 'drift' | 'bad' | 'dim';
}

/** So many are named in one line; of the others their number is. */
const mostNamed = 4;

/** An effect's facts, the most telling first; one that says so where there are none. */
export function effectFacts(effect: RenderedEffect, style: EffectStyle = plainStyle): EffectFact[] {
  const {digest} = effect;
  const facts: EffectFact[] = [];
  const say = (name: EffectFact['name'], items: readonly string[], tone: EffectFact['tone'] = 'plain') => {
    if (items.length === 0) return;
    const rest = items.length > mostNamed ? ` and ${items.length - mostNamed} more` : '';
    facts.push({name, text: `${items.slice(0, mostNamed).join(', ')}${rest}`, tone});
  };
  if (!effect.builds) say('Broken', [effectSummary(effect, style)], 'bad');
  say(
    'Images',
    digest.images.map(({id, container, before, after}) => {
      if (before === null) return `${short(id)} ${container} ${after} is new`;
      if (after === null) return `${short(id)} ${container} ${before} is gone`;
      return `${short(id)} ${imageWords(before, after, style)}`;
    }),
  );
  say(
    'Replicas',
    digest.replicas.map(
      ({id, before, after}) => `${short(id)} ${before ?? 'unset'} ${style.arrow} ${after ?? 'unset'}`,
    ),
  );
  say('Added', digest.added.map(short), 'added');
  say('Removed', digest.removed.map(short), 'removed');
  say('Replaced', digest.replaced.map(short));
  if (digest.otherFields > 0) {
    const objects = [...digest.changed, ...digest.replaced].map(short);
    say('Fields', [
      `${digest.otherFields} other in ${objects.slice(0, mostNamed).join(', ')}${objects.length > mostNamed ? style.ellipsis : ''}`,
    ]);
  }
  if (effect.undecided.length > 0)
    say('Effect', [`${effect.undecided.length} objects are undecided`], 'drift');
  if (facts.length === 0) facts.push({name: 'Effect', text: effectSummary(effect, style), tone: 'dim'});
  return facts;
}

function short({kind, name}: ResourceId): string {
  return `${kind}/${name}`;
}
