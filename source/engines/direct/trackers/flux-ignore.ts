import {matchesSelector} from '../../../cluster/label-selector.ts';
import {ClusterError} from '../../../cluster/types.ts';
import type {FieldRule, RuleSubject} from '../../../drift/field-rules.ts';
import {safePattern} from '../../../drift/safe-pattern.ts';
import type {ResourceDrift} from '../../../drift/types.ts';
import {identityOf, splitApiVersion} from '../../../resources/identity.ts';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {ToldRules} from './argocd-ignore.ts';

const prefix = 'kustomize.toolkit.fluxcd.io/';
const driftDetection = 'helm.toolkit.fluxcd.io/driftDetection';

/**
 * The rules of a Kustomization's `spec.ignore` and of a HelmRelease's `spec.driftDetection.ignore`: JSON pointers, for what
 * the target selects of the live objects. A rule that can't be followed is told; it ignores nothing.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#ignore-rules
 */
export function fluxRules(entries: readonly Json[], origin: string): ToldRules {
  const result: ToldRules = {rules: [], problems: []};
  for (const entry of entries.filter(isObject)) {
    const about = selects(objectAt(entry, 'target'));
    if (typeof about === 'string') {
      const message = `an ignore rule of ${origin} can't be followed, and what it ignores is compared: ${about}`;
      result.problems.push({severity: 'warning', message});
      continue;
    }
    const paths = listAt(entry, 'paths').filter(
      (path): path is string => typeof path === 'string' && path.startsWith('/'),
    );
    result.rules.push({paths, origin, about: ({live}) => about(live)});
  }
  return result;
}

/**
 * What annotations and labels in git tell Flux about single objects: only make it (`ssa: IfNotPresent`), leave alone what
 * others add (`ssa: Merge`).
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 */
export const fluxMarkRules: readonly FieldRule[] = [
  {
    paths: [],
    whole: true,
    origin: `${prefix}ssa is IfNotPresent: Flux only creates it`,
    about: ({git}) => isMarked(git, `${prefix}ssa`, 'IfNotPresent'),
  },
  {
    paths: [],
    added: true,
    origin: `${prefix}ssa is Merge: Flux keeps what others add`,
    about: ({git}) => isMarked(git, `${prefix}ssa`, 'Merge'),
  },
];

/** What a mark on an object tells Flux's Helm about it: that it may differ. */
export const fluxHelmMarkRules: readonly FieldRule[] = [
  {
    paths: [],
    whole: true,
    origin: `${driftDetection} is disabled`,
    about: ({git, live}: RuleSubject) =>
      isMarked(git, driftDetection, 'disabled') || isMarked(live, driftDetection, 'disabled'),
  },
];

/** Why Flux neither applies nor prunes an object, in words; null where it does both. */
export function fluxLeavesAlone(object: JsonObject): string | null {
  if (isMarked(object, `${prefix}reconcile`, 'disabled')) return `${prefix}reconcile is disabled`;
  return isMarked(object, `${prefix}ssa`, 'Ignore') ? `${prefix}ssa is Ignore` : null;
}

/** Why Flux does not apply an object of git to what is live, in words; null where it does. */
export function fluxSkips(git: JsonObject, live: JsonObject | null): string | null {
  if (live === null) return null;
  const alone = fluxLeavesAlone(live);
  if (alone !== null) return `${alone}, live`;
  return isMarked(git, `${prefix}ssa`, 'IfNotPresent')
    ? `${prefix}ssa is IfNotPresent, and it is there`
    : null;
}

/** Why Flux does not prune a live object, in words; null where it does. */
export function fluxKeeps(live: JsonObject): string | null {
  return isMarked(live, `${prefix}prune`, 'disabled') ? `${prefix}prune is disabled` : fluxLeavesAlone(live);
}

/** What is to be said of a verdict where Flux applies the folder: what it does about the drift, or why it does nothing. */
export function fluxNotes(drift: ResourceDrift, git: JsonObject, live: JsonObject): string[] {
  const notes: string[] = [];
  const alone = fluxLeavesAlone(live);
  if (alone !== null && drift.status !== 'Synced') {
    notes.push(`Flux leaves it alone: ${alone}, live`);
  }
  if (
    isMarked(git, `${prefix}ssa`, 'IfNotPresent') &&
    drift.hidden.some(({reason}) => reason === 'ignored')
  ) {
    notes.push(`Flux only creates it (${prefix}ssa is IfNotPresent): it differs from git, and may`);
  }
  if (
    isMarked(git, `${prefix}force`, 'enabled') &&
    drift.notes.some(note => note.startsWith('needs replace'))
  ) {
    notes.push(`Flux replaces it: ${prefix}force is enabled`);
  }
  return notes;
}

// Flux reads labels and annotations alike, in any case.
// https://github.com/fluxcd/pkg/blob/main/ssa/utils/meta.go (AnyInMetadata)
function isMarked(object: JsonObject, key: string, value: string): boolean {
  const metadata = objectAt(object, 'metadata');
  return [objectAt(metadata, 'labels'), objectAt(metadata, 'annotations')].some(
    marks => stringAt(marks, key)?.toLowerCase() === value.toLowerCase(),
  );
}

/** A target as a test of live objects, or why it can't be one. Its expressions are of the whole text. */
function selects(target: JsonObject): ((live: JsonObject) => boolean) | string {
  const tests: ((live: JsonObject) => boolean)[] = [];
  const parts: [string, (live: JsonObject) => string][] = [
    ['group', live => identityOf(live).group],
    ['version', live => splitApiVersion(stringAt(live, 'apiVersion') ?? '').version],
    ['kind', live => identityOf(live).kind],
    ['name', live => identityOf(live).name],
    ['namespace', live => identityOf(live).namespace],
  ];
  for (const [key, textOf] of parts) {
    const expression = stringAt(target, key) ?? '';
    if (expression === '') continue;
    const test = safePattern(`^(?:${expression})$`);
    if (typeof test === 'string') return `${key} ${expression}: ${test}`;
    tests.push(live => test(textOf(live)) === true);
  }
  for (const [key, marks] of [
    ['labelSelector', 'labels'],
    ['annotationSelector', 'annotations'],
  ] as const) {
    const selector = stringAt(target, key) ?? '';
    if (selector === '') continue;
    try {
      const matches = matchesSelector(selector);
      tests.push(live => matches({metadata: {labels: objectAt(objectAt(live, 'metadata'), marks)}}));
    } catch (error) {
      if (error instanceof ClusterError) return error.message;
      throw error;
    }
  }
  return live => tests.every(test => test(live));
}
