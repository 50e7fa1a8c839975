import {isWithin} from '../../drift/lookup.ts';
import type {Engine, Preview, PreviewedResource} from '../../engines/types.ts';
import type {Mask} from '../../secrets/mask.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {
  type RenderedChange,
  type RenderedEnvironment,
  renderChange,
  type TreeChange,
} from './rendered-effect.ts';
import type {Renderings} from './renderings.ts';
import type {ClusterEffect, EnvironmentEffect, FieldEffect, ObjectEffect, ObjectOnCluster} from './types.ts';

/** How an effect is found. */
export interface EffectOptions {
  mask: Mask;
  /** Who is asked what the change would do to the cluster; null to render only. */
  engine: Pick<Engine, 'preview'> | null;
  signal: AbortSignal;
  /** How long the cluster may take, in ms. Default 30 s. */
  limitMs?: number;
}

const usualLimitMs = 30_000;

/**
 * What a change of git does to an environment: rendered, and (with an engine) on its cluster.
 *
 *     const renderings = new Renderings(repository, known);     // one for a session: it is what makes it fast
 *     environmentEffect(environment, renderings, {from: parent, to: commit}, options);             // a commit
 *     environmentEffect(environment, renderings, {from: plan.base, to: plan.resultTree}, options); // a planned change
 *     environmentEffect(environment, renderings, {from: base, to: mergedTree}, options);           // a pull request
 *
 * In a session that is `session.effect(environment, {from, to}, options, signal)`; `effectSummary`, `effectLines` and
 * `clusterSummary` (words.ts, cluster-words.ts) say it. Where no file of the environment differs nothing is rendered or
 * asked. What is wrong with the files or the cluster is part of the answer. Throws RepositoryError where git itself
 * fails, and on abort.
 */
export async function environmentEffect(
  environment: RenderedEnvironment,
  renderings: Renderings,
  change: TreeChange,
  {mask, engine, signal, limitMs = usualLimitMs}: EffectOptions,
): Promise<EnvironmentEffect> {
  const rendered = await renderChange(environment, renderings, change, {mask, signal});
  const {effect} = rendered;
  const answer = {environment: environment.name, rendered: effect};
  if (engine === null) return {...answer, cluster: null};
  if (effect.objects.length === 0) return {...answer, cluster: {objects: [], problems: []}};
  const late = AbortSignal.timeout(limitMs);
  try {
    const preview = await engine.preview(
      {
        wanted: rendered.after,
        complete: effect.builds,
        before: {revision: change.from, wanted: rendered.before},
        about: new Set(rendered.resources.values()),
      },
      AbortSignal.any([signal, late]),
    );
    rendered.remember();
    return {...answer, cluster: clusterEffect(rendered, preview)};
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
    rendered.remember();
    return {...answer, cluster: {unknown: `the cluster took longer than ${limitMs / 1000} s`}};
  }
}

function clusterEffect({resources}: RenderedChange, preview: Preview): ClusterEffect {
  if ('unreachable' in preview) return {unknown: preview.unreachable.message};
  const objects = [...resources].map(([effect, desired]) =>
    onCluster(effect, told(desired, effect, preview.resources)),
  );
  return {objects, problems: preview.problems};
}

function told(
  desired: DesiredResource,
  {id}: ObjectEffect,
  resources: ReadonlyMap<DesiredResource, PreviewedResource>,
): PreviewedResource {
  const reason = 'it was not compared';
  const unknown = {
    id,
    outcome: 'unknown',
    reason,
    refused: null,
    fields: [],
    verdict: 'local',
    notes: [],
  } as const;
  return resources.get(desired) ?? unknown;
}

function onCluster({change, fields: written}: ObjectEffect, resource: PreviewedResource): ObjectOnCluster {
  const isOfChange = (elements: FieldEffect['elements']) =>
    change !== 'changed' ||
    written.some(field => isWithin(elements, field.elements) || isWithin(field.elements, elements));
  const fields = resource.fields.map(field => ({...field, isDrift: !isOfChange(field.elements)}));
  return {...resource, fields};
}
