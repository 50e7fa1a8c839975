import type {VersionMatrix} from '../changes/promotion/matrix.ts';
import type {PromotionChoices, PromotionItem} from '../changes/promotion/types.ts';
import type {KnownSecrets} from './known.ts';

// What promotion answers: values of fields that are no Secrets', patches, and the words of others.

/** Choices whose values and patches hold no secret value. */
export function redactChoices(choices: PromotionChoices, known: KnownSecrets): PromotionChoices {
  return {
    ...choices,
    items: choices.items.map(item => redactItem(item, known)),
    cautions: choices.cautions.map(words => known.redact(words)),
  };
}

/** An item whose values hold no secret value. Its id stays: it is how the item is asked for. */
export function redactItem(item: PromotionItem, known: KnownSecrets): PromotionItem {
  const content = (text: string | null) => (text === null ? null : known.redactContent(text));
  return {
    ...item,
    now: content(item.now),
    wanted: content(item.wanted),
    notes: item.notes.map(note => known.redact(note)),
    ...(item.patch === undefined ? {} : {patch: known.redactContent(item.patch)}),
  };
}

/** A matrix whose words hold no secret value. */
export function redactMatrix(matrix: VersionMatrix, known: KnownSecrets): VersionMatrix {
  return {
    ...matrix,
    environments: matrix.environments.map(environment => ({
      ...environment,
      problem: environment.problem === null ? null : known.redact(environment.problem),
    })),
  };
}
